/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, LinkButton, PostButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { ErrorSummary, Field, TextArea } from "../components/field.tsx";
import { Notice } from "../components/notice.tsx";
import { Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

export type AskedOrganisation = {
  readonly name: string;
  readonly state: "open" | "accepted" | "refused" | "withdrawn";
  readonly createdAt: Date;
  readonly closedAt: Date | null;
  /** Why it was refused. */
  readonly answer: string | null;
  /** What was made; null: nothing, or it is gone. */
  readonly organisationId: string | null;
  /** Whether its page opens for them: they may have left it. */
  readonly mayOpen: boolean;
  readonly revision: number;
};

export type AskOrganisationProps = {
  /** The newest, whatever became of it; null: they never asked. */
  readonly request: AskedOrganisation | null;
  /** Whether they may make one by themselves. */
  readonly founds: boolean;
  readonly values: { readonly name: string; readonly reason: string };
  readonly errors: readonly FieldError[];
};

/** `/organisations/ask`: asks administrators for an organisation, and says what became of it. Posts to itself. */
export function askOrganisationPage(ctx: PageContext, props: AskOrganisationProps): JSX.Element {
  const { t } = ctx;
  const { request, values, errors } = props;
  const isOpen = request?.state === "open";
  return (
    <Page ctx={ctx} title={t("ask_organisation.title")}>
      <div class="narrow is-wide">
        <PageHead
          ctx={ctx}
          title={t("ask_organisation.title")}
          crumbs={[{ label: t("nav.dashboard"), href: "/dashboard" }]}
          lead={t("ask_organisation.lead")}
        />
        {props.founds && (
          <Notice ctx={ctx} tone="accent" title={t("ask_organisation.needless")}>
            <p>
              <a href="/organisations/new" safe>
                {t("dashboard.create_organisation")}
              </a>
            </p>
          </Notice>
        )}
        {request !== null && <Outcome ctx={ctx} request={request} />}
        <Card {...(isOpen ? { title: t("ask_organisation.change_title") } : {})}>
          <form novalidate class="form" method="post" action="/organisations/ask">
            <ErrorSummary ctx={ctx} errors={errors} fields={["name", "reason"]} />
            <Field
              ctx={ctx}
              name="name"
              label={t("organisation.name")}
              hint={t("organisation.name_hint")}
              value={values.name}
              autocomplete="organization"
              maxlength={80}
              errors={errors}
            />
            <TextArea
              ctx={ctx}
              name="reason"
              label={t("ask_organisation.reason")}
              hint={t("ask_organisation.reason_hint")}
              value={values.reason}
              maxlength={500}
              errors={errors}
            />
            <div class="row">
              <Button
                ctx={ctx}
                label={t(isOpen ? "ask_organisation.change" : "ask_organisation.submit")}
                kind={isOpen ? "secondary" : "primary"}
              />
              <LinkButton ctx={ctx} href="/dashboard" label={t("action.cancel")} kind="ghost" />
            </div>
          </form>
        </Card>
      </div>
    </Page>
  );
}

/** What became of the newest; of one that they took back themselves, nothing. */
function Outcome(props: { ctx: PageContext; request: AskedOrganisation }): JSX.Element {
  const { ctx, request } = props;
  const { t } = ctx;
  const { name, state, answer, organisationId } = request;
  if (state === "withdrawn") return <></>;
  if (state === "open")
    return (
      <Notice ctx={ctx} tone="accent" title={t("ask_organisation.open", { name })}>
        <p class="meta">
          <Time ctx={ctx} at={request.createdAt} />
        </p>
        <div class="row">
          <PostButton
            ctx={ctx}
            action="/organisations/ask/withdraw"
            revision={request.revision}
            label={t("ask_organisation.withdraw")}
            small
          />
        </div>
      </Notice>
    );
  const isAccepted = state === "accepted";
  return (
    <Notice
      ctx={ctx}
      tone={isAccepted ? "good" : "warn"}
      title={t(isAccepted ? "ask_organisation.accepted" : "ask_organisation.refused", { name })}
    >
      {answer !== null && (
        <p class="said" dir="auto" safe>
          {answer}
        </p>
      )}
      {isAccepted && organisationId !== null && request.mayOpen && (
        <p>
          <a href={`/organisations/${organisationId}/members`} safe>
            {t("ask_organisation.to_organisation")}
          </a>
        </p>
      )}
      {request.closedAt !== null && (
        <p class="meta">
          <Time ctx={ctx} at={request.closedAt} />
        </p>
      )}
    </Notice>
  );
}
