/** Two stores that are the same but for how much is in them, made for the first measure that needs them and kept for the others. */
import { growStore } from "../../src/testing/grown-store.ts";
import { openPageWorld, type PageWorld } from "../../src/testing/page-world.ts";
import type { Measure } from "../harness.ts";

/** Apps of a store, and as many people and entries of the audit log. */
export const MANY = 10_000;
export const FEW = 100;
export const VERSIONS_EACH = 20;
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

/** What is asked of a store, and as whom: a name of its people, or the empty one of a visitor. */
export type Asked = { readonly path: string; readonly who: string };

async function fastest({ portal, people }: PageWorld, { path, who }: Asked): Promise<number> {
  const headers = { Cookie: people[who]?.cookie ?? "", "Sec-Fetch-Site": "same-origin" };
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < TIMES; time++) {
    const startedAt = Bun.nanoseconds();
    const answer = await fetch(portal.url + path, { headers, redirect: "manual" });
    await answer.text();
    least = Math.min(least, (Bun.nanoseconds() - startedAt) / 1e6);
    if (answer.status !== 200) throw new Error(`${path} was answered with ${answer.status}`);
  }
  return least;
}

/** How long a page takes of the store with much in it, beside the other. @param asked What to ask of each */
export function pageMeasure(
  name: string,
  about: string,
  asked: (world: PageWorld) => Asked | Promise<Asked>,
  ratioLimit = 1.5,
): Measure {
  return {
    name: `page-${name}`,
    about: `${about} of ${MANY * VERSIONS_EACH} versions of ${MANY} apps, beside ${FEW * VERSIONS_EACH} of ${FEW}`,
    unit: "ms",
    rounds: 15,
    ratioLimit,
    async open() {
      worlds ??= bothWorlds();
      const [many, few] = await worlds;
      const [ours, peer] = [await asked(many), await asked(few)];
      return {
        ours: () => fastest(many, ours),
        peer: () => fastest(few, peer),
        close: async () => {},
      };
    },
    end: closeWorlds,
  };
}
