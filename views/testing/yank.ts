/** The page on which a version is yanked, in every state worth looking at. */
import { type YankProps, yankPage } from "../pages/yank.tsx";
import { DEVELOPER } from "./context.ts";
import { HOSTILE_NAMES, LONGEST, ORDINARY } from "./data.ts";
import type { Sample } from "./samples.ts";

type Names = typeof ORDINARY;

const props = (names: Names, changes: Partial<YankProps> = {}): YankProps => ({
  app: { id: names.id, name: names.name },
  version: { id: "v-1", version: names.version, revision: 4 },
  instead: names === ORDINARY ? "2.3.0" : names.version,
  reason: "",
  errors: [],
  ...changes,
});

const sample = (name: string, render: Sample["render"]): Sample => ({
  name,
  path: "/apps/x/versions/v-1/yank",
  viewer: DEVELOPER,
  render,
});

export const YANK_SAMPLES: readonly Sample[] = [
  sample("yank", (ctx) => yankPage(ctx, props(ORDINARY))),
  sample("yank-last", (ctx) => yankPage(ctx, props(ORDINARY, { instead: null, reason: "Loses drafts." }))),
  sample("yank-longest", (ctx) =>
    yankPage(
      ctx,
      props(LONGEST, {
        reason: LONGEST.text.slice(0, 400),
        errors: [{ field: "reason", message: "Say why, in one line of 1 to 200 characters." }],
      }),
    ),
  ),
];

export const HOSTILE_YANK_SAMPLES: readonly Sample[] = [
  sample("yank", (ctx) => yankPage(ctx, props(HOSTILE_NAMES, { reason: HOSTILE_NAMES.text }))),
];
