/**
 * Searching 10,000 apps whose names nobody here wrote: Debian's packages. Prints how often the app
 * that was meant comes first when its name is mistyped, and how long answers take. By hand: the descriptions come over the network.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Actor, OPERATOR } from "../../accounts/actor.ts";
import { insertPublished, type MadeUpApp } from "../../testing/many-apps.ts";
import { newOrganisation } from "../../testing/portal.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { searchApps } from "./ask.ts";

setDefaultTimeout(600_000);

const APPS = 10_000;
const QUERIES = 1000;
const WARM_UP = 200;
const SEEDS = [1, 2, 3];
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const NOBODY: Actor = { kind: "anonymous" };

let store: TestStore;
let apps: readonly MadeUpApp[];

beforeAll(async () => {
  store = await openTestStore();
  apps = debianPackages(APPS);
  if (apps.length < APPS) throw new Error("too few packages");
  const started = performance.now();
  await insertPublished(store, newOrganisation(store, "Debian"), apps);
  // The first questions to a process that has just begun wait for its code to be compiled, and are no measure of the search.
  const random = randomOf(77);
  for (let n = 0; n < WARM_UP; n++) ask(mistyped(nameOf(random), 1, random), NOBODY);
  console.log(`${apps.length} apps in ${Math.round(performance.now() - started)} ms`);
});
afterAll(() => store.close());

for (const [slips, least] of [
  [1, 0.9],
  [2, 0.8],
] as const) {
  test.each(SEEDS)(`the app that was meant comes first, with ${slips} slips in its name, seed %i`, (seed) => {
    const random = randomOf(seed);
    const times: number[] = [];
    let first = 0;
    for (let n = 0; n < QUERIES; n++) {
      const name = nameOf(random);
      const question = mistyped(name, slips, random);
      const started = performance.now();
      const found = ask(question, NOBODY);
      times.push(performance.now() - started);
      if (found[0] === name) first++;
    }
    console.log(`seed ${seed}, ${slips} slips: first ${first / QUERIES}, ${percentiles(times)}`);
    expect(first / QUERIES).toBeGreaterThanOrEqual(least);
    expect(percentile(times, 0.99)).toBeLessThan(10);
  });
}

test("answers come quickly while somebody types", () => {
  const random = randomOf(9);
  const times = Array.from({ length: 2 * QUERIES }, () => {
    const app = pick(apps, random);
    const text = random() < 0.5 ? app.name.en : app.summary?.en;
    const question = (text ?? "").slice(0, 1 + Math.floor(random() * 30));
    const started = performance.now();
    ask(question, NOBODY);
    return performance.now() - started;
  });
  console.log(`as one types: ${percentiles(times)}`);
  expect(percentile(times, 0.99)).toBeLessThan(10);
});

test("what only descriptions say takes no longer", () => {
  const random = randomOf(11);
  let found = 0;
  const times = Array.from({ length: QUERIES }, () => {
    const question = wordsOfOne(random);
    const started = performance.now();
    if (ask(question, NOBODY).length > 0) found++;
    return performance.now() - started;
  });
  console.log(`words of descriptions: ${found / QUERIES} find something, ${percentiles(times)}`);
  expect(found).toBe(QUERIES);
  expect(percentile(times, 0.99)).toBeLessThan(10);
});

test("words that are in everything take no longer", () => {
  for (const question of ["lib", "library", "python", "d", "the"]) {
    const times = Array.from({ length: 20 }, () => {
      const started = performance.now();
      ask(question, OPERATOR);
      return performance.now() - started;
    });
    console.log(`${question}: ${percentiles(times)}`);
    expect(percentile(times, 0.5)).toBeLessThan(10);
  }
});

function ask(question: string, actor: Actor): readonly string[] {
  return searchApps(store, actor, { question, locale: "en" }, { limit: 20 }).items.map(({ name }) => name);
}

/** Their names, summaries and descriptions in English, which a machine's own lists may leave out. */
function debianPackages(most: number): readonly MadeUpApp[] {
  const lists = mkdtempSync(join(tmpdir(), "mosis-packages-"));
  try {
    mkdirSync(join(lists, "partial"));
    const options = ["-o", `Dir::State::lists=${lists}`, "-o", "Acquire::Languages=en"];
    const run = (command: string, ...words: string[]) => {
      const { exitCode, stdout } = Bun.spawnSync([command, ...options, ...words]);
      if (exitCode !== 0) throw new Error(`${command} ${words[0]} failed: is there a network?`);
      return stdout.toString();
    };
    run("apt-get", "update");
    const names = run("apt-cache", "pkgnames")
      .split("\n")
      .filter((name) => name !== "" && name.length <= 50)
      .sort();
    const random = randomOf(20261128);
    const drawn = names
      .map((name) => ({ name, at: random() }))
      .sort((a, b) => a.at - b.at)
      // Some are names that other packages stand for.
      .slice(0, 2 * most)
      .map(({ name }) => name);
    return packagesOf(run("apt-cache", "show", "--no-all-versions", ...drawn), most);
  } finally {
    rmSync(lists, { recursive: true });
  }
}

function packagesOf(text: string, most: number): readonly MadeUpApp[] {
  const found = new Map<string, MadeUpApp>();
  for (const paragraph of text.split("\n\n")) {
    const name = /^Package: (.+)$/m.exec(paragraph)?.[1];
    const [, summary, description] = /^Description-en: (.+)\n((?: .+\n?)*)/m.exec(paragraph) ?? [];
    if (name === undefined || summary === undefined || found.has(name)) continue;
    const texts = { name: { en: name }, summary: { en: summary }, description: description ?? "" };
    found.set(name, { id: `org.debian.p${found.size}`, ...texts });
  }
  return [...found.values()].slice(0, most);
}

/** Words of descriptions that are long enough to be looked for, two of one. */
function wordsOfOne(random: () => number): string {
  for (;;) {
    const text = (pick(apps, random).description ?? "").replace(/\S*[:/@]\S*/g, "");
    const words = [...text.matchAll(/(?<![\w.-])[a-z]{5,}(?![\w-])/g)].map(([word]) => word);
    if (words.length >= 2) return `${pick(words, random)} ${pick(words, random)}`;
  }
}

/** One that is long enough that a slip leaves something of it. */
function nameOf(random: () => number): string {
  for (;;) {
    const name = pick(apps, random).name.en ?? "";
    if (name.length >= 4) return name;
  }
}

/** Neighbours that change places, a letter left out, one put in, one taken for another. */
function mistyped(name: string, slips: number, random: () => number): string {
  for (;;) {
    const letters = [...name];
    for (let n = 0; n < slips; n++) {
      const at = Math.floor(random() * (letters.length - 1));
      const other = pick([...LETTERS], random);
      const slip = Math.floor(random() * 4);
      if (slip === 0) letters.splice(at, 2, letters[at + 1] ?? "", letters[at] ?? "");
      if (slip === 1) letters.splice(at, 1);
      if (slip === 2) letters.splice(at, 0, other);
      if (slip === 3) letters.splice(at, 1, other);
    }
    const question = letters.join("");
    if (question !== name) return question;
  }
}

function pick<T>(among: readonly T[], random: () => number): T {
  const one = among[Math.floor(random() * among.length)];
  if (one === undefined) throw new Error("nothing to choose from");
  return one;
}

/** Of Tommy Ettinger's generator “mulberry32”. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function percentile(times: readonly number[], part: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * part)] ?? Number.POSITIVE_INFINITY;
}

function percentiles(times: readonly number[]): string {
  return [0.5, 0.9, 0.99].map((part) => `p${part * 100} ${percentile(times, part).toFixed(2)} ms`).join(", ");
}
