/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Card } from "../components/card.tsx";
import { HideRatingForm, type JudgedRating, RatingToJudge } from "../components/hide-rating.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

export type HideRatingProps = {
  readonly app: { readonly id: string; readonly name: string };
  readonly rating: JudgedRating & { readonly id: string; readonly revision: number };
  /** What was typed of why it is hidden. */
  readonly reason: string;
  readonly errors: readonly FieldError[];
};

/** `/apps/:appId/ratings/:ratingId/hide`: hiding what nobody has reported. */
export function hideRatingPage(ctx: PageContext, props: HideRatingProps): JSX.Element {
  const { t } = ctx;
  const { app, rating, errors } = props;
  const list = `/apps/${app.id}/ratings`;
  return (
    <Page ctx={ctx} title={t("reports.hide")}>
      <div class="narrow is-wide">
        <PageHead
          ctx={ctx}
          title={t("reports.hide")}
          crumbs={[
            { label: app.name, href: `/apps/${app.id}` },
            { label: t("ratings.title"), href: list },
          ]}
        />
        <Card title={t("reports.rating")}>
          <div class="stack">
            <div class="stack-s">
              <RatingToJudge ctx={ctx} rating={rating} />
            </div>
            <HideRatingForm
              ctx={ctx}
              action={`${list}/${rating.id}/hide`}
              revision={rating.revision}
              reason={props.reason}
              cancelHref={list}
              errors={errors}
            />
          </div>
        </Card>
      </div>
    </Page>
  );
}
