/** The whole site: API, files and pages in one table, and the page for errors. */
import type { Site } from "./app.ts";
import { problemResponse } from "./errors.ts";
import { apiRoutes, fileRoutes } from "./routes.ts";

export const site: Site = {
  routes: [...apiRoutes, ...fileRoutes],
  problemPage: ({ problem, info }) => problemResponse(problem, info),
};
