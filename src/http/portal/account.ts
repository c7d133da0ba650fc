/** `/account`: one's own password and sessions. */

import type { FieldError } from "../../../views/page.ts";
import { accountPage } from "../../../views/pages/account.tsx";
import type { AccountActor, Actor } from "../../accounts/actor.ts";
import { changePassword, endOwnSession, ownSessions } from "../../accounts/own.ts";
import { PASSWORD_LEAST_CHARACTERS } from "../../accounts/passwords.ts";
import { authenticationRequired } from "../../accounts/rights.ts";
import { isProblem } from "../../errors.ts";
import { formBody } from "../body.ts";
import { problemHeaders, statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { fieldErrors } from "./form.ts";
import { goOn, show } from "./page.ts";
import { browserName, systemName } from "./user-agent.ts";

const PATH = "/account";
const FIELDS = ["current", "password"] as const;

/** Pages are for people: whom the guard has let pass here is one. */
function personOf(actor: Actor): AccountActor {
  if (actor.kind !== "account") throw authenticationRequired();
  return actor;
}

function showAccount(
  call: CallBase,
  errors: readonly FieldError[] = [],
  options: Parameters<typeof show>[2] = {},
): Promise<Response> {
  const sessions = ownSessions(call.store, personOf(call.actor)).map(
    ({ id, createdAt, expiresAt, address, userAgent, current }) => ({
      id,
      browser: browserName(userAgent),
      system: systemName(userAgent),
      address,
      at: createdAt,
      endsAt: expiresAt,
      current,
    }),
  );
  const props = { sessions, errors, passwordMinLength: PASSWORD_LEAST_CHARACTERS };
  return show(call, (ctx) => accountPage(ctx, props), options);
}

export const accountRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "self.read",
    name: "accountPage",
    summary: "One's own account, password and sessions",
    handle: (call) => showAccount(call),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "self.change",
    name: "changePasswordForm",
    summary: "Change one's own password",
    confidential: true,
    body: formBody(FIELDS),
    handle: async (call) => {
      const { store, actor, body, info } = call;
      try {
        await changePassword(store, personOf(actor), { ...body, address: info.address });
      } catch (error) {
        if (!isProblem(error) || !["unprocessable", "too_many_requests"].includes(error.kind)) throw error;
        return showAccount(call, fieldErrors(error, FIELDS), {
          status: statusOf(error),
          headers: problemHeaders(error),
        });
      }
      return goOn(call, PATH, "password_changed");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/sessions/end`,
    access: "self.change",
    name: "endSessionForm",
    summary: "End one of one's own sessions",
    body: formBody(["session"]),
    handle: (call) => {
      endOwnSession(call.store, personOf(call.actor), call.body.session);
      return goOn(call, PATH, "session_ended");
    },
  }),
];
