/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Choice, ErrorSummary, TextArea } from "../components/field.tsx";
import { type Review, ReviewItem } from "../components/ratings.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

export const APP_REASONS = ["broken", "misleading", "harmful", "privacy", "rights", "other"] as const;
export const RATING_REASONS = ["spam", "abusive", "off_topic", "private", "other"] as const;

export type ReportProps = {
  readonly app: { readonly id: string; readonly name: string; readonly publisher: string };
  /** What somebody said of it; null: it is the app itself. */
  readonly review: Review | null;
  readonly reason: string;
  readonly text: string;
  readonly errors: readonly FieldError[];
  readonly longest: number;
};

/** `/catalog/:appId/report` and `/catalog/:appId/ratings/:ratingId/report`: what is wrong with it. */
export function reportPage(ctx: PageContext, props: ReportProps): JSX.Element {
  const { t } = ctx;
  const { app, review, errors } = props;
  const path = `/catalog/${app.id}`;
  const back = review === null ? path : `${path}/ratings`;
  const title = review === null ? t("report.app_title", { app: app.name }) : t("report.rating_title");
  return (
    <Page ctx={ctx} title={title} front>
      <div class="narrow is-wide">
        <PageHead
          ctx={ctx}
          title={title}
          crumbs={[
            { label: app.name, href: path },
            ...(review === null ? [] : [{ label: t("ratings.title"), href: back }]),
          ]}
          lead={t("report.lead", { store: ctx.storeName })}
        />
        {review !== null && (
          <Card flush>
            <ReviewItem ctx={ctx} review={review} level={2} />
          </Card>
        )}
        <Card>
          <form
            novalidate
            class="form"
            method="post"
            action={review === null ? `${path}/report` : `${path}/ratings/${review.id}/report`}
          >
            <ErrorSummary ctx={ctx} errors={errors} fields={["reason", "text"]} />
            <Choice
              ctx={ctx}
              name="reason"
              label={t("report.reason")}
              value={props.reason}
              options={
                review === null
                  ? APP_REASONS.map((value) => ({ value, label: t(`report.app.${value}`) }))
                  : RATING_REASONS.map((value) => ({ value, label: t(`report.rating.${value}`) }))
              }
              errors={errors}
            />
            <TextArea
              ctx={ctx}
              name="text"
              label={t("report.text")}
              hint={t("report.text_hint")}
              value={props.text}
              maxlength={props.longest}
              errors={errors}
              optional
            />
            <div class="row">
              <Button ctx={ctx} label={t("report.send")} kind="primary" />
              <LinkButton ctx={ctx} href={back} label={t("action.cancel")} kind="ghost" />
            </div>
          </form>
        </Card>
      </div>
    </Page>
  );
}
