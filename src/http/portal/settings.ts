/** `/admin/settings`: what holds in this store; and a page for each setting, where those that can change are changed. */
import { Type } from "@sinclair/typebox";
import type { SettingForm } from "../../../views/components/setting-form.tsx";
import type { FieldError } from "../../../views/page.ts";
import { settingPage } from "../../../views/pages/setting.tsx";
import { settingsPage } from "../../../views/pages/settings.tsx";
import { allows } from "../../accounts/rights.ts";
import { changeSetting, listSettings, readOneSetting } from "../../accounts/store-settings/settings.ts";
import type { ToldSetting } from "../../config.told.ts";
import { isProblem, type Problem } from "../../errors.ts";
import { STORE_ROLES } from "../../roles.ts";
import { formPairs } from "../body.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { SETTING_NAME } from "../schemas.ts";
import { attempt, fieldErrors, tickedIn } from "./form.ts";
import type { FormPairs } from "./local-form.ts";
import { goOn, show } from "./page.ts";

const PATH = "/admin/settings";
const ONE = `${PATH}/:settingName`;
/** The step of the set-up that has forms of settings. */
const SIGN_IN_STEP = "/admin/setup/sign_in";
const PARAMS = Type.Object({ settingName: SETTING_NAME });

const SIGN_UP_WORDS = ["closed", "invitation", "open"];

type Again = {
  readonly form: SettingForm;
  readonly errors: readonly FieldError[];
  readonly status: number;
  readonly from: "setup" | undefined;
};

/** What a setting's form has in it before anybody types. */
export function formOf({ key, value, fallback }: ToldSetting): SettingForm {
  const text = value ?? "";
  if (key === "secondFactor") return { value: "", other: "", ticked: text.split(", ") };
  if (key !== "signUp") return { value: value ?? fallback ?? "", other: "", ticked: [] };
  return SIGN_UP_WORDS.includes(text)
    ? { value: text, other: "", ticked: [] }
    : { value: "domains", other: text, ticked: [] };
}

const sentForm = (pairs: FormPairs): SettingForm => {
  const sent = new Map(pairs);
  return {
    value: sent.get("value") ?? "",
    other: sent.get("other") ?? "",
    ticked: tickedIn(pairs, "role/"),
  };
};

/** What was filled in, as a flag would say it. */
function saidIn({ key }: ToldSetting, { value, other, ticked }: SettingForm): string {
  // A word of another choice is no domain; with a comma behind it, it is refused as one.
  if (key === "signUp" && value === "domains")
    return SIGN_UP_WORDS.includes(other.trim()) ? `${other},` : other;
  if (key !== "secondFactor") return value;
  const roles = STORE_ROLES.filter((role) => ticked.includes(role));
  return roles.length === 0 ? "none" : roles.join(",");
}

function refused(form: SettingForm, problem: Problem, from: Again["from"]): Again {
  const field = form.value === "domains" ? "other" : "value";
  const errors = fieldErrors(problem, ["value"]).map((error) =>
    error.field === "value" ? { ...error, field } : error,
  );
  return { form, errors, status: statusOf(problem), from };
}

function showSetting(call: CallBase, name: string, again: Again | null = null): Promise<Response> {
  const { store, actor } = call;
  const setting = readOneSetting(store, actor, name);
  return show(
    call,
    (ctx) =>
      settingPage(ctx, {
        setting,
        form: again?.form ?? formOf(setting),
        errors: again?.errors ?? [],
        roles: STORE_ROLES,
        from: again?.from,
        manages: allows(actor, "settings.manage"),
        readsAudit: allows(actor, "audit.read"),
      }),
    again === null ? {} : { status: again.status, here: `${PATH}/${name}` },
  );
}

export const settingRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "settings.read",
    name: "settingsPage",
    summary: "The store's settings, and where each was said",
    handle: (call) => {
      const settings = listSettings(call.store, call.actor);
      return show(call, (ctx) => settingsPage(ctx, { settings }));
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: ONE,
    access: "settings.read",
    name: "settingPage",
    summary: "A setting of the store",
    params: PARAMS,
    handle: (call) => showSetting(call, call.params.settingName),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: ONE,
    access: "settings.manage",
    name: "changeSettingForm",
    summary: "Change a setting of the running store",
    params: PARAMS,
    body: formPairs(),
    handle: async (call) => {
      const { store, actor, body, params } = call;
      const { settingName: name } = params;
      const form = sentForm(body);
      const setting = readOneSetting(store, actor, name);
      const seen = new Map(body).get("seen") || null;
      const outcome = await attempt(() => changeSetting(store, actor, name, saidIn(setting, form), seen));
      const from = new Map(body).get("from") === "setup" ? "setup" : undefined;
      const next = from === undefined ? PATH : SIGN_IN_STEP;
      if (!isProblem(outcome)) return goOn(call, next, "setting_changed");
      return showSetting(call, name, refused(form, outcome, from));
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/reset`,
    access: "settings.manage",
    name: "resetSettingForm",
    summary: "Take back what was set for the running store",
    params: PARAMS,
    handle: (call) => {
      changeSetting(call.store, call.actor, call.params.settingName, null);
      return goOn(call, PATH, "setting_changed");
    },
  }),
];
