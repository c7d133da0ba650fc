/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { QuietArt } from "../components/art.tsx";
import { LinkButton } from "../components/button.tsx";
import { dateColumn, numberColumn } from "../components/columns.tsx";
import { FilterForm } from "../components/filter-form.tsx";
import { ListCard } from "../components/list-card.tsx";
import { formatNumber } from "../format.ts";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, Pager } from "../page.ts";

export type OrganisationRow = {
  readonly id: string;
  readonly name: string;
  /** Each as far as it is counted. */
  readonly members: number;
  readonly apps: number;
  readonly createdAt: Date;
};

export type OrganisationsProps = {
  readonly rows: readonly OrganisationRow[];
  /** What was searched for. */
  readonly search: string;
  readonly pager: Pager;
  /** Whether who looks may see which organisations people ask for. */
  readonly requests: boolean;
  /** Whether they may make one. */
  readonly founds: boolean;
};

/** `/admin/organisations`: every organisation of the store. */
export function organisationsPage(ctx: PageContext, props: OrganisationsProps): JSX.Element {
  const { t } = ctx;
  return (
    <Page ctx={ctx} title={t("organisations.title")}>
      <PageHead
        ctx={ctx}
        title={t("organisations.title")}
        lead={t("organisations.lead")}
        actions={
          <>
            <LinkButton
              ctx={ctx}
              href="/admin/organisations/ownerless"
              label={t("organisations.ownerless")}
            />
            {props.requests && (
              <LinkButton ctx={ctx} href="/admin/organisation-requests" label={t("ownerless.requests")} />
            )}
            {props.founds && <Found ctx={ctx} />}
          </>
        }
      />
      <FilterForm
        ctx={ctx}
        action="/admin/organisations"
        name="search"
        label={t("organisations.search")}
        value={props.search}
        submit={t("people.search_submit")}
        clear={props.search === "" ? null : t("audit.clear")}
      />
      <ListCard<OrganisationRow>
        ctx={ctx}
        title={t("organisations.list")}
        none={t(props.search === "" ? "organisations.none" : "organisations.none_found")}
        art={<QuietArt />}
        {...(props.founds && props.search === "" ? { step: <Found ctx={ctx} /> } : {})}
        rows={props.rows}
        columns={[
          {
            header: t("column.organisation"),
            cell: (row) => (
              <div>
                <a dir="auto" href={`/organisations/${row.id}/members`} safe>
                  {row.name}
                </a>
                <p class="meta mono" safe>
                  {row.id}
                </p>
              </div>
            ),
          },
          numberColumn(ctx, t("ownerless.members"), (row) => row.members),
          {
            header: t("organisations.apps"),
            end: true,
            tight: true,
            cell: (row) =>
              row.apps === 0 ? (
                <span safe>{formatNumber(ctx.locale, 0)}</span>
              ) : (
                <AppsLink ctx={ctx} row={row} />
              ),
          },
          dateColumn(ctx, t("ownerless.made"), (row) => row.createdAt),
        ]}
        pager={props.pager}
      />
    </Page>
  );
}

function Found(props: { ctx: PageContext }): JSX.Element {
  const { ctx } = props;
  return (
    <LinkButton
      ctx={ctx}
      href="/organisations/new"
      label={ctx.t("dashboard.create_organisation")}
      kind="primary"
      icon="organisation"
    />
  );
}

/** To the list of its apps. */
function AppsLink({ ctx, row }: { ctx: PageContext; row: OrganisationRow }): JSX.Element {
  return (
    <a href={`/apps?organisation=${encodeURIComponent(row.id)}`}>
      <span safe>{formatNumber(ctx.locale, row.apps)}</span>{" "}
      <span class="visually-hidden" dir="auto" safe>
        {row.name}
      </span>
    </a>
  );
}
