/**
 * `/apps/new`: an app in steps. What is filled in is kept with each of them, right or wrong, so that one can go back, leave and come
 * back on another day; it is judged step by step, and as a whole when the app is created.
 */
import { Type } from "@sinclair/typebox";
import type { FieldError } from "../../../views/page.ts";
import {
  CREATE_STEPS,
  type CreateAppProps,
  type CreateStep,
  createAppPage,
} from "../../../views/pages/create-app.tsx";
import type { AccountActor } from "../../accounts/actor.ts";
import { allows } from "../../accounts/rights.ts";
import { checkNewNames, createDescribedApp } from "../../catalog/app-drafts/create.ts";
import { discardDraft, readDraft, refuseLongDraft, saveDraft } from "../../catalog/app-drafts/drafts.ts";
import { checkNewAppId, type IdCheck } from "../../catalog/app-ids/check.ts";
import { readApp } from "../../catalog/apps.ts";
import { resolvedCategories } from "../../catalog/categories/resolve.ts";
import { textIn } from "../../catalog/local-texts.ts";
import { groupsFor } from "../../catalog/visibility/groups.ts";
import type { Store } from "../../context.ts";
import { isProblem, Problem } from "../../errors.ts";
import { isAppId, type OrganisationId } from "../../ids.ts";
import { say } from "../../say.ts";
import { formPairs, longForm } from "../body.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, nothingHere, type Route } from "../route.ts";
import { ORGANISATION_ID } from "../schemas.ts";
import { matches } from "../validate.ts";
import { attempt, fieldErrors } from "./form.ts";
import {
  type FormPairs,
  languagesIn,
  languagesOf,
  localTextsIn,
  placedErrors,
  settledTexts,
} from "./local-form.ts";
import { goOn, show } from "./page.ts";
import { visibilityIn } from "./visibility.ts";

const PATH = "/apps/new";
/** Who has no text in their own language reads this one: the app is called so until a package says otherwise. */
const COMMON = "en";
/** Of the buttons, and of the page itself. */
const NOT_KEPT = ["go", "step", "app"];

/** What is wrong with a field that the acting function names otherwise, or by its code alone. */
const FIELD_OF: Readonly<Record<string, string>> = {
  "app.id_taken": "id",
  "app.id_alike": "id",
  "app.name_invalid": `names/${COMMON}`,
  "organisation.required": "organisation",
  "category.not_found": "category",
};

/** Which step a field is asked for in. */
function stepOfField(name: string): CreateStep {
  if (/^(?:organisation|id|confirm)$/.test(name)) return "id";
  if (/^(?:names|tag)(?:\/|$)/.test(name)) return "names";
  return name === "category" ? "category" : "access";
}

const valueIn = (pairs: FormPairs, name: string): string => new Map(pairs).get(name) ?? "";
const isStep = (text: string): text is CreateStep => (CREATE_STEPS as readonly string[]).includes(text);

/** The steps of this store: without categories there is none to choose. */
function stepsOf(call: CallBase): readonly CreateStep[] {
  const has = resolvedCategories(call.store.db.orm).length > 0;
  return CREATE_STEPS.filter((step) => step !== "category" || has);
}

/** What was kept, with what a step's form says of its own fields: a box that is not ticked is not sent. */
function merged(kept: FormPairs, sent: FormPairs, step: CreateStep | null): FormPairs {
  const said = sent.filter(([name]) => !NOT_KEPT.includes(name));
  if (step === null) return said;
  return [...kept.filter(([name]) => stepOfField(name) !== step), ...said];
}

function idIn(pairs: FormPairs): string {
  // A space at the end is a slip of the hand or of the clipboard, and cannot be seen in the field.
  return valueIn(pairs, "id").trim();
}

function idCheckOf({ store, actor }: CallBase, pairs: FormPairs): IdCheck | null {
  const id = idIn(pairs);
  return id === "" ? null : checkNewAppId(store, actor, id);
}

/** @throws Problem of what is wrong with this step */
function judge(call: CallBase, step: CreateStep, pairs: FormPairs): null {
  if (step === "names") checkNewNames(localTextsIn(pairs, "names"));
  if (step === "category") categoryIn(call, pairs);
  if (step !== "id") return null;
  const check = checkNewAppId(call.store, call.actor, idIn(pairs));
  const isMeant = check.state === "alike" && valueIn(pairs, "confirm") === check.id;
  if (check.problem !== null && !isMeant) throw check.problem;
  return null;
}

/** @throws Problem `category.not_found` */
function categoryIn({ store }: CallBase, pairs: FormPairs): string | null {
  const chosen = valueIn(pairs, "category");
  if (chosen === "") return null;
  if (resolvedCategories(store.db.orm).some(({ row }) => row.id === chosen)) return chosen;
  throw new Problem("not_found", "category.not_found", say`There is no category ${chosen.slice(0, 40)}.`);
}

function create(call: CallBase, pairs: FormPairs): string {
  const { store } = call;
  const actor = personOf(call);
  const id = idIn(pairs);
  const organisationId = organisationOf(valueIn(pairs, "organisation"));
  // What is wrong with the id is said first, whatever else is wrong.
  judge(call, "id", pairs);
  const described = {
    id,
    called: localTextsIn(pairs, "names"),
    category: categoryIn(call, pairs),
    visibility: visibilityIn(pairs),
    confirmAlike: valueIn(pairs, "confirm") === id,
    ...(organisationId === null ? {} : { organisationId }),
  };
  const app = createDescribedApp(store, actor, described, { draftOf: actor });
  return app.id;
}

/** What a form that was sent twice has become already; null: no app of theirs. */
function madeBefore(store: Store, person: AccountActor, pairs: FormPairs): string | null {
  const id = valueIn(pairs, "app").trim();
  if (!isAppId(id)) return null;
  try {
    return person.organisations.has(readApp(store, person, id).organisationId) ? id : null;
  } catch (error) {
    if (isProblem(error)) return null;
    throw error;
  }
}

function errorsOf(problem: Problem, pairs: FormPairs): readonly FieldError[] {
  const languages = languagesIn(pairs, "names");
  const fields = [
    ...["organisation", "id", "names", "category", "visibility"],
    ...languages.map((tag) => `names/${tag}`),
    ...problem.details.flatMap(({ pointer }) => pointer?.slice(1) ?? []),
  ];
  const placed = fieldErrors(problem, fields, FIELD_OF).map(({ field, message }) => ({
    field: field === "name" ? `names/${COMMON}` : field,
    message,
  }));
  // Each of several ids that it looks like is a fault of the one field, and its words name them all.
  const errors = problem.code === "app.id_alike" ? [{ field: "id", message: problem.words }] : placed;
  return placedErrors(errors, pairs, ["names"]);
}

type Shown = {
  readonly step: CreateStep;
  readonly pairs: FormPairs;
  readonly problem?: Problem;
  readonly hasDraft: boolean;
};

function showStep(call: CallBase, { step, pairs, problem, hasDraft }: Shown): Promise<Response> {
  const { store } = call;
  const props = (locale: string): CreateAppProps => ({
    step,
    steps: stepsOf(call),
    values: Object.fromEntries(pairs),
    // Not by what the names come to: what stands there twice is theirs to mend here.
    languages: languagesOf(Object.fromEntries(languagesIn(pairs, "names").map((tag) => [tag, ""]))),
    idCheck: step === "id" ? idCheckOf(call, pairs) : null,
    categories: resolvedCategories(store.db.orm).map(({ row }) => ({
      value: row.id,
      label: textIn(row.names, locale),
    })),
    groups: groupRows(call, visibilityIn(pairs).groups ?? []),
    hasDraft,
    errors: problem === undefined ? [] : errorsOf(problem, pairs),
  });
  return show(call, (ctx) => createAppPage(ctx, props(ctx.locale)), {
    status: problem === undefined ? 200 : statusOf(problem),
    here: `${PATH}?step=${step}`,
  });
}

function personOf({ actor }: CallBase): AccountActor {
  if (actor.kind === "account") return actor;
  throw nothingHere();
}

/** The step that a fault of creating it all belongs to. */
function stepOfProblem(problem: Problem, pairs: FormPairs): CreateStep {
  const [first] = errorsOf(problem, pairs);
  return first === undefined || first.field === "" ? "access" : stepOfField(first.field);
}

export const createAppRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "app.create",
    name: "createAppPage",
    summary: "The steps to a new app",
    query: Type.Object({ step: Type.Optional(Type.String({ maxLength: 20 })) }),
    handle: (call) => {
      const draft = readDraft(call.store, personOf(call));
      const wanted = call.query.step ?? draft?.step ?? "";
      const step = isStep(wanted) && stepsOf(call).includes(wanted) ? wanted : "id";
      return showStep(call, { step, pairs: draft?.fields ?? [], hasDraft: draft !== null });
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/check`,
    access: "app.create",
    name: "checkAppIdPage",
    summary: "Whether an id can be had, while it is typed",
    query: Type.Object({
      id: Type.String({ maxLength: 400, default: "" }),
      confirm: Type.String({ maxLength: 400, default: "" }),
    }),
    handle: (call) => {
      const { id, confirm } = call.query;
      const pairs: FormPairs = [
        ["id", id],
        ["confirm", confirm],
      ];
      return showStep(call, { step: "id", pairs, hasDraft: false });
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "app.create",
    name: "createAppForm",
    summary: "Create an app, or go on to another step",
    body: longForm(formPairs()),
    handle: async (call) => {
      const { store, body } = call;
      const person = personOf(call);
      const go = valueIn(body, "go");
      if (go === "discard") {
        discardDraft(store, person);
        return goOn(call, "/dashboard", "draft_discarded");
      }
      const sentStep = valueIn(body, "step");
      const at = isStep(sentStep) ? sentStep : null;
      const draft = readDraft(store, person);
      if (draft === null && go === "next") {
        const made = madeBefore(store, person, body);
        if (made !== null) return goOn(call, `/apps/${made}`, "app_created");
      }
      const pairs = merged(draft?.fields ?? [], body, at);
      const long = at === null ? undefined : await attempt(() => refuseLongDraft(pairs));
      if (isProblem(long))
        return showStep(call, { step: at ?? "id", pairs, problem: long, hasDraft: draft !== null });
      // Who sends all of it at once has nothing to come back to.
      const keep = (step: CreateStep, fields = pairs) => {
        if (at !== null) saveDraft(store, person, { fields, step });
      };
      const steps = stepsOf(call);
      const place = at === null ? -1 : steps.indexOf(at);
      const isLast = at === null || place === steps.length - 1;
      if (at !== null && (go === "back" || go === "leave")) {
        const step = (go === "back" ? steps[place - 1] : at) ?? at;
        keep(step);
        return go === "back" ? goOn(call, `${PATH}?step=${step}`) : goOn(call, "/dashboard", "draft_saved");
      }
      const outcome = await attempt(
        () => (isLast ? create(call, pairs) : judge(call, at ?? "id", pairs)),
        ["invalid", "conflict", "unprocessable", "not_found"],
      );
      if (isProblem(outcome)) {
        // Of an organisation that is not theirs nothing is said: it is not there.
        if (outcome.code === "organisation.not_found") throw outcome;
        const step = isLast ? stepOfProblem(outcome, pairs) : (at ?? "id");
        keep(step);
        return showStep(call, { step, pairs, problem: outcome, hasDraft: at !== null });
      }
      if (outcome === null) {
        const step = steps[place + 1] ?? "access";
        // So that there is room for one more language when they come back.
        keep(step, at === "names" ? settledTexts(pairs, "names") : pairs);
        return goOn(call, `${PATH}?step=${step}`);
      }
      return goOn(call, `/apps/${outcome}`, "app_created");
    },
  }),
];

function groupRows({ store, actor }: CallBase, chosen: readonly string[]) {
  if (!allows(actor, "app.visibility")) return [];
  return groupsFor(store.db.orm, actor).map((group) => ({ ...group, in: chosen.includes(group.id) }));
}

/** null when it was left out, or is the id of nothing: then the acting function says what is missing. */
export function organisationOf(text: string): OrganisationId | null {
  return matches(ORGANISATION_ID, text) ? text : null;
}
