/** The page on which programs are let in, in every state worth looking at. */
import { activatePage, type LetInProps, letInPage } from "../pages/activate.tsx";
import { before, DEVELOPER } from "./context.ts";
import { HOSTILE, LONG_NAME } from "./data.ts";
import type { Sample } from "./samples.ts";

const PATH = "/activate";

const waiting = (changes: Partial<LetInProps> = {}): LetInProps => ({
  program: "mosis on workstation-7",
  from: "192.0.2.17",
  begunAt: before(2, "minutes"),
  code: "WDJB-MJHT",
  days: "90",
  errors: [],
  ...changes,
});

export const ACTIVATE_SAMPLES: readonly Sample[] = [
  {
    name: "activate",
    path: PATH,
    viewer: DEVELOPER,
    render: (ctx) => activatePage(ctx, { code: "", errors: [] }),
  },
  {
    name: "activate-failing",
    path: PATH,
    viewer: DEVELOPER,
    render: (ctx) =>
      activatePage(ctx, {
        code: "WDJB-MJH",
        errors: [{ field: "code", message: "No program waits with this code." }],
      }),
  },
  { name: "activate-let-in", path: PATH, viewer: DEVELOPER, render: (ctx) => letInPage(ctx, waiting()) },
  {
    name: "activate-let-in-longest",
    path: PATH,
    viewer: DEVELOPER,
    render: (ctx) =>
      letInPage(
        ctx,
        waiting({
          program: LONG_NAME.slice(0, 60),
          from: "2001:db8:1234:5678",
          errors: [{ field: "days", message: "A program stays signed in for 1 to 366 whole days." }],
        }),
      ),
  },
  {
    name: "activate-let-in-nameless",
    path: PATH,
    viewer: DEVELOPER,
    render: (ctx) => letInPage(ctx, waiting({ program: "" })),
  },
];

export const HOSTILE_ACTIVATE_SAMPLES: readonly Sample[] = [
  {
    name: "activate",
    path: PATH,
    viewer: DEVELOPER,
    render: (ctx) => activatePage(ctx, { code: HOSTILE, errors: [{ field: "code", message: HOSTILE }] }),
  },
  {
    name: "activate-let-in",
    path: PATH,
    viewer: DEVELOPER,
    render: (ctx) => letInPage(ctx, waiting({ program: HOSTILE, from: HOSTILE, code: HOSTILE })),
  },
];
