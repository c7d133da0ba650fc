/**
 * The Lua tests of the samples and of the scaffold, run by Lua 5.4 in a copy of the app's folder. An update
 * (`<app>-update`) holds only what changes: it is laid over a copy of the app first.
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome } from "../lib/outcome.ts";
import { root, run } from "../lib/run.ts";

/** How many passed and failed, from the last line `N passed, N failed`; null when that is not what it says. */
export function readCounts(output: string): { passed: number; failed: number } | null {
  const last = output.trimEnd().split("\n").at(-1) ?? "";
  const match = /^(\d+) passed, (\d+) failed$/.exec(last);
  return match ? { passed: Number(match[1]), failed: Number(match[2]) } : null;
}

function layers(samples: string, name: string): string[] {
  const base = name.endsWith("-update") ? name.slice(0, -"-update".length) : null;
  return base === null ? [join(samples, name)] : [join(samples, base), join(samples, name)];
}

async function runSuite(name: string, folders: readonly string[]): Promise<Outcome> {
  const copy = mkdtempSync(join(tmpdir(), "mosis-lua-"));
  try {
    for (const folder of folders) {
      if (!existsSync(folder)) return { passed: 0, failed: 1, note: `${name}: ${folder} is not there` };
      cpSync(folder, copy, { recursive: true });
    }
    if (!existsSync(join(copy, "tests/run.lua")))
      return { passed: 0, failed: 1, note: `${name}: it has no tests/run.lua` };
    const { code, output } = await run(["lua5.4", "tests/run.lua"], {
      cwd: copy,
      quiet: true,
      timeoutMs: 60_000,
    });
    const counts = readCounts(output);
    console.log(`${name}: ${output.trimEnd()}`);
    if (counts === null) return { passed: 0, failed: 1, note: `${name}: ended with ${code} and no count` };
    const failed = counts.failed > 0 || (code === 0 && counts.passed > 0) ? counts.failed : 1;
    return { passed: counts.passed, failed };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

export async function checkLua(): Promise<Outcome> {
  const samples = join(root, "assets/samples");
  const names = readdirSync(samples, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(samples, entry.name, "manifest.json")))
    .map((entry) => entry.name)
    .sort();
  if (names.length === 0) return { passed: 0, failed: 1, note: "there are no samples" };
  const suites: [string, string[]][] = names.map((name) => [name, layers(samples, name)]);
  suites.push(["template", [join(root, "assets/template")]]);
  let passed = 0;
  let failed = 0;
  const notes: string[] = [];
  for (const [name, folders] of suites) {
    const outcome = await runSuite(name, folders);
    passed += outcome.passed;
    failed += outcome.failed;
    if (outcome.note !== undefined) notes.push(outcome.note);
  }
  return { passed, failed, note: notes.length > 0 ? notes.join("; ") : `${suites.length} apps` };
}
