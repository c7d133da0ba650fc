/** From a call to a page: what every view is given, and how its markup is sent. */
import type { FlashCode, PageContext, Pager, Viewer } from "../../../views/page.ts";
import type { Actor } from "../../accounts/actor.ts";
import { pausedBy } from "../../accounts/identities/paused.ts";
import { countUnread } from "../../accounts/notifications/list.ts";
import { organisationsOf } from "../../accounts/organisations.ts";
import { findProvider } from "../../accounts/providers/ask.ts";
import { nameIn } from "../../accounts/store-name.ts";
import { looksOf } from "../../catalog/appearance/appearance.ts";
import { shownLogos } from "../../catalog/appearance/logos.ts";
import type { Store } from "../../context.ts";
import type { PageRequest } from "../../db/pages.ts";
import { directionOf, knownLanguages, negotiateLanguage } from "../../languages.ts";
import { sayerOf } from "../../sentences.ts";
import { chosenZone } from "../../zones.ts";
import { encodeCursor } from "../cursor.ts";
import { html, redirect } from "../reply.ts";
import type { CallBase } from "../route.ts";
import { assetUrl } from "../static-files.ts";
import { providerHref } from "./addresses.ts";
import { flashCookie, flashOf, languageCookieOf, spentFlashCookie, themeOf } from "./cookies.ts";
import { messageKeyOf, translatorOf } from "./messages.ts";
import { shownSizes } from "./shown-screenshots.ts";

/** The part of a call that a page is made from; the page for errors has no more. */
export type PageCall = Pick<CallBase, "store" | "actor" | "info" | "request" | "url" | "cookie">;

/** @param here Where a GET gives the same page, where that is not its own address. */
export function pageContext(call: PageCall, flash: FlashCode | null = null, here?: string): PageContext {
  const { store, actor, info, url, cookie } = call;
  const locale = languageOf(call);
  const timeZone = zoneOfReader(store, actor);
  return {
    t: translatorOf(locale),
    keyOf: messageKeyOf,
    say: sayerOf(locale, timeZone),
    locale,
    timeZone,
    dir: directionOf(locale),
    theme: themeOf(cookie),
    path: url.pathname,
    here: here ?? url.pathname + url.search,
    viewer: viewerOf(store, actor, url.pathname),
    ...shownLooks(store, locale),
    requestId: info.id,
    now: store.clock.now(),
    languages: knownLanguages(),
    assetUrl,
    flash,
  };
}

function shownLooks(store: Store, locale: string): Pick<PageContext, "storeName" | "accent" | "logos"> {
  const looks = looksOf(store);
  const { light, dark } = shownLogos(store);
  return {
    storeName: nameIn(looks, locale),
    accent: looks.accent,
    logos: { light: shownSizes(light), dark: shownSizes(dark) },
  };
}

/** As the account says; else the store's. */
export function zoneOfReader({ config }: Pick<Store, "config">, actor: Actor): string {
  return chosenZone(actor.kind === "account" ? actor.timeZone : undefined, config.timeZone);
}

/** As the account says; else as the visitor chose here; else as the browser asks for. */
function languageOf({ actor, cookie, request }: PageCall): string {
  const chosen = actor.kind === "account" ? actor.language : undefined;
  const wanted = chosen ?? languageCookieOf(cookie);
  if (wanted !== null && knownLanguages().includes(wanted)) return wanted;
  return negotiateLanguage(request.headers.get("accept-language"));
}

function viewerOf(store: Store, actor: Actor, path: string): Viewer | null {
  if (actor.kind !== "account") return null;
  const { accountId, name, email, storeRole } = actor;
  // All at once: one question for each of many organisations would be as many statements.
  const inForce = new Set(actor.organisations.keys());
  const organisations = organisationsOf(store, accountId)
    .filter(({ id }) => inForce.has(id))
    .map(({ apps, ...rest }) => ({ ...rest, ...(apps === null ? {} : { narrowed: apps.length }) }));
  const paused = pausedBy(store, accountId).map((id) => {
    const provider = findProvider(store, id);
    return { name: provider?.name ?? id, href: provider === undefined ? null : providerHref(id, path) };
  });
  const unread = countUnread(store, actor);
  return { name, email, storeRole, organisations, unread, ...(paused.length === 0 ? {} : { paused }) };
}

/** Sends a page, and with it the notice that an action left for it, which is then spent. */
export async function show(
  call: CallBase,
  view: (ctx: PageContext) => JSX.Element,
  options: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    /** Where a GET gives the same page, of one that answers a form. */
    readonly here?: string;
  } = {},
): Promise<Response> {
  const { here, ...sent } = options;
  const flash = flashOf(call.cookie);
  if (flash !== null) call.setCookie(spentFlashCookie(call.info));
  return html(await view(pageContext(call, flash, here)), {
    ...sent,
    headers: { Vary: "Accept-Language", ...sent.headers },
  });
}

/** Ends an action: the page at `location` comes next, with a notice. */
export function goOn(call: CallBase, location: string, flash?: FlashCode): Response {
  if (flash !== undefined) call.setCookie(flashCookie(call.info, flash));
  return redirect(location);
}

/** A picture's address on a page. */
export function pictureUrl(key: string | null | undefined): string | null {
  return key === null || key === undefined ? null : `/${key}`;
}

/**
 * Links to the neighbouring pages of a list. `before` gives the item after which the page before begins, null when
 * that page is the first.
 */
export function pagerOf(
  list: string,
  path: string,
  page: {
    readonly after?: string | undefined;
    readonly nextCursor: string | null;
    /** In the address, of one out of several lists on a page; `cursor` without it. */
    readonly parameter?: string;
  },
  before: (after: string) => string | null,
): Pager {
  const join = path.includes("?") ? "&" : "?";
  const address = (after: string | null) =>
    after === null ? path : `${path}${join}${page.parameter ?? "cursor"}=${encodeCursor(list, after)}`;
  return {
    previousHref: page.after === undefined ? null : address(before(page.after)),
    nextHref: page.nextCursor === null ? null : address(page.nextCursor),
  };
}

/** The same of a list that is gone through by numbers. */
export function numberedPager(
  list: string,
  path: string,
  { after, limit }: PageRequest,
  nextCursor: string | null,
): Pager {
  const page = { nextCursor, ...(after === undefined ? {} : { after }) };
  return pagerOf(list, path, page, (from) => (Number(from) > limit ? String(Number(from) - limit) : null));
}
