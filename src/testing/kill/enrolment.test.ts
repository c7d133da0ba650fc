/** A device is killed while it enrols: run again with the same code it is the same device, which took one use of it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { createEnrolmentCode, readEnrolmentCode } from "../../accounts/devices/codes.ts";
import { pageDevices } from "../../accounts/devices/devices.ts";
import { rootSha256 } from "../../catalog/tuf/repository.ts";
import { systemClock } from "../../clock.ts";
import { withDevice } from "../../device/device.ts";
import { search } from "../../device/inventory.ts";
import { type Portal, startPortal } from "../portal.ts";
import { chosenSteps, KILLS_TIMEOUT_MS, twoAtATime } from "./chosen-steps.ts";
import { childCommand } from "./run-child.ts";

let portal: Portal;
const top = mkdtempSync(join(tmpdir(), "mosis-kill-enrolment-"));
beforeAll(async () => {
  portal = await startPortal({ restricted: "true" });
}, 30_000);
afterAll(async () => {
  await portal.close();
  rmSync(top, { recursive: true, force: true });
});

function newCode() {
  const { code, text } = createEnrolmentCode(portal.store, OPERATOR, { label: "Kiosks" });
  return { id: code.id, text: text ?? "" };
}

/** The steps of a set-up, or null when it was killed. */
async function setUp(home: string, code: string, killAt: number): Promise<string[] | null> {
  const root = rootSha256(portal.store);
  const child = Bun.spawn(
    [...childCommand("enrolment-child.ts"), home, portal.url, root, code, String(killAt)],
    {
      stdout: "pipe",
      stderr: "pipe",
    },
  );
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  await child.exited;
  if (child.signalCode === "SIGKILL") return null;
  if (child.exitCode === 0) return JSON.parse(out) as string[];
  // Whoever is killed after the last step has nothing left to do.
  if (err.includes("is a device of")) return [];
  throw new Error(err);
}

const devicesOf = (codeId: string) =>
  pageDevices(portal.store, OPERATOR, { limit: 1000 }).items.filter((device) => device.codeId === codeId);

test(
  "after any step",
  async () => {
    const whole = (await setUp(join(top, "whole"), newCode().text, 0)) ?? [];
    expect(whole.filter((step) => step.includes("device-key"))).not.toEqual([]);
    // Each step around the enrolment itself, and some of the rest.
    const own = whole.flatMap((step, index) => (/device-|^state$/.test(step) ? [index, index + 1] : []));
    const some = chosenSteps({ setUp: whole.map((step) => step.replace(/[0-9a-f-]{8,}/g, "")) }, 1, 4).get(
      "setUp",
    );
    const steps = [...new Set([...own, ...(some ?? [])])].filter((at) => at >= 1 && at <= whole.length);
    await twoAtATime(steps, async (killAt) => {
      const home = join(top, String(killAt));
      const { id, text } = newCode();
      expect([killAt, await setUp(home, text, killAt)]).toEqual([killAt, null]);
      expect([killAt, (await setUp(home, text, 0)) !== null]).toEqual([killAt, true]);
      const found = devicesOf(id);
      expect([killAt, found.length, readEnrolmentCode(portal.store, OPERATOR, id).uses]).toEqual([
        killAt,
        1,
        1,
      ]);
      await withDevice({ home, clock: systemClock }, (device) => search(device, ""));
    });
  },
  KILLS_TIMEOUT_MS,
);
