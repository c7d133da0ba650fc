/** Whether the kit misses every check of ours that is switched off: `bun run measure measures`. */
import { expect, test } from "bun:test";
import { join } from "node:path";

test("every check that is switched off is noticed by a case", async () => {
  const running = Bun.spawn([process.execPath, join(import.meta.dirname, "mutate.ts")], { stdout: "pipe" });
  const output = await new Response(running.stdout).text();
  expect(output).toMatch(/\n\d+ passed, 0 failed\n$/);
  expect(await running.exited).toBe(0);
}, 7_200_000);
