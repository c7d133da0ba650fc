/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { formatAverage, formatFigure, formatNumber } from "../format.ts";
import type { FieldError, PageContext } from "../page.ts";
import { described, errorOf, FieldProblem } from "./field.tsx";
import { Icon } from "./icon.tsx";
import { Time } from "./text.tsx";

const STARS = [1, 2, 3, 4, 5] as const;

export type RatingSummary = {
  /** 1 to 5; null: nobody has rated it. */
  readonly average: number | null;
  readonly count: number;
  /** How many gave 1, 2, 3, 4 and 5 of them. */
  readonly stars: readonly number[];
};

export type Review = {
  readonly id: string;
  /** null: an enrolled device. */
  readonly author: string | null;
  readonly stars: number;
  /** Plain text; "" for stars alone. */
  readonly text: string;
  readonly language: string;
  readonly version: string;
  readonly createdAt: Date;
  readonly isEdited: boolean;
  readonly answer: {
    readonly text: string;
    /** The organisation that answered. */
    readonly by: string;
    readonly at: Date;
    /** The rating was changed since then. */
    readonly isOlder: boolean;
  } | null;
};

/** How much of a star is filled, 0 to 4 quarters: only what is whole is drawn whole, and only nothing empty. */
function quartersOf(stars: number, star: number): number {
  const share = stars - (star - 1);
  if (share <= 0) return 0;
  return share >= 1 ? 4 : Math.min(3, Math.max(1, Math.round(share * 4)));
}

/** So many of five, drawn; whoever does not see them hears the number. */
export function Stars(props: { ctx: PageContext; stars: number; large?: boolean }): JSX.Element {
  const { ctx, stars } = props;
  return (
    <span
      class={["stars", props.large && "is-large"]}
      role="img"
      aria-label={ctx.t("ratings.average_of", {
        average: Number.isInteger(stars) ? formatNumber(ctx.locale, stars) : formatAverage(ctx.locale, stars),
      })}
    >
      {STARS.map((star) => {
        const quarters = quartersOf(stars, star);
        return (
          <span class={[quarters === 4 && "is-on", quarters % 4 > 0 && `is-part of-${quarters}`]}>
            <Icon ctx={ctx} name={quarters === 4 ? "star-filled" : "star"} />
            {quarters % 4 > 0 && <Icon ctx={ctx} name="star-filled" />}
          </span>
        );
      })}
    </span>
  );
}

function ratingsWords(ctx: PageContext, count: number): string {
  return ctx.t("ratings.count", { count, number: formatFigure(ctx.locale, count) });
}

/** In a list: one star, the average, and how many there are. */
export function ShortRating(props: {
  ctx: PageContext;
  rating: { readonly average: number; readonly count: number };
}): JSX.Element {
  const { ctx, rating } = props;
  const average = formatAverage(ctx.locale, rating.average);
  return (
    <span class="short-rating" title={ratingsWords(ctx, rating.count)}>
      <Icon ctx={ctx} name="star-filled" />
      <span aria-hidden="true" safe>
        {average}
      </span>
      <span class="visually-hidden" safe>
        {`${ctx.t("ratings.average_of", { average })}, ${ratingsWords(ctx, rating.count)}`}
      </span>
    </span>
  );
}

/** The average, how many there are, and how they are spread. */
export function Summary(props: { ctx: PageContext; summary: RatingSummary }): JSX.Element {
  const { ctx, summary } = props;
  const { average, count, stars } = summary;
  if (average === null)
    return (
      <p class="muted" safe>
        {ctx.t("ratings.none")}
      </p>
    );
  return (
    <div class="rating-summary">
      <div class="rating-average">
        <span class="figure" aria-hidden="true" safe>
          {formatAverage(ctx.locale, average)}
        </span>
        <Stars ctx={ctx} stars={average} />
        <span class="meta" safe>
          {ratingsWords(ctx, count)}
        </span>
      </div>
      <ul class="rating-spread">
        {[...STARS].reverse().map((star) => (
          <li>
            <span class="num" safe>
              {ctx.t("ratings.stars", { count: star, number: formatNumber(ctx.locale, star) })}
            </span>
            <meter min="0" max={String(count)} value={String(stars[star - 1] ?? 0)} aria-hidden="true" />
            <span class="num meta" safe>
              {formatNumber(ctx.locale, stars[star - 1] ?? 0)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What one person or device says, and what the app's developers answer. */
export function ReviewItem(props: {
  ctx: PageContext;
  review: Review;
  /** Where its author has a name that is not shown. */
  isUnnamed?: boolean;
  /** Where a visitor reports it; none where they do not. */
  reportHref?: string;
  /** Below it, such as a form. */
  more?: JSX.Element;
  badge?: JSX.Element;
  /** Of its author's name, as a heading. */
  level?: 2 | 3;
}): JSX.Element {
  const { ctx, review, more, badge, level = 3 } = props;
  const Name = level === 2 ? "h2" : "h3";
  const { t } = ctx;
  const { answer, text } = review;
  const author = review.author ?? t(props.isUnnamed ? "ratings.unnamed" : "ratings.by_device");
  return (
    <article class="review" id={review.id}>
      <div class="review-head">
        <Stars ctx={ctx} stars={review.stars} />
        <Name>
          <bdi safe>{author}</bdi>
        </Name>
        {badge as "safe"}
      </div>
      <p class="meta">
        <Time ctx={ctx} at={review.createdAt} />
        {review.isEdited && <span safe>{` · ${t("ratings.edited")}`}</span>}
        {" · "}
        <bdi safe>{t("version.number", { version: review.version })}</bdi>
        {props.reportHref !== undefined && (
          <>
            {" · "}
            <a href={props.reportHref} rel="nofollow">
              <span safe>{t("ratings.report")}</span>
              <span class="visually-hidden" safe>
                {author}
              </span>
            </a>
          </>
        )}
      </p>
      {text !== "" && (
        <p class="said" dir="auto" lang={review.language} safe>
          {text}
        </p>
      )}
      {answer !== null && (
        <div class="review-answer">
          <p class="meta">
            <bdi safe>{t("ratings.answer_of", { publisher: answer.by })}</bdi>
            {" · "}
            <Time ctx={ctx} at={answer.at} />
            {answer.isOlder && <span safe>{` · ${t("ratings.answer_older")}`}</span>}
          </p>
          <p class="said" dir="auto" safe>
            {answer.text}
          </p>
        </div>
      )}
      {more as "safe"}
    </article>
  );
}

/** One to five stars to choose from: radio buttons, which keys choose too. */
export function StarChoice(props: {
  ctx: PageContext;
  name: string;
  label: string;
  value: number | null;
  errors: readonly FieldError[];
}): JSX.Element {
  const { ctx, label, value, errors } = props;
  const { id, name, ...ties } = described(props);
  return (
    // A plain group may not say that it is invalid; this one may, and its legend is its name all the same.
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: allowed by ARIA in HTML for fieldset
    <fieldset class={["field", errorOf(name, errors) !== null && "has-error"]} role="radiogroup" {...ties}>
      <legend class="label" safe>
        {label}
      </legend>
      <div class="star-choice">
        {STARS.map((star) => (
          <label>
            <input
              type="radio"
              id={star === 1 ? id : undefined}
              name={name}
              value={String(star)}
              checked={star === value}
              required
            />
            <Icon ctx={ctx} name="star" large />
            <Icon ctx={ctx} name="star-filled" large />
            <span class="visually-hidden" safe>
              {ctx.t("ratings.stars", { count: star, number: formatNumber(ctx.locale, star) })}
            </span>
          </label>
        ))}
      </div>
      <FieldProblem ctx={ctx} name={name} errors={errors} />
    </fieldset>
  );
}
