/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { ShownAppState } from "../../src/catalog/app-state.ts";
import type { PageContext, VersionState } from "../page.ts";

export type Tone = "good" | "warn" | "bad" | "accent" | "neutral";

type StateLook = { tone: Tone; busy?: true; hollow?: true };

const STATES: Readonly<Record<VersionState, StateLook>> = {
  checking: { tone: "accent", busy: true },
  failed: { tone: "bad" },
  draft: { tone: "neutral", hollow: true },
  in_review: { tone: "warn" },
  rejected: { tone: "bad" },
  withdrawn: { tone: "neutral" },
  signing: { tone: "accent", busy: true },
  held: { tone: "warn", hollow: true },
  publishing: { tone: "accent", busy: true },
  published: { tone: "good" },
};

/** What does not stand in the state of a version. */
const OTHERS: Readonly<Record<Exclude<ShownAppState, VersionState>, StateLook>> = {
  yanked: { tone: "warn", hollow: true },
  deprecated: { tone: "warn", hollow: true },
  deleting: { tone: "bad", hollow: true },
};

const LOOKS: Readonly<Record<ShownAppState, StateLook>> = { ...STATES, ...OTHERS };

/** States in which the store is at work, so that a page which shows them keeps itself up to date. */
export function isBusy(state: VersionState): boolean {
  return STATES[state].busy === true;
}

/** A dot and a word; the word alone carries the meaning. */
export function Badge(props: {
  tone: Tone;
  label: string;
  busy?: boolean;
  hollow?: boolean;
  pill?: boolean;
}): JSX.Element {
  return (
    <span
      class={[
        "badge",
        `tone-${props.tone}`,
        props.busy && "is-busy",
        props.hollow && "is-hollow",
        props.pill && "is-pill",
      ]}
      safe
    >
      {props.label}
    </span>
  );
}

/** The state of a version, or one of an app's. */
export function StateBadge(props: { ctx: PageContext; state: ShownAppState; pill?: boolean }): JSX.Element {
  const { tone, busy = false, hollow = false } = LOOKS[props.state];
  return (
    <Badge
      tone={tone}
      busy={busy}
      hollow={hollow}
      pill={props.pill ?? false}
      label={props.ctx.t(`state.${props.state}`)}
    />
  );
}

/** All that an app is in; a dash while it is in nothing yet. */
export function AppStates(props: {
  ctx: PageContext;
  states: readonly ShownAppState[];
  pill?: boolean;
}): JSX.Element {
  const { ctx, states, pill = false } = props;
  if (states.length === 0) return <span>–</span>;
  return (
    <span class="badges">
      {states.map((state) => (
        <StateBadge ctx={ctx} state={state} pill={pill} />
      ))}
    </span>
  );
}
