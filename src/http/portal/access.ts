/** The pages of who has no session yet: `/forgotten`, `/sign-up`, and what the links of messages lead to. */
import { Type } from "@sinclair/typebox";
import type { PageContext } from "../../../views/page.ts";
import { type AskingProps, forgottenPage, signUpPage } from "../../../views/pages/access/asking.tsx";
import { confirmAddressPage, invitationPage, newPasswordPage } from "../../../views/pages/access/links.tsx";
import { SYSTEM_LABEL } from "../../accounts/actor.ts";
import { confirmAddress, readAddressLink } from "../../accounts/address.ts";
import { type Asked, askForPassword, readPasswordLink, resetPassword } from "../../accounts/forgotten.ts";
import { accept, acceptWithNewAccount, readOffer } from "../../accounts/invitations/accept.ts";
import { isMailed } from "../../accounts/messages/send.ts";
import { PASSWORD_LEAST_CHARACTERS } from "../../accounts/passwords.ts";
import { personOf } from "../../accounts/rights.ts";
import { refuseEndedSession } from "../../accounts/sessions.ts";
import { askedAtPace } from "../../accounts/sign-in.ts";
import { askForAccount, signUpOf } from "../../accounts/sign-up.ts";
import { isProblem, type Problem } from "../../errors.ts";
import { formBody } from "../body.ts";
import { problemHeaders, statusOf } from "../errors.ts";
import { originOf } from "../guard.ts";
import { type CallBase, defineRoute, nothingHere, type Route } from "../route.ts";
import { signInHref } from "./addresses.ts";
import { authorName } from "./authors.ts";
import { afterFirstFactor, enter, knowBrowser } from "./entry.ts";
import { attempt, fieldErrors } from "./form.ts";
import { goOn, show } from "./page.ts";

const TOKEN_QUERY = Type.Object({ token: Type.String({ default: "", maxLength: 200 }) });

/** Secrets stand in the addresses of these pages. */
const NOT_KEPT = { "Cache-Control": "no-store" };

type Asking = {
  readonly path: string;
  /** Whether forms are counted by whom they are for and where they come from. */
  readonly isCounted: boolean;
  readonly names: readonly [page: string, form: string];
  readonly summaries: readonly [page: string, form: string];
  readonly ask: (call: CallBase, asked: Asked) => void;
  readonly view: (ctx: PageContext, call: CallBase, props: AskingProps) => JSX.Element;
  /** @throws Problem when nobody may ask. */
  readonly check: (call: CallBase) => void;
};

/** A form for an address, and the same answer whoever it belongs to. */
function askingRoutes({ path, isCounted, names, summaries, ask, view, check }: Asking): Route[] {
  const answer = (call: CallBase, props: AskingProps, problem?: Problem) =>
    show(
      call,
      (ctx) => view(ctx, call, props),
      problem === undefined ? {} : { status: statusOf(problem), headers: problemHeaders(problem) },
    );
  return [
    defineRoute({
      area: "page",
      method: "GET",
      path,
      access: "public",
      name: names[0],
      summary: summaries[0],
      handle: (call) => {
        check(call);
        return answer(call, { email: "", errors: [], sent: false, mails: isMailed(call.store) });
      },
    }),
    defineRoute({
      area: "page",
      method: "POST",
      path,
      access: "public",
      name: names[1],
      summary: summaries[1],
      body: formBody(["email"]),
      handle: async (call) => {
        const { store, info, request } = call;
        const { email } = call.body;
        check(call);
        const mails = isMailed(store);
        const asked = { email, from: originOf(request, info) };
        const outcome = await attempt(
          () =>
            isCounted
              ? askedAtPace(store, { email, address: info.address }, () => ask(call, asked))
              : ask(call, asked),
          ["unprocessable", "too_many_requests"],
        );
        return isProblem(outcome)
          ? answer(call, { email, errors: fieldErrors(outcome, ["email"]), sent: false, mails }, outcome)
          : answer(call, { email: "", errors: [], sent: true, mails });
      },
    }),
  ];
}

function showNewPassword(call: CallBase, token: string, problem?: Problem): Promise<Response> {
  const { email } = readPasswordLink(call.store, token);
  const errors = problem === undefined ? [] : fieldErrors(problem, ["password"]);
  return show(
    call,
    (ctx) => newPasswordPage(ctx, { token, email, errors, passwordMinLength: PASSWORD_LEAST_CHARACTERS }),
    {
      headers: NOT_KEPT,
      here: `/new-password?token=${encodeURIComponent(token)}`,
      ...(problem === undefined ? {} : { status: statusOf(problem) }),
    },
  );
}

function showInvitation(
  call: CallBase,
  token: string,
  again: { readonly name: string; readonly problem?: Problem } = { name: "" },
): Promise<Response> {
  const { store, actor } = call;
  const offer = readOffer(store, actor, token);
  const { name, problem } = again;
  const here = `/invitation?token=${encodeURIComponent(token)}`;
  return show(
    call,
    (ctx) =>
      invitationPage(ctx, {
        ...offer,
        token,
        organisation: offer.organisation?.name ?? null,
        by: offer.createdBy === SYSTEM_LABEL ? null : authorName(ctx, store, offer.createdBy),
        signInHref: signInHref(here),
        name,
        errors: problem === undefined ? [] : fieldErrors(problem, ["name", "password"]),
        passwordMinLength: PASSWORD_LEAST_CHARACTERS,
      }),
    { here, headers: NOT_KEPT, ...(problem === undefined ? {} : { status: statusOf(problem) }) },
  );
}

export const accessRoutes: readonly Route[] = [
  ...askingRoutes({
    path: "/forgotten",
    isCounted: false,
    names: ["forgottenPage", "askForPassword"],
    summaries: ["The form for a forgotten password", "Ask for a link to a new password"],
    ask: ({ store }, asked) => askForPassword(store, asked),
    view: (ctx, _, props) => forgottenPage(ctx, props),
    check: () => {},
  }),
  ...askingRoutes({
    path: "/sign-up",
    isCounted: true,
    names: ["signUpPage", "askForAccount"],
    summaries: ["The form for an account, where people make them by themselves", "Ask for an account"],
    ask: ({ store }, asked) => askForAccount(store, asked),
    view: (ctx, { store }, props) => signUpPage(ctx, { ...props, domains: signUpOf(store)?.domains ?? null }),
    check: ({ store }) => {
      if (signUpOf(store) === null) throw nothingHere();
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: "/new-password",
    access: "public",
    name: "newPasswordPage",
    summary: "The form of the link to a new password",
    confidential: true,
    query: TOKEN_QUERY,
    handle: (call) => showNewPassword(call, call.query.token),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: "/new-password",
    access: "public",
    name: "resetPassword",
    summary: "Set a new password by the link",
    confidential: true,
    body: formBody(["token", "password"]),
    handle: async (call) => {
      const { store, actor, body } = call;
      const outcome = await attempt(() => resetPassword(store, actor, body));
      if (isProblem(outcome)) return showNewPassword(call, body.token, outcome);
      // Who has the link is the person: what others guess meanwhile does not keep them out here.
      knowBrowser(call, outcome);
      return goOn(call, "/sign-in", "password_reset");
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: "/invitation",
    access: "public",
    name: "invitationPage",
    summary: "What an invitation offers",
    confidential: true,
    query: TOKEN_QUERY,
    handle: (call) => showInvitation(call, call.query.token),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: "/invitation",
    access: "public",
    name: "acceptInvitation",
    summary: "Take up an invitation",
    confidential: true,
    body: formBody(["token", "name", "password"]),
    handle: async (call) => {
      const { store, actor, body } = call;
      const { step } = readOffer(store, actor, body.token);
      if (step === "sign_in") return showInvitation(call, body.token);
      const outcome = await attempt(() =>
        step === "make" ? acceptWithNewAccount(store, actor, body) : accept(store, actor, body.token),
      );
      if (isProblem(outcome)) return showInvitation(call, body.token, { name: body.name, problem: outcome });
      const { accountId } = outcome;
      if (step === "make")
        return afterFirstFactor(call, { accountId, by: "invitation", flash: "account_made" });
      // A new session: rights have changed, and what was open before is somebody's who had fewer.
      const provedAt = call.session?.provedAt ?? new Date(0);
      return enter(call, {
        accountId,
        how: { by: "session", provedAt },
        still: (tx) => refuseEndedSession(tx, personOf(actor)),
        flash: "invitation_accepted",
      });
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: "/confirm-address",
    access: "public",
    name: "confirmAddressPage",
    summary: "The button of the link that proves an address",
    confidential: true,
    query: TOKEN_QUERY,
    handle: (call) => {
      const { token } = call.query;
      const offer = readAddressLink(call.store, token);
      return show(call, (ctx) => confirmAddressPage(ctx, { token, ...offer }), { headers: NOT_KEPT });
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: "/confirm-address",
    access: "public",
    name: "confirmAddress",
    summary: "Prove an address, or change to it",
    confidential: true,
    body: formBody(["token"]),
    handle: (call) => {
      confirmAddress(call.store, call.actor, call.body.token);
      return goOn(call, call.session ? "/account" : "/sign-in", "address_confirmed");
    },
  }),
];
