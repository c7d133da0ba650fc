/**
 * The store is killed while a developer is revoked, and while that is lifted: tables, signed list, log, list of revoked
 * certificates, offer and messages are all of before or all of after, and a call that is made again ends in the same place.
 */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { addMember } from "../../accounts/organisations.ts";
import { createAccount } from "../../accounts/people.ts";
import type { AppId, KeyId, OrganisationId } from "../../ids.ts";
import { developerCaPems } from "../../keys/trust-anchors.ts";
import { approve } from "../../review/decide.ts";
import { X509Certificate } from "../../signing/x509.ts";
import { newPublisher, openPublishing, reviewer, signedApp, submitBytes } from "../publishing.ts";
import { chosenSteps, KILLS_TIMEOUT_MS, twoAtATime } from "./chosen-steps.ts";
import type { PreparedRevocation, RevocationOutcome } from "./outcome.ts";
import { runChild } from "./run-child.ts";

const top = mkdtempSync(join(tmpdir(), "mosis-kill-revocation-"));
const APP = "org.example.killed" as AppId;
/** Of each act, in a check. */
const LEAST_STEPS = 1;
let organisationId: OrganisationId;

type Act = "revoke" | "lift";
type State = Omit<RevocationOutcome, "steps">;

const before = (): State => ({
  inForce: [],
  acts: [],
  signed: [],
  logged: [],
  crl: 0,
  offered: 1,
  onFront: 1,
  waiting: "in_review",
  messages: [],
  onDevice: "installed",
  discrepancies: [],
  unfinishedJobs: [],
});
const revoked = (): State => ({
  ...before(),
  inForce: [`remove ${organisationId}`],
  acts: ["remove"],
  signed: [`remove ${organisationId}`],
  logged: ["remove"],
  crl: 1,
  offered: 0,
  onFront: 0,
  waiting: "withdrawn",
  messages: ["revocation.revoked"],
  onDevice: "device.revoked",
});
const lifted = (): State => ({
  ...before(),
  acts: ["lift", "remove"],
  logged: ["remove", "lift"],
  waiting: "withdrawn",
  messages: ["revocation.lifted", "revocation.revoked"],
});
const STATES: Readonly<Record<Act, readonly [() => State, () => State]>> = {
  revoke: [before, revoked],
  lift: [revoked, lifted],
};

const prepared = (act: Act) => join(top, `before ${act}`);
afterAll(() => rmSync(top, { recursive: true, force: true }));

/** A published app, with a second version in review; once as it is, and once revoked. */
beforeAll(async () => {
  const dataDir = prepared("revoke");
  mkdirSync(dataDir);
  const { store, scheduler, close } = await openPublishing({ dataDir });
  const publisher = await newPublisher(store);
  ({ organisationId } = publisher);
  const owner = { email: "owner@example.com", name: "Owner", password: "correct horse battery" };
  addMember(store, OPERATOR, organisationId, (await createAccount(store, OPERATOR, owner)).id, "owner");
  const submit = async (versionCode: number) => {
    const bytes = await signedApp(store, publisher.signer, {
      id: APP,
      versionCode,
      version: `${versionCode}.0.0`,
    });
    const { id } = await submitBytes(store, publisher.actor, bytes);
    await scheduler.drain();
    return id;
  };
  approve(store, reviewer(), await submit(1), {});
  await scheduler.drain();
  const spki = new Uint8Array(new X509Certificate(developerCaPems(store)[0] ?? "").publicKey.rawData);
  const facts: PreparedRevocation = {
    appId: APP,
    organisationId,
    waiting: await submit(2),
    issuerKeyid: new Bun.CryptoHasher("sha256").update(spki).digest("hex") as KeyId,
    now: store.clock.now().toISOString(),
  };
  writeFileSync(join(dataDir, "prepared.json"), JSON.stringify(facts));
  await close();
  cpSync(dataDir, prepared("lift"), { recursive: true });
  await run(prepared("lift"), "revoke");
}, 60_000);

const run = (folder: string, act: Act | "look", killAt = 0) =>
  runChild<RevocationOutcome>("revocation-child.ts", folder, act, killAt);

function copyOf(act: Act, name: string): string {
  const folder = join(top, name);
  cpSync(prepared(act), folder, { recursive: true });
  return folder;
}

function stateOf(outcome: RevocationOutcome | null): State | null {
  if (outcome === null) return null;
  const { steps: _, ...state } = outcome;
  return state;
}

async function killedAt(act: Act, step: number, of: number): Promise<void> {
  const name = `${act}, step ${step} of ${of}`;
  const [old, done] = STATES[act];
  const folder = copyOf(act, name);
  expect({ name, killed: (await run(folder, act, step)) === null }).toEqual({ name, killed: true });
  const after = stateOf(await run(folder, "look"));
  const isOld = after?.acts.length === old().acts.length;
  expect({ name, after }).toEqual({ name, after: isOld ? old() : done() });
  const again = stateOf(await run(folder, act));
  expect({ name, again }).toEqual({ name, again: done() });
  rmSync(folder, { recursive: true });
}

test(
  "a kill after durable writes of revoking and of lifting",
  async () => {
    const steps = { revoke: await stepsOf("revoke"), lift: await stepsOf("lift") };
    const chosen = chosenSteps(
      { revoke: steps.revoke.map(kindOf), lift: steps.lift.map(kindOf) },
      LEAST_STEPS,
    );
    for (const act of ["revoke", "lift"] as const)
      await twoAtATime(chosen.get(act) ?? [], (step) => killedAt(act, step, steps[act].length));
  },
  KILLS_TIMEOUT_MS,
);

/** Those of an act that nothing interrupts, which is done whole. */
async function stepsOf(act: Act): Promise<readonly string[]> {
  const whole = await run(copyOf(act, `${act}, whole`), act);
  expect(stateOf(whole)).toEqual(STATES[act][1]());
  expect(whole?.steps.length).toBeGreaterThan(5);
  return whole?.steps ?? [];
}

/** What is done, to whichever file. */
function kindOf(step: string): string {
  return step.split(" ").slice(0, 2).join(" ");
}
