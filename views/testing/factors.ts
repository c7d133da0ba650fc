/** The pages of second factors, and the one that asks for a proof, in every state worth looking at. */

import type { PageContext } from "../page.ts";
import { changedPage } from "../pages/changed.tsx";
import { type ProveProps, provePage } from "../pages/prove.tsx";
import { type FactorRow, type SecondFactorProps, secondFactorPage } from "../pages/second-factor.tsx";
import { addAppPage, addPasskeyPage, recoveryCodesPage } from "../pages/second-factor-add.tsx";
import { type SecondStepProps, secondStepPage } from "../pages/second-step.tsx";
import { signInAgainPage } from "../pages/sign-in-again.tsx";
import { ADMINISTRATOR, before, DEVELOPER } from "./context.ts";
import { HOSTILE, LONG_NAME, LONG_TEXT } from "./data.ts";
import type { Sample } from "./samples.ts";

const PATH = "/account/second-factor";
export const PASSKEY = { options: '{"challenge":"abc"}', offer: "sealed" };
/** A drawing like that of a QR code. */
const QR = {
  size: 29,
  path: Array.from({ length: 21 }, (_, y) =>
    Array.from({ length: 21 }, (_, x) =>
      (x * 7 + y * 5 + x * y) % 3 === 0 ? `M${x + 4} ${y + 4}h1v1h-1z` : "",
    ).join(""),
  ).join(""),
};

const factor = (changes: Partial<FactorRow> = {}): FactorRow => ({
  id: "fac-1",
  kind: "totp",
  name: "Phone",
  createdAt: before(40, "days"),
  lastUsedAt: before(3, "hours"),
  host: null,
  ...changes,
});

const factors = (changes: Partial<SecondFactorProps> = {}): SecondFactorProps => ({
  factors: [
    factor(),
    factor({
      id: "fac-2",
      kind: "passkey",
      name: "Work laptop",
      host: "apps.northwind.example",
      lastUsedAt: null,
    }),
    factor({ id: "fac-3", kind: "passkey", name: LONG_NAME.slice(0, 60), host: "old.northwind.example" }),
  ],
  recoveryCodesLeft: 8,
  host: "apps.northwind.example",
  needed: null,
  keepsLast: false,
  errors: [],
  ...changes,
});

const step = (changes: Partial<SecondStepProps> = {}): SecondStepProps => ({
  email: "mara@northwind.example",
  passkey: PASSKEY,
  hasApp: true,
  problem: null,
  ...changes,
});

const prove = (changes: Partial<ProveProps> = {}): ProveProps => ({
  password: true,
  code: true,
  passkey: PASSKEY,
  action: "/admin/people/acc-1/disable",
  kept: [["storeRole", "reviewer"]],
  prefix: "proof.",
  minutes: 15,
  backHref: "/admin/people/acc-1",
  problem: null,
  ...changes,
});

const CODES = Array.from({ length: 10 }, (_, at) => `7k3${at}-m9qx-0vtz-ghp${at}`);

export const FACTOR_SAMPLES: readonly Sample[] = [
  { name: "second-factor", path: PATH, viewer: DEVELOPER, render: (ctx) => secondFactorPage(ctx, factors()) },
  {
    name: "second-factor-needed",
    path: PATH,
    viewer: { ...ADMINISTRATOR, storeRole: null },
    render: (ctx) =>
      secondFactorPage(
        ctx,
        factors({ factors: [], recoveryCodesLeft: 0, host: null, needed: "administrator" }),
      ),
  },
  {
    name: "second-factor-last-needed",
    path: PATH,
    viewer: ADMINISTRATOR,
    render: (ctx) => secondFactorPage(ctx, factors({ factors: [factor()], keepsLast: true })),
  },
  {
    name: "second-factor-failing",
    path: PATH,
    viewer: DEVELOPER,
    render: (ctx) =>
      secondFactorPage(
        ctx,
        factors({
          factors: [factor()],
          recoveryCodesLeft: 0,
          errors: [{ field: "", message: "Your role in this store needs a second factor." }],
        }),
      ),
  },
  {
    name: "add-app",
    path: `${PATH}/app`,
    viewer: DEVELOPER,
    render: (ctx) =>
      addAppPage(ctx, {
        qr: QR,
        secret: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ",
        offer: "sealed",
        name: "",
        errors: [],
      }),
  },
  {
    name: "add-app-failing",
    path: `${PATH}/app/add`,
    viewer: DEVELOPER,
    render: (ctx) =>
      addAppPage(ctx, {
        qr: QR,
        secret: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ",
        offer: "sealed",
        name: "Phone",
        errors: [{ field: "code", message: "This is not the code that the app shows now." }],
      }),
  },
  {
    name: "add-passkey",
    path: `${PATH}/passkey`,
    viewer: DEVELOPER,
    render: (ctx) => addPasskeyPage(ctx, { passkey: PASSKEY, name: "", errors: [] }),
  },
  {
    name: "recovery-codes",
    path: `${PATH}/app/add`,
    viewer: DEVELOPER,
    render: (ctx) => recoveryCodesPage(ctx, { codes: CODES, first: true }),
  },
  {
    name: "recovery-codes-again",
    path: `${PATH}/codes`,
    viewer: DEVELOPER,
    render: (ctx) => recoveryCodesPage(ctx, { codes: CODES, first: false }),
  },
  {
    name: "sign-in-again",
    path: "/groups",
    viewer: null,
    render: (ctx) => signInAgainPage(ctx, { href: "/sign-in?next=%2Fgroups", minutes: 60, hadFile: false }),
  },
  {
    name: "sign-in-again-file",
    path: "/upload",
    viewer: null,
    render: (ctx) => signInAgainPage(ctx, { href: "/sign-in?next=%2Fupload", minutes: 60, hadFile: true }),
  },
  {
    name: "second-step",
    path: "/sign-in/second-step",
    viewer: null,
    render: (ctx) => secondStepPage(ctx, step()),
  },
  {
    name: "second-step-failing",
    path: "/sign-in/second-step",
    viewer: null,
    render: (ctx) =>
      secondStepPage(ctx, step({ passkey: null, problem: "wrong", email: `${"long".repeat(12)}@x.example` })),
  },
  {
    name: "second-step-empty",
    path: "/sign-in/second-step",
    viewer: null,
    render: (ctx) => secondStepPage(ctx, step({ passkey: null, problem: "empty" })),
  },
  {
    name: "second-step-passkey",
    path: "/sign-in/second-step",
    viewer: null,
    render: (ctx) => secondStepPage(ctx, step({ hasApp: false, problem: { retryAfterSeconds: 90 } })),
  },
  { name: "prove", path: "/admin/people", viewer: ADMINISTRATOR, render: (ctx) => provePage(ctx, prove()) },
  {
    name: "prove-failing",
    path: "/admin/people",
    viewer: ADMINISTRATOR,
    render: (ctx) => provePage(ctx, prove({ code: false, passkey: null, problem: "wrong" })),
  },
  {
    name: "prove-empty",
    path: "/admin/people",
    viewer: ADMINISTRATOR,
    render: (ctx) => provePage(ctx, prove({ code: false, passkey: null, problem: "empty" })),
  },
  {
    name: "prove-too-many",
    path: "/admin/people",
    viewer: ADMINISTRATOR,
    render: (ctx) => provePage(ctx, prove({ password: false, problem: { retryAfterSeconds: 90 } })),
  },
  {
    name: "prove-none",
    path: "/admin/people",
    viewer: DEVELOPER,
    render: (ctx) => provePage(ctx, prove({ password: false, code: false, passkey: null })),
  },
  ...(["form", "file", "page"] as const).map((kind) => ({
    name: `changed-${kind}`,
    path: "/apps/org.example.app/listing",
    viewer: kind === "page" ? null : DEVELOPER,
    render: (ctx: PageContext) =>
      changedPage(ctx, {
        kind,
        action: "/apps/org.example.app/listing",
        kept: [["summary", "Typed for an hour"]],
        backHref: "/apps/org.example.app",
      }),
  })),
];

export const HOSTILE_FACTOR_SAMPLES: readonly Sample[] = [
  {
    name: "second-factor",
    path: HOSTILE,
    viewer: { ...DEVELOPER, name: HOSTILE },
    render: (ctx) =>
      secondFactorPage(
        ctx,
        factors({
          factors: [factor({ id: HOSTILE, name: HOSTILE, host: HOSTILE })],
          host: HOSTILE,
          errors: [{ field: "", message: HOSTILE }],
        }),
      ),
  },
  {
    name: "add-app",
    path: HOSTILE,
    viewer: DEVELOPER,
    render: (ctx) =>
      addAppPage(ctx, {
        qr: { size: 1, path: HOSTILE },
        secret: HOSTILE,
        offer: HOSTILE,
        name: HOSTILE,
        errors: [{ field: "name", message: HOSTILE }],
      }),
  },
  {
    name: "add-passkey",
    path: HOSTILE,
    viewer: DEVELOPER,
    render: (ctx) =>
      addPasskeyPage(ctx, {
        passkey: { options: HOSTILE, offer: HOSTILE },
        name: HOSTILE,
        errors: [{ field: "name", message: LONG_TEXT + HOSTILE }],
      }),
  },
  {
    name: "recovery-codes",
    path: HOSTILE,
    viewer: DEVELOPER,
    render: (ctx) => recoveryCodesPage(ctx, { codes: [HOSTILE], first: true }),
  },
  {
    name: "second-step",
    path: HOSTILE,
    viewer: null,
    render: (ctx) =>
      secondStepPage(ctx, step({ email: HOSTILE, passkey: { options: HOSTILE, offer: HOSTILE } })),
  },
  {
    name: "changed",
    path: HOSTILE,
    viewer: { ...DEVELOPER, name: HOSTILE },
    render: (ctx) =>
      changedPage(ctx, { kind: "form", action: HOSTILE, kept: [[HOSTILE, HOSTILE]], backHref: HOSTILE }),
  },
  {
    name: "prove",
    path: HOSTILE,
    viewer: { ...DEVELOPER, email: HOSTILE },
    render: (ctx) =>
      provePage(
        ctx,
        prove({
          passkey: { options: HOSTILE, offer: HOSTILE },
          action: HOSTILE,
          kept: [[HOSTILE, HOSTILE]],
          backHref: "/dashboard",
        }),
      ),
  },
];
