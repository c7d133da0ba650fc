/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Badge } from "../components/badge.tsx";
import { Button, LinkButton, PostButton, Revision } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty.tsx";
import { ErrorSummary, TextArea } from "../components/field.tsx";
import { type RatingSummary, type Review, ReviewItem, Summary } from "../components/ratings.tsx";
import { PagerLinks } from "../components/table.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext, Pager } from "../page.ts";
import { AppHead } from "./app.tsx";
import type { AppHeadProps } from "./app-props.ts";
import { AppTabs, type TabbedApp } from "./app-tabs.tsx";

export type RatingRow = Review & {
  readonly hidden: boolean;
  readonly byDevice: boolean;
  /** The visitor looks after the store: they hide it, or show it again. */
  readonly mayHide: boolean;
  readonly revision: number;
};

export type RatingsProps = {
  readonly page: AppHeadProps;
  readonly summary: RatingSummary;
  readonly ratings: readonly RatingRow[];
  readonly pager: Pager;
  readonly answers: boolean;
};

/** `/apps/:appId/ratings`: what people and devices say of an app, for its developers. */
export function ratingsPage(ctx: PageContext, props: RatingsProps): JSX.Element {
  const { t } = ctx;
  const { page, ratings } = props;
  const { app } = page;
  return (
    <Page ctx={ctx} title={t("ratings.page_title", { app: app.name })}>
      <AppHead ctx={ctx} {...page} />
      <div class="columns">
        <Card title={t("ratings.reviews")} flush>
          {ratings.length === 0 ? (
            <EmptyState sentence={t("ratings.none")} small />
          ) : (
            <div class="reviews">
              {ratings.map((rating) => (
                <ReviewItem
                  ctx={ctx}
                  review={rating}
                  isUnnamed={!rating.byDevice}
                  badge={rating.hidden ? <Badge tone="warn" label={t("ratings.hidden_badge")} /> : <></>}
                  more={<RatingActions ctx={ctx} rating={rating} {...props} />}
                />
              ))}
            </div>
          )}
          <PagerLinks ctx={ctx} pager={props.pager} />
        </Card>
        <Card title={t("ratings.title")}>
          <div class="stack">
            <Summary ctx={ctx} summary={props.summary} />
            <p class="muted" safe>
              {t("ratings.developer_lead")}
            </p>
          </div>
        </Card>
      </div>
    </Page>
  );
}

function RatingActions(props: { ctx: PageContext; rating: RatingRow } & RatingsProps): JSX.Element {
  const { ctx, page, rating } = props;
  const { t } = ctx;
  const { app } = page;
  const path = `/apps/${app.id}/ratings/${rating.id}`;
  const context = rating.author ?? t(rating.byDevice ? "ratings.by_device" : "ratings.unnamed");
  const answers = props.answers && !rating.hidden;
  if (!answers && !rating.mayHide) return <></>;
  return (
    <div class="row">
      {answers && (
        <LinkButton
          ctx={ctx}
          href={`${path}/answer`}
          label={t(rating.answer === null ? "ratings.answer" : "ratings.answer_change")}
          context={context}
          small
        />
      )}
      {rating.mayHide && !rating.hidden && (
        <LinkButton
          ctx={ctx}
          href={`${path}/hide`}
          label={t("ratings.hide")}
          context={context}
          kind="ghost"
          small
        />
      )}
      {rating.mayHide && rating.hidden && (
        <PostButton
          ctx={ctx}
          action={`${path}/show`}
          revision={rating.revision}
          label={t("reports.show")}
          small
        />
      )}
    </div>
  );
}

export type AnswerProps = {
  readonly app: TabbedApp & { readonly organisation: string };
  readonly rating: RatingRow;
  /** What was typed, or what is answered. */
  readonly text: string;
  readonly errors: readonly FieldError[];
  readonly longest: number;
};

/** `/apps/:appId/ratings/:ratingId/answer`: what somebody says, and what the app's developers answer. */
export function answerPage(ctx: PageContext, props: AnswerProps): JSX.Element {
  const { t } = ctx;
  const { app, rating, errors } = props;
  const list = `/apps/${app.id}/ratings`;
  const action = `${list}/${rating.id}/answer`;
  return (
    <Page ctx={ctx} title={t("ratings.answer_title")}>
      <div class="narrow is-wide">
        <PageHead
          ctx={ctx}
          title={t("ratings.answer_title")}
          crumbs={[
            { label: app.name, href: `/apps/${app.id}` },
            { label: t("ratings.title"), href: list },
          ]}
        />
        <AppTabs ctx={ctx} app={app} part="ratings" />
        <Card flush>
          <ReviewItem ctx={ctx} review={{ ...rating, answer: null }} isUnnamed={!rating.byDevice} level={2} />
        </Card>
        <Card>
          <div class="stack">
            <form novalidate class="form" method="post" action={action}>
              <ErrorSummary ctx={ctx} errors={errors} fields={["text"]} />
              <Revision value={rating.revision} />
              <TextArea
                ctx={ctx}
                name="text"
                label={t("ratings.answer_text")}
                hint={t("ratings.answer_hint", { publisher: app.organisation })}
                value={props.text}
                maxlength={props.longest}
                rows={6}
                errors={errors}
              />
              <div class="row">
                <Button ctx={ctx} label={t("ratings.answer_send")} kind="primary" />
                <LinkButton ctx={ctx} href={list} label={t("action.cancel")} kind="ghost" />
              </div>
            </form>
            {rating.answer !== null && (
              <div class="row">
                <PostButton
                  ctx={ctx}
                  action={`${action}/remove`}
                  revision={rating.revision}
                  label={t("ratings.answer_remove")}
                  kind="danger"
                  small
                />
              </div>
            )}
          </div>
        </Card>
      </div>
    </Page>
  );
}
