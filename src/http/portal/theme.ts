/** `/theme` and `/language`: how a visitor would have the pages. */

import { knownLanguages } from "../../languages.ts";
import { formBody } from "../body.ts";
import { redirect } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { ownPath } from "./addresses.ts";
import { languageCookie, themeCookie } from "./cookies.ts";

export const themeRoute: Route = defineRoute({
  area: "page",
  method: "POST",
  path: "/theme",
  access: "public",
  name: "chooseTheme",
  summary: "Keep the choice of light, dark or the system's",
  body: formBody(["theme", "returnTo"]),
  handle: ({ body, request, info, setCookie }) => {
    setCookie(themeCookie(info, body.theme === "light" || body.theme === "dark" ? body.theme : null));
    return redirect(returnAddress(request, body.returnTo, info.origin));
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
  handle: ({ body, request, info, setCookie }) => {
    setCookie(languageCookie(info, knownLanguages().includes(body.language) ? body.language : null));
    return redirect(returnAddress(request, body.returnTo, info.origin));
  },
});

/** The page that the button stood on, with its query where the browser tells it: the list stays at its place, and a set-up link stays one. */
function returnAddress(request: Request, returnTo: string, origin: string): string {
  const referer = request.headers.get("referer") ?? "";
  const from = URL.canParse(referer) ? new URL(referer) : null;
  if (from?.origin === new URL(origin).origin && from.pathname === returnTo && from.search !== "") {
    return from.pathname + from.search;
  }
  // Unlike after an action, signing in is a page to come back to.
  return returnTo === "/sign-in" ? returnTo : (ownPath(returnTo, origin) ?? "/");
}
