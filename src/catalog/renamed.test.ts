/** An organisation with another name: what is signed by its id stays as it is, and the lines that name it are signed anew. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../accounts/actor.ts";
import { createGroup } from "../accounts/groups/groups.ts";
import { ORGANISATION_RENAMED_JOB, renameOrganisation } from "../accounts/organisation-name.ts";
import { readOrganisation } from "../accounts/organisations.ts";
import { createAccount } from "../accounts/people.ts";
import { type AppId, type Audience, EVERYBODY, type GroupId } from "../ids.ts";
import { approve } from "../review/decide.ts";
import { storeForAll } from "../testing/prepared.ts";
import { codeOf } from "../testing/problems.ts";
import {
  newOwner,
  newPublisher,
  type Publisher,
  reviewer,
  signedApp,
  submitBytes,
} from "../testing/publishing.ts";
import { reconcileStore } from "./reconcile.ts";
import { indexPath, shardOf, shardPath } from "./tuf/app-index.ts";
import { parseShard } from "./tuf/documents.ts";
import { findTargetBody } from "./tuf/records.ts";
import { audienceOf } from "./visibility/audiences.ts";
import { changeVisibility, previewVisibility } from "./visibility/change.ts";

// A catalogue begins with some 260 files.
setDefaultTimeout(60_000);

const OPEN = "org.example.open" as AppId;
const HIDDEN = "org.example.hidden" as AppId;
const NEIGHBOUR = "org.example.neighbour" as AppId;
let publisher: Publisher;
let neighbour: Publisher;
let group: GroupId;
const world = storeForAll(async () => {
  const { store } = world;
  publisher = await newPublisher(store, "Quiet Works");
  neighbour = await newPublisher(store, "Next Door");
  await createAccount(store, OPERATOR, {
    email: "root@example.org",
    name: "Root",
    storeRole: "administrator",
  });
  group = createGroup(store, OPERATOR, { name: "One" }).id;
  for (const [id, by] of [
    [OPEN, publisher],
    [HIDDEN, publisher],
    [NEIGHBOUR, neighbour],
  ] as const) {
    const bytes = await signedApp(store, by.signer, { id, versionCode: 1, version: "1.0.0" });
    const { id: versionId } = await submitBytes(store, by.actor, bytes);
    await world.scheduler.drain();
    approve(store, reviewer(), versionId, {});
    await world.scheduler.drain();
  }
  const toGroup = { visibility: "groups", groups: [group] } as const;
  const { scope } = previewVisibility(store, OPERATOR, HIDDEN, toGroup);
  await changeVisibility(store, OPERATOR, HIDDEN, toGroup, scope);
  await world.scheduler.drain();
});

const body = (path: string, audience: Audience) => {
  const found = findTargetBody(world.store.db.orm, path, audience);
  return found === null ? null : new Uint8Array(found);
};
const publisherOf = (id: AppId, audience: Audience = EVERYBODY) => {
  const shard = body(shardPath(shardOf(id)), audience);
  return shard && parseShard(shard, shardOf(id)).find(({ appId }) => appId === id)?.publisher;
};
const jobs = () =>
  world.store.db.raw
    .query<{ n: number }, [string]>("SELECT count(*) AS n FROM jobs WHERE kind = ?")
    .get(ORGANISATION_RENAMED_JOB)?.n;
const told = () =>
  world.store.db.raw.query("SELECT address, subject FROM outbox WHERE kind = 'organisation.renamed'").all();

test("the catalogues of everybody and of groups say it, and nothing else is signed anew", async () => {
  const { store } = world;
  const organisationId = publisher.organisationId;
  const ofGroup = audienceOf(group);
  const owner = await newOwner(store, organisationId);
  const indexes = () => [body(indexPath(OPEN), EVERYBODY), body(indexPath(HIDDEN), ofGroup)];
  const before = indexes();
  expect([publisherOf(OPEN), publisherOf(HIDDEN, ofGroup)]).toEqual(["Quiet Works", "Quiet Works"]);

  expect(await codeOf(() => renameOrganisation(store, owner, organisationId, " "))).toBe(
    "organisation.invalid",
  );
  expect(await codeOf(() => renameOrganisation(store, owner, organisationId, "a\u202eb"))).toBe(
    "organisation.invalid",
  );
  expect(await codeOf(() => renameOrganisation(store, owner, neighbour.organisationId, "Mine"))).toBe(
    "organisation.not_found",
  );
  expect(await codeOf(() => renameOrganisation(store, publisher.actor, organisationId, "Mine"))).toBe(
    "rights.forbidden",
  );
  expect(renameOrganisation(store, owner, organisationId, "Quiet Works").name).toBe("Quiet Works");
  expect([jobs(), told()]).toEqual([0, []]);

  expect(renameOrganisation(store, owner, organisationId, "  Loud Works ").name).toBe("Loud Works");
  expect(readOrganisation(store, organisationId)).toMatchObject({ id: organisationId, name: "Loud Works" });
  // A store that looks before the job has come finds nothing damaged.
  expect(await reconcileStore(store, OPERATOR)).toEqual([]);
  await world.scheduler.drain();
  expect([publisherOf(OPEN), publisherOf(HIDDEN, ofGroup)]).toEqual(["Loud Works", "Loud Works"]);
  expect(publisherOf(NEIGHBOUR)).toBe("Next Door");
  expect(publisherOf(HIDDEN)).toBeUndefined();
  expect(indexes()).toEqual(before);
  expect(await reconcileStore(store, OPERATOR)).toEqual([]);
  expect(told()).toEqual([{ address: "root@example.org", subject: "Quiet Works is called Loud Works now" }]);
  expect(await codeOf(() => renameOrganisation(store, owner, organisationId, "next dооr"))).toBe(
    "organisation.invalid",
  );
  for (const alike of ["Next Door", "NEXT  DOOR", "Next D00r"])
    expect(await codeOf(() => renameOrganisation(store, owner, organisationId, alike))).toBe(
      "organisation.name_taken",
    );
  // Each is told, so there are three in an hour at most.
  for (let n = 0; n < 2; n += 1) renameOrganisation(store, owner, organisationId, `Works ${n}`);
  expect(await codeOf(() => renameOrganisation(store, owner, organisationId, "Works 2"))).toBe(
    "organisation.renamed_often",
  );
  expect(told()).toHaveLength(3);
  // Who runs the store mends it at once, and another organisation does not wait.
  renameOrganisation(store, OPERATOR, organisationId, "Works 4");
  expect(told()).toHaveLength(4);
  store.clock.advance(3_600_000);
  renameOrganisation(store, owner, organisationId, "works 4");
  expect(told()).toHaveLength(5);
  await world.scheduler.drain();
  expect(publisherOf(OPEN)).toBe("works 4");
});
