/** `/sign-in/with/…`: out to a provider and back; `/sign-in/link`: whether what it vouches for signs in to an account. */
import { type Static, Type } from "@sinclair/typebox";
import { providerLinkPage } from "../../../views/pages/access/provider-link.tsx";
import { comeIn } from "../../accounts/identities/come-in.ts";
import { linkOffered, stillLinked } from "../../accounts/identities/link.ts";
import { hasPassword } from "../../accounts/own.ts";
import { askProviderFor, hearProvider, providerOf } from "../../accounts/providers/ask.ts";
import {
  endOffer,
  keepOffer,
  type Offered,
  PROVIDER_COOKIE,
  providerCookie,
  seeOffer,
  spentProviderCookie,
} from "../../accounts/providers/flows.ts";
import { personOf } from "../../accounts/rights.ts";
import { isProblem, Problem } from "../../errors.ts";
import type { AccountId } from "../../ids.ts";
import { say } from "../../say.ts";
import { problemHeaders, statusOf } from "../errors.ts";
import { redirect } from "../reply.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { ownPath } from "./addresses.ts";
import { afterFirstFactor } from "./entry.ts";
import { attempt, fieldErrors } from "./form.ts";
import { goOn, show } from "./page.ts";
import { NEXT, showSignIn } from "./sign-in.ts";

const PARAMS = Type.Object({
  providerId: Type.String({
    pattern: "^[a-z0-9-]{1,32}$",
    description: "a provider's id in the configuration",
  }),
});
const LINK = "/sign-in/link";
/** What is in the addresses of the way back is spent, and is nobody's business still. */
const NOT_KEPT = { "Cache-Control": "no-store" };

/**
 * What went wrong stands on the page from which somebody can try again; a person who is signed in already, and came to link,
 * is told on a page of its own.
 */
function refused(call: CallBase, error: unknown): Promise<Response> {
  if (!isProblem(error) || error.code === "provider.unknown") throw error;
  const cause = error.details.find(({ code }) => code === "provider.cause")?.message;
  call.store.log.warn("provider.refused", {
    code: error.code,
    request: call.info.id,
    ...(cause === undefined ? {} : { cause }),
  });
  if (call.session !== null) throw error;
  return showSignIn(call, {
    problem: { kind: "provider", code: error.code, message: error.words },
    next: null,
    status: statusOf(error),
    headers: { ...problemHeaders(error), ...NOT_KEPT },
  });
}

async function goOut(
  call: CallBase & { readonly params: Static<typeof PARAMS> },
  next: string | null,
): Promise<Response> {
  const { store, params, info } = call;
  try {
    const { url, cookie } = await askProviderFor(store, params.providerId, { origin: info.origin, next });
    call.setCookie(providerCookie(cookie));
    return redirect(url, { headers: NOT_KEPT });
  } catch (error) {
    return refused(call, error);
  }
}

/** Before every session: as good as never. */
const NEVER = new Date(0);

/**
 * A provider signs people in by itself whom it knows already, so that coming from there is no proof of who sits at the browser:
 * it counts from when the provider says that they showed it (`auth_time`), and where it does not say, as GitHub never does, it
 * may be as long ago as any. Who has nothing else to prove it with is taken at the provider's word.
 */
function shownAt(call: CallBase, accountId: AccountId, at: Date | null): { readonly shownAt?: Date } {
  if (!hasPassword(call.store, accountId)) return {};
  if (at === null) return { shownAt: NEVER };
  return at > call.store.clock.now() ? {} : { shownAt: at };
}

async function comeBackIn(call: CallBase & { readonly params: Static<typeof PARAMS> }): Promise<Response> {
  const { store, actor, params, url } = call;
  try {
    const cookie = call.cookie(PROVIDER_COOKIE);
    const told = await hearProvider(store, params.providerId, { cookie, query: url.searchParams });
    const arrival = comeIn(store, actor, told);
    const { next } = told;
    if (arrival.step === "in") {
      call.setCookie(spentProviderCookie());
      const { accountId, identityId, isNew } = arrival;
      return afterFirstFactor(call, {
        accountId,
        by: "provider",
        identityId,
        still: stillLinked(arrival),
        second: told.shown.secondFactor,
        ...shownAt(call, accountId, told.shown.shownAt),
        next,
        ...(isNew ? { flash: "account_made" } : {}),
      });
    }
    const offered = { ...told, provider: told.provider.id };
    call.setCookie(providerCookie(keepOffer(store, offered)));
    return redirect(LINK, { headers: NOT_KEPT });
  } catch (error) {
    return refused(call, error);
  }
}

/** @throws Problem `provider.flow` */
function offeredTo(call: CallBase): Offered {
  const found = seeOffer(call.store, call.cookie(PROVIDER_COOKIE));
  if (found !== null) return found;
  throw new Problem(
    "forbidden",
    "provider.flow",
    say`What was to be linked was used already, took too long, or began in another browser. Start again.`,
  );
}

function showLink(call: CallBase, problem?: Problem): Promise<Response> {
  const { store, actor } = call;
  const { provider, shown } = offeredTo(call);
  const person = actor.kind === "account" ? actor : null;
  return show(
    call,
    (ctx) =>
      providerLinkPage(ctx, {
        provider: providerOf(store, provider).name,
        identity: shown.email ?? "",
        account: person === null ? null : { name: person.name, email: person.email },
        errors: problem === undefined ? [] : fieldErrors(problem, []),
      }),
    {
      headers: { ...NOT_KEPT, ...(problem === undefined ? {} : problemHeaders(problem)) },
      ...(problem === undefined ? {} : { status: statusOf(problem) }),
    },
  );
}

export const providerRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: "/sign-in/with/:providerId",
    access: "public",
    name: "signInWithProvider",
    summary: "Go to a provider to sign in",
    confidential: true,
    params: PARAMS,
    query: Type.Object({ next: NEXT }),
    handle: (call) => goOut(call, ownPath(call.query.next, call.info.origin)),
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: "/sign-in/with/:providerId/back",
    access: "public",
    name: "comeBackFromProvider",
    summary: "Where a provider sends people back to",
    confidential: true,
    params: PARAMS,
    handle: comeBackIn,
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: LINK,
    access: "public",
    name: "providerLinkPage",
    summary: "Whether what a provider vouches for signs in to an account",
    confidential: true,
    handle: (call) => showLink(call),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: LINK,
    access: "self.secure",
    name: "linkProviderForm",
    summary: "Link what a provider vouches for to one's own account",
    confidential: true,
    handle: async (call) => {
      const { store } = call;
      const offered = offeredTo(call);
      const outcome = await attempt(() => linkOffered(store, personOf(call.actor), offered));
      if (isProblem(outcome)) return showLink(call, outcome);
      endOffer(store, call.cookie(PROVIDER_COOKIE));
      call.setCookie(spentProviderCookie());
      return goOn(call, offered.next ?? "/account", "identity_linked");
    },
  }),
];
