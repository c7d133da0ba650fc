/** The whole site: API, files and pages in one table, and the page for errors. */
import type { Site } from "./app.ts";
import { admit } from "./portal/admit.ts";
import { problemPage } from "./portal/problem-page.ts";
import { renew, settle } from "./portal/renew.ts";
import { pageRoutes } from "./portal/routes.ts";
import { apiRoutes, fileRoutes } from "./routes.ts";

export const site: Site = {
  routes: [...apiRoutes, ...fileRoutes, ...pageRoutes],
  renew,
  admit,
  settle,
  problemPage,
};
