/** `/account`: one's own password, linked accounts and sessions. */
import type { FieldError } from "../../../views/page.ts";
import { accountPage } from "../../../views/pages/account.tsx";
import { askToChangeAddress, askToProveAddress } from "../../accounts/address.ts";
import {
  BROWSER_COOKIE,
  forgetOwnBrowser,
  type KnownBrowser,
  ownBrowsers,
} from "../../accounts/browsers/browsers.ts";
import { ownFactors } from "../../accounts/factors/views.ts";
import { unlinkIdentity } from "../../accounts/identities/link.ts";
import { type Identity, ownIdentities } from "../../accounts/identities/list.ts";
import { isMailed } from "../../accounts/messages/send.ts";
import { foundingOf } from "../../accounts/organisation-makers.ts";
import {
  changeOwnLanguage,
  changeOwnName,
  changeOwnTimeZone,
  changePassword,
  endOtherSessions,
  endOwnSession,
  hasPassword,
  ownSessions,
} from "../../accounts/own.ts";
import { exportOwn } from "../../accounts/own-data/export.ts";
import { PASSWORD_LEAST_CHARACTERS } from "../../accounts/passwords.ts";
import { readAccount } from "../../accounts/people.ts";
import { allows, personOf } from "../../accounts/rights.ts";
import type { Session } from "../../accounts/sessions.ts";
import { isProblem } from "../../errors.ts";
import type { BrowserId, IdentityId } from "../../ids.ts";
import { knownZones } from "../../zones.ts";
import { formBody } from "../body.ts";
import { problemHeaders, statusOf } from "../errors.ts";
import { ownDataReply } from "../own-data-reply.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { providerHref } from "./addresses.ts";
import { knowBrowser } from "./entry.ts";
import { attempt, fieldErrors } from "./form.ts";
import { goOn, show } from "./page.ts";
import { renewed } from "./renew.ts";
import { browserName, systemName } from "./user-agent.ts";

const PATH = "/account";
const FIELDS = ["current", "password"] as const;
const SESSIONS_LISTED = 100;

/** As pages list them. */
export function identityRow({ id, provider, providerName, email, createdAt, seenAt }: Identity) {
  return {
    ...{ id, email, since: createdAt, seen: seenAt },
    provider: providerName === null ? { gone: provider } : { name: providerName },
  };
}

export function sessionRow(session: Session & { readonly current: boolean }) {
  const { id, createdAt, expiresAt, address, userAgent, current } = session;
  return {
    ...{ id, address, current, at: createdAt, endsAt: expiresAt },
    browser: browserName(userAgent),
    system: systemName(userAgent),
  };
}

export function browserRow({ id, seenAt, address, userAgent, current }: KnownBrowser) {
  return {
    ...{ id, address, current, at: seenAt },
    browser: browserName(userAgent),
    system: systemName(userAgent),
  };
}

function showAccount(
  call: CallBase,
  errors: readonly FieldError[] = [],
  options: Parameters<typeof show>[2] & { readonly newEmail?: string; readonly name?: string } = {},
): Promise<Response> {
  const person = personOf(call.actor);
  const sessions = ownSessions(call.store, person).toSorted((a, b) => Number(b.current) - Number(a.current));
  const { newEmail = "", name = person.name, ...rest } = options;
  const identities = ownIdentities(call.store, person);
  const isLinked = (id: string) => identities.some(({ provider }) => provider === id);
  const { emailProvenAt, language, timeZone } = readAccount(call.store, person.accountId);
  const props = {
    sessions: sessions.slice(0, SESSIONS_LISTED).map(sessionRow),
    olderSessions: Math.max(0, sessions.length - SESSIONS_LISTED),
    seesKeys: allows(call.actor, "key.read"),
    language,
    timeZone,
    zones: knownZones(),
    storeZone: call.store.config.timeZone,
    browsers: ownBrowsers(call.store, person, call.cookie(BROWSER_COOKIE)).map(browserRow),
    errors,
    founds: foundingOf(call.store, call.actor) === "may",
    passwordMinLength: PASSWORD_LEAST_CHARACTERS,
    proven: emailProvenAt !== null,
    mails: isMailed(call.store),
    hasPassword: hasPassword(call.store, person.accountId),
    factors: ownFactors(call.store, person).items.length,
    newEmail,
    name,
    identities: identities.map(identityRow),
    linkable: call.store.config.providers
      .filter(({ id }) => !isLinked(id))
      .map(({ id, name }) => ({ name, href: providerHref(id, PATH) })),
  };
  return show(call, (ctx) => accountPage(ctx, props), rest);
}

export const accountRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "self.read",
    name: "accountPage",
    summary: "One's own account, password, linked accounts and sessions",
    handle: (call) => showAccount(call),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "self.secure",
    provesItself: true,
    name: "changePasswordForm",
    summary: "Change one's own password",
    confidential: true,
    body: formBody(FIELDS),
    handle: async (call) => {
      const { store, actor, body, info } = call;
      const outcome = await attempt(
        () => changePassword(store, personOf(actor), { ...body, address: info.address }),
        ["unprocessable", "too_many_requests"],
      );
      if (isProblem(outcome)) {
        return showAccount(call, fieldErrors(outcome, FIELDS), {
          status: statusOf(outcome),
          headers: problemHeaders(outcome),
        });
      }
      renewed(call, "password");
      knowBrowser(call, personOf(actor).accountId);
      return goOn(call, PATH, "password_changed");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/name`,
    access: "self.change",
    name: "changeNameForm",
    summary: "Say how one is called",
    body: formBody(["name"]),
    handle: async (call) => {
      const { name } = call.body;
      const outcome = await attempt(() => changeOwnName(call.store, personOf(call.actor), name));
      if (!isProblem(outcome)) return goOn(call, PATH, "name_changed");
      return showAccount(call, fieldErrors(outcome, ["name"]), { status: statusOf(outcome), name });
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/language`,
    access: "self.change",
    name: "changeLanguageForm",
    summary: "Choose the language of the pages",
    body: formBody(["language"]),
    handle: async (call) => {
      const language = call.body.language === "" ? null : call.body.language;
      const outcome = await attempt(() => changeOwnLanguage(call.store, personOf(call.actor), language));
      if (!isProblem(outcome)) return goOn(call, PATH, "language_chosen");
      return showAccount(call, fieldErrors(outcome, ["language"]), { status: statusOf(outcome) });
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/time-zone`,
    access: "self.change",
    name: "changeTimeZoneForm",
    summary: "Choose the time zone in which times are told",
    body: formBody(["timeZone"]),
    handle: async (call) => {
      const timeZone = call.body.timeZone === "" ? null : call.body.timeZone;
      const outcome = await attempt(() => changeOwnTimeZone(call.store, personOf(call.actor), timeZone));
      if (!isProblem(outcome)) return goOn(call, PATH, "time_zone_chosen");
      return showAccount(call, fieldErrors(outcome, ["timeZone"]), { status: statusOf(outcome) });
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/address/prove`,
    access: "self.change",
    name: "proveAddressForm",
    summary: "Ask for the link that proves one's own address",
    handle: (call) => {
      askToProveAddress(call.store, personOf(call.actor));
      return goOn(call, PATH, "address_asked");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/address`,
    access: "self.secure",
    provesItself: true,
    name: "changeAddressForm",
    summary: "Ask for the link that changes one's own address",
    confidential: true,
    body: formBody(["email", "addressPassword"]),
    handle: async (call) => {
      const { store, actor, body, info } = call;
      const { email, addressPassword: current } = body;
      const outcome = await attempt(
        () => askToChangeAddress(store, personOf(actor), { email, current, address: info.address }),
        ["unprocessable", "too_many_requests"],
      );
      if (isProblem(outcome)) {
        const errors = fieldErrors(outcome, ["email", "current"]).map(({ field, message }) => ({
          // What belongs to no field of the form is about the password: how often it may be tried.
          field: field === "email" ? field : "addressPassword",
          message,
        }));
        const headers = problemHeaders(outcome);
        return showAccount(call, errors, { status: statusOf(outcome), headers, newEmail: email });
      }
      return goOn(call, PATH, "address_asked");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/export`,
    access: "self.export",
    name: "exportOwnDataForm",
    summary: "All that the store holds about oneself, as a file",
    handle: ({ store, actor }) => ownDataReply(exportOwn(store, personOf(actor)), store.clock.now()),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/sessions/end-others`,
    access: "self.change",
    name: "endOtherSessionsForm",
    summary: "End one's own sessions but this one",
    handle: (call) => {
      endOtherSessions(call.store, personOf(call.actor));
      return goOn(call, PATH, "sessions_ended");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/identities/unlink`,
    access: "self.secure",
    name: "unlinkIdentityForm",
    summary: "Unlink an account at a provider from one's own",
    body: formBody(["identity"]),
    handle: (call) => {
      try {
        unlinkIdentity(call.store, personOf(call.actor), call.body.identity as IdentityId);
      } catch (error) {
        if (!isProblem(error) || error.code !== "identity.last") throw error;
        return showAccount(call, [{ field: "identity", message: error.words }], {
          status: statusOf(error),
        });
      }
      return goOn(call, PATH, "identity_unlinked");
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
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/browsers/forget`,
    access: "self.change",
    name: "forgetBrowserForm",
    summary: "Let one's own account forget a browser",
    body: formBody(["browser"]),
    handle: (call) => {
      forgetOwnBrowser(call.store, personOf(call.actor), call.body.browser as BrowserId);
      return goOn(call, PATH, "browser_forgotten");
    },
  }),
];
