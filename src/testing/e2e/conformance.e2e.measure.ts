/** The whole conformance kit with the executable, through the runner that strangers use. */
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "../../..");

test("every case has its verdict and code", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mosis-kit-"));
  try {
    const kit = join(folder, "kit");
    const made = Bun.spawnSync([process.execPath, "conformance/generate.ts", kit], { cwd: root });
    expect(made.exitCode).toBe(0);
    // This machine does other things beside: what has to be fast is measured by bench/.
    const words = ["--codes", "--seconds", "20", "--kit", kit, "--", process.env.MOSIS_BINARY ?? ""];
    const running = Bun.spawn([process.execPath, join(kit, "run.ts"), ...words], { stdout: "pipe" });
    const output = await new Response(running.stdout).text();
    expect(output).toMatch(/\n\d{4,} passed, 0 failed\n$/);
    expect(await running.exited).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 1_800_000);
