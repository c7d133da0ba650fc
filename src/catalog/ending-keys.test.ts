import { afterAll, beforeAll, expect, test } from "bun:test";
import { OPERATOR } from "../accounts/actor.ts";
import { createOrganisation } from "../accounts/organisations.ts";
import { newOwner, newSigner } from "../testing/publishing.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { DAY_MS } from "../time.ts";
import { endingSigningKeys } from "./ending-keys.ts";
import { previewKeyRevocation, revokeDeveloperKey } from "./revoke-key.ts";
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
