/** Addresses to go to afterwards, as they come back from outside. */

/** No page to come back to after an action: going there would undo or repeat what was just done. */
const NEVER = [
  "/sign-in",
  "/sign-in/second-step",
  "/sign-out",
  "/setup",
  "/language",
  "/theme",
  "/forgotten",
  "/sign-up",
  "/new-password",
];

/** A path of ours with its query, to come back to after an action, or null. */
export function ownPath(text: string, origin: string): string | null {
  const path = anyOwnPath(text, origin);
  return path === null || NEVER.includes(pathnameOf(path)) ? null : path;
}

export const pathnameOf = (path: string): string => path.split("?", 1)[0] ?? "";

/**
 * A path of ours with its query, whichever it is, or null. Anything that another host could be hidden in is refused
 * (`//host`, `/\host`, control characters, which browsers strip).
 */
export function anyOwnPath(text: string, origin: string): string | null {
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(text) || text.length > 2000) return null;
  if (!URL.canParse(text, origin)) return null;
  const url = new URL(text, origin);
  if (url.origin !== new URL(origin).origin || url.pathname.startsWith("//")) return null;
  return url.pathname + url.search;
}

/** The page of ours from which the request came; null when it does not say. */
export function refererPath(request: Request, origin: string): string | null {
  const referer = request.headers.get("referer") ?? "";
  if (!URL.canParse(referer)) return null;
  const url = new URL(referer);
  return url.origin === new URL(origin).origin ? ownPath(url.pathname + url.search, origin) : null;
}

/** The page on which one signs in, and what comes after it. */
export function signInHref(next: string | null): string {
  return `/sign-in${next === null ? "" : `?next=${encodeURIComponent(next)}`}`;
}

/** What leads to a provider, and afterwards to `next`. */
export function providerHref(id: string, next: string | null): string {
  return `/sign-in/with/${id}${next === null ? "" : `?next=${encodeURIComponent(next)}`}`;
}
