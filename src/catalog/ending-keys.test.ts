import { afterAll, beforeAll, expect, test } from "bun:test";
import { OPERATOR } from "../accounts/actor.ts";
import { selectMessages } from "../accounts/messages/records.ts";
import { createOrganisation } from "../accounts/organisations.ts";
import type { KeyId } from "../ids.ts";
import { newOwner, newSigner } from "../testing/publishing.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { DAY_MS } from "../time.ts";
import { endingSigningKeys } from "./ending-keys.ts";
import { selectNewestCertificates } from "./keys.records.ts";
import { enact } from "./revocation/act.ts";
import { parseChange } from "./revocation/change.ts";
import { previewKeyRevocation, revokeDeveloperKey } from "./revoke-key.ts";
import { tellOfEndingSigningKeys } from "./tell-ending-keys.ts";
import { initialiseTrust } from "./tuf/repository.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await initialiseTrust(store);
});
afterAll(() => store.close());

test("a revoked key that ends first does not take the place of one that waits for somebody", async () => {
  const owner = await newOwner(store, createOrganisation(store, OPERATOR, { name: "Example" }).id);
  for (let key = 0; key < 3; key += 1) {
    await newSigner(store, owner);
    store.clock.advance(DAY_MS);
  }
  store.clock.advance(800 * DAY_MS);
  const [first, second, third] = endingSigningKeys(store, owner, 9).map(({ keyid }) => keyid);
  if (first === undefined || second === undefined) throw new Error("the keys do not end");
  const input = { reason: "lost" };
  const { scope } = await previewKeyRevocation(store, owner, first, input, { limit: 1 });
  await revokeDeveloperKey(store, owner, first, input, scope);
  const ending = (limit: number) => endingSigningKeys(store, owner, limit).map(({ keyid }) => keyid);
  expect(ending(1)).toEqual([second]);
  expect(ending(9)).toEqual([second, third as typeof second]);
});

test("owners are told once of a certificate that ends, of each new one again, and of none that would help nobody", async () => {
  const organisationId = createOrganisation(store, OPERATOR, { name: "Told" }).id;
  const owner = await newOwner(store, organisationId, "told@example.com");
  const told = async () => {
    await tellOfEndingSigningKeys(store);
    return selectMessages(store.db.orm, { limit: 99 })
      .filter(({ kind, accountId }) => kind === "key.ending" && accountId === owner.accountId)
      .map(({ subject, path, sentAt, ended }) => [subject, path, sentAt, ended] as const)
      .reverse();
  };
  const keyid = (await newSigner(store, owner)).keyid as KeyId;
  const lost = (await newSigner(store, owner)).keyid as KeyId;
  const { scope } = await previewKeyRevocation(store, owner, lost, { reason: "lost" }, { limit: 1 });
  await revokeDeveloperKey(store, owner, lost, { reason: "lost" }, scope);
  expect(await told()).toEqual([]);
  const [first] = selectNewestCertificates(store.db.orm, [keyid]).values();
  if (first === undefined) throw new Error("the key has no certificate");
  store.clock.advance(first.notAfter.getTime() - store.clock.now().getTime() - 61 * DAY_MS);
  expect(await told()).toEqual([]);
  store.clock.advance(DAY_MS);
  const [notice, ...others] = await told();
  expect(others).toEqual([]);
  expect(notice?.[0]).toContain("The certificate of the signing key");
  expect(notice?.slice(1)).toEqual([`/keys/${keyid}`, null, null]);
  store.clock.advance(30 * DAY_MS);
  expect(await told()).toHaveLength(1);
});

test("who could not be told is told once that can be: of a revocation that was lifted, and of what had no owner", async () => {
  const organisationId = createOrganisation(store, OPERATOR, { name: "Later" }).id;
  const owner = await newOwner(store, organisationId, "later@example.com");
  const other = createOrganisation(store, OPERATOR, { name: "Alone" }).id;
  const away = await newOwner(store, other, "away@example.com");
  const lost = (await newSigner(store, owner)).keyid as KeyId;
  const lonely = (await newSigner(store, away)).keyid as KeyId;
  const told = async () => {
    await tellOfEndingSigningKeys(store);
    return selectMessages(store.db.orm, { limit: 99 })
      .filter(
        ({ kind, path }) => kind === "key.ending" && (path === `/keys/${lost}` || path === `/keys/${lonely}`),
      )
      .map(({ path, accountId }) => [path, accountId]);
  };
  const { raw } = store.db;
  const { notAfter } = selectNewestCertificates(store.db.orm, [lost]).get(lost) ?? { notAfter: new Date() };
  await enact(
    store,
    OPERATOR,
    parseChange({ act: "revoke", subject: "key", id: lost, action: "block", reason: "lost" }),
  );
  raw.query("UPDATE accounts SET disabled_at = 1 WHERE id = ?").run(away.accountId);
  store.clock.advance(notAfter.getTime() - store.clock.now().getTime() - 30 * DAY_MS);
  expect(await told()).toEqual([]);
  await enact(store, OPERATOR, parseChange({ act: "lift", subject: "key", id: lost, reason: "found" }));
  expect(await told()).toEqual([[`/keys/${lost}`, owner.accountId]]);
  raw.query("UPDATE accounts SET disabled_at = NULL WHERE id = ?").run(away.accountId);
  expect(await told()).toEqual([
    [`/keys/${lonely}`, away.accountId],
    [`/keys/${lost}`, owner.accountId],
  ]);
  expect(await told()).toHaveLength(2);
});
