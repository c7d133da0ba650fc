/** A call that is repeated by its Idempotency-Key tells no more than its maker may know by now. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { OPERATOR } from "../accounts/actor.ts";
import { removeMember } from "../accounts/members.ts";
import { addMember } from "../accounts/organisations.ts";
import { enrollKey } from "../catalog/developer-keys.ts";
import type { AccountId } from "../ids.ts";
import { createCsr, generateKeyPair } from "../signing/keys.ts";
import { read } from "../testing/http/conformance.ts";
import { makeTemplate, openWorld, type Template, type World } from "../testing/http/world.ts";

let template: Template;
let world: World;
beforeAll(async () => {
  template = await makeTemplate();
  world = await openWorld(template);
});
afterAll(async () => {
  await world.close();
  template.remove();
});

async function post(path: string, json: object, key: string) {
  const headers = {
    Authorization: `Bearer ${world.tokens.owner}`,
    "Content-Type": "application/json",
    "Idempotency-Key": key,
  };
  const {
    status,
    json: body,
    text,
  } = await read(await fetch(`${world.url}${path}`, { method: "POST", headers, body: JSON.stringify(json) }));
  return { status, text, json: body as { id: string; code: string } };
}

/** Whose the key is that calls: a token tells its id. */
const owner = (): AccountId => {
  const id = `key-${world.tokens.owner.split("_")[2]}`;
  const row = world.store.db.raw
    .query<{ id: AccountId }, [string]>("SELECT account_id AS id FROM api_keys WHERE id = ?")
    .get(id);
  if (row === null) throw new Error("the owner has no key");
  return row.id;
};

test("a former owner hears nothing more of the recovery of a key that they asked for", async () => {
  const { organisationId, store } = world;
  const csr = await createCsr(generateKeyPair());
  const { keyid } = await enrollKey(store, OPERATOR, { csr, organisationId });
  const asked = { keyid, appId: world.app, reason: "The laptop is lost." };
  const ask = () => post("/api/v1/key-recoveries", asked, "recover-1");
  const made = await ask();
  expect(made.status).toBe(201);
  expect((await ask()).json.id).toBe(made.json.id);
  // They own another one, so that the route itself is open to them.
  addMember(store, OPERATOR, world.strangerId, owner(), "owner");
  addMember(store, OPERATOR, organisationId, world.nowhereId, "owner");
  removeMember(store, OPERATOR, { organisationId, accountId: owner() });
  const after = await ask();
  expect([after.status, after.json.code]).toEqual([404, "key.not_found"]);
  expect(after.text).not.toContain("laptop");
});
