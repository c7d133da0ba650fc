/**
 * What somebody typed whose session had ended when they sent it. It is kept in memory, for the account that had the session
 * alone, until they have signed in again: then it stands in the form of its page, as if they had just typed it. Nothing is sent
 * by itself. Whose it was says the cookie by which the account knows the browser: from one that nobody knows, or in which several
 * people sign in, nothing is kept.
 */
import { signInAgainPage } from "../../../views/pages/sign-in-again.tsx";
import { BROWSER_COOKIE, onlyAccountOf } from "../../accounts/browsers/browsers.ts";
import { hostCookie } from "../../accounts/host-cookie.ts";
import { newSecret } from "../../accounts/secrets.ts";
import type { Store } from "../../context.ts";
import { isProblem } from "../../errors.ts";
import type { AccountId } from "../../ids.ts";
import { fieldsBeforeFile } from "../body.ts";
import type { CallBase, Route } from "../route.ts";
import { anyOwnPath, pathnameOf, refererPath, signInHref } from "./addresses.ts";
import { keptOf, type Pairs, sentPairs } from "./kept-forms.ts";
import { show } from "./page.ts";

export const TYPED_COOKIE = "__Host-mosis_typed";
const MINUTES = 60;
/** Of all that is kept: beyond it the oldest goes. */
const MOST_BYTES = 4 * 2 ** 20;
const MOST_OF_ACCOUNT = 4;

/** Codes that count once, and what pages put into their forms sealed. */
const NOT_TYPED = ["code", "response", "offer", "token"];

export type TypedForm = {
  readonly accountId: AccountId;
  /** The page that has the form, and where it is sent to: paths with their queries. */
  readonly page: string;
  readonly action: string;
  readonly pairs: Pairs;
  /** It came with a file, which nobody keeps. */
  readonly hadFile: boolean;
  readonly at: number;
  readonly sizeBytes: number;
};

const forms = new WeakMap<Store, Map<string, TypedForm>>();

function keptIn(store: Store): Map<string, TypedForm> {
  const kept = forms.get(store) ?? new Map<string, TypedForm>();
  forms.set(store, kept);
  const oldest = store.clock.now().getTime() - MINUTES * 60_000;
  for (const [key, { at }] of kept) if (at < oldest) kept.delete(key);
  return kept;
}

/** @returns the key by which it is found again */
function keep(store: Store, form: TypedForm): string {
  const kept = keptIn(store);
  const own = [...kept].filter(([, { accountId }]) => accountId === form.accountId);
  for (const [key] of own.slice(0, Math.max(0, own.length - MOST_OF_ACCOUNT + 1))) kept.delete(key);
  const key = newSecret();
  kept.set(key, form);
  let total = [...kept.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  for (const [old, { sizeBytes }] of kept) {
    if (total <= MOST_BYTES) break;
    kept.delete(old);
    total -= sizeBytes;
  }
  return key;
}

/** What was typed on the page that is asked for, by who asks; null: nothing is kept of it. */
export function typedOn({ store, actor, cookie, url, info }: CallBase): TypedForm | null {
  const key = cookie(TYPED_COOKIE);
  if (key === "" || actor.kind !== "account" || info.head) return null;
  const form = keptIn(store).get(key);
  return form?.accountId === actor.accountId && form.page === url.pathname + url.search ? form : null;
}

export function forgetTyped(call: CallBase): void {
  keptIn(call.store).delete(call.cookie(TYPED_COOKIE));
  call.setCookie(hostCookie(TYPED_COOKIE, "", 0));
}

/** The page that asks to sign in again, in the place of a refusal that loses what was typed; null: there is nothing to keep. */
export async function askToSignInAgain(route: Route, call: CallBase): Promise<Response | null> {
  const { store, actor, session, overtaken, request, info, url } = call;
  if (route.area !== "page" || route.method === "GET" || route.access === "public") return null;
  if (actor.kind !== "anonymous" || session !== null || overtaken) return null;
  const accountId = onlyAccountOf(store, call.cookie(BROWSER_COOKIE));
  const page = pageOf(call);
  const hadFile = route.body?.kind === "multipart";
  if (accountId === null || page === null || !(hadFile || route.body?.kind === "form")) return null;
  const sent = await readAll(route, call, hadFile);
  const pairs = keptOf(sent).filter(([name]) => !NOT_TYPED.includes(name));
  if (!pairs.some(([name, value]) => name !== "revision" && value !== "")) return null;
  const sizeBytes = pairs.reduce((sum, [name, value]) => sum + 2 * (name.length + value.length), 0);
  const action = url.pathname + url.search;
  const at = store.clock.now().getTime();
  const key = keep(store, { accountId, page, action, pairs, hadFile, at, sizeBytes });
  call.setCookie(hostCookie(TYPED_COOKIE, key, MINUTES * 60));
  const next = anyOwnPath(page, info.origin);
  return show(call, (ctx) => signInAgainPage(ctx, { href: signInHref(next), minutes: MINUTES, hadFile }), {
    status: 401,
    headers: { "Cache-Control": "no-store" },
    here: refererPath(request, info.origin) ?? "/",
  });
}

/** The page that the form stood on: where it says it came from, else the form's own address. */
function pageOf({ request, info, url, hasPage }: CallBase): string | null {
  const paths = [refererPath(request, info.origin), url.pathname];
  return paths.find((path) => path !== null && hasPage(pathnameOf(path))) ?? null;
}

async function readAll(route: Route, call: CallBase, hadFile: boolean): Promise<Pairs> {
  try {
    return await (hadFile ? fieldsBeforeFile(call.request, call.arrival) : sentPairs(route, call));
  } catch (error) {
    if (isProblem(error)) return [];
    throw error;
  }
}
