/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
/** What changes of a review while somebody looks at it. */
import { Html } from "@kitajs/html";
import { AppIcon } from "../components/app-icon.tsx";
import { StateBadge } from "../components/badge.tsx";
import { LinkButton } from "../components/button.tsx";
import { Notice } from "../components/notice.tsx";
import { Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import type { PageContext } from "../page.ts";
import type { ReviewProps } from "./review.tsx";

export const PART = "review-live";

/** What changes of a review by itself. */
export type ReviewState = Pick<ReviewProps, "decided" | "isOwn" | "canDecide" | "isOutdated"> & {
  readonly app: Pick<ReviewProps["app"], "id" | "name" | "iconUrl">;
  readonly version: Pick<ReviewProps["version"], "id" | "version" | "state">;
};

type Decision = NonNullable<ReviewProps["decided"]>;

function decidedTitle({ t }: PageContext, { decision, by }: Decision): string {
  return t(decision === "approved" ? "review.approved_by" : "review.rejected_by", { name: by });
}

/** What was decided, by whom and when. */
function Decided(props: { ctx: PageContext; decided: Decision }): JSX.Element {
  const { ctx, decided } = props;
  const { decision, reason, at } = decided;
  return (
    <Notice ctx={ctx} tone={decision === "approved" ? "good" : "bad"} title={decidedTitle(ctx, decided)}>
      {reason !== "" && (
        <p class="prewrap" dir="auto" safe>
          {reason}
        </p>
      )}
      <p class="meta">
        <Time ctx={ctx} at={at} />
      </p>
    </Notice>
  );
}

/** The part of the page that changes by itself. The form of the decision stands elsewhere: nothing that is typed there is replaced. */
export function reviewPart(ctx: PageContext, props: ReviewState): JSX.Element {
  const { t } = ctx;
  const { app, version } = props;
  return (
    <div class="stack" id={PART}>
      <PageHead
        ctx={ctx}
        title={`${app.name} ${version.version}`}
        crumbs={[{ label: t("queue.title"), href: "/review" }]}
        icon={<AppIcon src={app.iconUrl} name={app.name} seed={app.id} />}
        badge={
          <span role="status">
            <StateBadge ctx={ctx} state={version.state} pill />
          </span>
        }
        actions={
          <LinkButton
            ctx={ctx}
            href={`/apps/${app.id}/versions/${version.id}/package`}
            label={t("review.download")}
            download
          />
        }
      />
      {props.decided !== null && <Decided ctx={ctx} decided={props.decided} />}
      {props.isOwn && (
        <Notice ctx={ctx} tone="accent" title={t("review.own_title")}>
          <p safe>{t("review.own")}</p>
        </Notice>
      )}
      {props.isOutdated && (
        <Notice ctx={ctx} tone="warn" title={t("review.outdated_title")}>
          <p safe>{t("review.outdated")}</p>
          <p>
            <a href={`/review/${version.id}`} safe>
              {t("version.reload")}
            </a>
          </p>
        </Notice>
      )}
    </div>
  );
}

const STANDING = "review-standing";

/** Beside the form: that there is nothing to decide any more, for who is typing there. */
export function DecisionStanding(props: {
  ctx: PageContext;
  state: ReviewState;
  isEvent?: boolean;
}): JSX.Element {
  const { ctx, state } = props;
  const { t } = ctx;
  return (
    <div class="when-said" id={STANDING} role="status" hx-swap-oob={props.isEvent ? "outerMorph" : undefined}>
      {!state.canDecide && (
        <Notice
          ctx={ctx}
          tone="warn"
          title={state.decided === null ? t("review.gone_title") : decidedTitle(ctx, state.decided)}
        >
          <p safe>{t(state.isOwn ? "review.own" : "review.gone")}</p>
        </Notice>
      )}
    </div>
  );
}

/** What is told of a review that is followed: its part, and what it comes to for its form. */
export function reviewEvent(ctx: PageContext, state: ReviewState): JSX.Element {
  return (
    <>
      {reviewPart(ctx, state)}
      <DecisionStanding ctx={ctx} state={state} isEvent />
    </>
  );
}
