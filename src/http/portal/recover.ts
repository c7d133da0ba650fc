/** `/recoveries/new`: an owner asks that a key takes the place of lost ones. */
import { Type } from "@sinclair/typebox";
import type { FieldError } from "../../../views/page.ts";
import { recoverPage } from "../../../views/pages/recover.tsx";
import { requestRecovery } from "../../catalog/recovery.ts";
import { recoveryChoices } from "../../catalog/recovery-choices.ts";
import { isProblem } from "../../errors.ts";
import type { AppId } from "../../ids.ts";
import { formBody } from "../body.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID } from "../schemas.ts";
import { KEY_ID } from "../schemas-keys.ts";
import { matches } from "../validate.ts";
import { attempt, fieldErrors, plainLines } from "./form.ts";
import { goOn, show } from "./page.ts";

const PATH = "/recoveries/new";
const FIELDS = ["key", "app", "reason"] as const;
const FIELD_OF: Readonly<Record<string, string>> = {
  "key.not_found": "key",
  "lineage.has_key": "key",
  "recovery.no_app": "key",
  "recovery.open": "app",
  "revocation.in_force": "key",
};

type Values = Readonly<Record<(typeof FIELDS)[number], string>>;

function page(call: CallBase, values: Values, errors: readonly FieldError[], status = 200) {
  const choices = recoveryChoices(call.store, call.actor);
  const props = {
    keys: choices.map(({ keyid, fingerprint }) => ({ keyid, fingerprint })),
    apps: [...new Set(choices.flatMap(({ apps }) => apps))].sort(),
    waitingDays: call.store.config.recoveryWaitingDays,
    values,
    errors,
  };
  return show(call, (ctx) => recoverPage(ctx, props), { status });
}

export const recoverRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "key.recover",
    name: "recoverPage",
    summary: "The form for a recovery of lost keys",
    query: Type.Object({ key: Type.Optional(KEY_ID) }),
    handle: (call) => page(call, { key: call.query.key ?? "", app: "all", reason: "" }, []),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "key.recover",
    name: "recoverForm",
    summary: "Ask for a recovery of lost keys",
    body: formBody(FIELDS),
    handle: async (call) => {
      const { store, actor, body } = call;
      const reason = plainLines(body.reason);
      const { key, app } = body;
      if (!matches(KEY_ID, key) || !(app === "all" || matches(APP_ID, app)))
        return page(call, { ...body, reason }, [], 422);
      const asked = await attempt(() =>
        requestRecovery(store, actor, {
          keyid: key,
          reason,
          ...(app === "all" ? {} : { appId: app as AppId }),
        }),
      );
      if (!isProblem(asked)) return goOn(call, `/recoveries/${asked.id}`, "recovery_requested");
      return page(call, { ...body, reason }, fieldErrors(asked, FIELDS, FIELD_OF), statusOf(asked));
    },
  }),
];
