/** Rows of the signed catalogues that somebody put where no catalogue has any: the jobs go on, and the rows go. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import type { AppId } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { storeForEach } from "../../testing/prepared.ts";
import { newPublisher, reviewer, signedApp, submitBytes } from "../../testing/publishing.ts";
import { beside } from "../../testing/tamper.ts";
import { catalogueDamage, checkCatalogue, mendTrust } from "../check-catalogue.ts";
import { SIGNED_IN } from "../visibility/audiences.ts";
import { changeVisibility, previewVisibility } from "../visibility/change.ts";
import { indexPath } from "./app-index.ts";
import { reconcile } from "./compare.ts";
import { exportCatalogue, pruneCatalogue } from "./export.ts";
import { allMetadataFacts, allTargetFacts, listAudiences } from "./records.ts";
import { catalogueHealth, renewExpiring } from "./repository.ts";

setDefaultTimeout(120_000);

const [OPEN, SHUT] = ["org.example.open", "org.example.shut"] as AppId[] as [AppId, AppId];

const world = storeForEach(async () => {
  const publisher = await newPublisher(world.store);
  for (const id of [OPEN, SHUT]) {
    const { id: version } = await submitBytes(
      world.store,
      publisher.actor,
      await signedApp(world.store, publisher.signer, { id }),
    );
    await world.scheduler.drain();
    approve(world.store, reviewer(), version, {});
    await world.scheduler.drain();
  }
  const { scope } = previewVisibility(world.store, OPERATOR, SHUT, { visibility: "signed-in" });
  await changeVisibility(world.store, OPERATOR, SHUT, { visibility: "signed-in" }, scope);
  await world.scheduler.drain();
});
const { orm, tamper, found } = beside(world);

const rows = () => ({
  targets: allTargetFacts(orm()).sort((a, b) => (a.audience + a.path < b.audience + b.path ? -1 : 1)),
  metadata: allMetadataFacts(orm())
    .map(({ audience, role, version, sha256 }) => `${audience} ${role} ${version} ${sha256}`)
    .sort(),
  audiences: listAudiences(orm()),
});
const OF_APP = `audience = '' AND path = '${indexPath(OPEN)}'`;
const NEWEST = "audience = '' AND role = 'bins-00'";
const copy = (audience: string, role: string) =>
  `INSERT INTO tuf_metadata SELECT ${audience}, ${role}, version, body, sha256, expires_at, created_at, exported_at FROM tuf_metadata WHERE ${NEWEST} LIMIT 1`;

const WAYS: readonly (readonly [string, string])[] = [
  [
    "a file of an audience that no file can have",
    `UPDATE tuf_targets SET audience = 'No Key!' WHERE ${OF_APP}`,
  ],
  [
    "one that is not exported yet",
    `UPDATE tuf_targets SET audience = '../../..', exported_at = NULL WHERE ${OF_APP}`,
  ],
  ["a file of an audience that there is not", `UPDATE tuf_targets SET audience = 'grp-1' WHERE ${OF_APP}`],
  ["a file of a role that there is not", `UPDATE tuf_targets SET role = 'nobody' WHERE ${OF_APP}`],
  ["a file of a name that none can have", `UPDATE tuf_targets SET path = 'apps/../../x' WHERE ${OF_APP}`],
  ["metadata of an audience that no file can have", `UPDATE tuf_metadata SET audience = ' ' WHERE ${NEWEST}`],
  ["metadata of a role that there is not", copy("''", "'nobody'")],
  ["metadata of a role that another catalogue has", copy("'signed-in'", "'root'")],
];

describe("rows without a place are dropped, and what they were made of comes back", () => {
  test.each(WAYS)("daily and by reconcile: %s", async (_, statement) => {
    const before = rows();
    for (const look of [() => checkCatalogue(world.store), found]) {
      tamper(statement);
      const told = (await look()) ?? [];
      if (look === found) expect(told).toContainEqual(expect.stringMatching(/brought back/));
      expect(rows()).toEqual(before);
    }
    expect(catalogueDamage(world.store)).toEqual([]);
    expect(await found()).toEqual([]);
  });

  test.each(WAYS)("and hold up neither a start nor a job: %s", async (_, statement) => {
    tamper(statement);
    await mendTrust(world.store);
    await exportCatalogue(world.store);
    await reconcile(world.store, { repair: true });
    expect(catalogueHealth(world.store).expired).toBe(false);
    world.store.clock.advance(20 * 24 * 3_600_000);
    expect(await renewExpiring(world.store)).toContain("bins-00");
    await pruneCatalogue(world.store);
    expect(await found()).toEqual([]);
  });
});

test("a content that was replaced under a name that no file can have is forgotten in its time", async () => {
  tamper("INSERT INTO tuf_superseded_targets VALUES ('No Key!', 'apps/x.json', 'f0', 1)");
  await pruneCatalogue(world.store);
  expect(world.store.db.raw.query("SELECT 1 FROM tuf_superseded_targets WHERE sha256 = 'f0'").all()).toEqual(
    [],
  );
});

test("a catalogue whose row went has it again, since metadata is signed for it, and is renewed", async () => {
  const before = rows();
  tamper("DELETE FROM catalogue_audiences");
  expect(await found()).toContainEqual(
    expect.stringMatching(/^the catalogue of the audience signed-in: .*brought back/),
  );
  expect(rows()).toEqual(before);
  world.store.clock.advance(20 * 24 * 3_600_000);
  await renewExpiring(world.store);
  const isNewer = ({ audience, role, version }: { audience: string; role: string; version: number }) =>
    audience === SIGNED_IN && role === "timestamp" && version > 1;
  expect(allMetadataFacts(orm()).some(isNewer)).toBe(true);
});
