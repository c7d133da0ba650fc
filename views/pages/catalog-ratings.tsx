/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { AppIcon } from "../components/app-icon.tsx";
import { Button, LinkButton, Revision } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty.tsx";
import { ErrorSummary, TextArea } from "../components/field.tsx";
import { Notice } from "../components/notice.tsx";
import { type RatingSummary, type Review, ReviewItem, StarChoice, Summary } from "../components/ratings.tsx";
import { PagerLinks } from "../components/table.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext, Pager } from "../page.ts";
import { WithdrawRating } from "./own-rating.tsx";

/** What a visitor can do: rate it, or why they cannot. */
export type OwnRatingProps = {
  readonly standing: "may" | "sign_in" | "own_app" | "not_had" | "devices";
  /** What was typed, or what stands; null: nothing yet. */
  readonly stars: number | null;
  readonly text: string;
  /** Of what stands; null: nothing yet. */
  readonly revision: number | null;
  /** Why somebody hid it; null: it is shown. */
  readonly hidden: string | null;
  readonly errors: readonly FieldError[];
};

export type CatalogRatingsProps = {
  readonly app: {
    readonly id: string;
    readonly name: string;
    readonly publisher: string;
    readonly iconUrl: string | null;
  };
  readonly summary: RatingSummary;
  readonly reviews: readonly Review[];
  readonly pager: Pager;
  /** Those in the visitor's language alone are shown; and where all of them are, or those. */
  readonly isOwnLanguage: boolean;
  readonly allHref: string;
  readonly ownLanguageHref: string;
  readonly own: OwnRatingProps;
  readonly longest: number;
};

/** `/catalog/:appId/ratings`: what those who have an app say of it, and what one says oneself. */
export function catalogRatingsPage(ctx: PageContext, props: CatalogRatingsProps): JSX.Element {
  const { t } = ctx;
  const { app, reviews, isOwnLanguage } = props;
  const path = `/catalog/${app.id}`;
  return (
    <Page ctx={ctx} title={t("ratings.page_title", { app: app.name })} front>
      <PageHead
        ctx={ctx}
        title={t("ratings.page_title", { app: app.name })}
        crumbs={[
          { label: t("catalog.title"), href: "/catalog" },
          { label: app.name, href: path },
        ]}
        icon={<AppIcon src={app.iconUrl} name={app.name} seed={app.id} size="l" />}
      />
      <div class="columns">
        <Card
          title={t("ratings.reviews")}
          flush
          actions={
            <nav class="row review-filter" aria-label={t("ratings.languages")}>
              <a href={props.allHref} aria-current={isOwnLanguage ? undefined : "true"} safe>
                {t("ratings.all_languages")}
              </a>
              <a href={props.ownLanguageHref} aria-current={isOwnLanguage ? "true" : undefined} safe>
                {t("ratings.own_language")}
              </a>
            </nav>
          }
        >
          {reviews.length === 0 ? (
            <EmptyState
              sentence={t(isOwnLanguage ? "ratings.none_in_language" : "ratings.none_said")}
              small
            />
          ) : (
            <div class="reviews">
              {reviews.map((review) => (
                <ReviewItem ctx={ctx} review={review} reportHref={`${path}/ratings/${review.id}/report`} />
              ))}
            </div>
          )}
          <PagerLinks ctx={ctx} pager={props.pager} />
        </Card>
        <div class="stack">
          <Card title={t("ratings.title")}>
            <Summary ctx={ctx} summary={props.summary} />
          </Card>
          <Own ctx={ctx} path={path} {...props} />
        </div>
      </div>
    </Page>
  );
}

function Own(props: { ctx: PageContext; path: string } & CatalogRatingsProps): JSX.Element {
  const { ctx, path, app, own, longest } = props;
  const { t } = ctx;
  const { standing, revision, errors } = own;
  // What was written once can be said otherwise or taken back for as long as the app is there.
  if (standing !== "may" && revision === null)
    return (
      <Card title={t("ratings.own_title")} id="own">
        <div class="stack-s">
          <p class="muted" safe>
            {t(`ratings.standing.${standing}`, { publisher: app.publisher, app: app.name })}
          </p>
          {standing === "sign_in" && (
            <div class="row">
              <LinkButton
                ctx={ctx}
                href={`/sign-in?next=${encodeURIComponent(`${path}/ratings`)}`}
                label={t("ratings.sign_in")}
              />
            </div>
          )}
        </div>
      </Card>
    );
  return (
    <Card title={t("ratings.own_title")} id="own">
      <div class="stack">
        {own.hidden !== null && (
          <Notice ctx={ctx} tone="warn" title={t("ratings.hidden")}>
            <p dir="auto" safe>
              {own.hidden}
            </p>
          </Notice>
        )}
        {standing === "may" && (
          <form novalidate class="form" method="post" action={`${path}/rating`}>
            <ErrorSummary ctx={ctx} errors={errors} fields={["stars", "text"]} />
            <Revision value={revision} />
            <StarChoice
              ctx={ctx}
              name="stars"
              label={t("ratings.own_stars")}
              value={own.stars}
              errors={errors}
            />
            <TextArea
              ctx={ctx}
              name="text"
              label={t("ratings.own_text")}
              hint={t("ratings.own_hint", { name: ctx.viewer?.name ?? "" })}
              value={own.text}
              maxlength={longest}
              rows={5}
              errors={errors}
              optional
            />
            <div class="row">
              <Button
                ctx={ctx}
                label={t(revision === null ? "ratings.send" : "ratings.save")}
                kind="primary"
              />
            </div>
          </form>
        )}
        {revision !== null && <WithdrawRating ctx={ctx} appId={app.id} revision={revision} />}
      </div>
    </Card>
  );
}
