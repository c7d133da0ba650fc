/**
 * Each page that the router has, of a store with 10,000 apps of 20 versions each, beside the same page of one with 100 of them. The
 * issue asks for no more than 1.5 times as long.
 */

import { pageRoutes } from "../../src/http/portal/routes.ts";
import { mainOf, NO_PAGE } from "../../src/testing/page-world.ts";
import type { Measure } from "../harness.ts";
import { pageMeasure } from "./grown-worlds.ts";

const measured = pageRoutes.filter(
  ({ method, stream, name }) => method === "GET" && !stream && NO_PAGE[name] === undefined,
);

export const pages: readonly Measure[] = measured.map(({ name, path }) =>
  pageMeasure(name, path, ({ readers }) => {
    const found = readers.get(name);
    if (found === undefined || found.who.length === 0) throw new Error(`nobody may open ${name}`);
    return { path: found.path, who: mainOf(found) };
  }),
);
