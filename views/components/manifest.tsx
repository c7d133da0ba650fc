/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext, Permission } from "../page.ts";
import { Badge } from "./badge.tsx";
import { Card } from "./card.tsx";
import { Icon } from "./icon.tsx";

/** What the app may do on a device, dangerous ones first, each with the developer's reason. */
export function PermissionsCard(props: {
  ctx: PageContext;
  permissions: readonly Permission[];
}): JSX.Element {
  const { ctx, permissions } = props;
  const { t } = ctx;
  return (
    <Card title={t("permissions.title")} count={{ ctx, value: permissions.length }} flush>
      {permissions.length === 0 ? (
        <div class="card-body muted" safe>
          {t("permissions.none")}
        </div>
      ) : (
        <ul class="list">
          {[...permissions]
            .sort((a, b) => Number(b.dangerous) - Number(a.dangerous))
            .map((permission) => (
              <li class="stack-s">
                <div>
                  <div class="row">
                    {permission.title !== null && (
                      <strong dir="auto" safe>
                        {permission.title}
                      </strong>
                    )}
                    <span class="mono whole" dir="ltr" safe>
                      {permission.name}
                    </span>
                    {permission.dangerous && <Badge tone="bad" label={t("permissions.dangerous")} />}
                    {permission.optional && (
                      <span class="meta" safe>
                        {t("permissions.optional")}
                      </span>
                    )}
                  </div>
                  {permission.meaning !== null && (
                    <p class="meta" dir="auto" safe>
                      {permission.meaning}
                    </p>
                  )}
                  {permission.reason !== null && (
                    <p dir="auto">
                      <q safe>{permission.reason}</q>
                    </p>
                  )}
                </div>
              </li>
            ))}
        </ul>
      )}
    </Card>
  );
}

/** The hosts that the app may reach; it has no others. */
export function HostsCard(props: { ctx: PageContext; hosts: readonly string[] }): JSX.Element {
  const { ctx, hosts } = props;
  return (
    <Card title={ctx.t("hosts.title")} count={{ ctx, value: hosts.length }} flush>
      {hosts.length === 0 ? (
        <div class="card-body muted" safe>
          {ctx.t("hosts.none")}
        </div>
      ) : (
        <ul class="list">
          {hosts.map((host) => (
            <li class="line">
              <Icon ctx={ctx} name="network" />
              <span class="mono whole" dir="ltr" safe>
                {host}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
