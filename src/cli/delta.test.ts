/** mosis make-delta and apply-delta: what the contract for other implementations says, to the byte. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileSet } from "../format/delta/testing.ts";
import { writeDelta } from "../format/delta/write.ts";
import { buildDigests, contentDigest, parseDigests } from "../format/digests.ts";
import { bytesSource } from "../format/source.ts";
import {
  createTestAuthorities,
  releasedPackage,
  sampleFiles,
  signedPackage,
  utf8,
} from "../format/testing.ts";
import { readEntryBytes } from "../format/zip/entry.ts";
import { openContainer } from "../format/zip/reader.ts";
import { OTHER_THINGS } from "../testing/other-things.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";

let here: Scratch;
let released: Uint8Array;

beforeAll(async () => {
  here = scratch();
  const authorities = await createTestAuthorities();
  const make = async (versionCode: number, changes: Record<string, Uint8Array>) => {
    const files = new Map([...sampleFiles({ versionCode }), ...Object.entries(changes)]);
    return releasedPackage(authorities, await signedPackage(authorities, files));
  };
  released = await make(2, { "main.lua": utf8("return 2\n"), "data/new": utf8("new ".repeat(300)) });
  here.write("1.mosis", await make(1, { "data/gone": utf8("gone"), "data/nothing": utf8("") }));
  here.write("2.mosis", released);
  here.write("signed.mosis", await signedPackage(authorities, sampleFiles({ versionCode: 2 })));
  for (const argv of [
    ["make-delta", "1.mosis", "2.mosis", "good.mosisd"],
    ["make-delta", "-", "2.mosis", "compact.mosisd"],
    ["make-delta", "-", "1.mosis", "first.mosisd"],
    ["apply-delta", "-", "first.mosisd", "installed"],
  ])
    expect(await here.run(argv)).toMatchObject({ exitCode: 0 });
});

afterAll(() => here.remove());

/** Path → bytes of all that lies below a folder. */
function contents(folder: string): Map<string, Buffer> {
  const names = readdirSync(here.path(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(names.sort().map((path) => [path.slice(here.path(folder).length + 1), readFileSync(path)]));
}

async function entriesOf(bytes: Uint8Array): Promise<Map<string, Buffer>> {
  const container = await openContainer(bytesSource(bytes));
  const entries = new Map<string, Buffer>();
  for (const entry of [...container.entries].sort((a, b) => (a.name < b.name ? -1 : 1)))
    entries.set(entry.name, Buffer.from(await readEntryBytes(container, entry)));
  return entries;
}

describe("OUT is the release's entries, and nothing else", () => {
  const ways: readonly (readonly [string, readonly string[]])[] = [
    ["a package as base", ["1.mosis", "good.mosisd"]],
    ["a folder as base", ["installed", "good.mosisd"]],
    ["no base", ["-", "compact.mosisd"]],
  ];
  test.each(ways)("%s", async (name, words) => {
    const out = `out-${name.replaceAll(" ", "-")}`;
    const before = here.list();
    const ran = await here.run(["apply-delta", ...words, out, "--json"]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "", json: { ok: true, findings: [] } });
    expect(contents(out)).toEqual(await entriesOf(released));
    expect(here.list()).toEqual([...before, out].sort());
    const list = parseDigests(here.bytes(`${out}/META-MOSIS/digests.json`));
    expect(ran.json).toMatchObject({ files: list.files.length });
    rmSync(here.path(out), { recursive: true });
  });
});

describe("what is refused leaves nothing, and says why in findings", () => {
  const flipped = (name: string, at: number) => {
    const bytes = here.bytes(name);
    const place = at < 0 ? bytes.length + at : at;
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    return bytes;
  };
  const copyOfInstalled = (name: string) => {
    rmSync(here.path(name), { recursive: true, force: true });
    cpSync(here.path("installed"), here.path(name), { recursive: true });
    return name;
  };
  const cases: readonly (readonly [string, string, () => readonly string[]])[] = [
    ["another base", "MPK-B003", () => ["2.mosis", "good.mosisd"]],
    ["no base for a delta", "MPK-B003", () => ["-", "good.mosisd"]],
    ["a base for a compact full one", "MPK-B003", () => ["1.mosis", "compact.mosisd"]],
    ["no container", "MPK-B001", () => ["-", "1.mosis"]],
    [
      "a changed container",
      "MPK-B007",
      () => {
        here.write("bad.mosisd", flipped("good.mosisd", -1));
        return ["1.mosis", "bad.mosisd"];
      },
    ],
    [
      "a damaged package as base",
      "MPK-C027",
      () => {
        here.write("bad.mosis", flipped("1.mosis", 60));
        return ["bad.mosis", "good.mosisd"];
      },
    ],
    ["no package as base", "MPK-C002", () => ["good.mosisd", "good.mosisd"]],
    ["a folder that is no release", "MPK-C019", () => ["installed/icons", "good.mosisd"]],
    [
      "a damaged folder as base",
      "MPK-B011",
      () => {
        const folder = copyOfInstalled("changed");
        here.write(`${folder}/main.lua`, "other");
        return [folder, "good.mosisd"];
      },
    ],
    [
      "a folder as base that lacks a file",
      "MPK-B011",
      () => {
        const folder = copyOfInstalled("lacking");
        rmSync(here.path(`${folder}/main.lua`));
        return [folder, "good.mosisd"];
      },
    ],
  ];
  test.each(cases)("%s: %s", async (...[, code, words]) => {
    const given = words();
    const before = here.list();
    const ran = await here.run(["apply-delta", ...given, "out", "--json"]);
    expect(ran).toMatchObject({ exitCode: 1, stderr: "", json: { ok: false, contentDigest: null } });
    expect(ran.json).toMatchObject({ findings: [{ code }] });
    expect(here.list()).toEqual(before);
    const spoken = await here.run(["apply-delta", ...given, "out"]);
    expect(spoken.exitCode).toBe(1);
    expect(spoken.stdout).toContain(code);
  });

  const TAKEN: readonly (readonly [name: string, code: string])[] = [
    ["META-MOSIS/digests.json", "MPK-C019"],
    ["main.lua", "MPK-B011"],
  ];
  describe.each(TAKEN)("in the place of a base's %s", (name, code) => {
    test.each(OTHER_THINGS)("%s", async (_what, put) => {
      const folder = copyOfInstalled("taken");
      put(here.path(`${folder}/${name}`));
      for (const words of [
        ["apply-delta", folder, "good.mosisd"],
        ["make-delta", folder, "2.mosis"],
      ]) {
        const ran = await here.run([...words, "out", "--json"]);
        expect(ran).toMatchObject({ exitCode: 1, stderr: "" });
        const { findings, error } = ran.json as { findings?: unknown[]; error?: { details: unknown[] } };
        expect(findings ?? error?.details).toMatchObject([{ code, entry: name, found: expect.any(String) }]);
      }
      expect(here.list()).not.toContain("out");
    });
  });

  test("a base's file that is longer than its list says is another, and one without bytes has to be there", async () => {
    const longer = copyOfInstalled("longer");
    here.write(`${longer}/main.lua`, `${readFileSync(here.path("installed/main.lua"))} `);
    const lacking = copyOfInstalled("lacking-none");
    rmSync(here.path(`${lacking}/data/nothing`));
    for (const [folder, entry] of [
      [longer, "main.lua"],
      [lacking, "data/nothing"],
    ] as const)
      expect(await here.run(["apply-delta", folder, "good.mosisd", "out", "--json"])).toMatchObject({
        exitCode: 1,
        json: { findings: [{ code: "MPK-B011", entry }] },
      });
  });

  test("OUT that is there already stays as it is", async () => {
    here.write("there/file", "mine");
    const ran = await here.run(["apply-delta", "-", "compact.mosisd", "there", "--json"]);
    expect(ran).toMatchObject({ exitCode: 3, json: { error: { code: "file.eexist" } } });
    expect(contents("there")).toEqual(new Map([["file", Buffer.from("mine")]]));
  });
});

test("one that may have been made to fill a disk is judged whole before anything is written", async () => {
  const target = fileSet({ zeros: new Uint8Array(129 * 2 ** 20) });
  here.write("zeros.mosisd", Buffer.concat(await Array.fromAsync(writeDelta(target, null))));
  const listed = parseDigests(target.digests).files.map(({ p, n, h }) => ({
    path: p,
    sizeBytes: n,
    sha256: p === "zeros" ? target.contentDigest : h,
  }));
  const digests = buildDigests(listed);
  const changed = { ...target, digests, contentDigest: contentDigest(digests) };
  here.write("changed.mosisd", Buffer.concat(await Array.fromAsync(writeDelta(changed, null))));
  // Hardly anything can be written: only what is refused for itself says so.
  const limited = (name: string) => {
    const command = [
      process.execPath,
      join(import.meta.dirname, "../main.ts"),
      "apply-delta",
      "-",
      name,
      "out",
    ];
    const words = ["/bin/sh", "-c", 'trap "" XFSZ; ulimit -f 64; exec "$@"', "sh", ...command, "--json"];
    const { exitCode, stdout, stderr } = Bun.spawnSync(words, { cwd: here.folder });
    return { exitCode, said: `${stdout}${stderr}` };
  };
  expect(limited("changed.mosisd")).toEqual({ exitCode: 1, said: expect.stringContaining("MPK-B010") });
  expect(limited("zeros.mosisd")).toEqual({ exitCode: 3, said: expect.stringContaining("file.efbig") });
  expect(here.list()).not.toContain("out");
  expect(await here.run(["apply-delta", "-", "zeros.mosisd", "out"])).toMatchObject({ exitCode: 0 });
  expect(statSync(here.path("out/zeros")).size).toBe(129 * 2 ** 20);
  rmSync(here.path("out"), { recursive: true });
}, 60_000);

test("a container is made only of a released package", async () => {
  const ran = await here.run(["make-delta", "-", "signed.mosis", "no.mosisd", "--json"]);
  expect(ran).toMatchObject({ exitCode: 1, json: { error: { code: "MPK-C031" } } });
  expect(here.list()).not.toContain("no.mosisd");
});

test("a delta is smaller than the compact full container, and that than the package", () => {
  const [delta = 0, compact = 0, whole = 0] = ["good.mosisd", "compact.mosisd", "2.mosis"].map(
    (name) => statSync(here.path(name)).size,
  );
  expect(delta).toBeLessThan(compact);
  expect(compact).toBeLessThan(whole);
});
