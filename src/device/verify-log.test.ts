/** `device verify` asks the log of the last head about what is installed. */
import { beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { indexPath } from "../catalog/tuf/app-index.ts";
import { exportCatalogue } from "../catalog/tuf/export.ts";
import { findTargetBody } from "../catalog/tuf/records.ts";
import { publishTargets } from "../catalog/tuf/repository.ts";
import { canonicalize } from "../signing/json.ts";
import { APP_ID } from "../testing/device-world.ts";
import { worldForEach } from "../testing/prepared.ts";
import { initDevice, withDevice } from "./device.ts";
import { install } from "./installer.ts";
import { verify, verifyWithCatalogue } from "./verification.ts";

setDefaultTimeout(30_000);

const options = () => ({
  home: join(world.store.dataDir, "device"),
  clock: world.store.clock,
  timeouts: { idleMs: 1500, attempts: 1 },
});

const world = worldForEach();
beforeEach(async () => {
  await initDevice({ ...options(), url: world.server.url, rootSha256: world.rootSha256 });
  await world.release(1);
  await withDevice(options(), (device) => install(device, APP_ID));
});

const verified = async () => {
  const { apps, catalogueProblem } = await withDevice(options(), (device) =>
    verifyWithCatalogue(device, null),
  );
  return {
    apps: apps.map(({ versionCode, ok, signatures, log, findings }) => ({
      versionCode: Number(versionCode),
      ok,
      signatures: signatures as string,
      log: log as string,
      codes: findings.map(({ code }) => code),
    })),
    problem: catalogueProblem?.code ?? null,
  };
};

const first = { versionCode: 1, ok: true, signatures: "ok", log: "ok", codes: [] as string[] };

type Index = { channels: { stable: { log: Record<string, { position: number; salt: string | null }> }[] } };

/** Signs the index with these positions in place of the true ones. */
async function signPositions(positions: Record<string, number>): Promise<Uint8Array> {
  const honest = findTargetBody(world.store.db.orm, indexPath(APP_ID)) ?? new Uint8Array();
  const index = JSON.parse(new TextDecoder().decode(honest)) as Index;
  for (const { log } of index.channels.stable)
    for (const [act, position] of Object.entries(positions)) {
      const place = log[act];
      if (place) place.position = position;
    }
  await signIndex(canonicalize(index));
  return honest;
}

async function signIndex(body: Uint8Array): Promise<void> {
  await publishTargets(world.store, { upserts: [{ path: indexPath(APP_ID), body }], removes: [] }, () => {});
  await exportCatalogue(world.store);
}

test("proves approval and publication with the catalogue, and says that it did not without", async () => {
  expect(await verified()).toEqual({ apps: [first], problem: null });
  const offline = await withDevice(options(), (device) => verify(device, null));
  expect(offline.map(({ ok, log }) => ({ ok, log }))).toEqual([{ ok: true, log: "not checked" }]);
});

test.each([
  [{ approval: 0 }, ["log.approval_missing"]],
  [{ publication: 0 }, ["log.publication_missing"]],
  [{ approval: 1, publication: 1_000_000 }, ["log.approval_missing", "log.publication_missing"]],
])("fails where other leaves stand: %j", async (positions, codes) => {
  const honest = await signPositions(positions as Record<string, number>);
  expect(await verified()).toEqual({ apps: [{ ...first, ok: false, log: "failed", codes }], problem: null });
  await signIndex(honest);
  expect(await verified()).toEqual({ apps: [first], problem: null });
});

test("cannot look up what the index lists no more, and proves what it lists", async () => {
  await world.release(2);
  expect((await verified()).apps).toEqual([{ ...first, log: "not listed" }]);
  await withDevice(options(), (device) => install(device, APP_ID));
  expect((await verified()).apps).toEqual([
    { ...first, versionCode: 2 },
    { ...first, log: "not listed" },
  ]);
});

test("tells that a tile could not be had, and still checks the rest", async () => {
  world.server.intercept = (path) => (path.includes("/log/tile/") ? new Response("", { status: 404 }) : null);
  expect(await verified()).toEqual({
    apps: [{ ...first, log: "not checked" }],
    problem: "device.unreachable",
  });
});
