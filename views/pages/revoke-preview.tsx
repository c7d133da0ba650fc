/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { StateBadge } from "../components/badge.tsx";
import { Button, Hidden, LinkButton } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { Notice } from "../components/notice.tsx";
import { type NamedOrganisation, OrganisationName } from "../components/organisation.tsx";
import { Table } from "../components/table.tsx";
import { formatExact, formatNumber } from "../format.ts";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, VersionState } from "../page.ts";
import type { RevocationSubject } from "./revocations.tsx";
import { ACTIONS, type ActValues, crumbs, PATH, WORDS } from "./revoke.tsx";

export type Counts = {
  readonly apps: number;
  readonly versions: number;
  readonly published: number;
  readonly waiting: number;
};

/** Where the forms of a preview lead, and what they carry. */
export type PreviewForm = {
  readonly title: string;
  readonly crumbs: readonly { readonly label: string; readonly href: string }[];
  readonly act: string;
  readonly look: string;
  readonly again: string;
  readonly cancel: string;
  readonly hidden: Readonly<Record<string, string>>;
};

export type RevokePreviewProps = {
  /** Of an act that is not the administrators'. */
  readonly form?: PreviewForm;
  readonly values: ActValues;
  readonly known: {
    readonly subject: RevocationSubject;
    readonly id: string;
    readonly label: string;
    /** Where what it is called by is an organisation. */
    readonly organisation: NamedOrganisation | null;
  };
  readonly before: { readonly action: "block" | "disable" | "remove"; readonly reason: string } | null;
  readonly lowestBefore: number | null;
  /** Whether what it concerns comes back. */
  readonly returns: boolean;
  readonly affected: Counts;
  /** Versions that come back beside what it concerns, with a later time. */
  readonly offeredAgain: number;
  /** Published versions that do not come back with it, by what keeps them. */
  readonly staysOut: readonly {
    readonly because: "app" | "package" | "developer" | "key" | "certificate" | "lowest" | "yanked";
    readonly versions: number;
  }[];
  /** Apps whose list of signing keys rests on the store's own key that is to be revoked; null for anything else. */
  readonly lineages: number | null;
  /** Null: nobody knows. */
  /** How often devices fetched the apps that it concerns. */
  readonly fetches: number;
  readonly installed: { readonly devices: number; readonly since: Date } | null;
  /** What becomes of versions on their way; null when nothing does, as with lifting. */
  readonly waiting: "withdrawn" | "signed" | null;
  readonly versions: readonly {
    readonly id: string;
    readonly appId: string;
    readonly appName: string;
    readonly organisation: NamedOrganisation;
    readonly version: string;
    readonly code: number;
    readonly state: VersionState;
  }[];
  readonly nextCursor: string | null;
  readonly scope: string;
  /** What was shown before, when that does not hold any more. */
  readonly stale: Counts | null;
};

/** What an act concerns, and the question whether it is to be done. */
export function revokePreviewPage(ctx: PageContext, props: RevokePreviewProps): JSX.Element {
  const { t } = ctx;
  const { values, stale, affected, waiting } = props;
  const { act } = values;
  const form = props.form ?? ownForm(ctx, values);
  return (
    <Page ctx={ctx} title={form.title}>
      <PageHead ctx={ctx} title={form.title} crumbs={form.crumbs} lead={t("preview.lead")} />
      {stale !== null && (
        <Notice ctx={ctx} tone="warn" title={t("preview.changed_title")} live>
          <p safe>{t("preview.changed", { seen: counts(ctx, stale) })}</p>
        </Notice>
      )}
      <Card>
        <Facts wide items={facts(ctx, props)} />
      </Card>
      {waiting !== null && affected.waiting > 0 && (
        <Notice ctx={ctx} tone="warn" title={t("preview.waiting_title")}>
          <p safe>{t(`preview.waiting_${waiting}`, { count: affected.waiting })}</p>
        </Notice>
      )}
      {props.lineages !== null && (
        <Notice ctx={ctx} tone="warn" title={t("preview.again_title")}>
          <p safe>{t("preview.again", { count: props.lineages })}</p>
        </Notice>
      )}
      <Versions ctx={ctx} form={form} props={props} />
      <div class="row">
        <form novalidate method="post" action={form.act}>
          <Hidden pairs={Object.entries(form.hidden)} />
          <input type="hidden" name="scope" value={props.scope} />
          <input
            type="hidden"
            name="seen"
            value={[affected.apps, affected.versions, affected.published, affected.waiting].join(" ")}
          />
          <Button
            ctx={ctx}
            label={t(
              act === "revoke" ? `preview.confirm_${actionOf(values)}` : `preview.confirm_${WORDS[act]}`,
            )}
            kind={props.returns ? "primary" : "danger-fill"}
          />
        </form>
        <form novalidate method="post" action={form.again}>
          <Hidden pairs={Object.entries(form.hidden)} />
          <Button ctx={ctx} label={t("preview.back")} />
        </form>
        <LinkButton ctx={ctx} href={form.cancel} label={t("action.cancel")} kind="ghost" />
      </div>
    </Page>
  );
}

function actionOf({ action }: ActValues): (typeof ACTIONS)[number] {
  return ACTIONS.find((one) => one === action) ?? "block";
}

function ownForm(ctx: PageContext, values: ActValues): PreviewForm {
  return {
    title: ctx.t(`revoke.title_${WORDS[values.act]}`),
    crumbs: crumbs(ctx),
    act: PATH,
    look: `${PATH}/preview`,
    again: `${PATH}/new`,
    cancel: PATH,
    hidden: values,
  };
}

function counts(ctx: PageContext, { apps, versions, published, waiting }: Counts): string {
  return ctx.t("preview.counts", { apps, versions, published, waiting });
}

function facts(ctx: PageContext, props: RevokePreviewProps) {
  const { t } = ctx;
  const { values, known, before, lowestBefore, affected, installed } = props;
  const text = (value: string) => (
    <span dir="auto" safe>
      {value}
    </span>
  );
  const now =
    lowestBefore !== null
      ? formatNumber(ctx.locale, lowestBefore)
      : before === null
        ? t("preview.not_revoked")
        : `${t(`revocation.${before.action}`)}: ${before.reason}`;
  return [
    {
      term: t(`subject.${known.subject}`),
      value: (
        <span class="mono" safe>
          {known.id}
        </span>
      ),
    },
    {
      term: t("preview.name"),
      value: known.organisation ? (
        <OrganisationName of={known.organisation} />
      ) : (
        text(known.label === "" ? "–" : known.label)
      ),
    },
    { term: t("preview.now"), value: text(now) },
    {
      term: t("preview.then"),
      value: <Then ctx={ctx} values={values} />,
    },
    { term: t("revoke.reason"), value: text(values.reason) },
    {
      term: t(props.returns ? "preview.comes_back" : "preview.concerns"),
      value: text(counts(ctx, affected)),
    },
    ...(props.offeredAgain === 0
      ? []
      : [
          {
            term: t("preview.offered_again"),
            value: text(t("preview.offered_again_count", { count: props.offeredAgain })),
          },
        ]),
    ...(props.staysOut.length === 0
      ? []
      : [
          {
            term: t("preview.stays_out"),
            value: (
              <>
                {props.staysOut.map(({ because, versions }) => (
                  <p safe>{t(`preview.stays_${because}`, { count: versions })}</p>
                ))}
              </>
            ),
          },
        ]),
    {
      term: t("preview.installed"),
      value: text(
        installed === null
          ? t("preview.unknown")
          : t("preview.devices", {
              count: installed.devices,
              time: formatExact(ctx, installed.since),
            }),
      ),
    },
    {
      term: t("preview.fetched"),
      value: text(t("preview.fetches", { apps: affected.apps, count: props.fetches })),
    },
  ];
}

/** What holds once it is done. */
function Then(props: { ctx: PageContext; values: ActValues }): JSX.Element {
  const { ctx, values } = props;
  const { t } = ctx;
  if (values.act === "lift") return <span safe>{t("preview.not_revoked")}</span>;
  if (values.act === "lowest-version") {
    return <span safe>{formatNumber(ctx.locale, Number(values.versionCode))}</span>;
  }
  const action = actionOf(values);
  return (
    <>
      <p>
        <strong safe>{t(`action_of.${action}`)}</strong>
      </p>
      <p safe>{t(`action_does.${action}`)}</p>
      {values.approvalsUntil !== "" && (
        <p dir="auto" safe>
          {t("revoked.until", { time: values.approvalsUntil })}
        </p>
      )}
    </>
  );
}

function Versions(props: { ctx: PageContext; form: PreviewForm; props: RevokePreviewProps }): JSX.Element {
  const { ctx, form } = props;
  const { t } = ctx;
  const { versions, nextCursor, affected, returns } = props.props;
  const title = t(returns ? "preview.versions_back" : "preview.versions");
  if (versions.length === 0) {
    return (
      <Card title={title}>
        <p class="muted" safe>
          {t("preview.none")}
        </p>
      </Card>
    );
  }
  return (
    <Card title={title} count={{ ctx, value: affected.versions }} flush>
      <Table
        caption={title}
        rows={versions}
        columns={[
          {
            header: t("column.app"),
            cell: (row) => (
              <div>
                <p>
                  <a href={`/apps/${row.appId}/versions/${row.id}`} dir="auto" safe>
                    {row.appName}
                  </a>
                </p>
                <p class="mono meta" safe>
                  {row.appId}
                </p>
              </div>
            ),
          },
          { header: t("column.version"), cell: (row) => <bdi safe>{row.version}</bdi> },
          {
            header: t("column.code"),
            end: true,
            cell: (row) => <span safe>{formatNumber(ctx.locale, row.code)}</span>,
          },
          { header: t("column.state"), cell: (row) => <StateBadge ctx={ctx} state={row.state} /> },
          { header: t("column.organisation"), cell: (row) => <OrganisationName of={row.organisation} /> },
        ]}
      />
      {nextCursor !== null && (
        <form novalidate class="pager" method="post" action={form.look}>
          <Hidden pairs={Object.entries(form.hidden)} />
          <span />
          <Button ctx={ctx} label={t("preview.more")} name="cursor" value={nextCursor} small />
        </form>
      )}
    </Card>
  );
}
