/** The whole site: API, files and pages in one table, and the page for errors. */
import type { Site } from "./app.ts";
import { admit } from "./portal/admit.ts";
import { meanwhile } from "./portal/meanwhile.ts";
import { problemPage } from "./portal/problem-page.ts";
import { refill } from "./portal/refill.ts";
import { renew, settle } from "./portal/renew.ts";
import { pageRoutes } from "./portal/routes.ts";
import { askToSignInAgain } from "./portal/typed-forms.ts";
import { apiRoutes, fileRoutes } from "./routes.ts";

export const site: Site = {
  routes: [...apiRoutes, ...fileRoutes, ...pageRoutes],
  renew: async (route, call) => (await askToSignInAgain(route, call)) ?? renew(route, call),
  admit,
  settle,
  refill,
  meanwhile,
  problemPage,
};
