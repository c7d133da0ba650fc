/** Whoever something was taken from is told in the same transaction: each owner once an act, and nobody of another organisation. */
import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { OPERATOR } from "../../accounts/actor.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { addMember } from "../../accounts/organisations.ts";
import { createAccount } from "../../accounts/people.ts";
import type { AccountId, AppId, OrganisationId } from "../../ids.ts";
import { releaseSigner } from "../../keys/authority.ts";
import { fingerprintText } from "../../signing/keys.ts";
import { storeForAll } from "../../testing/prepared.ts";
import { newPublisher, type Publisher, revokeKey, signedApp, submitBytes } from "../../testing/publishing.ts";
import * as catalog from "../records.ts";
import { revoke } from "./act.ts";
import type { RevocationInput } from "./change.ts";
import { previewRevocation } from "./preview.ts";

let publisher: Publisher;
let owners: readonly AccountId[];
let stranger: AccountId;
const app = "org.example.told" as AppId;

const world = storeForAll(async () => {
  publisher = await newPublisher(world.store, "Told");
  const other = await newPublisher(world.store, "Other");
  const join = async (name: string, organisationId: OrganisationId, role: "owner" | "developer") => {
    const email = `${name}@example.org`;
    const { id } = await createAccount(world.store, OPERATOR, {
      email,
      name,
      password: "correct horse battery",
    });
    addMember(world.store, OPERATOR, organisationId, id, role);
    return id;
  };
  owners = [
    await join("first", publisher.organisationId, "owner"),
    await join("second", publisher.organisationId, "owner"),
  ];
  await join("developer", publisher.organisationId, "developer");
  stranger = await join("stranger", other.organisationId, "owner");
  await submitBytes(
    world.store,
    publisher.actor,
    await signedApp(world.store, publisher.signer, { id: app }),
  );
  await world.scheduler.drain();
});

const reason = "It sends what people write to strangers.";
const messages = () => listMessages(world.store, OPERATOR, { limit: 100 }).items;

/** What was written because of an act. */
async function toldOf(input: RevocationInput) {
  const before = new Set(messages().map(({ id }) => id));
  const { scope } = previewRevocation(world.store, OPERATOR, input, { limit: 1 });
  await revoke(world.store, OPERATOR, input, scope);
  return messages().filter(({ id }) => !before.has(id));
}

test("each subject and act is told to every owner, with its reason and what follows", async () => {
  const digest = catalog.selectVersions(world.store.db.orm, app, { limit: 1 })[0]?.contentDigest ?? "";
  const certificate = createHash("sha256").update(publisher.signer.certificateDer).digest("hex");
  const { keyid } = publisher.signer;
  const cases = [
    ["package", digest, "1.2.3", "/dashboard"],
    ["app", app, app, `/apps/${app}`],
    ["certificate", certificate, fingerprintText(certificate), "/keys"],
    ["key", keyid, fingerprintText(keyid), `/keys/${keyid}`],
    ["developer", publisher.organisationId, "Told", "/dashboard"],
  ] as const;
  for (const [subject, id, name, path] of cases) {
    for (const [action, consequence] of [
      ["block", "Installed copies stay"],
      ["disable", "installed copies do not start"],
      ["remove", "installed copies are taken away"],
    ] as const) {
      const told = await toldOf({ act: "revoke", subject, id, action, reason });
      expect(told.map(({ accountId }) => accountId).sort()).toEqual([...owners].sort());
      for (const message of told) {
        expect(message).toMatchObject({ kind: "revocation.revoked", path });
        expect(message.subject).toContain(name);
        expect(message.body).toContain(reason);
        expect(message.body).toContain(consequence);
      }
    }
    const lifted = await toldOf({ act: "lift", subject, id, reason: "A mistake of ours." });
    expect(lifted.map(({ kind }) => kind)).toEqual(["revocation.lifted", "revocation.lifted"]);
    expect(lifted[0]?.body).toContain("A mistake of ours.");
  }
  const lowest = await toldOf({ act: "lowest-version", appId: app, versionCode: 9, reason });
  expect(lowest.map(({ kind }) => kind)).toEqual(["revocation.lowest", "revocation.lowest"]);
  expect(lowest[0]?.subject).toContain("9");
  expect(messages().some(({ accountId }) => accountId === stranger)).toBe(false);
});

test("an act that changes nothing tells nobody, nor does one about the store's own key", async () => {
  const input = { act: "revoke", subject: "app", id: app, action: "block", reason } as const;
  expect(await toldOf(input)).toHaveLength(2);
  expect(await toldOf(input)).toHaveLength(0);
  const { keyid } = releaseSigner(world.store);
  expect(await toldOf({ ...input, subject: "key", id: keyid })).toHaveLength(0);
  // As it was, for the tests that come after this one in whatever order.
  await toldOf({ act: "lift", subject: "app", id: app, reason });
  await toldOf({ act: "lift", subject: "key", id: keyid, reason });
});

test("an owner who revokes a key is told once; what an administrator makes graver is told again", async () => {
  const { keyid } = publisher.signer;
  const kinds = async (action: string) => {
    const before = messages().length;
    await revokeKey(world.store, OPERATOR, keyid as never, { reason, action });
    return messages()
      .slice(0, messages().length - before)
      .map(({ kind }) => kind);
  };
  expect(await kinds("block")).toEqual(["key.revoked", "key.revoked"]);
  expect(await kinds("block")).toEqual([]);
  expect(await kinds("remove")).toEqual(["revocation.revoked", "revocation.revoked"]);
});
