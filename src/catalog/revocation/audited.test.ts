/** What the audit log is told of acts; of what was so already, or refused, nothing. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { type Actor, actorLabel, OPERATOR } from "../../accounts/actor.ts";
import { addMember } from "../../accounts/organisations.ts";
import { createAccount } from "../../accounts/people.ts";
import { isProblem } from "../../errors.ts";
import type { AppId, KeyId } from "../../ids.ts";
import { type Told, toldBy } from "../../testing/audit.ts";
import { storeForAll } from "../../testing/prepared.ts";
import { newPublisher, type Publisher, revokeKey } from "../../testing/publishing.ts";
import { signedInNow } from "../../testing/signed-in.ts";
import { createApp } from "../apps.ts";
import { revoke } from "./act.ts";
import type { RevocationInput } from "./change.ts";
import { previewRevocation } from "./preview.ts";

setDefaultTimeout(60_000);

const APP = "org.example.notes" as AppId;
let publisher: Publisher;
const world = storeForAll(async () => {
  publisher = await newPublisher(world.store);
  createApp(world.store, publisher.actor, { id: APP, name: "Notes" });
});

const act = (input: RevocationInput): Promise<Told[]> =>
  toldBy(world.store.db, async () => {
    const { scope } = previewRevocation(world.store, OPERATOR, input, { limit: 10 });
    await revoke(world.store, OPERATOR, input, scope);
  });

function entry(action: string, subject: string, facts: Pick<Told, "before" | "after">, by: Actor = OPERATOR) {
  const { organisationId } = publisher;
  return { actor: actorLabel(by), action, subject, organisationId, ...facts } as Told;
}

test("an act is told with what was in force before it, once", async () => {
  const about = { subject: "app", id: APP } as const;
  const block = { act: "revoke", ...about, action: "block", reason: "Bad." } as const;
  const [blocked, removed] = ["block", "remove"].map((action) => ({
    action,
    reason: "Bad.",
    approvalsUntil: null,
  }));
  expect(await act(block)).toEqual([
    entry("revocation.made", `app ${APP}`, { before: null, after: blocked ?? null }),
  ]);
  expect(await act(block)).toEqual([]);
  expect(await act({ ...block, action: "remove" })).toEqual([
    entry("revocation.changed", `app ${APP}`, { before: { action: "block" }, after: { action: "remove" } }),
  ]);
  const lift = { act: "lift", ...about, reason: "Mended." } as const;
  expect(await act(lift)).toEqual([
    entry("revocation.lifted", `app ${APP}`, { before: removed ?? null, after: { reason: "Mended." } }),
  ]);
  const lowest = { act: "lowest-version", appId: APP, versionCode: 3, reason: "Old." } as const;
  expect(await act(lowest)).toEqual([
    entry("revocation.lowest_version", `app ${APP}`, {
      before: { versionCode: 1 },
      after: { versionCode: 3, reason: "Old." },
    }),
  ]);
  expect(await act(lowest)).toEqual([]);
});

test("an act about something else than was shown is refused, and not told", async () => {
  const input = { act: "revoke", subject: "app", id: APP, action: "block", reason: "Bad." } as const;
  const entries = await toldBy(world.store.db, async () => {
    const outcome = await revoke(world.store, OPERATOR, input, "0".repeat(64)).catch((error) => error);
    expect(isProblem(outcome) && outcome.code).toBe("revocation.scope_changed");
  });
  expect(entries).toEqual([]);
});

test("an owner's revocation of a key is told as theirs, and a developer as the organisation", async () => {
  const { store } = world;
  const { organisationId, signer } = publisher;
  const fields = { email: "owner@example.com", name: "Owner" };
  const { id: accountId } = await createAccount(store, OPERATOR, fields);
  addMember(store, OPERATOR, organisationId, accountId, "owner");
  const owner = await signedInNow(store, accountId);
  const own = () => revokeKey(store, owner, signer.keyid as KeyId, { reason: "Lost." });
  const after = { action: "block", reason: "Lost.", approvalsUntil: null };
  expect(await toldBy(store.db, own)).toEqual([
    entry("revocation.made", `key ${signer.keyid}`, { before: null, after }, owner),
  ]);
  expect(await toldBy(store.db, own)).toEqual([]);
  const about = {
    act: "revoke",
    subject: "developer",
    id: organisationId,
    action: "block",
    reason: "Lost.",
  } as const;
  expect(await act(about)).toEqual([
    entry("revocation.made", `organisation ${organisationId}`, { before: null, after }),
  ]);
});
