/** The kit's runner as a program of its own: what it says of programs that are scripts, hang, use too much, or answer otherwise. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { appendFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sha256Hex } from "../src/format/digests.ts";
import { type Scratch, scratch } from "../src/testing/scratch.ts";
import { authorities } from "./make/authorities.ts";
import { CATALOGUE_CASES } from "./make/cases/catalogues.ts";
import { basePackage, DELTA_CASES, expectedFiles, makeDelta } from "./make/cases/deltas.ts";
import { makeCatalogue } from "./make/catalogue.ts";
import { type Index, indexCatalogue, indexDelta, indexPackage, indexText } from "./make/kit.ts";
import { PACKAGE_CASES } from "./make/package-cases.ts";
import { makePackage } from "./make/packages.ts";

let here: Scratch;
const linux = process.platform === "linux";
/** Found among all processes of the machine by its number. */
const SLEEP = `sleep ${100_000 + process.pid}`;

function named<T extends { readonly id: string }>(cases: readonly T[], id: string): T {
  const found = cases.find((each) => each.id === id);
  if (found === undefined) throw new Error(`the kit has no ${id}`);
  return found;
}

/** A small kit of the same making: an accepted and a refused package, a delta, a catalogue. */
async function makeKit(): Promise<void> {
  const shared: Record<string, string> = {};
  const put = (path: string, bytes: Uint8Array) => {
    mkdirSync(dirname(here.path(`kit/${path}`)), { recursive: true });
    writeFileSync(here.path(`kit/${path}`), bytes);
    return sha256Hex(bytes);
  };
  for (const [name, pem] of authorities())
    shared[`keys/${name}.pem`] = put(`keys/${name}.pem`, Buffer.from(pem));
  shared["deltas/bases/base.mosis"] = put("deltas/bases/base.mosis", basePackage("base"));
  const packages = ["valid/released", "json/proto"].map((id) => {
    const made = named(PACKAGE_CASES, id);
    const bytes = makePackage(made.plan);
    const row = indexPackage(made, bytes);
    put(row.file, bytes);
    return row;
  });
  const delta = named(DELTA_CASES, "delta/valid");
  const deltaBytes = await makeDelta(delta.plan);
  const deltas = [indexDelta(delta, deltaBytes)];
  for (const { file } of deltas) put(file, deltaBytes);
  const catalogue = named(CATALOGUE_CASES, "catalogue/valid");
  const files = makeCatalogue(catalogue.plan);
  const catalogues = [indexCatalogue(catalogue, files)];
  for (const [path, bytes] of files) put(`${catalogues[0]?.folder}/${path}`, bytes);
  const index: Index = { v: 1, shared, packages, deltas, deltaResult: await expectedFiles(), catalogues };
  put("cases.json", Buffer.from(indexText(index)));
}

beforeAll(async () => {
  here = scratch();
  await makeKit();
});
afterAll(() => here.remove());

/** A script that is the program under test; `mosis` in it is the project's own. */
function program(body: string): string {
  const main = join(import.meta.dirname, "../src/main.ts");
  return here.write(
    "program",
    `#!/bin/sh\nmosis() { "${process.execPath}" "${main}" "$@"; }\n${body}\n`,
    0o755,
  );
}

async function runKit(words: readonly string[], command: string, kit = "kit") {
  const startedAt = performance.now();
  const ran = Bun.spawn(
    [process.execPath, join(import.meta.dirname, "run.ts"), "--kit", here.path(kit), ...words, "--", command],
    { stdout: "pipe", stderr: "pipe", cwd: here.folder },
  );
  const [stdout, stderr] = await Promise.all([
    new Response(ran.stdout).text(),
    new Response(ran.stderr).text(),
  ]);
  return { exitCode: await ran.exited, stdout, stderr, seconds: (performance.now() - startedAt) / 1000 };
}

const ROOMY = ["--seconds", "20", "--megabytes", "500"];

test("a script that calls the project's own program passes", async () => {
  const ran = await runKit([...ROOMY, "--codes"], program('mosis "$@"'));
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  expect(ran.stdout).toContain("4 passed, 0 failed");
}, 60_000);

describe("a program that hangs is ended, with all that it started", () => {
  test.each([
    ["a child of a script", `${SLEEP}; echo x`],
    ["children of children", `(sh -c '${SLEEP}' & sh -c '${SLEEP}'; echo y); echo x`],
    ["a child that left the group and the session", `setsid ${SLEEP}; echo x`],
    ["one whose parent ended too", `setsid sh -c '${SLEEP} &'; ${SLEEP}`],
    ["one that nobody can find", `env -i setsid sh -c '${SLEEP} &'; ${SLEEP}`],
    ["a script that takes no signals", `trap '' TERM INT HUP; ${SLEEP}; ${SLEEP}`],
  ])(
    "%s",
    async (what, body) => {
      const ran = await runKit(["--seconds", "0.04", "--only", "valid/released"], program(body));
      expect(ran).toMatchObject({ exitCode: 1, stderr: "" });
      expect(ran.stdout).toContain("it took ");
      expect(ran.seconds).toBeLessThan(15);
      const left = Bun.spawnSync(["pgrep", "-f", `^${SLEEP}`]).stdout.toString();
      // It is not waited for.
      if (what.startsWith("one that nobody"))
        for (const pid of left.split(/\s+/).filter(Boolean)) process.kill(Number(pid));
      else expect(left).toBe("");
    },
    30_000,
  );

  test("which is not there is nothing that the kit is to run on", async () => {
    const lost = await runKit(ROOMY, "/no/such/program");
    expect(lost).toMatchObject({ exitCode: 2, stdout: "" });
  });

  test("a runner that is interrupted takes along what it started", async () => {
    const ran = Bun.spawn(
      [
        process.execPath,
        join(import.meta.dirname, "run.ts"),
        "--kit",
        here.path("kit"),
        "--",
        program(`${SLEEP}1`),
      ],
      { stdout: "ignore", stderr: "ignore" },
    );
    const count = () =>
      Bun.spawnSync(["pgrep", "-fc", `^${SLEEP}1`])
        .stdout.toString()
        .trim();
    while (count() === "0") await Bun.sleep(20);
    ran.kill("SIGTERM");
    expect(await ran.exited).toBe(143);
    for (let tries = 0; count() !== "0" && tries < 100; tries++) await Bun.sleep(20);
    expect(count()).toBe("0");
  }, 30_000);
});

describe.skipIf(!linux)(
  "a program that has answered is judged by its answer, and what it left running is ended",
  () => {
    const answer = `echo '{"ok":true,"findings":[]}'`;
    test.each([
      ["with the output open", `${SLEEP}2 &`],
      ["without the output", `${SLEEP}2 >/dev/null 2>&1 &`],
      ["in a session of its own", `setsid ${SLEEP}2 >/dev/null 2>&1 & sleep 0.2`],
      ["in a session of its own, with the output open", `setsid ${SLEEP}2 & sleep 0.2`],
      ["far below", `(setsid sh -c 'setsid ${SLEEP}2 & true' &) & sleep 0.2`],
    ])(
      "%s",
      async (_where, body) => {
        const ran = await runKit(["--only", "valid/released"], program(`${body}\n${answer}`));
        expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
        expect(ran.seconds).toBeLessThan(10);
        expect(Bun.spawnSync(["pgrep", "-f", `^${SLEEP}2`]).stdout.toString()).toBe("");
      },
      30_000,
    );

    test("one that cannot be found and holds the output is not waited for", async () => {
      const ran = await runKit(
        ["--only", "valid/released"],
        program(`env -i setsid ${SLEEP}3 & sleep 0.2\n${answer}`),
      );
      const left = Bun.spawnSync(["pgrep", "-f", `^${SLEEP}3`]).stdout.toString();
      for (const pid of left.split(/\s+/).filter(Boolean)) process.kill(Number(pid));
      expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    }, 30_000);

    test("and how much memory the shortest took is said", async () => {
      const ran = await runKit(["--only", "valid/released"], program(answer));
      expect(ran.stdout).toMatch(/most memory: (?:\d+ MB|not seen, since every call was too short)/);
    });
  },
);

test.each<{ words: readonly string[] }>([
  { words: ["--only"] },
  { words: ["--only", ""] },
  { words: ["--only", "--codes"] },
  { words: ["--kit"] },
  { words: ["--report"] },
  { words: ["--report", "--only"] },
  { words: ["--jobs", "0.5"] },
  { words: ["--seconds", "Infinity"] },
])("$words is wrong usage: nothing is run", async ({ words }) => {
  const ran = await runKit(words, program("echo run >> runs; exit 1"));
  expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
  expect(ran.stderr).toContain(words[0] ?? "");
});

const BUSY = `python3 -c "
import time
kept = bytearray(150 * 1024 * 1024)
end = time.process_time() + 0.4
while time.process_time() < end: pass
"
echo '{"ok":true,"findings":[]}'`;

describe.skipIf(!linux)("what a script's children use is the program's", () => {
  test("memory", async () => {
    const ran = await runKit(["--megabytes", "100", "--only", "valid/released"], program(BUSY));
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout).toMatch(/it used 1[5-9]\d MB of memory/);
  });
  test("memory of several at once is added up", async () => {
    const two = program(
      `(${BUSY.replace("\necho", "\n) & (:; echo")}) & ${BUSY.replace(/\necho.*/, "")}\nwait`,
    );
    const ran = await runKit(["--megabytes", "250", "--only", "valid/released"], two);
    expect(ran.stdout).toMatch(/it used 3\d\d MB of memory/);
  });
  test("processor time, whoever waits for it", async () => {
    const ran = await runKit(["--seconds", "0.3", "--only", "valid/released"], program(BUSY));
    expect(ran.stdout).toMatch(/it took (?:0\.[4-9]|1)/);
  });
  test("and what sleeps takes none", async () => {
    const idle = program(`sleep 0.8\necho '{"ok":true,"findings":[]}'`);
    expect(await runKit(["--seconds", "0.3", "--only", "valid/released"], idle)).toMatchObject({
      exitCode: 0,
    });
  });
});

describe("an answer that is none by the contract", () => {
  test.each([
    ["accepts with findings", "valid/released", `echo '{"ok":true,"findings":[{"code":"MPK-C001"}]}'`],
    ["refuses without a finding", "json/", `echo '{"ok":false,"findings":[]}'; exit 1`],
    ["lacks ok or findings", "valid/released", `echo '{"ok":true}'`],
    ["is not one JSON document", "valid/released", "yes"],
    [
      "these entries are not what they should be: META-MOSIS",
      "delta/valid",
      `echo '{"ok":true,"findings":[]}'`,
    ],
    [
      "should be: META-MOSIS/x, left, left/over",
      "delta/valid",
      `mosis "$@"; mkdir -p "$4/left/over" "$4/META-MOSIS/x"`,
    ],
    ["should be: main.lua", "delta/valid", `mosis "$@"; rm "$4/main.lua"; mkdir "$4/main.lua"`],
    ["should be: main.lua", "delta/valid", `mosis "$@"; mv "$4/main.lua" "$4.x"; ln -s "$4.x" "$4/main.lua"`],
    ["should be: .,", "delta/valid", `echo '{"ok":true,"findings":[]}'; echo > "$4"`],
  ])(
    "%s",
    async (fault, only, body) => {
      const quick = body === "yes" ? ["--seconds", "0.04"] : ROOMY;
      const ran = await runKit([...quick, "--only", only], program(body));
      expect(ran).toMatchObject({ exitCode: 1, stderr: "" });
      expect(ran.stdout).toContain(fault);
    },
    30_000,
  );
});

test("a text that no id contains is said to be, and is no success", async () => {
  const ran = await runKit([...ROOMY, "--only", "catalogues/"], program("exit 1"));
  expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
  expect(ran.stderr).toContain('No case of cases.json has "catalogues/" in its id.');
});

describe("a kit that is damaged is said to be, and nothing is run", () => {
  test.each([
    ["packages/valid/released.mosis", "valid/released"],
    ["keys/ca.pem", "valid/released"],
    ["deltas/bases/base.mosis", "delta/"],
    ["deltas/valid.mosisd", "delta/"],
    ["catalogues/valid/metadata/timestamp.json", "catalogue/"],
    ["catalogues/valid/more", "catalogue/"],
  ])("%s", async (name, only) => {
    const run = async () =>
      runKit([...ROOMY, "--only", only], program("echo run >> runs; exit 1"), "damaged");
    cpSync(here.path("kit"), here.path("damaged"), { recursive: true });
    appendFileSync(here.path(`damaged/${name}`), "x");
    const ran = await run();
    expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
    expect(ran.stderr).toContain(
      `The kit is damaged, so that nothing was run: ${name.split("/metadata/")[0]?.replace("/more", "")}`,
    );
    rmSync(here.path(`damaged/${name}`));
    expect((await run()).exitCode).toBe(name.endsWith("more") ? 1 : 2);
    rmSync(here.path("damaged"), { recursive: true });
  });

  test.each<[name: string, only: string, what: string, change: (path: string) => void]>([
    ["keys/ca.pem", "valid/released", "a folder", (path) => mkdirSync(path)],
    ["keys/ca.pem", "valid/released", "no file", (path) => Bun.spawnSync(["mkfifo", path])],
    ["cases.json", "", "cut", (path) => writeFileSync(path, '{"v":1,"shared":{')],
    ["cases.json", "", "another document", (path) => writeFileSync(path, "{}")],
    ["cases.json", "", "no object", (path) => writeFileSync(path, "null")],
    ["catalogues/valid/empty/", "catalogue/", "an added folder", (path) => mkdirSync(path)],
  ])("%s (%s): %s", async (name, only, _what, change) => {
    cpSync(here.path("kit"), here.path("damaged"), { recursive: true });
    rmSync(here.path(`damaged/${name}`), { recursive: true, force: true });
    change(here.path(`damaged/${name}`));
    const words = only === "" ? ROOMY : [...ROOMY, "--only", only];
    const ran = await runKit(words, program("echo run >> runs; exit 1"), "damaged");
    rmSync(here.path("damaged"), { recursive: true });
    expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
    const named = name.replace("/empty/", "");
    expect(ran.stderr).toBe(`The kit is damaged, so that nothing was run: ${named}\n`);
  });
});
