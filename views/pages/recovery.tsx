/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from "@kitajs/html";
import { Badge } from "../components/badge.tsx";
import { Button, Revision } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { ErrorSummary, TextArea } from "../components/field.tsx";
import { Notice } from "../components/notice.tsx";
import { OrganisationName } from "../components/organisation.tsx";
import { DateOf, Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";
import { RECOVERY_TONES, type RecoveryRow } from "./keys.tsx";

export type RecoveryProps = {
  readonly recovery: RecoveryRow & {
    readonly fingerprint: string;
    /** The keys whose place it takes, each once. */
    readonly lostKeys: readonly { readonly keyid: string; readonly fingerprint: string }[];
    readonly reason: string;
    readonly requestedBy: string;
    readonly requestedAt: Date;
    readonly ownersTold: number;
    readonly decision: { readonly by: string; readonly at: Date; readonly reason: string } | null;
    readonly revision: number;
    /** Though the time is over by the clock: on so many days more the store has to run. */
    readonly daysMissing: number;
  };
  /** An owner may stop it while it waits. */
  readonly mayObject: boolean;
  /** An administrator may decide, unless they work for the organisation. */
  readonly decides: "may" | "own_organisation" | "never";
  /** What was sent with something to mend; its errors name the act as their field. */
  readonly sent: {
    readonly field: Act;
    readonly reason: string;
    readonly errors: readonly FieldError[];
  } | null;
};
type Act = "object" | "refuse" | "approve";

/** `/recoveries/:id`: what is asked, until when it waits, and deciding about it. */
export function recoveryPage(ctx: PageContext, props: RecoveryProps): JSX.Element {
  const { t } = ctx;
  const { recovery, decides } = props;
  return (
    <Page ctx={ctx} title={t("recovery.title")}>
      <div class="narrow">
        <PageHead
          ctx={ctx}
          title={t("recovery.title")}
          crumbs={[{ label: t("keys.title"), href: "/keys" }]}
          lead={t("recovery.lead")}
        />
        <Card>
          <Facts
            items={[
              {
                term: t("column.state"),
                value: (
                  <Badge
                    tone={RECOVERY_TONES[recovery.state]}
                    label={t(`recovery_state.${recovery.state}`)}
                  />
                ),
              },
              { term: t("recovery.waits_until"), value: <DateOf ctx={ctx} at={recovery.waitingUntil} /> },
              { term: t("column.organisation"), value: <OrganisationName of={recovery.organisation} /> },
              { term: t("recovery.apps"), value: <span safe>{recovery.apps.join(", ")}</span> },
              {
                term: t("recovery.new_key"),
                long: true,
                value: (
                  <span class="mono" safe>
                    {recovery.fingerprint}
                  </span>
                ),
              },
              {
                term: t("recovery.lost_keys"),
                long: true,
                value: (
                  <div>
                    {recovery.lostKeys.map(({ keyid, fingerprint }) => (
                      <p>
                        <a class="mono" href={`/keys/${keyid}`} safe>
                          {fingerprint}
                        </a>
                      </p>
                    ))}
                  </div>
                ),
              },
              { term: t("recovery.reason"), value: <bdi safe>{recovery.reason}</bdi> },
              {
                term: t("recovery.requested"),
                value: (
                  <span>
                    <bdi safe>{recovery.requestedBy}</bdi> · <Time ctx={ctx} at={recovery.requestedAt} />
                  </span>
                ),
              },
              { term: t("recovery.owners_told"), value: <span safe>{String(recovery.ownersTold)}</span> },
              ...(recovery.decision === null
                ? []
                : [
                    {
                      term: t("recovery.decision"),
                      value: (
                        <span>
                          <bdi safe>{recovery.decision.by}</bdi> ·{" "}
                          <Time ctx={ctx} at={recovery.decision.at} />
                          {!!recovery.decision.reason && " · "}
                          <bdi safe>{recovery.decision.reason}</bdi>
                        </span>
                      ),
                    },
                  ]),
            ]}
          />
        </Card>
        {recovery.daysMissing > 0 && (
          <Notice ctx={ctx} tone="warn" title={t("recovery.missing_title")}>
            <p safe>{t("recovery.missing", { count: recovery.daysMissing })}</p>
          </Notice>
        )}
        {decides === "may" && recovery.state === "waited" && (
          <Decision ctx={ctx} {...props} act="approve">
            <p safe>{t("recovery.approve_consequence")}</p>
          </Decision>
        )}
        {decides === "may" && <Decision ctx={ctx} {...props} act="refuse" />}
        {decides === "own_organisation" && (
          <Notice ctx={ctx} tone="neutral" title={t("recovery.own_title")}>
            <p safe>{t("recovery.own")}</p>
          </Notice>
        )}
        {props.mayObject && <Decision ctx={ctx} {...props} act="object" />}
      </div>
    </Page>
  );
}

/** One of the acts with its reason; each form has a field of its own name, since a page may hold several. */
function Decision(props: PropsWithChildren<RecoveryProps & { ctx: PageContext; act: Act }>): JSX.Element {
  const { ctx, act, recovery, children } = props;
  const { t } = ctx;
  const sent = props.sent?.field === act ? props.sent : null;
  const isApproval = act === "approve";
  return (
    <Card title={t(`recovery.${act}`)}>
      {children}
      <form novalidate class="form" method="post" action={`/recoveries/${recovery.id}/${act}`}>
        <Revision value={recovery.revision} />
        <ErrorSummary ctx={ctx} errors={sent?.errors ?? []} fields={[act]} />
        <TextArea
          ctx={ctx}
          name={act}
          label={t(isApproval ? "recovery.note" : "recovery.why")}
          hint={t("recovery.why_hint")}
          value={sent?.reason ?? ""}
          rows={3}
          maxlength={1000}
          optional={isApproval}
          errors={sent?.errors ?? []}
        />
        <div class="row">
          <Button ctx={ctx} label={t(`recovery.${act}`)} kind={isApproval ? "primary" : "danger-fill"} />
        </div>
      </form>
    </Card>
  );
}
