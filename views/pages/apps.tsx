/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { AppOrder, NewestState } from "../../src/catalog/app-list/filters.ts";
import { type AppRow, AppTable } from "../components/app-table.tsx";
import { NoAppsArt, NotFoundArt } from "../components/art.tsx";
import { LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty.tsx";
import { Field, Select } from "../components/field.tsx";
import { FilterForm } from "../components/filter-form.tsx";
import { PagerLinks } from "../components/table.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, Pager } from "../page.ts";

/** In the order in which an app goes through them. */
const STATES = [
  "none",
  "checking",
  "failed",
  "draft",
  "in_review",
  "rejected",
  "withdrawn",
  "signing",
  "held",
  "publishing",
  "published",
] as const satisfies readonly NewestState[];

const SORTS = [
  { sort: "name", words: "sort.name" },
  { sort: "newest", words: "sort.newest" },
  { sort: "id", words: "catalog.app_id" },
] as const satisfies readonly { sort: AppOrder; words: string }[];

export type AppsProps = {
  readonly apps: readonly AppRow[];
  readonly pager: Pager;
  /** As it was asked for: "" narrows nothing. */
  readonly asked: {
    readonly search: string;
    readonly state: NewestState | "";
    readonly organisation: string;
    readonly sort: AppOrder;
  };
  /** The whole store's apps, or those of the visitor's organisations. */
  readonly isAll: boolean;
  /** There are several organisations to choose among. */
  readonly hasSeveral: boolean;
  /** Names of those whose apps these are, since they begin as was asked; null: that was not asked. */
  readonly organisations: { readonly names: readonly string[]; readonly isCut: boolean } | null;
  /** How many a search has found; null: there was none. */
  readonly found: number | null;
  /** There are more that it would find. */
  readonly isCut: boolean;
};

const PATH = "/apps";
const RESULTS = "apps-found";

/** `/apps`: all apps that the visitor may open, searched, narrowed and in order. */
export function appsPage(ctx: PageContext, props: AppsProps): JSX.Element {
  const { t } = ctx;
  const { asked } = props;
  return (
    <Page ctx={ctx} title={t("app_list.title")}>
      <PageHead
        ctx={ctx}
        title={t("app_list.title")}
        lead={t(props.isAll ? "app_list.lead_all" : "app_list.lead")}
      />
      <FilterForm
        ctx={ctx}
        action={PATH}
        name="search"
        label={t("app_list.search")}
        value={asked.search}
        submit={t("people.search_submit")}
        into={RESULTS}
      >
        {props.hasSeveral && (
          <Field
            ctx={ctx}
            name="organisation"
            label={t("app_list.organisation")}
            type="search"
            value={asked.organisation}
            maxlength={200}
            filter
          />
        )}
        <Select
          ctx={ctx}
          name="state"
          label={t("app_list.state")}
          value={asked.state}
          filter
          options={[
            { value: "", label: t("app_list.any_state") },
            ...STATES.map((state) => ({
              value: state,
              label: state === "none" ? t("app_list.no_version") : t(`state.${state}`),
            })),
          ]}
        />
        <Select
          ctx={ctx}
          name="sort"
          label={t("sort.label")}
          value={asked.sort}
          filter
          options={SORTS.map(({ sort, words }) => ({ value: sort, label: t(words) }))}
        />
      </FilterForm>
      <div id={RESULTS} class="stack">
        <Said ctx={ctx} {...props} />
        <Found ctx={ctx} {...props} />
      </div>
    </Page>
  );
}

const isNarrowed = ({ asked }: AppsProps) =>
  asked.search !== "" || asked.state !== "" || asked.organisation !== "";

/** What is shown, where it is not simply all; heard as it changes. */
function Said(props: AppsProps & { ctx: PageContext }): JSX.Element {
  const { ctx, organisations, found, isCut } = props;
  const { t } = ctx;
  if (!isNarrowed(props)) return <></>;
  return (
    <div class="row" role="status">
      {found !== null && (
        <span class="meta" safe>
          {t(isCut ? "app_list.found_most" : "app_list.found", { found })}
        </span>
      )}
      {organisations !== null && organisations.names.length > 0 && (
        <span class="meta whole">
          <span safe>{t(organisations.isCut ? "app_list.within_some" : "app_list.within")}</span>{" "}
          <Names ctx={ctx} names={organisations.names} />
        </span>
      )}
      {props.apps.length > 0 && (
        <a href={PATH} safe>
          {t("audit.clear")}
        </a>
      )}
    </div>
  );
}

/** Each runs its own way. */
function Names({ ctx, names }: { ctx: PageContext; names: readonly string[] }): JSX.Element {
  const parts = new Intl.ListFormat(ctx.locale, { type: "unit" }).formatToParts(names);
  return (
    <>
      {parts.map(({ type, value }) =>
        type === "element" ? <bdi safe>{value}</bdi> : <span safe>{value}</span>,
      )}
    </>
  );
}

function Found(props: AppsProps & { ctx: PageContext }): JSX.Element {
  const { ctx, apps, pager } = props;
  const { t } = ctx;
  if (apps.length > 0) {
    return (
      <Card flush>
        <AppTable ctx={ctx} apps={apps} />
        <PagerLinks ctx={ctx} pager={pager} />
      </Card>
    );
  }
  const hasNoOrganisation = props.organisations?.names.length === 0;
  return (
    <Card flush>
      {isNarrowed(props) ? (
        <EmptyState
          art={<NotFoundArt />}
          title={t("app_list.none_found_title")}
          sentence={t(hasNoOrganisation ? "app_list.no_organisation" : "app_list.none_found")}
          action={<LinkButton ctx={ctx} href={PATH} label={t("app_list.all")} />}
        />
      ) : (
        <EmptyState art={<NoAppsArt />} title={t("app_list.empty_title")} sentence={t("app_list.empty")} />
      )}
    </Card>
  );
}
