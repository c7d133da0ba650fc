/** Keys that move to another machine, and what they sign from there; hostile and stale files change nothing. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import fc from "fast-check";
import { OPERATOR } from "../../accounts/actor.ts";
import { write } from "../../db/database.ts";
import { initDevice, withDevice } from "../../device/device.ts";
import { install } from "../../device/installer.ts";
import { list } from "../../device/inventory.ts";
import { isProblem } from "../../errors.ts";
import type { AppId } from "../../ids.ts";
import { caPem } from "../../keys/authority.ts";
import { listRoles, listSigningKeys } from "../../keys/records.ts";
import { certificatesFromPem } from "../../signing/certificates.ts";
import { sortAnchors } from "../../signing/chain.ts";
import { canonicalize } from "../../signing/json.ts";
import { APP_ID } from "../../testing/device-world.ts";
import { offlineMachine } from "../../testing/offline-machine.ts";
import { worldForEach } from "../../testing/prepared.ts";
import { codeOf } from "../../testing/problems.ts";
import { checkLog } from "../log/hold.ts";
import { recordInLog } from "../log/record.ts";
import { logSize } from "../log/records.ts";
import { sha256 } from "../tuf/metadata.ts";
import { currentRoles } from "../tuf/records.ts";
import { renewExpiring } from "../tuf/repository.ts";
import { commandsOf } from "./commands.ts";
import { distrust } from "./distrust.ts";
import { signRequest } from "./documents.ts";
import { lapses, renewCertificates } from "./due.ts";
import { exportRequest, importRequest } from "./exchange.ts";
import { type OfflinePurpose, parseOfflineKeys } from "./offline-keys.ts";
import { addKey, cancelChanges, keysHeldHere, removeKey, renew, replaceKeys } from "./operations.ts";
import { nextSteps, readStoreKeys } from "./overview.ts";
import { buildRequest, parseRequest, requestDigest } from "./request.ts";
import { summarise } from "./summary.ts";
import { waitingChanges } from "./waiting.ts";

setDefaultTimeout(120_000);

const world = worldForEach();

async function newDevice(): Promise<string> {
  const home = join(world.folder(), "device");
  await initDevice({ home, clock: world.store.clock, url: world.server.url, rootSha256: world.rootSha256 });
  return home;
}
const update = (home: string) =>
  withDevice({ home, clock: world.store.clock }, async (device) => {
    await install(device, APP_ID);
    return Number((await list(device))[0]?.versionCode);
  });

const ALL: OfflinePurpose[] = ["ca-root", "root", "root", "root", "targets", "apps"];

/** Everything that must be offline in a store of some size. */
async function moveOffline() {
  const machine = await offlineMachine(...ALL);
  const exported = await exportRequest(world.store, OPERATOR, { offlineKeys: machine.published });
  await importRequest(world.store, OPERATOR, await machine.sign(exported.body));
  return machine;
}

const state = () => ({
  roles: currentRoles(world.store.db.orm),
  keys: listSigningKeys(world.store.db.orm),
  waiting: waitingChanges(world.store.db.orm),
});

describe("keys that move to another machine", () => {
  test("sign everything there, leave nothing here, and devices follow", async () => {
    const [present, absent] = [await newDevice(), await newDevice()];
    await world.release(1);
    expect(await update(present)).toBe(1);
    expect(await update(absent)).toBe(1);
    const machine = await moveOffline();
    const live = listSigningKeys(world.store.db.orm).filter((row) => row.retiredAt === null);
    const offline = live.filter((row) => row.holder === "offline");
    expect(offline.map((row) => row.name).sort()).toEqual(
      ["ca-root-2", "tuf-apps-2", "tuf-root-3", "tuf-root-4", "tuf-root-5", "tuf-targets-2"].sort(),
    );
    for (const row of listSigningKeys(world.store.db.orm))
      expect(row.sealedPrivateKey === null).toBe(row.holder === "offline" || row.retiredAt !== null);
    expect(await update(present)).toBe(1);

    // Publishing needs none of them.
    await world.release(2);
    expect(await update(present)).toBe(2);

    // Two roots in a row while a device is off; the second root is signed by two of the three.
    expect((await replaceKeys(world.store, OPERATOR, ["tuf-timestamp"])).applied).toBe(false);
    const request = await exportRequest(world.store, OPERATOR);
    expect(request.missing.map(({ what, count }) => [what, count])).toEqual([
      ["root version 3 (its own keys)", 2],
      ["root version 3 (keys of the root before it)", 2],
    ]);
    const before = state();
    for (const drop of [2, 3]) {
      const some = new Map([...machine.signers].filter((_, at) => at < 1 || at > drop));
      const { request: signed } = await signRequest(parseRequest(request.body), some);
      const outcome = codeOf(() => importRequest(world.store, OPERATOR, buildRequest(signed)));
      if (drop === 3) {
        expect(await outcome).toBe("keys.signatures_missing");
        expect(state()).toEqual(before);
      } else break;
    }
    await importRequest(world.store, OPERATOR, await machine.sign(request.body));
    expect(waitingChanges(world.store.db.orm)).toEqual([]);
    await world.release(3);
    for (const device of [present, absent, await newDevice()]) expect(await update(device)).toBe(3);
  });

  test("are asked for nothing by jobs, which warn in time and renew the rest", async () => {
    const machine = await moveOffline();
    const { store } = world;
    const device = await newDevice();
    const day = 86_400_000;
    const states = () => Object.fromEntries(lapses(store).map((lapse) => [lapse.what, lapse.state]));
    const versions = () => currentRoles(store.db.orm);
    const first = versions();
    for (let passed = 0; passed < 140; passed += 3) {
      store.clock.advance(3 * day);
      await renewCertificates(store);
      await renewExpiring(store);
      await renewExpiring(store);
    }
    expect(states()).toMatchObject({ root: "ok", targets: "warning", apps: "warning", timestamp: "ok" });
    await renewExpiring(store);
    for (const role of ["root", "targets", "apps"])
      expect(versions().get(role)?.version).toBe(first.get(role)?.version ?? 0);
    const request = await exportRequest(store, OPERATOR);
    await importRequest(store, OPERATOR, await machine.sign(request.body));
    await renewExpiring(store);
    expect(Object.values(states())).not.toContain("warning");
    await world.release(1);
    expect(await update(device)).toBe(1);
  });

  test("sign that an old authority is trusted no longer, once that was shown", async () => {
    const machine = await moveOffline();
    const { store } = world;
    const device = await newDevice();
    expect(await codeOf(() => distrust(store, OPERATOR, "ca-root-2"))).toBe("keys.change_invalid");
    expect(await codeOf(() => distrust(store, OPERATOR, "release"))).toBe("keys.not_found");
    const roots = () => sortAnchors(certificatesFromPem(caPem(store))).roots.length;
    expect([(await distrust(store, OPERATOR, "ca-root")).applied, roots()]).toEqual([false, 2]);
    const request = await exportRequest(store, OPERATOR);
    const { lines, warnings } = await summarise(parseRequest(request.body), {
      own: new Set(machine.signers.keys()),
      known: new Map(),
      now: store.clock.now(),
      versions: new Map(),
    });
    expect(lines.filter((line) => line.endsWith(" DISTRUSTED GONE"))).toHaveLength(1);
    expect(warnings.map((line) => line.slice(0, 26))).toEqual([
      "this machine does not know",
      "packages that rest on a ce",
    ]);
    const everything = parseRequest(request.body);
    const all = [...everything.roots, ...everything.developerCas].map((der) => sha256(der));
    expect(await codeOf(() => machine.sign(buildRequest({ ...everything, distrusted: all })))).toBe(
      "keys.request_refused",
    );
    await importRequest(store, OPERATOR, await machine.sign(request.body));
    expect(roots()).toBe(1);
    await world.release(1);
    expect(await update(device)).toBe(1);
  });

  test("may be on several machines, of which each signs its part", async () => {
    const [safe, desk] = [await offlineMachine("ca-root", "root"), await offlineMachine("root", "targets")];
    const exported = await exportRequest(world.store, OPERATOR, {
      offlineKeys: [...safe.published, ...desk.published],
    });
    // `targets` lists trust/ca.pem, whose new certificates are not signed yet.
    const early = await desk.sign(exported.body);
    expect(await codeOf(() => importRequest(world.store, OPERATOR, early))).toBe("keys.signatures_missing");
    const whole = await desk.sign(await safe.sign(exported.body));
    await importRequest(world.store, OPERATOR, whole);
    await world.release(1);
    expect(await update(await newDevice())).toBe(1);
    expect(await codeOf(() => importRequest(world.store, OPERATOR, whole))).toBe("keys.request_unknown");
  });
});

describe("a change that is asked for while a request is open", () => {
  const next = () => readStoreKeys(world.store, OPERATOR).next;
  const signs = (name: string) => listRoles(world.store.db.orm).some((role) => role.keyNames.includes(name));

  test("is told of, waits on when that request is imported, and comes with the next one", async () => {
    const machine = await moveOffline();
    const { store } = world;
    await renew(store, OPERATOR, "apps");
    const first = await exportRequest(store, OPERATOR);
    expect(next()).toEqual([{ do: "import" }]);
    const asked = await replaceKeys(store, OPERATOR, ["tuf-bins", "tuf-timestamp"]);
    expect(asked).toEqual({
      applied: false,
      added: ["tuf-bins-2", "tuf-timestamp-2"],
      removed: ["tuf-bins", "tuf-timestamp"],
    });
    expect(next()).toEqual([{ do: "import" }, { do: "export_newer", count: 2 }]);
    const imported = await importRequest(store, OPERATOR, await machine.sign(first.body));
    expect([imported.added, imported.waiting]).toEqual([[], 2]);
    expect(next()).toEqual([{ do: "export", count: 2 }]);
    expect([signs("tuf-bins"), signs("tuf-bins-2")]).toEqual([true, false]);
    const second = await exportRequest(store, OPERATOR);
    expect([second.added, second.removed]).toEqual([
      ["tuf-bins-2", "tuf-timestamp-2"],
      ["tuf-bins", "tuf-timestamp"],
    ]);
    expect((await importRequest(store, OPERATOR, await machine.sign(second.body))).waiting).toBe(0);
    expect([signs("tuf-bins"), signs("tuf-bins-2"), waitingChanges(store.db.orm)]).toEqual([false, true, []]);
    await world.release(1);
    expect(await update(await newDevice())).toBe(1);
  });

  test("has a request refused that makes it impossible, and the next export takes both along", async () => {
    const machine = await moveOffline();
    const { store } = world;
    const other = await offlineMachine("targets");
    const first = await exportRequest(store, OPERATOR, { offlineKeys: other.published });
    const asked = await replaceKeys(store, OPERATOR, ["tuf-targets-2"], { online: true });
    expect(asked.applied).toBe(false);
    const before = state();
    const signed = await other.sign(await machine.sign(first.body));
    expect(await codeOf(() => importRequest(store, OPERATOR, signed))).toBe("keys.change_overtaken");
    expect(state()).toEqual(before);
    const second = await exportRequest(store, OPERATOR, { offlineKeys: other.published });
    await importRequest(store, OPERATOR, await other.sign(await machine.sign(second.body)));
    const left = listSigningKeys(store.db.orm).map((row) => row.name);
    expect(asked.added.filter((name) => left.includes(name))).toEqual([]);
    expect(waitingChanges(store.db.orm)).toEqual([]);
    await world.release(1);
    expect(await update(await newDevice())).toBe(1);
  });

  test("is not made impossible by one that the keys here sign at once", async () => {
    const machine = await offlineMachine("root");
    const { store } = world;
    const moved = await exportRequest(store, OPERATOR, { offlineKeys: machine.published });
    await importRequest(store, OPERATOR, await machine.sign(moved.body));
    expect((await replaceKeys(store, OPERATOR, ["tuf-bins", "tuf-timestamp"])).applied).toBe(false);
    const before = state();
    expect(await codeOf(() => replaceKeys(store, OPERATOR, ["tuf-bins"]))).toBe("keys.change_invalid");
    expect(state()).toEqual(before);
    expect((await replaceKeys(store, OPERATOR, ["tuf-apps"])).applied).toBe(true);
  });

  test("stands in the next steps once: what is in the open request is not exported again", () => {
    const at = new Date(0);
    const lapse = (what: "root" | "apps", state: "warning" | "expired") =>
      ({ what, expiresAt: at, state, renewedBy: "request" }) as const;
    const steps = nextSteps({
      revokedRelease: null,
      unusable: [],
      failing: [],
      lapses: [lapse("root", "warning"), lapse("apps", "expired")],
      waiting: 1,
      open: { renews: ["apps"], newer: 1 },
      due: [],
      listDue: true,
      heldHere: [],
      allHere: false,
    });
    expect(steps.map((step) => step.do)).toEqual(["expired", "import", "request_renewal", "export_newer"]);
    const commands = (at: number) => JSON.stringify(steps[at] && commandsOf(steps[at], "/srv"));
    expect(commands(0)).toBe(commands(1));
    expect(commands(2)).toBe(commands(3));
    expect(commands(0)).not.toContain("export-request");
  });
});

describe("a key that waits for another machine", () => {
  const messageOf = async (work: () => unknown): Promise<string> => {
    try {
      await work();
    } catch (error) {
      if (isProblem(error)) return error.message;
      throw error;
    }
    return "no problem";
  };
  const names = () => listSigningKeys(world.store.db.orm).map(({ name }) => name);

  test("is named when what it replaces is to be replaced again, and can be replaced itself", async () => {
    const machine = await moveOffline();
    const { store } = world;
    await replaceKeys(store, OPERATOR, ["tuf-bins", "ca-developer"]);
    await replaceKeys(store, OPERATOR, ["tuf-timestamp"]);
    for (const [name, next] of [
      ["tuf-bins", "tuf-bins-2"],
      ["ca-developer", "ca-developer-2"],
    ] as const) {
      const words = await messageOf(() => replaceKeys(store, OPERATOR, [name]));
      expect(words).toContain(`${name} is to be replaced by ${next} already, which waits`);
      expect(words).toContain(`mosis admin keys replace ${next}`);
    }
    expect(await messageOf(() => removeKey(store, OPERATOR, "tuf-bins"))).toContain(
      "replaced by tuf-bins-2 already",
    );
    expect(await codeOf(() => replaceKeys(store, OPERATOR, ["tuf-bins-2", "tuf-snapshot"]))).toBe(
      "keys.change_invalid",
    );

    const old = await exportRequest(store, OPERATOR);
    const leaked = names();
    const asked = await replaceKeys(store, OPERATOR, ["tuf-bins-2", "ca-developer-2"]);
    expect(asked).toEqual({
      applied: false,
      added: ["tuf-bins-3", "ca-developer-3"],
      removed: ["tuf-bins-2", "ca-developer-2"],
    });
    expect(leaked.filter((name) => !names().includes(name))).toEqual(["ca-developer-2", "tuf-bins-2"]);
    // The request that has the old ones in it does not bring them back.
    expect(await codeOf(async () => importRequest(store, OPERATOR, await machine.sign(old.body)))).toBe(
      "keys.request_unknown",
    );
    const request = await exportRequest(store, OPERATOR);
    expect(request.added).toEqual(["ca-developer-3", "tuf-bins-3", "tuf-timestamp-2"]);
    await importRequest(store, OPERATOR, await machine.sign(request.body));
    expect(waitingChanges(store.db.orm)).toEqual([]);
    await world.release(1);
    expect(await update(await newDevice())).toBe(1);
    expect(await codeOf(() => replaceKeys(store, OPERATOR, ["tuf-bins-2"]))).toBe("keys.not_found");
  });
});

describe("every key that this machine holds", () => {
  test("is replaced by one request after the loss of the master key, whatever was replaced before", async () => {
    const machine = await moveOffline();
    const { store } = world;
    await replaceKeys(store, OPERATOR, ["ca-developer"]);
    await importRequest(store, OPERATOR, await machine.sign((await exportRequest(store, OPERATOR)).body));
    const holders = () =>
      Object.fromEntries(readStoreKeys(store, OPERATOR).keys.map(({ name, holder }) => [name, holder]));
    expect(holders()).toMatchObject({
      "ca-root": "destroyed",
      "ca-root-2": "offline",
      "ca-developer": "here_for_lists",
      "ca-developer-2": "here",
      "tuf-targets": "destroyed",
    });
    for (const { name, sealedPrivateKey } of listSigningKeys(store.db.orm))
      if (sealedPrivateKey !== null)
        store.db.raw.run("UPDATE signing_keys SET sealed_private_key = x'00' WHERE name = ?", [name]);
    const lost = keysHeldHere(store);
    expect(lost).toEqual([
      "ca-developer-2",
      "release",
      "tuf-bins",
      "tuf-revocations",
      "tuf-snapshot",
      "tuf-timestamp",
    ]);
    // The newest entry of the log was not signed yet when it was lost: its seal is the lost key's too.
    const id = APP_ID as AppId;
    const ended = { type: "ended", what: "visibility", appId: id, id } as const;
    write(store.db, (tx) => recordInLog(tx, store.vault, ended, store.clock.now()));
    store.db.raw.run(
      "UPDATE log_leaves SET seal = x'00' WHERE position = (SELECT max(position) FROM log_leaves)",
    );
    expect((await replaceKeys(store, OPERATOR, lost)).applied).toBe(false);
    await importRequest(store, OPERATOR, await machine.sign((await exportRequest(store, OPERATOR)).body));
    expect(checkLog(store).size).toBe(logSize(store.db.orm));
    expect(holders()).toMatchObject({ "ca-developer": "destroyed", "ca-developer-2": "destroyed" });
    await world.release(1);
    expect(await update(await newDevice())).toBe(1);
  });
});

describe("a key that another machine holds", () => {
  test("is replaced by one of another machine, and by one of this only when that is said", async () => {
    const machine = await moveOffline();
    const { store } = world;
    const roots = () => listRoles(store.db.orm).find(({ role }) => role === "root")?.keyNames ?? [];
    const [lost = "", ...others] = roots();
    const before = state();
    for (const refused of [
      () => replaceKeys(store, OPERATOR, [lost]),
      () => replaceKeys(store, OPERATOR, ["tuf-bins", lost]),
      () => replaceKeys(store, OPERATOR, ["ca-root-2"]),
      () => addKey(store, OPERATOR, "root"),
    ])
      expect(await codeOf(refused)).toBe("keys.offline_place");
    const fresh = await offlineMachine("root");
    const two = await offlineMachine("root", "root");
    for (const [names, offlineKeys] of [
      [["tuf-targets-2"], fresh.published],
      [[lost], two.published],
      [[lost, ...others], two.published],
    ] as const)
      expect(await codeOf(() => replaceKeys(store, OPERATOR, names, { offlineKeys }))).toBe(
        "keys.change_invalid",
      );
    expect(state()).toEqual(before);

    const asked = await replaceKeys(store, OPERATOR, [lost], { offlineKeys: fresh.published });
    expect(asked).toMatchObject({ applied: false, removed: [lost] });
    const request = await exportRequest(store, OPERATOR);
    await importRequest(store, OPERATOR, await fresh.sign(await machine.sign(request.body)));
    expect(roots()).toEqual([...asked.added, ...others]);
    expect(listSigningKeys(store.db.orm).find(({ name }) => name === asked.added[0])?.holder).toBe("offline");
    const warned = () => readStoreKeys(store, OPERATOR).next.filter((step) => step.do === "held_here");
    expect(warned()).toEqual([]);

    const here = await addKey(store, OPERATOR, "root", { online: true });
    await importRequest(store, OPERATOR, await machine.sign((await exportRequest(store, OPERATOR)).body));
    expect(warned()).toEqual([{ do: "held_here", what: here.added[0] ?? "" }]);
    await world.release(1);
    expect(await update(await newDevice())).toBe(1);
  });
});

describe("a file to import", () => {
  test("that is not the request of the last export, or was overtaken, changes nothing", async () => {
    const machine = await offlineMachine(...ALL);
    const { store } = world;
    const older = await machine.sign(
      (await exportRequest(store, OPERATOR, { offlineKeys: machine.published })).body,
    );
    store.clock.advance(1000);
    const newer = await machine.sign(
      (await exportRequest(store, OPERATOR, { offlineKeys: machine.published })).body,
    );
    const before = state();
    expect(await codeOf(() => importRequest(store, OPERATOR, older))).toBe("keys.request_unknown");
    expect(state()).toEqual(before);
    await replaceKeys(store, OPERATOR, ["tuf-snapshot"]);
    const moved = state();
    expect(await codeOf(() => importRequest(store, OPERATOR, newer))).toBe("keys.request_unknown");
    expect(state()).toEqual(moved);
    cancelChanges(store, OPERATOR);
    expect(await codeOf(() => importRequest(store, OPERATOR, newer))).toBe("keys.request_unknown");
  });

  test("with any signature changed is refused, and nothing is changed", async () => {
    const machine = await offlineMachine(...ALL);
    const exported = await exportRequest(world.store, OPERATOR, { offlineKeys: machine.published });
    const good = parseRequest(await machine.sign(exported.body));
    const before = state();
    const flip = (bytes: Uint8Array) => {
      const changed = Uint8Array.from(bytes);
      changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
      return changed;
    };
    const hostile = [
      ...good.certificates.map((_, at) => ({
        ...good,
        certificates: good.certificates.map((certificate, index) =>
          index === at && certificate.signature
            ? { ...certificate, signature: flip(certificate.signature) }
            : certificate,
        ),
      })),
      ...good.metadata.flatMap((role, at) =>
        [...role.signatures.keys()].map((keyId) => ({
          ...good,
          metadata: good.metadata.map((other, index) =>
            index === at
              ? {
                  ...other,
                  signatures: new Map(
                    [...other.signatures].map(([id, bytes]) => [id, id === keyId ? flip(bytes) : bytes]),
                  ),
                }
              : other,
          ),
        })),
      ),
    ];
    expect(hostile.length).toBeGreaterThan(6);
    for (const request of hostile) {
      expect(await codeOf(() => importRequest(world.store, OPERATOR, buildRequest(request)))).toBe(
        "keys.signature_invalid",
      );
      expect(state()).toEqual(before);
    }
    await importRequest(world.store, OPERATOR, buildRequest(good));
    expect(state()).not.toEqual(before);
  });

  test("of random bytes, or with any part changed, is refused by a code", async () => {
    const machine = await offlineMachine("root");
    const { body } = await exportRequest(world.store, OPERATOR, { offlineKeys: machine.published });
    const before = requestDigest(parseRequest(body));
    await fc.assert(
      fc.asyncProperty(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = Uint8Array.from(body);
        changed[at] = (changed[at] ?? 0) ^ by;
        const code = await codeOf(() => {
          const parsed = parseRequest(changed);
          // What still is a request is another one, or has another signature.
          expect(Buffer.from(buildRequest(parsed)).equals(changed)).toBe(true);
          if (requestDigest(parsed) === before) expect(unsignedText(changed)).toBe(unsignedText(body));
        });
        expect(["keys.request_malformed", "no problem"]).toContain(code);
      }),
      { numRuns: 500 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), async (bytes) => {
        expect(await codeOf(() => parseRequest(bytes))).toBe("keys.request_malformed");
        expect(await codeOf(() => parseOfflineKeys(bytes))).toBe("keys.request_malformed");
      }),
    );
  });
});

function unsignedText(body: Uint8Array): string {
  return new TextDecoder().decode(body).replaceAll(/"signatures?":(?:\{[^}]*\}|"[^"]*")/g, "");
}

describe("a request that a hostile store exports", () => {
  /** Pointer, value that is put there (undefined: nothing), and the code. */
  const CASES: readonly (readonly [what: string, pointer: string, value: unknown, code: string])[] = [
    ["an unknown key", "/more", 1, "keys.request_malformed"],
    ["no keys", "/keys", [], "keys.request_malformed"],
    ["a key's name twice", "/keys/1/name", "tuf-root-1", "keys.request_malformed"],
    ["a key that is none", "/keys/0/spki", "AAAA", "keys.request_malformed"],
    ["an unknown holder", "/keys/0/holder", "me", "keys.request_malformed"],
    ["a version of 0", "/metadata/0/version", 0, "keys.request_malformed"],
    ["a version that is a text", "/metadata/0/version", "2", "keys.request_malformed"],
    ["a role twice", "/metadata/1/role", "root", "keys.request_malformed"],
    ["a role that is signed online", "/metadata/0/role", "timestamp", "keys.request_malformed"],
    [
      "a signature that is no hex",
      "/metadata/0/signatures",
      { ["0".repeat(64)]: "zz" },
      "keys.request_malformed",
    ],
    ["a threshold of 0", "/after/root/threshold", 0, "keys.request_malformed"],
    ["a threshold above its keys", "/after/root/threshold", 9, "keys.request_malformed"],
    ["a key that it does not bring", "/after/root/keys", ["none"], "keys.request_malformed"],
    ["one key that counts twice", "/after/root/keys", ["tuf-root-3", "tuf-root-3"], "keys.request_malformed"],
    ["no role root", "/after/root", undefined, "keys.request_malformed"],
    ["a serial of few bits", "/certificates/0/serial", "01", "keys.request_malformed"],
    ["a time that is none", "/createdAt", "2026-13-01T00:00:00Z", "keys.request_malformed"],
    ["a store id with a slash", "/storeId", "a/b", "keys.request_malformed"],
    ["base64 with a line", "/roots", ["QUJD\n"], "keys.request_malformed"],
    ["another type of file", "/type", "mosis-offline-keys", "keys.request_malformed"],
    ["a root for a century", "/certificates/0/notAfter", "2126-01-01T00:00:00Z", "keys.request_refused"],
    [
      "an end before the beginning",
      "/certificates/0/notAfter",
      "2001-01-01T00:00:00Z",
      "keys.request_refused",
    ],
    ["a root that another key issues", "/certificates/0/issuer", "release", "keys.request_refused"],
    ["metadata for many years", "/metadata/0/expires", "2040-01-01T00:00:00Z", "keys.request_refused"],
    ["an unknown certificate distrusted", "/distrusted", ["0".repeat(64)], "keys.request_refused"],
    ["a digest that is none distrusted", "/distrusted", ["0"], "keys.request_malformed"],
    ["a P-384 key for a role", "/after/root/keys/0", "ca-root", "keys.request_refused"],
  ];

  function changedAt(body: Uint8Array, pointer: string, value: unknown): Uint8Array {
    const root = JSON.parse(new TextDecoder().decode(body));
    const steps = pointer.slice(1).split("/");
    const last = steps.pop() ?? "";
    const parent = steps.reduce((at, step) => at[step], root);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
    return canonicalize(root);
  }

  test("is refused before anything is signed", async () => {
    const machine = await offlineMachine(...ALL);
    const { body } = await exportRequest(world.store, OPERATOR, { offlineKeys: machine.published });
    for (const [what, pointer, value, code] of CASES) {
      const hostile = changedAt(body, pointer, value);
      expect([what, await codeOf(() => machine.sign(hostile))]).toEqual([what, code]);
    }
    expect(await codeOf(() => machine.sign(body))).toBe("no problem");
  });
});
