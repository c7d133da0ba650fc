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

/** The state of a version, or one of an app's; with a version, which one is in it. */
export function StateBadge(props: {
  ctx: PageContext;
  state: ShownAppState;
  version?: string | undefined;
  pill?: boolean;
}): JSX.Element {
  const { t } = props.ctx;
  const { tone, busy = false, hollow = false } = LOOKS[props.state];
  const state = t(`state.${props.state}`);
  return (
    <Badge
      tone={tone}
      busy={busy}
      hollow={hollow}
      pill={props.pill ?? false}
      label={props.version === undefined ? state : t("app.version_state", { version: props.version, state })}
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

/** What devices get of an app and, where its newest version is another, where that one is: what stands beside its name. */
export function AppHeadStates(props: {
  ctx: PageContext;
  states: readonly ShownAppState[];
  /** What devices get; null: nothing, or that the newest version is what they get. */
  behind: { readonly offered: string; readonly newest: string } | null;
}): JSX.Element {
  const { ctx, states, behind } = props;
  const [first, ...others] = states;
  if (first === undefined) return <></>;
  if (behind === null) return <AppStates ctx={ctx} states={states} pill />;
  return (
    <span class="badges">
      <Badge tone="good" pill label={ctx.t("app.version_on_devices", { version: behind.offered })} />
      <StateBadge ctx={ctx} state={first} version={behind.newest} pill />
      {others.map((state) => (
        <StateBadge ctx={ctx} state={state} pill />
      ))}
    </span>
  );
}
