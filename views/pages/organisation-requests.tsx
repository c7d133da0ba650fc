/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { AllDoneArt } from "../components/art.tsx";
import { Badge, type Tone } from "../components/badge.tsx";
import { Button } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { timeColumn } from "../components/columns.tsx";
import { EmptyState } from "../components/empty.tsx";
import { ErrorSummary, Field, TextArea } from "../components/field.tsx";
import { PagerLinks, Table } from "../components/table.tsx";
import { Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext, Pager } from "../page.ts";

const PATH = "/admin/organisation-requests";

export type OrganisationRequestRow = {
  readonly id: string;
  readonly name: string;
  readonly reason: string;
  readonly by: {
    readonly accountId: string;
    readonly name: string;
    readonly email: string;
    readonly isEmailProven: boolean;
  };
  readonly state: "open" | "accepted" | "refused" | "withdrawn";
  readonly createdAt: Date;
  /** Why it was refused. */
  readonly answer: string | null;
  /** What was made; null: nothing, or it is gone. */
  readonly organisationId: string | null;
  readonly mayDecide: boolean;
  readonly revision: number;
};

export type OrganisationRequestsProps = {
  readonly requests: readonly OrganisationRequestRow[];
  readonly isClosed: boolean;
  readonly pager: Pager;
};

const TONES: Readonly<Record<OrganisationRequestRow["state"], Tone>> = {
  open: "accent",
  accepted: "good",
  refused: "warn",
  withdrawn: "neutral",
};

function State(props: { ctx: PageContext; state: OrganisationRequestRow["state"] }): JSX.Element {
  return <Badge tone={TONES[props.state]} label={props.ctx.t(`organisation_request.${props.state}`)} />;
}

/** Whether who asks is whose address they give, as far as the store knows. */
function Proven(props: { ctx: PageContext; by: OrganisationRequestRow["by"] }): JSX.Element {
  const { isEmailProven } = props.by;
  return (
    <Badge
      tone={isEmailProven ? "good" : "warn"}
      label={props.ctx.t(isEmailProven ? "people.proven" : "people.unproven")}
    />
  );
}

/** Enough to tell one from another in a list; all of it stands on its page. */
function beginningOf(reason: string): string {
  const characters = [...reason];
  return characters.length <= 100 ? reason : `${characters.slice(0, 99).join("")}…`;
}

/** `/admin/organisation-requests`: the organisations that people ask for. */
export function organisationRequestsPage(ctx: PageContext, props: OrganisationRequestsProps): JSX.Element {
  const { t } = ctx;
  const { requests, isClosed } = props;
  return (
    <Page ctx={ctx} title={t("organisation_requests.title")}>
      <PageHead ctx={ctx} title={t("organisation_requests.title")} lead={t("organisation_requests.lead")} />
      <Card
        title={t(isClosed ? "organisation_requests.closed" : "organisation_requests.open")}
        flush
        actions={
          <a href={isClosed ? PATH : `${PATH}?state=closed`} safe>
            {t(isClosed ? "organisation_requests.open_link" : "organisation_requests.closed_link")}
          </a>
        }
      >
        {requests.length === 0 ? (
          <EmptyState
            art={<AllDoneArt />}
            sentence={t(isClosed ? "organisation_requests.none_closed" : "organisation_requests.none")}
          />
        ) : (
          <Table<OrganisationRequestRow>
            caption={t("organisation_requests.title")}
            rows={requests}
            columns={[
              {
                header: t("column.organisation"),
                cell: (row) => (
                  <div class="cell-main">
                    <div>
                      <a href={`${PATH}/${row.id}`} dir="auto" safe>
                        {row.name}
                      </a>
                      <p class="meta" dir="auto" safe>
                        {beginningOf(row.reason)}
                      </p>
                    </div>
                  </div>
                ),
              },
              {
                header: t("organisation_requests.by"),
                cell: (row) => (
                  <span class="row">
                    <bdi safe>{row.by.name}</bdi>
                    {!row.by.isEmailProven && <Proven ctx={ctx} by={row.by} />}
                  </span>
                ),
              },
              ...(isClosed
                ? [
                    {
                      header: t("column.state"),
                      cell: (row: OrganisationRequestRow) => <State ctx={ctx} state={row.state} />,
                    },
                  ]
                : []),
              timeColumn(ctx, t("organisation_requests.at"), ({ createdAt }) => createdAt),
            ]}
          />
        )}
        <PagerLinks ctx={ctx} pager={props.pager} />
      </Card>
    </Page>
  );
}

export type OneOrganisationRequestProps = {
  readonly request: OrganisationRequestRow & {
    readonly closed: { readonly at: Date; readonly by: string } | null;
  };
  /** What the visitor may open. */
  readonly opens: { readonly people: boolean; readonly organisations: boolean };
  /** As the organisation would be called. */
  readonly name: string;
  /** What was typed of why it is refused. */
  readonly reason: string;
  readonly errors: readonly FieldError[];
};

/** `/admin/organisation-requests/:requestId`: who asks for what and why, and the two ways to decide. */
export function oneOrganisationRequestPage(
  ctx: PageContext,
  props: OneOrganisationRequestProps,
): JSX.Element {
  const { t } = ctx;
  const { request, opens, errors } = props;
  const { by, closed, organisationId } = request;
  const person = `${by.name} <${by.email}>`;
  return (
    <Page ctx={ctx} title={request.name}>
      <div class="narrow is-wide">
        <PageHead
          ctx={ctx}
          title={request.name}
          crumbs={[{ label: t("organisation_requests.title"), href: PATH }]}
          badge={<State ctx={ctx} state={request.state} />}
        />
        <Card title={t("organisation_requests.what")}>
          <div class="stack-s">
            <Facts
              items={[
                {
                  term: t("organisation_requests.by"),
                  value: opens.people ? (
                    <a href={`/admin/people/${by.accountId}`} dir="auto" safe>
                      {person}
                    </a>
                  ) : (
                    <bdi safe>{person}</bdi>
                  ),
                },
                { term: t("organisation_requests.address"), value: <Proven ctx={ctx} by={by} /> },
                { term: t("organisation_requests.at"), value: <Time ctx={ctx} at={request.createdAt} /> },
                ...(closed === null
                  ? []
                  : [
                      { term: t("reports.decided_by"), value: <bdi safe>{closed.by}</bdi> },
                      { term: t("reports.decided_at"), value: <Time ctx={ctx} at={closed.at} /> },
                    ]),
                ...(organisationId === null || !opens.organisations
                  ? []
                  : [
                      {
                        term: t("column.organisation"),
                        value: (
                          <a href={`/organisations/${organisationId}/members`} safe>
                            {t("ask_organisation.to_organisation")}
                          </a>
                        ),
                      },
                    ]),
              ]}
            />
            <p class="said" dir="auto" safe>
              {request.reason}
            </p>
          </div>
        </Card>
        {request.answer !== null && (
          <Card title={t("organisation_requests.answer")}>
            <p class="said" dir="auto" safe>
              {request.answer}
            </p>
          </Card>
        )}
        {request.state === "open" && request.mayDecide && (
          <>
            <ErrorSummary ctx={ctx} errors={errors} fields={["name", "reason"]} />
            <Card title={t("organisation_requests.accept_title")}>
              <form novalidate class="form" method="post" action={`${PATH}/${request.id}/accept`}>
                <input type="hidden" name="revision" value={String(request.revision)} />
                <Field
                  ctx={ctx}
                  name="name"
                  label={t("organisation.name")}
                  hint={t("organisation_requests.name_hint")}
                  value={props.name}
                  maxlength={80}
                  errors={errors}
                />
                <div class="row">
                  <Button ctx={ctx} label={t("organisation_requests.accept")} kind="primary" />
                </div>
              </form>
            </Card>
            <Card title={t("organisation_requests.refuse_title")}>
              <form novalidate class="form" method="post" action={`${PATH}/${request.id}/refuse`}>
                <input type="hidden" name="revision" value={String(request.revision)} />
                <TextArea
                  ctx={ctx}
                  name="reason"
                  label={t("organisation_requests.reason")}
                  hint={t("organisation_requests.reason_hint")}
                  value={props.reason}
                  maxlength={500}
                  errors={errors}
                />
                <div class="row">
                  <Button ctx={ctx} label={t("organisation_requests.refuse")} />
                </div>
              </form>
            </Card>
          </>
        )}
      </div>
    </Page>
  );
}
