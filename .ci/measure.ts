/**
 * `bun run measure [NAME…]`: what takes too long for every check, by hand: many kills, every kind of machine that the
 * executable is built for, every parser fed with hostile input, and every measure of the benchmark with its limits. The last line is `N passed, N failed`.
 *
 *     MOSIS_KILL_SEED=… MOSIS_KILL_RUNS=…    repeat certain kills; 200 of them unless said
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ensurePackages } from "./checks/packages.ts";
import { runTests } from "./checks/tests.ts";
import { failed, type Outcome, passed, single } from "./lib/outcome.ts";
import { bun, files, root, run } from "./lib/run.ts";

type Section = { readonly name: string; readonly title: string; readonly take: () => Promise<Outcome> };

const HOUR_MS = 3_600_000;
const binary = join(root, "dist/mosis");

/** Targets, what `file` says of their executable, and the emulator that runs them here, if there is one. */
const TARGETS = [
  { target: "linux-x64-baseline", says: /ELF 64-bit LSB executable, x86-64/, runs: [] },
  {
    target: "linux-arm64",
    says: /ELF 64-bit LSB executable, ARM aarch64/,
    runs: ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"],
  },
  { target: "windows-x64", says: /PE32\+ executable \(console\) x86-64/ },
  { target: "darwin-x64", says: /Mach-O 64-bit x86_64 executable/ },
  { target: "darwin-arm64", says: /Mach-O 64-bit arm64 executable/ },
] as const satisfies readonly { target: string; says: RegExp; runs?: readonly string[] }[];

const FOREIGN_PACKAGES = [
  { name: "file", provides: "file" },
  { name: "qemu-user", provides: "qemu-aarch64" },
  // The dynamic loader and the C library of arm64.
  { name: "libc6-arm64-cross", provides: "/usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1" },
];

async function buildNative(): Promise<Outcome> {
  return single(
    (await run([bun, ".ci/build.ts", "--outfile", binary], { quiet: true })).code,
    "the build failed",
  );
}

/** The same commit gives the same bytes. */
async function buildTwice(): Promise<Outcome> {
  const digests = new Set<string>();
  for (const name of ["first", "second"]) {
    const outfile = join(root, "dist", `mosis-${name}`);
    const { code, output } = await run([bun, ".ci/build.ts", "--outfile", outfile], { quiet: true });
    if (code !== 0) return failed(1, `the build failed: ${output.slice(-500)}`);
    digests.add(new Bun.CryptoHasher("sha256").update(readFileSync(outfile)).digest("hex"));
    await Bun.file(outfile).delete();
  }
  return digests.size === 1 ? passed(1) : failed(1, `two builds differ: ${[...digests].join(", ")}`);
}

async function buildTargets(): Promise<Outcome> {
  const packages = await ensurePackages(FOREIGN_PACKAGES);
  if (packages.failed > 0) return packages;
  const wrong: string[] = [];
  let right = 0;
  for (const { target, says, ...how } of TARGETS) {
    const { code, output } = await run([bun, ".ci/build.ts", "--target", target], { quiet: true });
    const path = join(root, "dist", `mosis-${target}${target.startsWith("windows") ? ".exe" : ""}`);
    if (code !== 0) {
      wrong.push(`${target} was not built: ${output.slice(-300)}`);
      continue;
    }
    const kind = (await run(["file", "-b", path], { quiet: true })).output;
    if (says.test(kind)) right += 1;
    else wrong.push(`${target} is ${kind.trim()}`);
    if ("runs" in how) {
      const said = await run([...how.runs, path, "--version"], { quiet: true });
      if (said.code === 0 && /^mosis \d+\.\d+\.\d+ \(commit /m.test(said.output)) right += 1;
      else wrong.push(`${target} does not run: ${said.output.slice(0, 300)}`);
    }
  }
  console.log(wrong.join("\n"));
  return wrong.length === 0 ? passed(right) : { passed: right, failed: wrong.length, note: wrong.join("; ") };
}

async function killOften(): Promise<Outcome> {
  const env: Record<string, string> = {
    MOSIS_BINARY: binary,
    MOSIS_KILL_RUNS: process.env.MOSIS_KILL_RUNS ?? "200",
  };
  if (process.env.MOSIS_KILL_SEED !== undefined) env.MOSIS_KILL_SEED = process.env.MOSIS_KILL_SEED;
  return runTests(["src/testing/e2e/kill.e2e.ts"], { timeoutMs: 6 * HOUR_MS, env });
}

/** Of the steps that a check draws a sample from, all. */
async function killAfterEachStep(): Promise<Outcome> {
  return runTests(files("src/testing/kill/*.test.ts"), {
    timeoutMs: 2 * HOUR_MS,
    env: { MOSIS_KILL: "all" },
  });
}

/** Of the widths and themes in which a check draws one for each page, all. */
async function lookEverywhere(): Promise<Outcome> {
  return runTests(files("src/http/portal/*looks*.test.ts"), {
    timeoutMs: HOUR_MS,
    env: { MOSIS_LOOKS: "all" },
  });
}

/** With scripts and without them each journey of which a check takes one way. */
async function goEveryWay(): Promise<Outcome> {
  const journeys = files("src/http/portal/*.test.ts").filter((file) =>
    readFileSync(join(root, file), "utf8").includes("waysOf("),
  );
  return runTests(journeys, { timeoutMs: HOUR_MS });
}

/** Of the amounts of room on a device's disk of which a check takes half, all. */
async function leaveEveryRoom(): Promise<Outcome> {
  return runTests(["src/device/full-disk.test.ts"], { timeoutMs: HOUR_MS, env: { MOSIS_ROOM: "all" } });
}

async function takeMeasures(): Promise<Outcome> {
  const measured = files("{src,conformance,.ci}/**/*.measure.ts");
  return measured.length === 0
    ? passed(0, "there are none")
    : runTests(measured, { timeoutMs: 6 * HOUR_MS, env: { MOSIS_BINARY: binary } });
}

const SECTIONS: readonly Section[] = [
  { name: "build", title: "The executable for this machine", take: buildNative },
  { name: "reproducible", title: "Two builds of one commit", take: buildTwice },
  { name: "targets", title: "Executables for other machines", take: buildTargets },
  { name: "kills", title: "The served executable, killed many times", take: killOften },
  { name: "steps", title: "A store and a device, killed after every durable write", take: killAfterEachStep },
  { name: "looks", title: "Every page through axe in every width and theme", take: lookEverywhere },
  { name: "ways", title: "Every journey with scripts and without them", take: goEveryWay },
  { name: "room", title: "A device at every amount of room on its disk", take: leaveEveryRoom },
  { name: "measures", title: "Long tests (*.measure.ts)", take: takeMeasures },
  {
    name: "fuzz",
    title: "Half a minute of fuzzing of each parser",
    take: async () =>
      single(
        (await run([bun, "conformance/fuzz/run.ts", "--minutes", "0.5"], { timeoutMs: 2 * HOUR_MS })).code,
        "a parser crashed, hung or took too much memory",
      ),
  },
  {
    name: "bench",
    title: "The benchmark, with its limits",
    take: async () =>
      single(
        (await run([bun, "bench/run.ts"], { timeoutMs: HOUR_MS })).code,
        "a measure failed or is above its limit",
      ),
  },
];

async function main(): Promise<number> {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !SECTIONS.some((section) => section.name === name));
  if (unknown !== undefined) {
    console.error(
      `There is no section ${unknown}; there are ${SECTIONS.map(({ name }) => name).join(", ")}.`,
    );
    return 2;
  }
  const total = { passed: 0, failed: 0 };
  for (const section of SECTIONS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    console.log(`\n=== ${section.name}: ${section.title}`);
    const outcome = await section.take().catch((error: unknown) => failed(1, String(error)));
    total.passed += outcome.passed;
    total.failed += outcome.failed;
    console.log(`${section.name}: ${outcome.passed} passed, ${outcome.failed} failed  ${outcome.note ?? ""}`);
    for (const line of outcome.failing ?? []) console.log(`FAILED ${line}`);
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

process.exitCode = await main();
