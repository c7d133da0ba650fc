/** `/theme` and `/language`: how a visitor would have the pages. */

import { knownLanguages } from "../../languages.ts";
import { formBody } from "../body.ts";
import { redirect } from "../reply.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import type { RequestInfo } from "../transport.ts";
import { anyOwnPath, pathnameOf, refererPath } from "./addresses.ts";
import { languageCookie, themeCookie } from "./cookies.ts";

const MOST_SEGMENTS = 10;

/** A form with one choice, which a cookie keeps and which is gone with what is no choice. */
const choice = (
  field: "theme" | "language",
  name: string,
  summary: string,
  cookie: (info: RequestInfo, chosen: string) => string,
): Route =>
  defineRoute({
    area: "page",
    method: "POST",
    path: `/${field}`,
    access: "public",
    name,
    summary,
    body: formBody([field, "returnTo"]),
    handle: (call) => {
      const { body, info, setCookie } = call;
      setCookie(cookie(info, body[field]));
      return redirect(returnAddress(call, body.returnTo));
    },
  });

export const choiceRoutes: readonly Route[] = [
  choice(
    "language",
    "chooseLanguage",
    "Keep the choice of a language, for who is not signed in",
    (info, language) => languageCookie(info, knownLanguages().includes(language) ? language : null),
  ),
  choice("theme", "chooseTheme", "Keep the choice of light, dark or the system's", (info, theme) =>
    themeCookie(info, theme === "light" || theme === "dark" ? theme : null),
  ),
];

/** The page on which the choice was made, with its query. What answered a form there may be no page to go to: then the nearest above it is one. */
function returnAddress({ request, hasPage, info: { origin } }: CallBase, returnTo: string): string {
  const asked = anyOwnPath(returnTo, origin);
  // No address of ours is deeper, and each step looks through them all.
  if (asked === null || pathnameOf(asked).split("/").length > MOST_SEGMENTS) return "/";
  for (let path = asked; path !== ""; path = pathnameOf(path).replace(/\/[^/]*$/, ""))
    if (hasPage(pathnameOf(path))) return path;
  return refererPath(request, origin) ?? "/";
}
