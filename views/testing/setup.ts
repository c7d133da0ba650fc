/** The pages of setting a store up, in every state worth looking at. */
import { type JudgedStep, SETUP_STEPS, type SetupStep } from "../../src/catalog/setup/steps.ts";
import { overlaid } from "../../src/config.page.ts";
import { type ToldSetting, toldSettings } from "../../src/config.told.ts";
import { loadConfig } from "../../src/config.ts";
import { STORE_ROLES } from "../../src/roles.ts";
import type { RootKeyBody } from "../components/setup-keeping.tsx";
import { setupOverviewPage } from "../pages/setup-overview.tsx";
import { type SetupBody, type SetupStepProps, type ShownStep, setupStepPage } from "../pages/setup-step.tsx";
import { ADMINISTRATOR, AUDITOR, before } from "./context.ts";
import { HOSTILE, LONGEST } from "./data.ts";
import type { Sample } from "./samples.ts";

const DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

const settingsOf = (environment: Readonly<Record<string, string>>) => {
  const told = toldSettings(overlaid(loadConfig({ dataDir: "/srv/mosis" }, environment), new Map()));
  return (name: string): ToldSetting => {
    const found = told.find(({ file }) => file === name);
    if (found === undefined) throw new Error(`no setting ${name}`);
    return found;
  };
};
const bare = settingsOf({});
const full = settingsOf({
  MOSIS_PUBLIC_URL: "https://apps.northwind.example",
  MOSIS_SMTP: "smtps://apps@mail.northwind.example:465",
  MOSIS_SMTP_PASSWORD_FILE: "/etc/mosis/smtp-password",
  MOSIS_MAIL_FROM: "Northwind Apps <apps@northwind.example>",
  MOSIS_SIGN_UP: "northwind.example",
});

const shown = (step: SetupStep, changes: Partial<ShownStep> = {}): ShownStep => ({
  ...{ step, state: "open", notes: [], said: null, isConfirmable: false, mark: "" },
  ...changes,
});

const BY_ADA = { decision: "confirmed", by: "Ada Minster", at: before(3, "hours") } as const;
const FRESH: readonly ShownStep[] = [
  shown("name", { state: "done" }),
  shown("address", { notes: ["plain_http", "only_here"], isConfirmable: true }),
  shown("mail", { notes: ["no_mail"], isConfirmable: true }),
  shown("storage", { notes: ["storage_untried"] }),
  shown("sign_in", {
    ...{ state: "skipped", notes: ["sign_in_undecided", "one_factor"] },
    said: { ...BY_ADA, decision: "skipped" },
  }),
  shown("root_key", { notes: ["unconfirmed", "root_here", "master_beside"], isConfirmable: true }),
];
const DONE: readonly ShownStep[] = SETUP_STEPS.map((step) =>
  shown(step, { state: "done", ...(step === "root_key" ? { said: BY_ADA } : {}) }),
);
const BY_OPERATOR = { decision: "confirmed", by: null, at: before(2, "days") } as const;

function stepProps(steps: readonly ShownStep[], body: SetupBody, changes: Partial<SetupStepProps> = {}) {
  const found = steps.find(({ step }) => step === body.kind);
  if (found === undefined) throw new Error(`no step ${body.kind}`);
  return { steps, shown: found, body, dataDir: "/srv/mosis", manages: true, ...changes };
}

const sample = (
  name: string,
  path: string,
  render: Sample["render"],
  viewer: Sample["viewer"] = ADMINISTRATOR,
): Sample => ({ name, path: `/admin/setup${path}`, viewer, render });

const step = (
  name: string,
  steps: readonly ShownStep[],
  body: SetupBody,
  changes: Partial<SetupStepProps> = {},
): Sample =>
  sample(`setup-${name}`, `/${body.kind}`, (ctx) => setupStepPage(ctx, stepProps(steps, body, changes)));

const KEYS = ["tuf-root-1", "tuf-root-2", "ca-root-1"].map(
  (name) => ({ name, holder: "here", command: null }) as const,
);
const rootKey: RootKeyBody = {
  ...{ kind: "root_key", keys: KEYS, masterKeyFile: "/srv/mosis/master.key", rootSha256: DIGEST },
};
const disk = { freeBytes: 61_000_000_000, sizeBytes: 107_000_000_000 };
const values = { name: "Northwind Apps", tagline: "For everyone in the field", language: "", locale: "en" };

const wrong = (field: string) => [{ field, message: "This is not what the field takes." }];

/** What each step has in it, for who only looks: with a fault in each form, and the storage was tried in vain. */
export const SETUP_BODIES = {
  name: { kind: "name", values, revision: 1, errors: wrong("name") },
  address: { kind: "address", publicUrl: full("public_url"), asked: "https://apps.northwind.example" },
  mail: {
    ...{ kind: "mail", smtp: full("smtp"), mailFrom: full("mail_from"), address: "ada@northwind.example" },
    taken: { server: "mail.northwind.example:465", answer: "250 2.0.0 Ok" },
    errors: wrong("address"),
  },
  storage: { kind: "storage", data: bare("data"), disk, trial: null, problem: "The disk is full." },
  signIn: {
    kind: "sign_in",
    settings: [{ setting: full("sign_up"), form: { value: "open", other: "", ticked: [] } }],
    ...{ roles: STORE_ROLES, providers: bare("providers") },
  },
  rootKey,
} as const satisfies Readonly<Record<string, SetupBody>>;

export const SETUP_SAMPLES: readonly Sample[] = [
  {
    ...sample("setup-overview", "", (ctx) =>
      setupOverviewPage(ctx, {
        ...{ steps: FRESH, storeUrl: "http://127.0.0.1:8470", rootSha256: DIGEST, manages: true },
      }),
    ),
    flash: "setup_done",
  },
  sample(
    "setup-complete",
    "",
    (ctx) =>
      setupOverviewPage(ctx, {
        ...{ steps: DONE, storeUrl: "https://apps.northwind.example", rootSha256: DIGEST, manages: false },
      }),
    AUDITOR,
  ),
  step("name", FRESH, { kind: "name", values, revision: 1, errors: [] }),
  step("name-refused", [shown("name", { notes: ["unnamed"] })], {
    ...{ kind: "name", values: { ...values, name: "" }, revision: 1 },
    errors: [{ field: "name", message: "A store's name has 1 to 60 characters." }],
  }),
  step("address", FRESH, { kind: "address", publicUrl: bare("public_url"), asked: "http://127.0.0.1:8470" }),
  step("address-elsewhere", [shown("address", { state: "done", notes: ["asked_elsewhere"], said: BY_ADA })], {
    ...{
      kind: "address",
      publicUrl: full("public_url"),
      asked: "https://apps-backend.northwind.example:8470",
    },
  }),
  step("mail", FRESH, {
    ...{ kind: "mail", smtp: bare("smtp"), mailFrom: bare("mail_from") },
    ...{ address: "ada@northwind.example", taken: null, errors: [] },
  }),
  step("mail-taken", DONE, {
    ...{ kind: "mail", smtp: full("smtp"), mailFrom: full("mail_from"), address: "ada@northwind.example" },
    taken: { server: "mail.northwind.example:465", answer: "250 2.0.0 Ok: queued as 4bM2Zt1x9Qz3" },
    errors: [],
  }),
  step("mail-refused", [shown("mail", { notes: ["mail_failing"] })], {
    ...{ kind: "mail", smtp: full("smtp"), mailFrom: full("mail_from"), address: "ada@northwind.example" },
    taken: null,
    errors: [
      {
        field: "",
        message:
          "The mail server does not take the user and password: 535 5.7.8 (mail.northwind.example:465).",
      },
    ],
  }),
  step("mail-none", [shown("mail", { state: "done", notes: ["no_mail"], said: BY_OPERATOR })], {
    ...{ kind: "mail", smtp: bare("smtp"), mailFrom: bare("mail_from") },
    ...{ address: "ada@northwind.example", taken: null, errors: [] },
  }),
  step("mail-untried", [shown("mail", { notes: ["mail_untried"] })], {
    ...{ kind: "mail", smtp: full("smtp"), mailFrom: full("mail_from") },
    ...{ address: "ada@northwind.example", taken: null, errors: [] },
  }),
  step("storage-good", DONE, {
    ...{ kind: "storage", data: bare("data"), disk, problem: null },
    trial: { isGood: true, code: null, at: before(2, "hours") },
  }),
  step("storage", FRESH, { kind: "storage", data: bare("data"), disk, trial: null, problem: null }),
  step("storage-failed", [shown("storage", { notes: ["storage_failed", "low_space"] })], {
    ...{ kind: "storage", data: bare("data"), disk: { ...disk, freeBytes: 900_000_000 } },
    trial: { isGood: false, code: "storage.full", at: before(5, "minutes") },
    problem: "The store's disk is full, and nothing was kept of this.",
  }),
  step("sign-in", FRESH, {
    kind: "sign_in",
    settings: [
      { setting: bare("sign_up"), form: { value: "invitation", other: "", ticked: [] } },
      { setting: bare("second_factor"), form: { value: "", other: "", ticked: ["administrator"] } },
    ],
    ...{ roles: STORE_ROLES, providers: bare("providers") },
  }),
  step("sign-in-said-elsewhere", DONE, {
    kind: "sign_in",
    settings: [
      { setting: full("sign_up"), form: { value: "domains", other: "northwind.example", ticked: [] } },
    ],
    ...{ roles: STORE_ROLES, providers: full("providers") },
  }),
  step("root-key", FRESH, rootKey),
  step("root-key-offline", DONE, {
    ...rootKey,
    keys: [
      ...KEYS.map((key) => ({ ...key, holder: "offline" }) as const),
      { name: "tuf-root-4", holder: "command", command: "hsm" },
    ],
    masterKeyFile: "/etc/mosis/master.key",
  }),
  step(
    "longest",
    [
      shown("root_key", {
        notes: ["keys_changed", "root_here", "master_beside"],
        said: { ...BY_ADA, by: LONGEST.name },
        isConfirmable: true,
      }),
    ],
    {
      ...rootKey,
      keys: [{ name: "w".repeat(60), holder: "command", command: "v".repeat(60) }],
      masterKeyFile: `/srv/${"very-long-folder/".repeat(20)}master.key`,
    },
    { dataDir: `/srv/${"very-long-folder/".repeat(20)}data` },
  ),
];

const hostile = (setting: ToldSetting): ToldSetting => ({
  ...setting,
  ...{ value: HOSTILE, fallback: HOSTILE, origin: "file", configFile: HOSTILE },
});
const errors = [{ field: "", message: HOSTILE }];
const hostileBodies: readonly SetupBody[] = [
  {
    kind: "name",
    values: { name: HOSTILE, tagline: HOSTILE, language: HOSTILE, locale: HOSTILE },
    revision: 1,
    errors,
  },
  { kind: "address", publicUrl: hostile(bare("public_url")), asked: HOSTILE },
  {
    ...{ kind: "mail", smtp: hostile(full("smtp")), mailFrom: hostile(full("mail_from")), address: HOSTILE },
    ...{ taken: { server: HOSTILE, answer: HOSTILE }, errors },
  },
  {
    ...{ kind: "storage", data: hostile(bare("data")), disk },
    trial: { isGood: false, code: HOSTILE, at: before(5, "minutes") },
    problem: HOSTILE,
  },
  {
    kind: "sign_in",
    settings: [
      { setting: hostile(full("sign_up")), form: { value: HOSTILE, other: HOSTILE, ticked: [HOSTILE] } },
    ],
    ...{ roles: STORE_ROLES, providers: hostile(bare("providers")) },
  },
  { ...rootKey, keys: [{ name: HOSTILE, holder: "command", command: HOSTILE }], masterKeyFile: HOSTILE },
];

const hostileStep = (kind: JudgedStep["step"]): ShownStep =>
  shown(kind, { said: { ...BY_ADA, by: HOSTILE }, mark: HOSTILE, isConfirmable: true });

export const HOSTILE_SETUP_SAMPLES: readonly Sample[] = [
  sample("setup-overview", "", (ctx) =>
    setupOverviewPage(ctx, { steps: FRESH, storeUrl: HOSTILE, rootSha256: HOSTILE, manages: true }),
  ),
  ...hostileBodies.map((body) => step(body.kind, [hostileStep(body.kind)], body, { dataDir: HOSTILE })),
];
