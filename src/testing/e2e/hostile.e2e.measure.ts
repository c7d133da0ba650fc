/** A package that is made to cost a reader much ends with exit 1 and findings, within the bounds, by the built executable. */
import { afterAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { workspace } from "../binary.ts";
import { expectBounded, measured } from "./bounded.ts";
import { HOSTILE, twoOfManyFiles } from "./hostile-files.ts";

const { folder, binary, remove } = workspace();
afterAll(remove);

/** How much longer than zlib alone a reader may take over streams that nobody can judge before they are inflated. */
const OVER_ZLIB = 1.25;

/** The processor's time in ms that zlib takes here for all of them. */
function inflatingMs(streams: readonly Uint8Array[]): number {
  const before = process.cpuUsage();
  for (const stream of streams) inflateRawSync(stream);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

for (const { what, code, make, streams } of HOSTILE) {
  test(what, async () => {
    const most = { mostMs: OVER_ZLIB * inflatingMs(streams?.() ?? []) };
    const file = join(folder, "hostile.mosis");
    writeFileSync(file, await make());
    const ran = await measured([binary, "verify", file, "--unsigned", "--json"], folder);
    expect([ran.exitCode, ran.stderr]).toEqual([1, ""]);
    const { sections } = JSON.parse(ran.stdout) as { sections: { findings: Record<string, unknown>[] }[] };
    const findings = sections.flatMap((section) => section.findings);
    expect(findings.map((finding) => finding.code)).toContain(code);
    for (const { found, expected, entry, offset, pointer } of findings) {
      expect([found, expected]).toEqual([expect.any(String), expect.any(String)]);
      expect(entry ?? offset ?? pointer).toBeDefined();
    }
    expectBounded(`verify ${what}`, ran, most);
    const shown = await measured([binary, "inspect", file, "--json"], folder);
    expect([shown.exitCode, shown.stderr]).toEqual([1, ""]);
    const found = JSON.parse(shown.stdout) as { findings: { code: string }[] };
    expect(found.findings.map((finding) => finding.code)).toContain(code);
    expectBounded(`inspect ${what}`, shown, most);
    const compared = await measured([binary, "diff", file, file, "--text", "--json"], folder);
    // Envelopes are shown by it and not judged, so that those packages are the same as themselves.
    const isEnvelope = /^MPK-[SX]/.test(code);
    expect(compared.exitCode).toBe(isEnvelope ? 0 : 3);
    expect(JSON.parse(compared.stdout || compared.stderr)).toMatchObject(
      isEnvelope ? { same: true } : { error: { code: "diff.not_a_package" } },
    );
    expectBounded(`diff ${what}`, compared, { files: 2, ...most });
  }, 300_000);
}

test.each([[], ["--text"], ["--json"], ["--text", "--json"]])(
  "two packages of the most files with the longest names, which differ in each, %j",
  async (...words) => {
    const [before, after] = twoOfManyFiles().map((bytes, index) => {
      const file = join(folder, `${index}.mosis`);
      writeFileSync(file, bytes);
      return file;
    });
    const ran = await measured([binary, "diff", before ?? "", after ?? "", ...words], folder);
    expect([ran.exitCode, ran.stderr]).toEqual([1, ""]);
    expect(ran.stdout.match(/d\d{5}\/y/g)?.length).toBeGreaterThan(19_000);
    expectBounded(`diff ${words.join(" ")}`, ran, { files: 2 });
  },
  300_000,
);
