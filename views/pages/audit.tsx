/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { AuditAction } from "../../src/audit/actions.ts";
import type { Words } from "../../src/say.ts";
import { QuietArt } from "../components/art.tsx";
import { AuditEntry, type AuditEntryRow } from "../components/audit-entry.tsx";
import { LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty.tsx";
import { ErrorSummary, Field, Select } from "../components/field.tsx";
import { FilterForm, narrowedHref } from "../components/filter-form.tsx";
import { FormZone } from "../components/form-zone.tsx";
import { Icon } from "../components/icon.tsx";
import { Notice } from "../components/notice.tsx";
import { PagerLinks } from "../components/table.tsx";
import { Time, zoneHint } from "../components/text.tsx";
import { formatNumber } from "../format.ts";
import { PageHead, Tabs } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext, Pager } from "../page.ts";

/** In the order of the form. */
export const AUDIT_FILTERS = ["q", "actor", "subject", "requestId", "action", "since", "until"] as const;
export type AuditFilterName = (typeof AUDIT_FILTERS)[number];
export type AuditFilters = Readonly<Record<AuditFilterName, string>>;

type Group = AuditAction extends infer Action
  ? Action extends `${infer Name}.${string}`
    ? Name
    : never
  : never;

export type AuditProps = {
  /** The whole store's, or one organisation's. */
  readonly of: null | { readonly id: string; readonly name: string };
  /** Address of the page, without a query. */
  readonly path: string;
  /** Organisations that the person is an owner of. */
  readonly own: readonly { readonly id: string; readonly name: string }[];
  /** As addresses have them: times in UTC. */
  readonly filters: AuditFilters;
  /** As the fields of the form take them, in the reader's zone. */
  readonly times: Readonly<Record<"since" | "until", string>>;
  /** Filters that are not what they have to be. */
  readonly wrong: readonly AuditFilterName[];
  /** By what they are about: each with what it means, as the table of actions says it. */
  readonly actions: readonly {
    readonly group: Group;
    readonly options: readonly { readonly action: AuditAction; readonly meaning: Words }[];
  }[];
  readonly entries: readonly AuditEntryRow[];
  /** Position of the entry that the address leads to. */
  readonly opened?: number | null;
  readonly pager: Pager;
  /** What the last check found: of the whole log, so null to owners; `never` before the first. */
  readonly check: null | "never" | AuditCheck;
};

export type AuditCheck = {
  readonly at: Date;
  /** How many entries the newest head had that was found sound. */
  readonly size: number;
  readonly damage: { readonly position: number; readonly detail: string } | null;
};

/** `/admin/audit` and `/organisations/…/audit`: who changed what, the newest first. */
export function auditPage(ctx: PageContext, props: AuditProps): JSX.Element {
  const { t } = ctx;
  const { of, check } = props;
  const isFiltered = AUDIT_FILTERS.some((name) => props.filters[name] !== "");
  return (
    <Page ctx={ctx} title={t("audit.title")}>
      <PageHead
        ctx={ctx}
        title={t("audit.title")}
        lead={of === null ? t("audit.lead") : t("audit.lead_organisation", { organisation: of.name })}
        actions={props.wrong.length === 0 ? <Exports ctx={ctx} props={props} /> : undefined}
      />
      {of !== null && props.own.length > 1 && (
        <Tabs
          ctx={ctx}
          label={t("audit.organisations")}
          tabs={props.own.map(({ id, name }) => ({
            label: name,
            href: `/organisations/${id}/audit`,
            current: id === of.id,
          }))}
        />
      )}
      {check !== null && <Check ctx={ctx} check={check} />}
      <Search ctx={ctx} props={props} isFiltered={isFiltered} />
      {props.wrong.length === 0 && <Entries ctx={ctx} props={props} isFiltered={isFiltered} />}
    </Page>
  );
}

function Entries(args: { ctx: PageContext; props: AuditProps; isFiltered: boolean }): JSX.Element {
  const { ctx, props, isFiltered } = args;
  const { t } = ctx;
  return (
    <Card title={t("audit.entries")} flush>
      {props.entries.length === 0 ? (
        <EmptyState
          art={<QuietArt />}
          title={t("audit.empty_title")}
          sentence={t(emptyKey(props, isFiltered))}
        />
      ) : (
        <ol class="list audit-list">
          {props.entries.map((entry) => (
            <AuditEntry
              ctx={ctx}
              entry={entry}
              isOpen={entry.position !== null && entry.position === props.opened}
              find={(filter) => narrowedHref(props.path, filter)}
            />
          ))}
        </ol>
      )}
      <PagerLinks ctx={ctx} pager={props.pager} />
    </Card>
  );
}

/** What a field of times takes; browsers complain of anything else, and show nothing. */
function asTime(text: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?$/.test(text) ? text : "";
}

function emptyKey(props: AuditProps, isFiltered: boolean) {
  if (props.pager.nextHref !== null) return "audit.goes_on";
  return isFiltered ? "audit.none_found" : "audit.empty";
}

function Exports({ ctx, props }: { ctx: PageContext; props: AuditProps }): JSX.Element {
  return (
    <>
      {(["jsonl", "csv"] as const).map((format) => (
        <LinkButton
          ctx={ctx}
          href={narrowedHref(`${props.path}/export`, { format, ...props.filters })}
          label={ctx.t(`audit.export_${format}`)}
          download
        />
      ))}
    </>
  );
}

function Check({ ctx, check }: { ctx: PageContext; check: NonNullable<AuditProps["check"]> }): JSX.Element {
  const { t } = ctx;
  if (check === "never")
    return (
      <p class="audit-checked">
        <Icon ctx={ctx} name="info" />
        <span safe>{t("audit.unchecked")}</span>
      </p>
    );
  const { at, size, damage } = check;
  if (damage === null)
    return (
      <p class="audit-checked">
        <Icon ctx={ctx} name="good" />
        <span>
          <span safe>{t("audit.checked", { size, last: formatNumber(ctx.locale, size - 1) })}</span>{" "}
          <span class="muted">
            <Time ctx={ctx} at={at} />
          </span>
        </span>
      </p>
    );
  return (
    <Notice ctx={ctx} tone="bad" title={t("audit.damaged")}>
      <p>
        <span safe>{t("audit.damaged_at", { position: formatNumber(ctx.locale, damage.position) })}</span>{" "}
        <Time ctx={ctx} at={at} />
      </p>
      <p class="mono prewrap" safe>
        {damage.detail}
      </p>
      <p safe>{t("audit.damaged_sound", { size })}</p>
    </Notice>
  );
}

function Search(args: { ctx: PageContext; props: AuditProps; isFiltered: boolean }): JSX.Element {
  const { ctx, props, isFiltered } = args;
  const { t } = ctx;
  const { filters } = props;
  const errors = props.wrong.map(
    (field): FieldError => ({
      field,
      message: t(`audit.wrong.${field === "requestId" ? "request" : field}`),
    }),
  );
  const base = { ctx, errors, filter: true } as const;
  const isOpen = AUDIT_FILTERS.some((name) => name !== "q" && filters[name] !== "");
  return (
    <>
      <ErrorSummary ctx={ctx} errors={errors} fields={AUDIT_FILTERS} />
      <FilterForm
        ctx={ctx}
        action={props.path}
        name="q"
        label={t("audit.q")}
        value={filters.q}
        submit={t("audit.search")}
        clear={isFiltered ? t("audit.clear") : null}
        errors={errors}
        more={
          <details class="audit-more" open={isOpen}>
            <summary safe>{t("audit.filters")}</summary>
            <div class="audit-filters">
              <Field
                {...base}
                name="actor"
                label={t("audit.actor")}
                hint={t("audit.actor_hint")}
                value={filters.actor}
                spellcheck={false}
              />
              <Field
                {...base}
                name="subject"
                label={t("audit.subject")}
                hint={t("audit.subject_hint")}
                value={filters.subject}
                spellcheck={false}
              />
              <Field
                {...base}
                name="requestId"
                label={t("audit.request")}
                hint={t("audit.request_hint")}
                value={filters.requestId}
                spellcheck={false}
              />
              <Select
                {...base}
                name="action"
                label={t("audit.action")}
                value={filters.action}
                options={[{ value: "", label: t("audit.any_action") }]}
                groups={props.actions.map(({ group, options }) => ({
                  label: t(`audit.group.${group}`),
                  options: options.map(({ action, meaning }) => ({ value: action, label: ctx.say(meaning) })),
                }))}
              />
              <FormZone zone={ctx.timeZone} />
              <Field
                {...base}
                name="since"
                label={t("audit.since")}
                hint={zoneHint(ctx)}
                type="datetime-local"
                value={asTime(props.times.since)}
              />
              <Field
                {...base}
                name="until"
                label={t("audit.until")}
                hint={zoneHint(ctx)}
                type="datetime-local"
                value={asTime(props.times.until)}
              />
            </div>
          </details>
        }
      />
    </>
  );
}
