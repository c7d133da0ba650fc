/** `/account/delete`, and `/keep-account`, which takes it back. */
import { Type } from "@sinclair/typebox";
import { deletionPage, keepAccountPage } from "../../../views/pages/deletion.tsx";
import { askToDelete, keepByLink, ownHindrances, readKeepLink } from "../../accounts/deletion/ask.ts";
import { personOf } from "../../accounts/rights.ts";
import { endedSessionCookie } from "../../accounts/sessions.ts";
import { isProblem, type Problem } from "../../errors.ts";
import { formBody } from "../body.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { attempt, fieldErrors } from "./form.ts";
import { goOn, show } from "./page.ts";

const PATH = "/account/delete";
const KEEP = "/keep-account";
const TOKEN_QUERY = Type.Object({ token: Type.String({ default: "", maxLength: 200 }) });

function showDeletion(call: CallBase, problem: Problem | null = null, typed = ""): Promise<Response> {
  const { store } = call;
  const actor = personOf(call.actor);
  const hindrances = ownHindrances(store, actor);
  return show(
    call,
    (ctx) =>
      deletionPage(ctx, {
        email: actor.email,
        days: store.config.accountDeletionDays,
        hindrances,
        typed,
        // What hinders is listed by itself.
        errors: problem === null || hindrances.length > 0 ? [] : fieldErrors(problem, ["confirm"]),
      }),
    problem === null ? {} : { status: statusOf(problem) },
  );
}

export const deletionRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "self.delete",
    name: "deletionPage",
    summary: "What becomes of one's account when it is deleted",
    handle: (call) => showDeletion(call),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "self.delete",
    name: "deleteAccountForm",
    summary: "Ask that one's account is deleted",
    body: formBody(["confirm"]),
    handle: async (call) => {
      const { store, body } = call;
      const outcome = await attempt(() => askToDelete(store, personOf(call.actor), body));
      if (isProblem(outcome)) return showDeletion(call, outcome, body.confirm);
      store.wakeJobs();
      call.setCookie(endedSessionCookie());
      return goOn(call, "/", store.config.accountDeletionDays === 0 ? "account_deleted" : "deletion_asked");
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: KEEP,
    access: "public",
    name: "keepAccountPage",
    summary: "The button of the link that keeps an account",
    confidential: true,
    query: TOKEN_QUERY,
    handle: (call) => {
      const { token } = call.query;
      const kept = readKeepLink(call.store, token);
      return show(call, (ctx) => keepAccountPage(ctx, { token, ...kept }), {
        headers: { "Cache-Control": "no-store" },
      });
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: KEEP,
    access: "public",
    name: "keepAccount",
    summary: "Keep an account that was to be deleted",
    confidential: true,
    body: formBody(["token"]),
    handle: (call) => {
      const { staysDisabled } = keepByLink(call.store, call.actor, call.body.token);
      return goOn(call, "/sign-in", staysDisabled ? "account_kept_disabled" : "account_kept");
    },
  }),
];
