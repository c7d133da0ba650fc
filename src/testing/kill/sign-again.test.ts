/** The store is killed while it signs again what a revoked release key had signed: each is done once, and all of it in the end. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { addKey } from "../../catalog/lineage.ts";
import { logSize } from "../../catalog/log/records.ts";
import { enact } from "../../catalog/revocation/act.ts";
import { parseChange } from "../../catalog/revocation/change.ts";
import { replaceKeys } from "../../catalog/store-keys/operations.ts";
import type { AppId } from "../../ids.ts";
import { releaseSigner } from "../../keys/authority.ts";
import { approve } from "../../review/decide.ts";
import { sealEnvelope } from "../../signing/dsse.ts";
import { buildKeyAddition } from "../../signing/key-statements.ts";
import { newPublisher, newSigner, openPublishing, reviewer, signedApp, submitBytes } from "../publishing.ts";
import { chosenSteps, KILLS_TIMEOUT_MS, twoAtATime } from "./chosen-steps.ts";
import type { PreparedSignAgain, SignAgainOutcome } from "./outcome.ts";
import { runChild } from "./run-child.ts";

const top = mkdtempSync(join(tmpdir(), "mosis-kill-sign-again-"));
const prepared = join(top, "prepared");
const APP = "org.example.killed" as AppId;
/** In a check. */
const STEPS = 1;

const WHOLE: Omit<SignAgainOutcome, "steps"> = {
  leaves: ["publication", "publication", "sealed"],
  onDevice: "installed 2",
  discrepancies: [],
  unfinishedJobs: [],
};

afterAll(() => rmSync(top, { recursive: true, force: true }));

/** An app with two versions, the second one by a key that was rotated to, and the jobs that are to sign all of that again. */
beforeAll(async () => {
  mkdirSync(prepared);
  const { store, scheduler, close } = await openPublishing({ dataDir: prepared });
  const { actor, organisationId, signer } = await newPublisher(store);
  const publish = async (versionCode: number, by: typeof signer) => {
    const bytes = await signedApp(store, by, { id: APP, versionCode, version: `${versionCode}.0.0` });
    const version = await submitBytes(store, actor, bytes);
    await scheduler.drain();
    approve(store, reviewer(), version.id, {});
    await scheduler.drain();
  };
  await publish(1, signer);
  const next = await newSigner(store, actor);
  const statement = buildKeyAddition({
    appId: APP,
    developerId: organisationId,
    keyId: next.keyid,
    position: 1,
    addedAt: store.clock.now(),
  });
  await addKey(store, actor, APP, {
    addition: Buffer.from(await sealEnvelope(statement, signer)).toString("base64"),
  });
  await publish(2, next);
  const { keyid } = releaseSigner(store);
  await replaceKeys(store, OPERATOR, ["release"]);
  await scheduler.drain();
  const change = { act: "revoke", subject: "key", id: keyid, action: "block", reason: "Stolen." } as const;
  await enact(store, OPERATOR, parseChange(change));
  const facts: PreparedSignAgain = {
    appId: APP,
    now: store.clock.now().toISOString(),
    leaves: logSize(store.db.orm),
  };
  writeFileSync(join(prepared, "prepared.json"), JSON.stringify(facts));
  await close();
}, 60_000);

const run = (folder: string, killAt = 0) => runChild<SignAgainOutcome>("sign-again-child.ts", folder, killAt);

function copyOf(name: string): string {
  const folder = join(top, name);
  cpSync(prepared, folder, { recursive: true });
  return folder;
}

test(
  "a kill after durable writes of the jobs that sign again",
  async () => {
    const { steps, ...whole } = (await run(copyOf("whole"))) ?? { steps: [] };
    expect(whole).toEqual(WHOLE);
    expect(steps.length).toBeGreaterThan(10);
    const chosen = chosenSteps({ "sign again": steps }, STEPS, STEPS).get("sign again") ?? [];
    let killed = 0;
    await twoAtATime(chosen, async (step) => {
      const folder = copyOf(`step-${step}`);
      const ended = await run(folder, step);
      // Jobs that happen to fall together write less: a run may be over before it comes to the last steps of another.
      if (ended === null) killed += 1;
      else expect({ step, late: ended.steps.length < step }).toEqual({ step, late: true });
      const { steps: _, ...after } = (await run(folder)) ?? { steps: [] };
      expect({ step, after }).toEqual({ step, after: WHOLE });
      rmSync(folder, { recursive: true });
    });
    // The last steps are not in every run: of a single one that was chosen, it may be the one.
    expect(killed).toBeGreaterThanOrEqual(Math.floor(chosen.length / 2));
  },
  KILLS_TIMEOUT_MS,
);
