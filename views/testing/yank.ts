/** The pages on which a version is yanked and an app is deprecated, in every state worth looking at. */
import { type DeprecateProps, deprecatePage } from "../pages/deprecate.tsx";
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

const deprecate = (
  names: Names,
  values: DeprecateProps["values"],
  errors: DeprecateProps["errors"] = [],
) => ({
  app: { id: names.id, name: names.name, revision: 7 },
  values,
  errors,
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
  sample("deprecate", (ctx) => deprecatePage(ctx, deprecate(ORDINARY, { text: "", instead: "" }))),
  sample("deprecate-longest", (ctx) =>
    deprecatePage(
      ctx,
      deprecate(LONGEST, { text: LONGEST.text, instead: LONGEST.id }, [
        { field: "text", message: LONGEST.text },
        { field: "instead", message: `There is no app ${LONGEST.id} in the store that you may see.` },
      ]),
    ),
  ),
];

export const HOSTILE_YANK_SAMPLES: readonly Sample[] = [
  sample("yank", (ctx) => yankPage(ctx, props(HOSTILE_NAMES, { reason: HOSTILE_NAMES.text }))),
  sample("deprecate", (ctx) =>
    deprecatePage(ctx, deprecate(HOSTILE_NAMES, { text: HOSTILE_NAMES.text, instead: HOSTILE_NAMES.id })),
  ),
];
