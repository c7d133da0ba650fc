/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Confirm } from "../components/confirm.tsx";
import { RevokeCard } from "../components/standing.tsx";
import type { PageContext } from "../page.ts";
import type { AppProps } from "./app-props.ts";
import { revokeHref } from "./revocations.tsx";

/** What changes hands, ends or takes back the app as a whole. */
export function AppSettings(props: { ctx: PageContext } & AppProps): JSX.Element {
  const { ctx, app } = props;
  const { t } = ctx;
  return (
    <>
      {props.transfer !== null && <TransferCard ctx={ctx} app={app} open={props.transfer.open} />}
      {props.canRevoke && (
        <RevokeCard
          ctx={ctx}
          links={[
            { href: revokeHref("lowest-version", app.id), label: t("revoked.set_lowest") },
            { href: revokeHref("revoke", app.id, "app"), label: t("revoked.new") },
          ]}
        />
      )}
      {props.canRemove && (
        <Card title={t("app.delete_title")}>
          <div class="split">
            <p class="muted" safe>
              {t("app_deletion.card")}
            </p>
            <LinkButton
              ctx={ctx}
              href={`/apps/${app.id}/remove`}
              label={t("app_deletion.open")}
              icon="delete"
              kind="danger"
            />
          </div>
        </Card>
      )}
      {props.canDelete && (
        <Card title={t("app.delete_title")}>
          <div class="split">
            <p class="muted" safe>
              {t("app.delete_lead")}
            </p>
            <Confirm
              ctx={ctx}
              label={t("app.delete")}
              icon="delete"
              kind="danger"
              title={t("app.delete_confirm", { app: app.name })}
              consequence={t("app.delete_consequence", { count: props.versions.length, id: app.id })}
              action={`/apps/${app.id}/delete`}
              revision={app.revision}
              confirmLabel={t("app.delete")}
              confirmKind="danger-fill"
            />
          </div>
        </Card>
      )}
    </>
  );
}

/** Giving the app to another organisation. */
function TransferCard(props: {
  ctx: PageContext;
  app: AppProps["app"];
  open: NonNullable<AppProps["transfer"]>["open"];
}): JSX.Element {
  const { ctx, app, open } = props;
  const { t } = ctx;
  return (
    <Card title={t("transfer.card")}>
      <div class="split">
        <p class="muted" safe>
          {open === null ? t("transfer.card_lead") : t("transfer.offered_already", { named: open.named })}
        </p>
        <LinkButton
          ctx={ctx}
          href={open === null ? `/apps/${app.id}/transfer` : open.href}
          label={t(open === null ? "transfer.card_open" : "transfer.look")}
        />
      </div>
    </Card>
  );
}
