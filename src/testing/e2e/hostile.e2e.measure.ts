/**
 * What is made to cost a reader much ends with exit 1 and findings, within 2 s and 200 MB, by the built executable. What counts is the
 * processor's time of all threads, since the machine may have other things to do.
 */
import { afterAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { workspace } from "../binary.ts";
import { HOSTILE } from "./hostile-files.ts";

const { folder, binary, remove } = workspace();
afterAll(remove);

const MOST_MS = 2000;
const MOST_BYTES = 200e6;

type Ran = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly cpuMs: number;
  readonly maxBytes: number;
};

async function measured(command: readonly string[]): Promise<Ran> {
  const child = Bun.spawn([process.execPath, join(import.meta.dirname, "measured.ts"), ...command], {
    cwd: folder,
    env: { PATH: "/usr/bin:/bin", HOME: folder },
    stdout: "pipe",
  });
  const text = await new Response(child.stdout).text();
  await child.exited;
  return JSON.parse(text) as Ran;
}

function isBounded(what: string, { cpuMs, maxBytes }: Ran): void {
  console.log(`${what}: ${Math.round(cpuMs)} ms, ${Math.round(maxBytes / 1e6)} MB`);
  expect(cpuMs).toBeLessThan(MOST_MS);
  expect(maxBytes).toBeLessThan(MOST_BYTES);
}

for (const { what, code, make } of HOSTILE) {
  test(what, async () => {
    const file = join(folder, "hostile.mosis");
    writeFileSync(file, await make());
    const ran = await measured([binary, "verify", file, "--unsigned", "--json"]);
    expect([ran.exitCode, ran.stderr]).toEqual([1, ""]);
    const { sections } = JSON.parse(ran.stdout) as { sections: { findings: Record<string, unknown>[] }[] };
    const findings = sections.flatMap((section) => section.findings);
    expect(findings.map((finding) => finding.code)).toContain(code);
    for (const { found, expected, entry, offset, pointer } of findings) {
      expect([found, expected]).toEqual([expect.any(String), expect.any(String)]);
      expect(entry ?? offset ?? pointer).toBeDefined();
    }
    isBounded(`verify ${what}`, ran);
    const shown = await measured([binary, "inspect", file, "--json"]);
    expect([shown.exitCode, shown.stderr]).toEqual([1, ""]);
    const found = JSON.parse(shown.stdout) as { findings: { code: string }[] };
    expect(found.findings.map((finding) => finding.code)).toContain(code);
    isBounded(`inspect ${what}`, shown);
  }, 300_000);
}
