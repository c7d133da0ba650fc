/** The store is killed while an app changes hands: it is of the one organisation or of the other, in the tables and for devices. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { offerApp } from "../../catalog/transfer/offer.ts";
import type { AppId } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { newOwner, newPublisher, openPublishing, reviewer, signedApp, submitBytes } from "../publishing.ts";
import { chosenSteps, KILLS_TIMEOUT_MS, twoAtATime } from "./chosen-steps.ts";
import type { PreparedTransfer, TransferOutcome } from "./outcome.ts";
import { runChild } from "./run-child.ts";

const top = mkdtempSync(join(tmpdir(), "mosis-kill-transfer-"));
const prepared = join(top, "prepared");
const APP = "org.example.killed" as AppId;
/** In a check. */
const STEPS = 3;
afterAll(() => rmSync(top, { recursive: true, force: true }));

type State = Omit<TransferOutcome, "steps">;
const BEFORE: State = {
  owner: "giver",
  signed: ["giver"],
  offer: "open",
  waiting: "in_review",
  keyApps: 1,
  messages: ["transfer.offered", "transfer.offered"],
  told: ["transfer.offered", "transfer.offered"],
  onDevice: "giver",
  discrepancies: [],
  unfinishedJobs: [],
};
const AFTER: State = {
  ...BEFORE,
  owner: "taker",
  signed: ["taker", "giver"],
  offer: "accepted",
  waiting: "withdrawn",
  keyApps: 0,
  messages: ["transfer.accepted", "transfer.accepted", ...BEFORE.messages],
  told: [...BEFORE.told, "transfer.accepted", "transfer.accepted"],
  onDevice: "taker",
};

/** An app with a version that is published and one that waits, which is offered. */
beforeAll(async () => {
  mkdirSync(prepared);
  const { store, scheduler, close } = await openPublishing({ dataDir: prepared });
  const giver = await newPublisher(store, "Giver");
  const taker = await newPublisher(store, "Taker");
  const gives = await newOwner(store, giver.organisationId, "giver@example.com");
  const { organisations: _, ...actor } = await newOwner(store, taker.organisationId, "taker@example.com");
  for (const versionCode of [1, 2]) {
    const manifest = { id: APP, versionCode, version: `${versionCode}.0.0` };
    const version = await submitBytes(store, giver.actor, await signedApp(store, giver.signer, manifest));
    await scheduler.drain();
    if (versionCode === 1) approve(store, reviewer(), version.id, {});
    await scheduler.drain();
  }
  const owner = { organisationId: giver.organisationId };
  const key = createApiKey(store, OPERATOR, { owner, name: "narrowed", apps: [APP] });
  const facts: PreparedTransfer = {
    appId: APP,
    transferId: offerApp(store, gives, APP, { to: "Taker" }).id,
    actor,
    giverId: giver.organisationId,
    takerId: taker.organisationId,
    keyId: key.key.id,
    now: store.clock.now().toISOString(),
  };
  writeFileSync(join(prepared, "prepared.json"), JSON.stringify(facts));
  await scheduler.drain();
  await close();
}, 60_000);

const run = (folder: string, act: "accept" | "look", killAt = 0) =>
  runChild<TransferOutcome>("transfer-child.ts", folder, act, killAt);

function copyOf(name: string): string {
  const folder = join(top, name);
  cpSync(prepared, folder, { recursive: true });
  return folder;
}

function stateOf(outcome: TransferOutcome | null): State | null {
  if (outcome === null) return null;
  const { steps: _, ...state } = outcome;
  return state;
}

test(
  "a kill after durable writes leaves the app with the one or with the other, whole",
  async () => {
    expect(stateOf(await run(copyOf("before"), "look"))).toEqual(BEFORE);
    const whole = await run(copyOf("whole"), "accept");
    expect(stateOf(whole)).toEqual(AFTER);
    const steps = whole?.steps ?? [];
    expect(steps.length).toBeGreaterThan(3);
    const kinds = steps.map((step) => step.split(" ").slice(0, 2).join(" "));
    const chosen = chosenSteps({ accept: kinds }, STEPS, STEPS);
    await twoAtATime([...chosen.values()].flat(), async (step) => {
      const folder = copyOf(`step ${step}`);
      expect({ step, outcome: await run(folder, "accept", step) }).toEqual({ step, outcome: null });
      const after = stateOf(await run(folder, "look"));
      expect({ step, after }).toEqual({ step, after: after?.owner === "giver" ? BEFORE : AFTER });
      expect({ step, again: stateOf(await run(folder, "accept")) }).toEqual({ step, again: AFTER });
      rmSync(folder, { recursive: true });
    });
  },
  KILLS_TIMEOUT_MS,
);
