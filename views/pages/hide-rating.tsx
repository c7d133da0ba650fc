/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, LinkButton, Revision } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { ErrorSummary, TextArea } from "../components/field.tsx";
import { Stars } from "../components/ratings.tsx";
import { Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

export type HideRatingProps = {
  readonly app: { readonly id: string; readonly name: string };
  readonly rating: {
    readonly id: string;
    /** null: an enrolled device. */
    readonly author: string | null;
    readonly stars: number;
    readonly text: string;
    readonly createdAt: Date;
    readonly revision: number;
  };
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
              <p>
                <Stars ctx={ctx} stars={rating.stars} />{" "}
                <bdi safe>{rating.author ?? t("ratings.by_device")}</bdi>{" "}
                <span class="meta">
                  <Time ctx={ctx} at={rating.createdAt} />
                </span>
              </p>
              {rating.text !== "" && (
                <p class="said" dir="auto" safe>
                  {rating.text}
                </p>
              )}
            </div>
            <form class="form" method="post" action={`${list}/${rating.id}/hide`}>
              <ErrorSummary ctx={ctx} errors={errors} fields={["reason"]} />
              <Revision value={rating.revision} />
              <TextArea
                ctx={ctx}
                name="reason"
                label={t("reports.hide_reason")}
                hint={t("reports.hide_hint")}
                value={props.reason}
                maxlength={500}
                rows={3}
                errors={errors}
              />
              <div class="row">
                <Button ctx={ctx} label={t("reports.hide")} kind="danger-fill" />
                <LinkButton ctx={ctx} href={list} label={t("action.cancel")} kind="ghost" />
              </div>
            </form>
          </div>
        </Card>
      </div>
    </Page>
  );
}
