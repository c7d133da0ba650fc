/**
 * `bun run check`: everything that must hold, in one run, going on after a failure. The last line is
 * `N passed, N failed`; it ends with 1 when anything failed, or when no test ran.
 *
 * `bun .ci/check.ts types tests` runs only those sections.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { checkLua } from "./checks/lua.ts";
import { checkOpenApi } from "./checks/openapi.ts";
import { checkPackages } from "./checks/packages.ts";
import { runTests } from "./checks/tests.ts";
import { checkXss } from "./checks/xss.ts";
import { failed, type Outcome, single } from "./lib/outcome.ts";
import { bun, files, root, run, tool } from "./lib/run.ts";

type Section = {
  readonly name: string;
  readonly title: string;
  /** Its passes are tests that ran, and not checks of the sources. */
  readonly tests?: true;
  /** Goes on beside those after it, up to the next that needs the whole machine, and has written nothing by itself. */
  readonly beside?: true;
  /** Uses all processors for minutes. */
  readonly wholeMachine?: true;
  readonly check: () => Promise<Outcome>;
};

const ARCHITECTURE = "src/architecture.test.ts";
const binary = join(root, "dist", process.platform === "win32" ? "mosis.exe" : "mosis");

/** Processes that the tests kill. */
const children = join(root, "dist/mosis-children");

async function command(note: string, ...words: readonly string[]): Promise<Outcome> {
  return single((await run(words)).code, note);
}

/** By its full path: typescript, whose interface the scanners of our sources use, brings a `tsc` as well. */
const TSC = join(root, "node_modules/typescript-native/bin/tsc");

/** The compiler takes as long as all else that reads the sources. */
async function checkTypes(): Promise<Outcome> {
  const { code, output } = await run([bun, TSC, "--noEmit", "-p", "."], { quiet: true });
  return { ...single(code, "the types do not hold"), ...(code === 0 ? {} : { words: output.trimEnd() }) };
}

async function checkGenerated(): Promise<Outcome> {
  const list = await command("src/assets.list.ts is stale", bun, ".ci/assets-list.ts", "--check");
  const docs = await command("pages of assets/docs are stale", bun, ".ci/docs.ts", "--check");
  const notes = [list.note, docs.note].filter((note) => note !== undefined);
  return {
    passed: list.passed + docs.passed,
    failed: list.failed + docs.failed,
    ...(notes.length === 0 ? {} : { note: notes.join("; ") }),
  };
}

/** Each journey through the pages with scripts or without them: see src/testing/ways.ts. */
async function checkTests(): Promise<Outcome> {
  const seed = process.env.MOSIS_WAYS_SEED ?? crypto.randomUUID().slice(0, 8);
  console.log(`each journey in one of two ways; MOSIS_WAYS_SEED=${seed}`);
  return runTests(
    files("{src,views,conformance,bench,.ci}/**/*.test.{ts,tsx}").filter((file) => file !== ARCHITECTURE),
    // What was built above starts in an eighth of the time that the source takes, for each process anew.
    {
      timeoutMs: 1_200_000,
      inMemory: true,
      env: {
        MOSIS_WAYS_SEED: seed,
        ...(existsSync(binary) ? { MOSIS_BINARY: binary } : {}),
        ...(existsSync(children) ? { MOSIS_CHILDREN: children } : {}),
      },
    },
  );
}

/** Those that take minutes are *.e2e.measure.ts, for `bun run measure`. */
async function checkEndToEnd(): Promise<Outcome> {
  if (!existsSync(binary)) return failed(1, "there is no dist/mosis to test");
  const env: Record<string, string> = { MOSIS_BINARY: binary };
  // Of the caller's settings only these two: they repeat a run that failed.
  for (const name of ["MOSIS_KILL_SEED", "MOSIS_KILL_RUNS"]) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return runTests(files("{src,.ci}/**/*.e2e.ts"), { timeoutMs: 480_000, env });
}

const SECTIONS: readonly Section[] = [
  { name: "packages", title: "Debian packages that the tests use", check: checkPackages },
  {
    name: "assets",
    title: "Stylesheet, icons and scripts are built",
    check: () => command("assets/built could not be made", bun, ".ci/assets.ts"),
  },
  { name: "types", title: "Types", beside: true, check: checkTypes },
  {
    name: "generated",
    title: "Generated files are up to date",
    check: checkGenerated,
  },
  {
    name: "biome",
    title: "Biome: format and lint",
    check: () =>
      command(
        "Biome found something",
        ...tool("biome", "ci", "--max-diagnostics=200", "--diagnostic-level=warn"),
      ),
  },
  { name: "xss", title: "XSS scan of the pages, and of a page that must fail it", check: checkXss },
  {
    name: "architecture",
    title: "Direction of imports",
    tests: true,
    check: () => runTests([ARCHITECTURE], { timeoutMs: 60_000 }),
  },
  { name: "lua", title: "Lua tests of the samples and the scaffold", tests: true, check: checkLua },
  { name: "openapi", title: "The OpenAPI document", check: checkOpenApi },
  { name: "build", title: "Build", check: () => command("the build failed", bun, ".ci/build.ts") },
  {
    name: "children",
    title: "Build of what the tests kill",
    check: () => command("the build failed", bun, ".ci/build-children.ts"),
  },
  {
    name: "tests",
    title: "Tests",
    tests: true,
    wholeMachine: true,
    check: checkTests,
  },
  {
    name: "e2e",
    title: "End-to-end tests with the executable",
    tests: true,
    wholeMachine: true,
    check: checkEndToEnd,
  },
];

/** The sections that were asked for, in their order; all without a name. @throws Error for a name that is none */
function chosen(names: readonly string[]): readonly Section[] {
  for (const name of names) {
    if (!SECTIONS.some((section) => section.name === name))
      throw new Error(
        `there is no section ${name}; there are ${SECTIONS.map((each) => each.name).join(", ")}`,
      );
  }
  return names.length === 0 ? SECTIONS : SECTIONS.filter((section) => names.includes(section.name));
}

async function guarded(section: Section): Promise<Outcome> {
  try {
    return await section.check();
  } catch (error) {
    console.error(error);
    return failed(1, error instanceof Error ? error.message : String(error));
  }
}

type Ended = { readonly section: Section; readonly outcome: Outcome; readonly seconds: number };

async function timed(section: Section): Promise<Ended> {
  const startedAt = performance.now();
  const outcome = await guarded(section);
  return { section, outcome, seconds: (performance.now() - startedAt) / 1000 };
}

const heading = ({ name, title }: Section): string => `\n=== ${name}: ${title}`;

function lineOf({ section, outcome, seconds }: Ended): string {
  const line = `${outcome.failed === 0 ? "ok    " : "FAILED"} ${section.name.padEnd(13)} ${String(outcome.passed).padStart(6)} passed ${String(outcome.failed).padStart(4)} failed ${seconds.toFixed(1).padStart(6)} s`;
  return outcome.note === undefined ? line : `${line}  ${outcome.note}`;
}

/** Runs them in their order, and tells how each ended. */
async function runSections(sections: readonly Section[]): Promise<readonly Ended[]> {
  const all: Ended[] = [];
  const tell = (ended: Ended) => {
    all.push(ended);
    console.log(lineOf(ended));
  };
  const beside: Promise<Ended>[] = [];
  const finishBeside = async () => {
    for (const ended of await Promise.all(beside.splice(0))) {
      console.log(heading(ended.section));
      if (ended.outcome.words !== undefined) console.log(ended.outcome.words);
      tell(ended);
    }
  };
  for (const section of sections) {
    if (section.wholeMachine) await finishBeside();
    if (section.beside) {
      beside.push(timed(section));
      continue;
    }
    console.log(heading(section));
    tell(await timed(section));
  }
  await finishBeside();
  return all;
}

async function main(): Promise<number> {
  const sections = chosen(process.argv.slice(2));
  const all = await runSections(sections);
  const lines = all.map(lineOf);
  const total = { passed: 0, failed: 0, tests: 0 };
  for (const { section, outcome } of all) {
    total.passed += outcome.passed;
    total.failed += outcome.failed;
    if (section.tests) total.tests += outcome.passed;
  }
  if (total.tests === 0 && sections.some((section) => section.tests)) {
    lines.push("FAILED no test ran");
    total.failed += 1;
  }
  console.log(`\n=== Summary\n${lines.join("\n")}\n`);
  for (const line of all.flatMap(({ outcome }) => outcome.failing ?? [])) console.log(`FAILED ${line}`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

process.exitCode = await main();
