/** `/theme` and `/language`: how a visitor would have the pages. */

import { knownLanguages } from "../../languages.ts";
import { formBody } from "../body.ts";
import { redirect } from "../reply.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { anyOwnPath, pathnameOf, refererPath } from "./addresses.ts";
import { languageCookie, themeCookie } from "./cookies.ts";

const MOST_SEGMENTS = 10;

export const themeRoute: Route = defineRoute({
  area: "page",
  method: "POST",
  path: "/theme",
  access: "public",
  name: "chooseTheme",
  summary: "Keep the choice of light, dark or the system's",
  body: formBody(["theme", "returnTo"]),
  handle: (call) => {
    const { body, info, setCookie } = call;
    setCookie(themeCookie(info, body.theme === "light" || body.theme === "dark" ? body.theme : null));
    return redirect(returnAddress(call, body.returnTo));
  },
});

export const languageRoute: Route = defineRoute({
  area: "page",
  method: "POST",
  path: "/language",
  access: "public",
  name: "chooseLanguage",
  summary: "Keep the choice of a language, for who is not signed in",
  body: formBody(["language", "returnTo"]),
  handle: (call) => {
    const { body, info, setCookie } = call;
    setCookie(languageCookie(info, knownLanguages().includes(body.language) ? body.language : null));
    return redirect(returnAddress(call, body.returnTo));
  },
});

/** The page on which the choice was made, with its query. What answered a form there may be no page to go to: then the nearest above it is one. */
function returnAddress({ request, hasPage, info: { origin } }: CallBase, returnTo: string): string {
  const asked = anyOwnPath(returnTo, origin);
  // No address of ours is deeper, and each step looks through them all.
  if (asked === null || pathnameOf(asked).split("/").length > MOST_SEGMENTS) return "/";
  for (let path = asked; path !== ""; path = pathnameOf(path).replace(/\/[^/]*$/, ""))
    if (hasPage(pathnameOf(path))) return path;
  return refererPath(request, origin) ?? "/";
}
