/** `/admin/setup`: the steps of setting the store up, each to be done, left for now, and come back to. */
import { Type } from "@sinclair/typebox";
import type { FieldError } from "../../../views/page.ts";
import { setupOverviewPage } from "../../../views/pages/setup-overview.tsx";
import { type SetupBody, type ShownStep, setupStepPage } from "../../../views/pages/setup-step.tsx";
import { changeOwnLanguage, languageFaults } from "../../accounts/own.ts";
import { readAccount } from "../../accounts/people.ts";
import { accountById } from "../../accounts/records.ts";
import { allows, personOf } from "../../accounts/rights.ts";
import { readOneSetting } from "../../accounts/store-settings/settings.ts";
import {
  appearanceOf,
  changeAppearance,
  checkAppearance,
  looksOf,
} from "../../catalog/appearance/appearance.ts";
import { decideStep, readSetup, type SetupView } from "../../catalog/setup/setup.ts";
import {
  type JudgedStep,
  SETUP_DECISIONS,
  SETUP_STEPS,
  type SetupDecision,
  type SetupStep,
} from "../../catalog/setup/steps.ts";
import { tryMailOf, tryStorageOf } from "../../catalog/setup/trials.ts";
import { rootSha256 } from "../../catalog/tuf/repository.ts";
import { type Fault, isProblem, Problem } from "../../errors.ts";
import type { AccountId } from "../../ids.ts";
import { STORE_ROLES } from "../../roles.ts";
import { say, sayList } from "../../say.ts";
import { askedAddress } from "../asked-address.ts";
import { formBody, longForm } from "../body.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { SETUP_STEP } from "../schemas-setup.ts";
import { attempt, fieldErrors, MENDABLE, revisionField } from "./form.ts";
import { goOn, pageContext, show } from "./page.ts";
import { formOf } from "./settings.ts";

const PATH = "/admin/setup";
const ONE = `${PATH}/:setupStep`;
const PARAMS = Type.Object({ setupStep: SETUP_STEP });
const NAME_FIELDS = ["name", "tagline", "language"] as const;
/** What takes back what was said of a step. */
const TAKE_BACK = "take_back";

/** What a form of a step came to, which is shown on it. */
type Outcome = {
  readonly name?: { readonly values: NameValues; readonly errors: readonly FieldError[] };
  readonly mail?: {
    readonly address: string;
    readonly taken: { readonly server: string; readonly answer: string } | null;
    readonly errors: readonly FieldError[];
  };
  readonly storage?: Problem;
  readonly status?: number;
};
/** `locale`: of the tagline. Somebody may read the pages in another language by the time that they send it. */
type NameValues = Readonly<Record<(typeof NAME_FIELDS)[number] | "locale", string>>;

function shownStep(
  call: CallBase,
  { step, state, notes, decided, mark, isConfirmable }: JudgedStep,
): ShownStep {
  const said = decided && {
    decision: decided.decision,
    by: nameOf(call, decided.by),
    at: new Date(decided.at),
  };
  return { step, state, notes, said, mark, isConfirmable };
}

/** null: the operator, or somebody whose account is no more. */
function nameOf({ store }: CallBase, label: string): string | null {
  if (!label.startsWith("account:")) return null;
  return accountById(store.db.orm, label.slice("account:".length) as AccountId)?.name ?? null;
}

function nameBody(call: CallBase, outcome: Outcome): SetupBody {
  const { locale } = pageContext(call);
  const { name, taglines, revision } = looksOf(call.store);
  const { language } = readAccount(call.store, personOf(call.actor).accountId);
  const kept = { name, tagline: taglines[locale] ?? "", language: language ?? "", locale };
  return {
    kind: "name",
    values: outcome.name?.values ?? kept,
    errors: outcome.name?.errors ?? [],
    revision,
  };
}

function bodyOf(call: CallBase, step: SetupStep, view: SetupView, outcome: Outcome): SetupBody {
  const { store, actor } = call;
  const setting = (name: string) => readOneSetting(store, actor, name);
  switch (step) {
    case "name":
      return nameBody(call, outcome);
    case "address":
      return { kind: step, publicUrl: setting("public_url"), asked: askedAddress(call) };
    case "mail": {
      const sent = outcome.mail ?? { address: personOf(actor).email, taken: null, errors: [] };
      return { kind: step, smtp: setting("smtp"), mailFrom: setting("mail_from"), ...sent };
    }
    case "storage": {
      const { disk, storageTrial: trial } = view;
      return {
        kind: step,
        data: setting("data"),
        disk,
        trial: trial && { isGood: trial.isGood, code: trial.code, at: new Date(trial.at) },
        problem: outcome.storage?.words ?? null,
      };
    }
    case "sign_in": {
      const settings = ["sign_up", "second_factor"].map(setting);
      return {
        kind: step,
        settings: settings.map((one) => ({ setting: one, form: formOf(one) })),
        roles: STORE_ROLES,
        providers: setting("providers"),
      };
    }
    case "root_key": {
      const { keys, masterKeyFile } = view.rootKeys;
      return { kind: step, keys, masterKeyFile, rootSha256: rootSha256(store) };
    }
  }
}

function showStep(call: CallBase, step: SetupStep, outcome: Outcome = {}): Promise<Response> {
  const { store, actor } = call;
  const view = readSetup(store, actor, askedAddress(call));
  const steps = view.steps.map((one) => shownStep(call, one));
  const shown = steps.find((one) => one.step === step);
  if (shown === undefined) throw new Error(`no step ${step}`);
  const body = bodyOf(call, step, view, outcome);
  return show(
    call,
    (ctx) =>
      setupStepPage(ctx, {
        ...{ steps, shown, body },
        dataDir: view.rootKeys.dataDir,
        manages: allows(actor, "setup.manage"),
      }),
    outcome.status === undefined ? {} : { status: outcome.status, here: `${PATH}/${step}` },
  );
}

/** The step after this one; the overview after the last. */
function after(step: SetupStep): string {
  const next = SETUP_STEPS[SETUP_STEPS.indexOf(step) + 1];
  return next === undefined ? PATH : `${PATH}/${next}`;
}

/** All of it, or nothing. @throws Problem `appearance.invalid`, `precondition.failed` */
function saveName(call: CallBase, values: NameValues, revision: number): void {
  const { store, actor } = call;
  const before = appearanceOf(store);
  const taglines = { ...before.taglines, [values.locale]: values.tagline };
  const change = { name: values.name, taglines };
  const language = values.language === "" ? null : values.language;
  refuseName([...lookFaults({ ...before, ...change }, values.locale), ...languageFaults(language)]);
  changeAppearance(store, actor, change, [revision]);
  if (readAccount(store, personOf(actor).accountId).language !== language)
    changeOwnLanguage(store, personOf(actor), language);
}

function lookFaults(asked: Parameters<typeof checkAppearance>[0], locale: string): readonly Fault[] {
  try {
    checkAppearance(asked);
    return [];
  } catch (error) {
    if (!isProblem(error)) throw error;
    // Of the taglines the form has one.
    const own = `/taglines/${locale}`;
    return error.faults.map((fault) => (fault.pointer === own ? { ...fault, pointer: "/tagline" } : fault));
  }
}

function refuseName(faults: readonly Fault[]): void {
  const [only] = faults;
  if (only === undefined) return;
  const words = faults.length === 1 ? only.message : say`The store cannot look as it was filled in.`;
  throw new Problem("unprocessable", "appearance.invalid", words, [...faults]);
}

/** @throws Problem `setup.unknown_decision`: only what says so takes anything back */
function saidIn(text: string): SetupDecision | null {
  if (text === TAKE_BACK) return null;
  const found = SETUP_DECISIONS.find((decision) => decision === text);
  if (found !== undefined) return found;
  throw new Problem(
    "unprocessable",
    "setup.unknown_decision",
    say`Of a step of the set-up ${sayList([...SETUP_DECISIONS, TAKE_BACK])} can be said. Load its page again.`,
  );
}

export const setupWizardRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "setup.read",
    name: "setupOverviewPage",
    summary: "How far the store is set up, and what comes next",
    handle: (call) => {
      const { store, actor, info } = call;
      const { steps } = readSetup(store, actor, askedAddress(call));
      return show(call, (ctx) =>
        setupOverviewPage(ctx, {
          steps: steps.map((one) => shownStep(call, one)),
          storeUrl: info.origin,
          rootSha256: rootSha256(store),
          manages: allows(actor, "setup.manage"),
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: ONE,
    access: "setup.read",
    name: "setupStepPage",
    summary: "A step of setting the store up",
    params: PARAMS,
    handle: (call) => showStep(call, call.params.setupStep),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: ONE,
    access: "setup.manage",
    name: "decideSetupStepForm",
    summary: "Say of a step that it is right, or left for now",
    params: PARAMS,
    body: formBody(["say", "seen"]),
    handle: (call) => {
      const { store, actor, params, body } = call;
      const { setupStep } = params;
      const said = saidIn(body.say);
      decideStep(store, actor, askedAddress(call), setupStep, said, body.seen);
      const next = said === null ? `${PATH}/${setupStep}` : after(setupStep);
      // The steps show how each stands; a toast would lie over the ways on.
      const isBackup = setupStep === "root_key" && said === "confirmed";
      return goOn(call, next, isBackup ? "setup_confirmed" : undefined);
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/name/save`,
    access: "setup.manage",
    name: "saveStoreNameForm",
    summary: "Name the store, say what it is, and choose one's own language",
    body: longForm(formBody([...NAME_FIELDS, "locale", "revision"])),
    handle: async (call) => {
      const { revision, ...values } = call.body;
      const outcome = await attempt(() => saveName(call, values, revisionField(revision)));
      if (!isProblem(outcome)) return goOn(call, after("name"));
      const errors = fieldErrors(outcome, NAME_FIELDS);
      return showStep(call, "name", { name: { values, errors }, status: statusOf(outcome) });
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/mail/try`,
    access: "setup.manage",
    name: "tryMailForm",
    summary: "Send a letter now",
    body: formBody(["address"]),
    handle: async (call) => {
      const { store, actor, body, request } = call;
      const { address } = body;
      const outcome = await attempt(
        () => tryMailOf(store, actor, address, request.signal),
        [...MENDABLE, "unreachable", "unavailable", "too_many_requests"],
      );
      if (!isProblem(outcome))
        return showStep(call, "mail", { mail: { address, taken: outcome, errors: [] }, status: 200 });
      const errors = fieldErrors(outcome, ["address"], { "mail.recipient": "address" });
      return showStep(call, "mail", { mail: { address, taken: null, errors }, status: statusOf(outcome) });
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/storage/try`,
    access: "setup.manage",
    name: "tryStorageForm",
    summary: "Write a file to the storage, read it and remove it",
    handle: async (call) => {
      const outcome = await attempt(() => tryStorageOf(call.store, call.actor), [...MENDABLE, "unavailable"]);
      if (!isProblem(outcome)) return goOn(call, `${PATH}/storage`);
      return showStep(call, "storage", { storage: outcome, status: statusOf(outcome) });
    },
  }),
];
