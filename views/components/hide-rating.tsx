/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { FieldError, PageContext } from "../page.ts";
import { Button, LinkButton, Revision } from "./button.tsx";
import { ErrorSummary, TextArea } from "./field.tsx";
import { Stars } from "./ratings.tsx";
import { Time } from "./text.tsx";

/** What somebody who decides about a rating sees of it. */
export type JudgedRating = {
  /** null: an enrolled device. */
  readonly author: string | null;
  readonly stars: number;
  readonly text: string;
  readonly createdAt: Date;
};

export function RatingToJudge(props: { ctx: PageContext; rating: JudgedRating }): JSX.Element {
  const { ctx, rating } = props;
  return (
    <>
      <p>
        <Stars ctx={ctx} stars={rating.stars} /> <bdi safe>{rating.author ?? ctx.t("ratings.by_device")}</bdi>{" "}
        <span class="meta">
          <Time ctx={ctx} at={rating.createdAt} />
        </span>
      </p>
      {rating.text !== "" && (
        <p class="said" dir="auto" safe>
          {rating.text}
        </p>
      )}
    </>
  );
}

/** Hides it, with a reason that its author reads. @param cancelHref Where nothing happens; without it the page has other acts. */
export function HideRatingForm(props: {
  ctx: PageContext;
  action: string;
  revision: number;
  reason: string;
  cancelHref?: string;
  errors: readonly FieldError[];
}): JSX.Element {
  const { ctx, errors, cancelHref } = props;
  const { t } = ctx;
  return (
    <form novalidate class="form" method="post" action={props.action}>
      <ErrorSummary ctx={ctx} errors={errors} fields={["reason"]} />
      <Revision value={props.revision} />
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
        {cancelHref !== undefined && (
          <LinkButton ctx={ctx} href={cancelHref} label={t("action.cancel")} kind="ghost" />
        )}
      </div>
    </form>
  );
}
