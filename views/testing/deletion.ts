/** The pages about deleting one's account, in every state worth looking at. */
import { type DeletionProps, deletionPage, keepAccountPage } from "../pages/deletion.tsx";
import { before, DEVELOPER } from "./context.ts";
import { HOSTILE, LONG_NAME } from "./data.ts";
import type { Sample } from "./samples.ts";

const PATH = "/account/delete";
const props = (changes: Partial<DeletionProps> = {}): DeletionProps => ({
  email: DEVELOPER.email,
  days: 7,
  hindrances: [],
  errors: [],
  ...changes,
});

export const DELETION_SAMPLES: readonly Sample[] = [
  { name: "deletion", path: PATH, viewer: DEVELOPER, render: (ctx) => deletionPage(ctx, props()) },
  {
    name: "deletion-failing",
    path: PATH,
    viewer: DEVELOPER,
    render: (ctx) =>
      deletionPage(
        ctx,
        props({
          days: 0,
          errors: [
            { field: "confirm", message: "This is not the address of the account that is to be deleted." },
          ],
        }),
      ),
  },
  {
    name: "deletion-hindered",
    path: PATH,
    viewer: DEVELOPER,
    render: (ctx) =>
      deletionPage(
        ctx,
        props({
          hindrances: [
            { kind: "administrator" },
            { kind: "owner", organisation: { id: "org-1", name: "Northwind Field Services" } },
            { kind: "owner", organisation: { id: "org-2", name: LONG_NAME } },
          ],
        }),
      ),
  },
  {
    name: "keep-account",
    path: "/keep-account",
    viewer: null,
    render: (ctx) =>
      keepAccountPage(ctx, {
        token: "t",
        email: DEVELOPER.email,
        at: before(-6, "days"),
        staysDisabled: false,
      }),
  },
  {
    name: "keep-account-disabled",
    path: "/keep-account",
    viewer: null,
    render: (ctx) =>
      keepAccountPage(ctx, {
        token: "t",
        email: DEVELOPER.email,
        at: before(-6, "days"),
        staysDisabled: true,
      }),
  },
];

export const HOSTILE_DELETION_SAMPLES: readonly Sample[] = [
  {
    name: "deletion",
    path: HOSTILE,
    viewer: DEVELOPER,
    render: (ctx) =>
      deletionPage(ctx, props({ email: HOSTILE, errors: [{ field: "confirm", message: HOSTILE }] })),
  },
  {
    name: "deletion-hindered",
    path: HOSTILE,
    viewer: DEVELOPER,
    render: (ctx) =>
      deletionPage(
        ctx,
        props({ hindrances: [{ kind: "owner", organisation: { id: HOSTILE, name: HOSTILE } }] }),
      ),
  },
  {
    name: "keep-account",
    path: HOSTILE,
    viewer: null,
    render: (ctx) =>
      keepAccountPage(ctx, {
        token: HOSTILE,
        email: HOSTILE,
        at: before(-6, "days"),
        staysDisabled: true,
      }),
  },
];
