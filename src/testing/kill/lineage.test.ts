/** The store is killed while a key is added, and while a recovery is approved: the lineage is the old one or the new one, whole. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requestRecovery } from "../../catalog/recovery.ts";
import type { AppId, KeyId } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { sealEnvelope } from "../../signing/dsse.ts";
import { buildKeyAddition } from "../../signing/key-statements.ts";
import {
  newOwner,
  newPublisher,
  newSigner,
  openPublishing,
  reviewer,
  signedApp,
  submitBytes,
} from "../publishing.ts";
import { liveThrough } from "../running.ts";
import { chosenSteps, KILLS_TIMEOUT_MS, twoAtATime } from "./chosen-steps.ts";
import type { LineageOutcome, PreparedLineage } from "./outcome.ts";
import { runChild } from "./run-child.ts";

const top = mkdtempSync(join(tmpdir(), "mosis-kill-lineage-"));
const prepared = join(top, "prepared");
const APP = "org.example.killed" as AppId;
/** Of each act, in a check. */
const STEPS = 1;

type State = Omit<LineageOutcome, "steps">;
const WHOLE = { discrepancies: [], unfinishedJobs: [] } as const;
const OLD: State = {
  keys: ["first"],
  recovery: "waiting",
  messages: ["recovery.requested"],
  onDevice: ["good"],
  ...WHOLE,
};
const NEW: Readonly<Record<"add" | "approve", State>> = {
  add: {
    ...OLD,
    keys: ["first", "addition"],
    // The key that was said to be lost has signed.
    recovery: "fallen",
    messages: ["key.added", "recovery.fallen", "recovery.requested"],
    onDevice: ["good", "good"],
  },
  approve: {
    ...OLD,
    keys: ["first, lost", "recovery"],
    recovery: "approved",
    messages: ["recovery.approved", "recovery.requested"],
    onDevice: ["lost", "good"],
  },
};

afterAll(() => rmSync(top, { recursive: true, force: true }));

/** A published app, a key that its first one has signed for, and a recovery by a third whose time is over. */
beforeAll(async () => {
  mkdirSync(prepared);
  const { store, scheduler, close } = await openPublishing({ dataDir: prepared });
  const { actor, organisationId, signer } = await newPublisher(store);
  const owner = await newOwner(store, organisationId);
  const version = await submitBytes(
    store,
    actor,
    await signedApp(store, signer, { id: APP, versionCode: 1 }),
  );
  await scheduler.drain();
  approve(store, reviewer(), version.id, {});
  await scheduler.drain();
  const lastResort = await newSigner(store, actor);
  const recovery = requestRecovery(store, owner, {
    keyid: lastResort.keyid as KeyId,
    reason: "All are lost.",
  });
  for (let day = 0; day < 7; day += 1) {
    liveThrough(store, 1);
    await scheduler.drain();
  }
  const statement = buildKeyAddition({
    appId: APP,
    developerId: organisationId,
    keyId: (await newSigner(store, actor)).keyid,
    position: 1,
    addedAt: store.clock.now(),
  });
  const facts: PreparedLineage = {
    appId: APP,
    actor,
    addition: Buffer.from(await sealEnvelope(statement, signer)).toString("base64"),
    recoveryId: recovery.id,
    now: store.clock.now().toISOString(),
  };
  writeFileSync(join(prepared, "prepared.json"), JSON.stringify(facts));
  await scheduler.drain();
  await close();
}, 60_000);

const run = (folder: string, act: "add" | "approve" | "look", killAt = 0) =>
  runChild<LineageOutcome>("lineage-child.ts", folder, act, killAt);

function copyOf(name: string): string {
  const folder = join(top, name);
  cpSync(prepared, folder, { recursive: true });
  return folder;
}

function stateOf(outcome: LineageOutcome | null): State | null {
  if (outcome === null) return null;
  const { steps: _, ...state } = outcome;
  return state;
}

async function killedAt(act: "add" | "approve", step: number, of: number): Promise<void> {
  const name = `${act}, step ${step} of ${of}`;
  const folder = copyOf(name);
  expect({ name, killed: (await run(folder, act, step)) === null }).toEqual({ name, killed: true });
  const after = stateOf(await run(folder, "look"));
  const wanted = after?.keys.length === 1 ? OLD : NEW[act];
  expect({ name, after }).toEqual({ name, after: wanted });
  const again = stateOf(await run(folder, act));
  expect({ name, again }).toEqual({ name, again: NEW[act] });
  rmSync(folder, { recursive: true });
}

describe("a kill after durable writes", () => {
  for (const act of ["add", "approve"] as const) {
    test(
      act === "add" ? "of a key's addition" : "of a recovery's approval",
      async () => {
        const whole = await run(copyOf(`${act}, whole`), act);
        expect(stateOf(whole)).toEqual(NEW[act]);
        const steps = whole?.steps ?? [];
        expect(steps.length).toBeGreaterThan(5);
        const chosen = chosenSteps({ [act]: steps.map(kindOf) }, STEPS, STEPS);
        await twoAtATime([...chosen.values()].flat(), (step) => killedAt(act, step, steps.length));
      },
      KILLS_TIMEOUT_MS,
    );
  }
});

/** What is done, to whichever file. */
function kindOf(step: string): string {
  return step.split(" ").slice(0, 2).join(" ");
}
