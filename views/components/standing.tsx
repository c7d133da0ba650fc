/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { formatNumber } from "../format.ts";
import type { PageContext } from "../page.ts";
import { LinkButton } from "./button.tsx";
import { Card } from "./card.tsx";
import { Notice } from "./notice.tsx";
import { Time } from "./text.tsx";

/** What is in force about an app or one of its versions. */
export type Standing = {
  readonly revocation: {
    readonly subject: "package" | "key" | "certificate" | "app" | "developer";
    readonly action: "block" | "disable" | "remove";
    readonly reason: string;
    readonly revokedAt: Date;
  } | null;
  readonly lowest: number | null;
};

/** Whether devices may have a published version. */
export function isAllowed({ revocation, lowest }: Standing, code: number): boolean {
  return revocation === null && (lowest === null || code >= lowest);
}

/** That it is revoked, why and since when. Nothing when it is not. `code`: of a version, which may be below the lowest. */
export function StandingNotice(props: { ctx: PageContext; standing: Standing; code?: number }): JSX.Element {
  const { ctx, standing, code } = props;
  const { t } = ctx;
  const { revocation, lowest } = standing;
  const isBelow = lowest !== null && (code === undefined || code < lowest);
  return (
    <>
      {revocation !== null && (
        <Notice
          ctx={ctx}
          tone="bad"
          title={t("standing.title", {
            action: t(`revocation.${revocation.action}`),
            subject: revocation.subject,
          })}
        >
          <p dir="auto" safe>
            {revocation.reason}
          </p>
          <p>
            <span safe>{t("standing.app")}</span> <span safe>{t("column.since")}</span>{" "}
            <Time ctx={ctx} at={revocation.revokedAt} />
          </p>
        </Notice>
      )}
      {isBelow && (
        <Notice
          ctx={ctx}
          tone={code === undefined ? "neutral" : "bad"}
          title={t(code === undefined ? "standing.lowest" : "standing.below_title")}
        >
          <p safe>{t("standing.below", { code: formatNumber(ctx.locale, lowest ?? 1) })}</p>
        </Notice>
      )}
    </>
  );
}

/** For an administrator: where it is revoked. */
export function RevokeCard(props: {
  ctx: PageContext;
  links: readonly { readonly href: string; readonly label: string }[];
}): JSX.Element {
  const { ctx, links } = props;
  return (
    <Card title={ctx.t("standing.admin")}>
      <div class="split">
        <p class="muted" safe>
          {ctx.t("standing.admin_lead")}
        </p>
        <div class="row">
          {links.map(({ href, label }) => (
            <LinkButton ctx={ctx} href={href} label={label} />
          ))}
        </div>
      </div>
    </Card>
  );
}
