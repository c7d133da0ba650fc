/**
 * Each page that the router has, of a store with 10,000 apps of 20 versions each, beside the same page of one with 100 of them. The
 * issue asks for no more than 1.5 times as long. Both stores are made for the first page that is measured and kept for the others.
 */

import { pageRoutes } from "../../src/http/portal/routes.ts";
import { growStore } from "../../src/testing/grown-store.ts";
import { mainOf, NO_PAGE, openPageWorld, type PageWorld } from "../../src/testing/page-world.ts";
import type { Measure } from "../harness.ts";

const MANY = 10_000;
const FEW = 100;
const VERSIONS_EACH = 20;
/** So many times in a row, of which the fastest counts: what else the process does is not the page's fault. */
const TIMES = 3;

async function grown(apps: number): Promise<PageWorld> {
  const world = await openPageWorld();
  const { portal, sample } = world;
  const like = { appId: sample.apps.published, versionId: sample.versions.waiting };
  await growStore(portal.store, { apps, versionsEach: VERSIONS_EACH, like });
  return world;
}

let worlds: Promise<readonly [many: PageWorld, few: PageWorld]> | undefined;
/** One after the other: they share the process. */
const bothWorlds = async () => [await grown(MANY), await grown(FEW)] as const;

async function closeWorlds(): Promise<void> {
  const opened = worlds;
  worlds = undefined;
  for (const { portal } of (await opened) ?? []) await portal.close();
}

async function fastest({ portal, people, readers }: PageWorld, name: string): Promise<number> {
  const found = readers.get(name);
  if (found === undefined || found.who.length === 0) throw new Error(`nobody may open ${name}`);
  const headers = { Cookie: people[mainOf(found)]?.cookie ?? "", "Sec-Fetch-Site": "same-origin" };
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < TIMES; time++) {
    const startedAt = Bun.nanoseconds();
    const answer = await fetch(portal.url + found.path, { headers, redirect: "manual" });
    await answer.text();
    least = Math.min(least, (Bun.nanoseconds() - startedAt) / 1e6);
    if (answer.status !== 200) throw new Error(`${found.path} was answered with ${answer.status}`);
  }
  return least;
}

const measured = pageRoutes.filter(
  ({ method, stream, name }) => method === "GET" && !stream && NO_PAGE[name] === undefined,
);

export const pages: readonly Measure[] = measured.map(({ name, path }) => ({
  name: `page-${name}`,
  about: `${path} of ${MANY * VERSIONS_EACH} versions of ${MANY} apps, beside ${FEW * VERSIONS_EACH} of ${FEW}`,
  unit: "ms",
  rounds: 15,
  ratioLimit: 1.5,
  async open() {
    worlds ??= bothWorlds();
    const [many, few] = await worlds;
    return {
      ours: () => fastest(many, name),
      peer: () => fastest(few, name),
      close: async () => {},
    };
  },
  end: closeWorlds,
}));
