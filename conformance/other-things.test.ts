/** A copy of a catalogue that holds something else than plain files: refused as what is not there, and never waited for. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { OTHER_THINGS } from "../src/testing/other-things.ts";
import { type Scratch, scratch } from "../src/testing/scratch.ts";
import { CATALOGUE_CASES } from "./make/cases/catalogues.ts";
import { makeCatalogue } from "./make/catalogue.ts";
import { writeCatalogue } from "./testing/judge-catalogue.ts";

let here: Scratch;
let at = "";
/** Of each kind of file in a copy one, and what it becomes without it; null for what is as good as none. */
let places: readonly (readonly [entry: string, code: string | null])[];

beforeAll(() => {
  here = scratch();
  const made = CATALOGUE_CASES.find(({ id }) => id === "catalogue/known-same");
  if (made === undefined) throw new Error("the kit has no such case");
  at = made.at;
  const files = makeCatalogue(made.plan);
  writeCatalogue(here.path("good"), files);
  const one = (pattern: RegExp) => [...files.keys()].find((path) => pattern.test(path)) ?? String(pattern);
  places = [
    ["metadata/timestamp.json", "catalogue.missing"],
    [one(/^metadata\/\d+\.snapshot\.json$/), "catalogue.missing"],
    [one(/^metadata\/\d+\.targets\.json$/), "catalogue.missing"],
    [one(/^targets\/trust\/.*\.ca\.pem$/), "catalogue.missing"],
    [one(/^targets\/apps\//), "catalogue.missing"],
    [one(/^log\/tile\/0\//), "catalogue.missing"],
    [one(/^log\/tile\/entries\//), "catalogue.missing"],
    ["known/log.json", "catalogue.missing"],
    ["known/root.json", "catalogue.missing"],
    ["known/timestamp.json", "catalogue.missing"],
    ["known/snapshot.json", "catalogue.missing"],
    ["metadata/2.root.json", null],
  ];
});
afterAll(() => here.remove());

const judge = (folder: string, root = "good/metadata/1.root.json") =>
  here.run(["verify-catalog", folder, "--root", root, "--at", at, "--json"]);

describe.each(OTHER_THINGS)("%s", (_what, put) => {
  test("in the place of each kind of file", async () => {
    expect(await judge("good")).toMatchObject({ exitCode: 0 });
    const wrong: unknown[] = [];
    for (const [entry, code] of places) {
      cpSync(here.path("good"), here.path("copy"), { recursive: true, force: true });
      put(here.path(`copy/${entry}`));
      const { exitCode, json, stderr } = await judge("copy");
      const { findings } = json as { findings?: { code: string; entry: string; found: string }[] };
      const isRight =
        code === null
          ? exitCode === 0
          : exitCode === 1 && findings?.[0]?.code === code && findings[0].entry === entry;
      if (!isRight || stderr !== "") wrong.push([entry, exitCode, json]);
      Bun.spawnSync(["rm", "-rf", here.path("copy")]);
    }
    expect(wrong).toEqual([]);
  }, 60_000);
});

const OTHER_FOLDERS = [
  ...OTHER_THINGS,
  ["a plain file", (path: string) => writeFileSync(path, "")],
  ["a link to nothing", (path: string) => symlinkSync("gone", path)],
] as const;

describe.each(OTHER_FOLDERS)("%s in the place of the folder of what was accepted before", (what, put) => {
  test(
    what.endsWith("folder") ? "is one" : "is refused: whether the copy is older cannot be told",
    async () => {
      cpSync(here.path("good"), here.path("copy"), { recursive: true, force: true });
      rmSync(here.path("copy/known"), { recursive: true });
      put(here.path("copy/known"));
      const ran = await judge("copy");
      Bun.spawnSync(["rm", "-rf", here.path("copy")]);
      if (what.endsWith("folder")) expect(ran).toMatchObject({ exitCode: 0 });
      else
        expect(ran).toMatchObject({
          exitCode: 1,
          json: { findings: [{ code: "catalogue.missing", entry: "known", expected: "a folder" }] },
        });
    },
  );
});

test("a link to nothing in the place of what was accepted before is refused", async () => {
  for (const name of ["root.json", "timestamp.json", "snapshot.json", "log.json"]) {
    cpSync(here.path("good"), here.path("copy"), { recursive: true, force: true });
    rmSync(here.path(`copy/known/${name}`), { force: true });
    symlinkSync("gone", here.path(`copy/known/${name}`));
    const ran = await judge("copy");
    Bun.spawnSync(["rm", "-rf", here.path("copy")]);
    expect(ran).toMatchObject({
      exitCode: 1,
      json: { findings: [{ code: "catalogue.missing", entry: `known/${name}`, found: "no such file" }] },
    });
  }
});

test("a root to begin with that is larger than any is refused as what is not there, whatever its size", async () => {
  const root = here.bytes("good/metadata/1.root.json");
  const ofSize = (sizeBytes: number) => {
    const bytes = new Uint8Array(sizeBytes).fill(0x20);
    bytes.set(root);
    return here.write("root.json", bytes);
  };
  const without = here.path("without-known");
  cpSync(here.path("good"), without, { recursive: true });
  Bun.spawnSync(["rm", "-rf", `${without}/known`]);
  expect(await judge(without, ofSize(512_000))).toMatchObject({ exitCode: 0 });
  for (const sizeBytes of [512_001, 2 ** 20, 2 ** 20 + 1, 2_000_000]) {
    const refused = await judge(without, ofSize(sizeBytes));
    expect(refused).toMatchObject({
      exitCode: 1,
      json: {
        ok: false,
        findings: [{ code: "catalogue.missing", entry: "--root", found: "more than 512000 bytes" }],
      },
    });
    // With a known root, nobody looks at it.
    expect(await judge("good", "root.json")).toMatchObject({ exitCode: knowsRoot() ? 0 : 1 });
  }
});

const knowsRoot = () => here.list("good/known").includes("root.json");
