/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { IconName, PageContext, VersionState } from "../page.ts";
import { isBusy, StateBadge } from "./badge.tsx";
import { Icon } from "./icon.tsx";
import { Time } from "./text.tsx";

export const STEPS = ["upload", "checks", "review", "signing", "publish"] as const;
export type Step = (typeof STEPS)[number];
export type StepStatus = "done" | "current" | "failed" | "stopped" | "upcoming";

/** One change of a version's state, oldest first in lists. */
export type StateEvent = {
  readonly state: VersionState;
  readonly at: Date;
  /** Who did it; null when the store did. */
  readonly by: string | null;
  readonly note: string | null;
};

/** Which step a state is at, and how that step stands; the ones before are done, the ones after upcoming. */
const AT: Readonly<Record<VersionState, { step: Step; status: StepStatus }>> = {
  checking: { step: "checks", status: "current" },
  failed: { step: "checks", status: "failed" },
  draft: { step: "review", status: "upcoming" },
  in_review: { step: "review", status: "current" },
  rejected: { step: "review", status: "failed" },
  withdrawn: { step: "review", status: "stopped" },
  signing: { step: "signing", status: "current" },
  held: { step: "publish", status: "current" },
  publishing: { step: "publish", status: "current" },
  published: { step: "publish", status: "done" },
};

/** The five steps of a version with the status of each. */
export function stepsOf(state: VersionState): readonly { step: Step; status: StepStatus }[] {
  const here = AT[state];
  const position = STEPS.indexOf(here.step);
  return STEPS.map((step, index) => {
    if (index === position) return { step, status: here.status };
    return { step, status: index < position ? "done" : "upcoming" };
  });
}

const ICONS: Readonly<Partial<Record<StepStatus, IconName>>> = {
  done: "approve",
  failed: "close",
  stopped: "stop",
};

/** Where a version stands on its way to devices; `isOffered` is false of one that came there and is revoked since. */
export function Steps(props: { ctx: PageContext; state: VersionState; isOffered?: boolean }): JSX.Element {
  const { ctx, state, isOffered = true } = props;
  const note = state === "published" && !isOffered ? "not_offered" : state;
  const here = AT[state].step;
  return (
    <ol class="steps">
      {stepsOf(state).map(({ step, status }) => {
        const icon = ICONS[status];
        return (
          <li
            class={["step", `is-${status}`, status === "current" && isBusy(state) && "is-busy"]}
            aria-current={step === here && status !== "done" ? "step" : undefined}
          >
            <span class="step-dot">{icon && <Icon ctx={ctx} name={icon} />}</span>
            <p class="step-name">
              <span safe>{ctx.t(`step.${step}`)}</span>
              <span class="visually-hidden" safe>
                {`: ${ctx.t(`step_status.${status}`)}`}
              </span>
            </p>
            {step === here && (
              <p class="step-note" safe>
                {ctx.t(`state_note.${note}`)}
              </p>
            )}
          </li>
        );
      })}
    </ol>
  );
}

/** What happened to a version, newest first. */
export function History(props: { ctx: PageContext; events: readonly StateEvent[] }): JSX.Element {
  const { ctx, events } = props;
  return (
    <ol class="history">
      {[...events].reverse().map((event) => (
        <li>
          <StateBadge ctx={ctx} state={event.state} />
          <span class="meta">
            <Time ctx={ctx} at={event.at} />
          </span>
          {(event.by !== null || event.note !== null) && (
            <p class="prewrap" dir="auto" safe>
              {[event.by, event.note].filter((part) => part !== null).join(": ")}
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}
