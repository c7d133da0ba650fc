/**
 * A change of the store's keys is killed after steps that survive a kill: keys, certificates and signed catalogue are
 * those of before or those of after, whole, and devices follow the half written copy as well as the finished one.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { signRequest } from "../../catalog/store-keys/documents.ts";
import { exportRequest } from "../../catalog/store-keys/exchange.ts";
import {
  buildOfflineKeys,
  OFFLINE_ALGORITHMS,
  parseOfflineKeys,
} from "../../catalog/store-keys/offline-keys.ts";
import { buildRequest, parseRequest } from "../../catalog/store-keys/request.ts";
import { exportCatalogue } from "../../catalog/tuf/export.ts";
import { currentRoles } from "../../catalog/tuf/records.ts";
import { initialiseTrust, renewExpiring, rootSha256 } from "../../catalog/tuf/repository.ts";
import { systemClock } from "../../clock.ts";
import { initDevice, withDevice } from "../../device/device.ts";
import { refresh } from "../../device/inventory.ts";
import type { KeyId } from "../../ids.ts";
import { findKeyRequest, listRoles, listSigningKeys } from "../../keys/records.ts";
import { isHeldHere, openKeyRow } from "../../keys/signing-keys.ts";
import { keyPairSigner } from "../../signing/key-signer.ts";
import { generateKeyPair, keyid } from "../../signing/keys.ts";
import { openDiskBlobs } from "../../storage/disk.ts";
import { serveCatalogue } from "../catalogue-server.ts";
import { openTestStore, type TestStore } from "../store.ts";
import { chosenSteps, KILLS_TIMEOUT_MS, twoAtATime } from "./chosen-steps.ts";
import { runChild } from "./run-child.ts";

const top = mkdtempSync(join(tmpdir(), "mosis-kill-keys-"));
const prepared = join(top, "prepared");
let firstRoot: string;

afterAll(() => rmSync(top, { recursive: true, force: true }));

/** A store with a request that is signed and not imported. */
beforeAll(async () => {
  mkdirSync(prepared);
  const store = await openTestStore({ dataDir: prepared });
  await initialiseTrust(store);
  await exportCatalogue(store);
  firstRoot = rootSha256(store);
  const keys = (["ca-root", "root", "root", "targets", "apps"] as const).map((purpose) => ({
    purpose,
    signer: keyPairSigner(generateKeyPair(OFFLINE_ALGORITHMS[purpose])),
  }));
  const signers = new Map(keys.map(({ signer }) => [keyid(signer.publicKey) as KeyId, signer]));
  const offlineKeys = parseOfflineKeys(await buildOfflineKeys(keys));
  const { body } = await exportRequest(store, OPERATOR, { offlineKeys });
  const signed = (await signRequest(parseRequest(body), signers)).request;
  writeFileSync(join(prepared, "signed.json"), buildRequest(signed));
  store.close();
}, 60_000);

type Operation = "replace" | "import";

const run = (operation: Operation, folder: string, killAt: number) =>
  runChild<string[]>("store-keys-child.ts", operation, folder, killAt);

function copyOf(name: string): string {
  const folder = join(top, name);
  cpSync(prepared, folder, { recursive: true });
  return folder;
}

/** Everything that a change of keys changes, in words that two stores with other keys share. */
function stateOf(store: TestStore): string {
  const { orm } = store.db;
  const keys = listSigningKeys(orm).map(
    ({ name, holder, retiredAt, sealedPrivateKey }) =>
      `${name} ${holder} ${retiredAt === null} ${sealedPrivateKey !== null}`,
  );
  const roles = [...currentRoles(orm)].map(([role, { version }]) => `${role} ${version}`).sort();
  const { leaves } = store.db.raw.query("SELECT count(*) AS leaves FROM log_leaves").get() as {
    leaves: number;
  };
  return JSON.stringify([keys, listRoles(orm), roles, findKeyRequest(orm) !== null, leaves]);
}

async function openedState(folder: string): Promise<string> {
  const store = await openTestStore({ dataDir: folder });
  try {
    return stateOf(store);
  } finally {
    store.close();
  }
}

const STEPS = 1;

describe("a kill while keys change", () => {
  test.each(["replace", "import"] as const)(
    "by %s leaves the old keys or the new ones, and devices follow",
    async (operation) => {
      const [before, whole] = [await openedState(prepared), copyOf(`${operation}-whole`)];
      const steps = (await run(operation, whole, 0)) ?? [];
      const after = await openedState(whole);
      expect(after).not.toBe(before);
      const seen = new Set<string>();
      const chosen = chosenSteps({ [operation]: steps }, STEPS, STEPS).get(operation) ?? [];
      await twoAtATime(chosen, async (step) => {
        const folder = copyOf(`${operation}-${step}`);
        const server = serveCatalogue(await openDiskBlobs(folder));
        const device = { home: join(top, `device-${operation}-${step}`), clock: systemClock };
        await initDevice({ ...device, url: server.url, rootSha256: firstRoot });
        expect(await run(operation, folder, step)).toBeNull();
        // Devices meet what is half written.
        await withDevice(device, (opened) => refresh(opened));
        const store = await openTestStore({ dataDir: folder });
        try {
          const state = stateOf(store);
          expect([before, after]).toContain(state);
          seen.add(state);
          for (const row of listSigningKeys(store.db.orm))
            if (row.retiredAt === null && isHeldHere(row))
              expect((await openKeyRow(store, row).sign(Buffer.from("x"))).length).toBeGreaterThan(60);
          await exportCatalogue(store);
          await renewExpiring(store);
          await withDevice(device, (opened) => refresh(opened));
        } finally {
          store.close();
        }
        if ((await openedState(folder)) === before) await run(operation, folder, 0);
        expect(await openedState(folder)).toBe(after);
        await withDevice(device, (opened) => refresh(opened));
        await server.stop();
        rmSync(folder, { recursive: true });
      });
      // Each kind of step is among them, also those after the commit.
      expect(seen.has(after)).toBe(true);
    },
    KILLS_TIMEOUT_MS,
  );
});
