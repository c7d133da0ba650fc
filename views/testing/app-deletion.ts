/** The pages of published apps that are being deleted, in every state worth looking at. */

import {
  type AppDeletionProps,
  type AppDeletionRow,
  appDeletionPage,
  appDeletionsPage,
} from "../pages/app-deletion.tsx";
import type { AppProps } from "../pages/app-props.ts";
import { before, DEVELOPER } from "./context.ts";
import { appProps, HOSTILE_NAMES, LONGEST, linked, NO_PAGER, ORDINARY, PAGER } from "./data.ts";
import type { Sample } from "./samples.ts";

type Names = typeof ORDINARY;

const why = (names: Names): string =>
  names === ORDINARY ? "Journal took its place, and nobody looks after this one." : names.text.slice(0, 500);

/** An app's own page while somebody deletes it. */
export function resting(names: Names, mayKeep: boolean): AppProps {
  const { versions, ...rest } = appProps(names);
  const by = names.long ? names.organisation : "Mara Lindqvist";
  return {
    ...rest,
    canUpload: false,
    parts: ["overview", "versions", "keys"],
    versions: versions.map((version) => ({ ...version, actions: [] })),
    deletion: { reason: why(names), by, endsAt: before(-12, "days"), mayKeep },
  };
}

const props = (names: Names, changes: Partial<AppDeletionProps> = {}): AppDeletionProps => ({
  app: { id: names.id, name: names.name, revision: 7 },
  days: 30,
  values: { reason: "", confirm: "" },
  errors: [],
  ...changes,
});

const row = (names: Names, mayKeep = true): AppDeletionRow => ({
  app: { id: names.id, name: names.name, revision: 7 },
  organisation: linked(names.organisation),
  reason: why(names),
  by: names.long ? names.organisation : "Mara Lindqvist",
  askedAt: before(18, "days"),
  endsAt: before(-12, "days"),
  mayKeep,
});

const sample = (name: string, render: Sample["render"]): Sample => ({
  name,
  path: name.startsWith("app-deletions") ? "/deletions" : "/apps/x/remove",
  viewer: DEVELOPER,
  render,
});

export const APP_DELETION_SAMPLES: readonly Sample[] = [
  sample("app-deletion", (ctx) => appDeletionPage(ctx, props(ORDINARY))),
  sample("app-deletion-longest", (ctx) =>
    appDeletionPage(
      ctx,
      props(LONGEST, {
        values: { reason: LONGEST.text, confirm: LONGEST.id },
        errors: [
          { field: "reason", message: LONGEST.text },
          {
            field: "confirm",
            message: `This is not the id of the app that is to be deleted: type ${LONGEST.id}.`,
          },
        ],
      }),
    ),
  ),
  sample("app-deletions", (ctx) => appDeletionsPage(ctx, { rows: [row(ORDINARY)], pager: NO_PAGER })),
  sample("app-deletions-longest", (ctx) =>
    appDeletionsPage(ctx, {
      rows: [row(LONGEST), row(LONGEST, false)],
      pager: PAGER,
    }),
  ),
  sample("app-deletions-none", (ctx) => appDeletionsPage(ctx, { rows: [], pager: NO_PAGER })),
];

export const HOSTILE_APP_DELETION_SAMPLES: readonly Sample[] = [
  sample("app-deletion", (ctx) =>
    appDeletionPage(
      ctx,
      props(HOSTILE_NAMES, { values: { reason: HOSTILE_NAMES.text, confirm: HOSTILE_NAMES.id } }),
    ),
  ),
  sample("app-deletions", (ctx) => appDeletionsPage(ctx, { rows: [row(HOSTILE_NAMES)], pager: NO_PAGER })),
];
