/** `/setup`: the one-time link makes the first administrator, who is signed in with it. */
import { Type } from "@sinclair/typebox";
import { setupPage } from "../../../views/pages/setup.tsx";
import { PASSWORD_LEAST_CHARACTERS } from "../../accounts/passwords.ts";
import { checkSetupLink, redeemSetup } from "../../accounts/setup.ts";
import { isProblem } from "../../errors.ts";
import { formBody } from "../body.ts";
import { statusOf } from "../errors.ts";
import { defineRoute, type Route } from "../route.ts";
import { afterFirstFactor } from "./entry.ts";
import { attempt, fieldErrors } from "./form.ts";
import { show } from "./page.ts";

const FIELDS = ["storeName", "name", "email", "password"] as const;
const NOTHING_TYPED = { storeName: "", name: "", email: "" };

export const setupRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: "/setup",
    access: "public",
    name: "setupPage",
    summary: "The form of the set-up link",
    confidential: true,
    query: Type.Object({ token: Type.String({ default: "", maxLength: 200 }) }),
    handle: (call) => {
      const { token } = call.query;
      checkSetupLink(call.store, token);
      return show(call, (ctx) =>
        setupPage(ctx, {
          token,
          values: NOTHING_TYPED,
          errors: [],
          passwordMinLength: PASSWORD_LEAST_CHARACTERS,
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: "/setup",
    access: "public",
    name: "setUp",
    summary: "Make the first administrator and name the store",
    confidential: true,
    body: formBody(["token", ...FIELDS]),
    handle: async (call) => {
      const { token, storeName, name, email, password } = call.body;
      const values = { storeName, name, email };
      // A link that is of no use is no fault of the form.
      checkSetupLink(call.store, token);
      const account = await attempt(() =>
        redeemSetup(call.store, call.actor, { token, ...values, password }),
      );
      if (!isProblem(account)) {
        // Led on from here; whoever leaves finds the way back in the menu.
        const next = "/admin/setup";
        return afterFirstFactor(call, {
          accountId: account.id,
          by: "set-up link",
          next,
          flash: "setup_done",
        });
      }
      return show(
        call,
        (ctx) =>
          setupPage(ctx, {
            token,
            values,
            errors: fieldErrors(account, FIELDS),
            passwordMinLength: PASSWORD_LEAST_CHARACTERS,
          }),
        { status: statusOf(account), here: `/setup?token=${encodeURIComponent(token)}` },
      );
    },
  }),
];
