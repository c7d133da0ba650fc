import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { isProblem } from "../../errors.ts";
import { audienceOfRoot, type DeviceClaims, type EnrolmentClaims } from "../../format/enrolment/assertion.ts";
import { type ApiKeyId, type DeviceId, type GroupId, newId, type Sha256 } from "../../ids.ts";
import { keyid } from "../../signing/keys.ts";
import { assertionOf, type DeviceKey, enrolmentOf, newDevice, newDeviceKey } from "../../testing/devices.ts";
import { codeOf } from "../../testing/problems.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { openTestStore, type TestClock, type TestStore, testClock } from "../../testing/store.ts";
import { verifyAccessToken } from "../access-tokens/verify.ts";
import { type Actor, OPERATOR } from "../actor.ts";
import { revokeApiKey } from "../api-keys/end.ts";
import { findByToken } from "../api-keys/find.ts";
import { reportLeaked } from "../api-keys/leaked.ts";
import { createApiKey } from "../api-keys/make.ts";
import { rotateApiKey } from "../api-keys/rotate.ts";
import { createGroup, deleteGroup } from "../groups/groups.ts";
import { removeDeviceFromGroup } from "../groups/members.ts";
import { groupsOfDevice } from "../groups/records.ts";
import { actorOnRecord } from "../on-record.ts";
import { createAccount, disableAccount, enableAccount, setStoreRole } from "../people.ts";
import { secretHash } from "../secrets.ts";
import { codesShownBy, liveCodesBy } from "./codes.records.ts";
import {
  createEnrolmentCode,
  type NewCode,
  pageEnrolmentCodes,
  readEnrolmentCode,
  revokeEnrolmentCode,
} from "./codes.ts";
import { pageDevices, readDevice, renameDevice, revokeDevice, setGroupsOfDevice } from "./devices.ts";
import { type Enrolment, enrolDevice, FREE_GUESSES } from "./enrol.ts";
import { actingDevice, noteSeen } from "./seen.ts";
import { tokenForDevice } from "./token.ts";

const ROOT = "3f2a".repeat(16) as Sha256;
const FROM = { requestId: "r", address: "192.0.2.7", userAgent: "test" };

type NewKey = ReturnType<typeof createApiKey>;

let clock: TestClock;
let store: TestStore;
beforeEach(async () => {
  clock = testClock();
  store = await openTestStore({ clock });
});
afterEach(() => store.close());

const seconds = (): number => Math.floor(clock.now().getTime() / 1000);
const enrolment = (key: DeviceKey, code: string, changes: Partial<EnrolmentClaims> = {}) =>
  enrolmentOf(key, code, ROOT, seconds(), changes);

function newCode(fields: Partial<NewCode> = {}): {
  id: ReturnType<typeof readEnrolmentCode>["id"];
  text: string;
} {
  const { code, text } = createEnrolmentCode(store, OPERATOR, { label: "Kiosks", ...fields });
  return { id: code.id, text: text ?? "" };
}

const enrol = (key: DeviceKey, code: string) => enrolDevice(store, FROM, ROOT, enrolment(key, code));
const token = (key: DeviceKey, id: string, changes: Partial<DeviceClaims> = {}) =>
  tokenForDevice(store, FROM, ROOT, assertionOf(key, id, ROOT, seconds(), changes));

const said = (): string[] =>
  store.db.raw
    .query<{ actor: string; action: string }, []>(
      "SELECT actor, action FROM audit_entries WHERE action LIKE 'device.%' OR action LIKE 'enrolment.%' OR action LIKE 'group.device%' ORDER BY position",
    )
    .all()
    .map(({ actor, action }) => `${actor.split(":")[0]} ${action}`);

describe("a code", () => {
  test("is kept as a hash, and its text is nowhere", () => {
    const { text } = newCode();
    const dump = JSON.stringify(
      ["enrolment_codes", "audit_entries", "idempotency_keys"].map((table) =>
        store.db.raw.query(`SELECT * FROM ${table}`).all(),
      ),
    );
    expect(dump).not.toContain(text);
    expect(dump).toContain(secretHash(text));
  });

  test.each([
    [{ label: "" }, "enrolment.invalid"],
    [{ label: "x".repeat(81) }, "enrolment.invalid"],
    [{ label: "a\nb" }, "enrolment.invalid"],
    [{ label: "a", uses: 0 }, "enrolment.invalid"],
    [{ label: "a", uses: 1.5 }, "enrolment.invalid"],
    [{ label: "a", uses: 100_001 }, "enrolment.invalid"],
    [{ label: "a", hours: 0 }, "enrolment.invalid"],
    [{ label: "a", hours: Number.NaN }, "enrolment.invalid"],
    [{ label: "a", groups: Array.from({ length: 21 }, () => newId("grp")) }, "enrolment.invalid"],
    [{ label: "a", groups: [newId("grp")] }, "group.not_found"],
    [{ label: "a", uses: 100_000, hours: 8784 }, "no problem"],
  ])("of %j: %s", async (fields, expected) => {
    expect(await codeOf(() => createEnrolmentCode(store, OPERATOR, fields))).toBe(expected);
  });

  test("made by a repeated call is the same one, without its text", () => {
    const once = { actor: "operator", key: "k", request: "POST" };
    const first = createEnrolmentCode(store, OPERATOR, { label: "a" }, once);
    const again = createEnrolmentCode(store, OPERATOR, { label: "a" }, once);
    expect(again).toEqual({ code: first.code, text: null });
    expect(pageEnrolmentCodes(store, OPERATOR, { limit: 10 }).items).toHaveLength(1);
  });
});

describe("enrolling", () => {
  for (const algorithm of ["ecdsa-p256", "ed25519"] as const) {
    test(`with ${algorithm}: a device in the code's groups`, async () => {
      const group = createGroup(store, OPERATOR, { name: "Kiosks" }).id;
      const { id, text } = newCode({ groups: [group] });
      const key = newDeviceKey(algorithm);
      const { device, groups } = await enrol(key, text.toLowerCase().replaceAll("-", ""));
      // The proof is over the code as it is shown, whatever was typed.
      expect(groups).toEqual([group]);
      expect(readDevice(store, OPERATOR, device.id)).toMatchObject({
        name: "Kiosk",
        platform: "linux-arm64",
        algorithm,
        keyid: keyid(key.spki),
        codeId: id,
        lastSeenAddress: "192.0.2.7",
        revokedAt: null,
        groups: [{ id: group, name: "Kiosks" }],
      });
      expect(readEnrolmentCode(store, OPERATOR, id)).toMatchObject({ uses: 1, state: "used" });
      expect(said()).toEqual([
        "operator enrolment.created",
        "device device.enrolled",
        "device group.device_added",
      ]);
    });
  }

  test("again with the same key and code is the same device, also when the code is over", async () => {
    const { id, text } = newCode();
    const key = newDeviceKey();
    const { device } = await enrol(key, text);
    expect((await enrol(key, text)).device.id).toBe(device.id);
    clock.advance(100 * 86_400_000);
    expect((await enrol(key, text)).device.id).toBe(device.id);
    revokeEnrolmentCode(store, OPERATOR, id);
    expect((await enrol(key, text)).device.id).toBe(device.id);
    expect(readEnrolmentCode(store, OPERATOR, id).uses).toBe(1);
    expect(said().filter((line) => line.includes("enrolled"))).toHaveLength(1);
  });

  test("with another code puts the device into its groups too", async () => {
    const [one, two] = ["One", "Two"].map((name) => createGroup(store, OPERATOR, { name }).id);
    const key = newDeviceKey();
    const first = await enrol(key, newCode({ groups: [one as GroupId] }).text);
    const second = await enrol(key, newCode({ groups: [two as GroupId] }).text);
    expect(second.device.id).toBe(first.device.id);
    expect(groupsOfDevice(store.db.orm, first.device.id)).toEqual([one, two] as GroupId[]);
    expect(pageDevices(store, OPERATOR, { limit: 10 }).items).toHaveLength(1);
  });

  test("again with the code that it had before another one: the same device, no second use, and no group comes back", async () => {
    const group = createGroup(store, OPERATOR, { name: "One" }).id as GroupId;
    const [one, two] = [newCode({ groups: [group], uses: 2 }), newCode({})];
    const key = newDeviceKey();
    const { device } = await enrol(key, one.text);
    await enrol(key, two.text);
    removeDeviceFromGroup(store, OPERATOR, group, device.id);
    for (const { text } of [one, two, one]) expect((await enrol(key, text)).device.id).toBe(device.id);
    expect([one, two].map(({ id }) => readEnrolmentCode(store, OPERATOR, id).uses)).toEqual([1, 1]);
    expect(groupsOfDevice(store.db.orm, device.id)).toEqual([]);
  });

  test("of two devices with one single-use code: one wins", async () => {
    const { id, text } = newCode();
    const tries = await Promise.all(
      Array.from({ length: 6 }, () => codeOf(() => enrol(newDeviceKey(), text))),
    );
    expect(tries.filter((each) => each === "no problem")).toHaveLength(1);
    expect(tries.filter((each) => each === "device.enrolment_code_used")).toHaveLength(5);
    expect(readEnrolmentCode(store, OPERATOR, id).uses).toBe(1);
  });

  test("with a code for three: three, and no fourth", async () => {
    const { text } = newCode({ uses: 3 });
    for (let n = 0; n < 3; n += 1) await enrol(newDeviceKey(), text);
    expect(await codeOf(() => enrol(newDeviceKey(), text))).toBe("device.enrolment_code_used");
  });

  test("with a code that is over, revoked, another's or no code", async () => {
    const { text } = newCode({ hours: 1 });
    clock.advance(3_600_000);
    expect(await codeOf(() => enrol(newDeviceKey(), text))).toBe("device.enrolment_code_expired");
    const revoked = newCode();
    revokeEnrolmentCode(store, OPERATOR, revoked.id);
    expect(await codeOf(() => enrol(newDeviceKey(), revoked.text))).toBe("device.enrolment_code_revoked");
    expect(await codeOf(() => enrol(newDeviceKey(), "00000-00000-00000"))).toBe(
      "device.enrolment_code_unknown",
    );
    expect(await codeOf(() => enrol(newDeviceKey(), "00000-00000-00001"))).toBe(
      "device.enrolment_code_malformed",
    );
    expect(pageDevices(store, OPERATOR, { limit: 10 }).items).toEqual([]);
  });

  test("by a group that is gone since: without it", async () => {
    const group = createGroup(store, OPERATOR, { name: "Kiosks" }).id;
    const { text } = newCode({ groups: [group] });
    deleteGroup(store, OPERATOR, group);
    expect((await enrol(newDeviceKey(), text)).groups).toEqual([]);
  });

  test("a revoked device comes back with none of its codes, and others have stayed", async () => {
    const [first, second, other] = [newCode({ uses: 9 }), newCode({ uses: 9 }), newCode({ uses: 9 })];
    const key = newDeviceKey();
    const { device } = await enrol(key, first.text);
    const neighbour = await enrol(newDeviceKey(), first.text);
    await enrol(key, second.text);
    revokeDevice(store, OPERATOR, device.id, "Lost.");
    for (const { text } of [first, second])
      expect(await codeOf(() => enrol(newDeviceKey(), text))).toBe("device.enrolment_code_revoked");
    expect(readDevice(store, OPERATOR, neighbour.device.id).revokedAt).toBeNull();
    expect((await enrol(newDeviceKey(), other.text)).device.id).toStartWith("dev-");
    expect(said().slice(-4, -1)).toEqual([
      "operator device.revoked",
      "operator enrolment.revoked",
      "operator enrolment.revoked",
    ]);
    const slow = slowPlans(
      queryPlans(store.db, () => {
        codesShownBy(store.db.orm, device.id, clock.now());
        liveCodesBy(store.db.orm, "account:acc-1", clock.now());
      }),
    );
    expect(slow).toEqual([]);
  });

  test("a code ends with what its maker may", async () => {
    const administrator = async (email: string) => {
      const { id } = await createAccount(store, OPERATOR, { email, name: email, storeRole: "administrator" });
      const text = (actor: Actor) =>
        createEnrolmentCode(store, actor, { label: "Kiosks", uses: 9 }).text ?? "";
      return { id, code: text(actorOnRecord(store.db.orm, { by: `account:${id}`, with: null }) as Actor) };
    };
    const [demoted, disabled, stays] = [
      await administrator("a@example.org"),
      await administrator("b@example.org"),
      await administrator("c@example.org"),
    ];
    await enrol(newDeviceKey(), demoted.code);
    setStoreRole(store, OPERATOR, demoted.id, "reviewer");
    disableAccount(store, OPERATOR, disabled.id);
    for (const { code } of [demoted, disabled])
      expect(await codeOf(() => enrol(newDeviceKey(), code))).toBe("device.enrolment_code_revoked");
    await enrol(newDeviceKey(), stays.code);
    enableAccount(store, OPERATOR, disabled.id);
    expect(await codeOf(() => enrol(newDeviceKey(), disabled.code))).toBe("device.enrolment_code_revoked");
    // As in a store whose administrator went before codes ended with that.
    store.db.raw.run("UPDATE enrolment_codes SET revoked_at = NULL, revoked_by = NULL");
    expect(await codeOf(() => enrol(newDeviceKey(), demoted.code))).toBe("device.enrolment_code_revoked");
  });

  test("a code ends with the API key that it was made with, or with which that was made, and not with the key's end or rotation", async () => {
    const { id } = await createAccount(store, OPERATOR, {
      email: "a@example.org",
      name: "Ada",
      storeRole: "administrator",
    });
    const owner = { accountId: id };
    const person = actorOnRecord(store.db.orm, { by: `account:${id}`, with: null }) as Actor;
    const madeBy = (actor: Actor) => createEnrolmentCode(store, actor, { label: "Kiosks", uses: 9 });
    const [root, other, leaked, rotated] = ["root", "other", "leaked", "rotated"].map((name) =>
      createApiKey(store, OPERATOR, { owner, name, days: 30 }),
    ) as NewKey[];
    const child = createApiKey(store, findByToken(store, root?.token ?? ""), { owner, name: "child" });
    const codeBy = (key: NewKey | undefined) => madeBy(findByToken(store, key?.token ?? ""));
    const codes = { root: codeBy(root), child: codeBy(child), other: codeBy(other), leaked: codeBy(leaked) };
    const byPerson = madeBy(person);
    const byRotated = codeBy(rotated);
    rotateApiKey(store, OPERATOR, rotated?.key.id as ApiKeyId, { overlapHours: 0, days: 30 });
    await enrol(newDeviceKey(), codes.root.text ?? "");
    revokeApiKey(store, OPERATOR, root?.key.id as ApiKeyId);
    reportLeaked(store, { kind: "anonymous" }, [{ token: leaked?.token ?? "" }]);
    for (const { code, text } of [codes.root, codes.child, codes.leaked]) {
      expect(readEnrolmentCode(store, OPERATOR, code.id).state).toBe("revoked");
      expect(await codeOf(() => enrol(newDeviceKey(), text ?? ""))).toBe("device.enrolment_code_revoked");
    }
    expect(said().filter((line) => line.includes("enrolment.revoked"))).toHaveLength(3);
    clock.advance(31 * 86_400_000);
    const late = [codes.other, byPerson, byRotated];
    store.db.raw.run("UPDATE enrolment_codes SET expires_at = expires_at + 3000000000");
    for (const { text } of late) await enrol(newDeviceKey(), text ?? "");
    // Also where it stands in no list: the key is looked up with each device.
    store.db.raw.run("UPDATE enrolment_codes SET revoked_at = NULL, revoked_by = NULL");
    expect(await codeOf(() => enrol(newDeviceKey(), codes.root.text ?? ""))).toBe(
      "device.enrolment_code_revoked",
    );
    expect(JSON.stringify(readEnrolmentCode(store, OPERATOR, codes.other.code.id))).not.toContain(
      other?.key.id ?? "?",
    );
  });

  test("a key of a revoked device enrols no more; another one does", async () => {
    const { text } = newCode({ uses: 5 });
    const key = newDeviceKey();
    const { device } = await enrol(key, text);
    revokeDevice(store, OPERATOR, device.id, "Lost.");
    expect(await codeOf(() => enrol(key, text))).toBe("device.enrolment_revoked");
    expect(await codeOf(() => enrol(key, newCode().text))).toBe("device.enrolment_revoked");
    expect(await codeOf(() => enrol(newDeviceKey(), newCode().text))).toBe("no problem");
  });

  test.each<[string, (e: Enrolment, code: string) => Enrolment, string]>([
    ["no key", (e) => ({ ...e, publicKey: Buffer.alloc(91) }), "device.enrolment_key"],
    ["another's key", (e) => ({ ...e, publicKey: newDeviceKey().spki }), "device.enrolment_proof"],
    ["no proof", (e) => ({ ...e, proof: "x" }), "device.enrolment_proof"],
    [
      "a proof of another code",
      (_, code) => ({ ...enrolment(newDeviceKey(), "00000-00000-00000"), code }),
      "device.enrolment_proof",
    ],
    [
      "a proof for another store",
      (_, code) => enrolment(newDeviceKey(), code, { aud: audienceOfRoot("00".repeat(32)) }),
      "device.enrolment_proof",
    ],
    [
      "a proof in another's name",
      (_, code) => enrolment(newDeviceKey(), code, { iss: "00".repeat(32) }),
      "device.enrolment_proof",
    ],
    [
      "a proof of before",
      (_, code) => enrolment(newDeviceKey(), code, { iat: seconds() - 301 }),
      "device.assertion_stale",
    ],
    [
      "a proof of later",
      (_, code) => enrolment(newDeviceKey(), code, { iat: seconds() + 120 }),
      "device.assertion_stale",
    ],
    ["no name", (e) => ({ ...e, name: "  " }), "device.invalid"],
    ["a name that hides", (e) => ({ ...e, name: "a\u202eb" }), "device.invalid"],
    ["a long model", (e) => ({ ...e, model: "x".repeat(81) }), "device.invalid"],
    ["nothing wrong", (e) => e, "no problem"],
  ])("with %s", async (_, change, expected) => {
    const { id, text } = newCode();
    const changed = change(enrolment(newDeviceKey(), text), text);
    expect(await codeOf(() => enrolDevice(store, FROM, ROOT, changed))).toBe(expected);
    expect(readEnrolmentCode(store, OPERATOR, id).uses).toBe(expected === "no problem" ? 1 : 0);
  });

  test("who guesses codes waits longer and longer, and nobody who has one", async () => {
    const { text } = newCode({ uses: 10 });
    const guess = (from = FROM) =>
      codeOf(() => enrolDevice(store, from, ROOT, enrolment(newDeviceKey(), "00000-00000-00000")));
    for (let n = 0; n < FREE_GUESSES; n += 1) expect(await guess()).toBe("device.enrolment_code_unknown");
    expect(await guess()).toBe("auth.too_many_attempts");
    expect(await codeOf(() => enrol(newDeviceKey(), text))).toBe("no problem");
    // Which forgives the guesser nothing.
    expect(await guess()).toBe("auth.too_many_attempts");
    expect(await guess({ ...FROM, address: "192.0.2.8" })).toBe("device.enrolment_code_unknown");
    clock.advance(5000);
    expect(await guess()).toBe("device.enrolment_code_unknown");
    expect(await guess()).toBe("auth.too_many_attempts");
    // What holds a wrong symbol tells nothing, and costs nothing.
    for (let n = 0; n < 20; n += 1)
      expect(await codeOf(() => enrol(newDeviceKey(), "00000-00000-00001"))).toBe(
        "device.enrolment_code_malformed",
      );
  });
});

describe("a token", () => {
  test("is for the store's files, and ends with the device", async () => {
    const key = newDeviceKey();
    const { device } = await enrol(key, newCode().text);
    const given = await token(key, device.id);
    expect(given.token.expiresInSeconds).toBe(900);
    const { actor } = await verifyAccessToken(store, given.token.token, "files");
    expect(actor).toEqual({ kind: "device", deviceId: device.id, lastSeenAt: device.lastSeenAt });
    expect(await codeOf(() => verifyAccessToken(store, given.token.token, "api"))).toBe("auth.token_invalid");
    revokeDevice(store, OPERATOR, device.id, "Lost.");
    expect(await codeOf(() => verifyAccessToken(store, given.token.token, "files"))).toBe(
      "auth.token_revoked",
    );
    expect(await codeOf(() => token(key, device.id))).toBe("device.enrolment_revoked");
    expect(actingDevice(store, device.id)).toBeNull();
  });

  test("is over after a quarter of an hour", async () => {
    const key = newDeviceKey();
    const { device } = await enrol(key, newCode().text);
    const { token: given } = await token(key, device.id);
    clock.advance(899_000);
    expect(await codeOf(() => verifyAccessToken(store, given.token, "files"))).toBe("no problem");
    clock.advance(1000);
    expect(await codeOf(() => verifyAccessToken(store, given.token, "files"))).toBe("auth.token_expired");
  });

  test("is given once for what was signed", async () => {
    const key = newDeviceKey();
    const { device } = await enrol(key, newCode().text);
    const signed = assertionOf(key, device.id, ROOT, seconds());
    const ask = () => codeOf(() => tokenForDevice(store, FROM, ROOT, signed));
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([
      "no problem",
      "device.assertion_replayed",
      "device.assertion_replayed",
    ]);
    clock.advance(61_000);
    expect(await ask()).toBe("device.assertion_stale");
    // Another device may have the same name for its own.
    const other = newDeviceKey();
    const second = (await enrol(other, newCode().text)).device;
    const jti = Bun.randomUUIDv7();
    expect(await codeOf(() => token(key, device.id, { jti }))).toBe("no problem");
    expect(await codeOf(() => token(other, second.id, { jti }))).toBe("no problem");
  });

  test("what is not of its time any more is forgotten", async () => {
    const key = newDeviceKey();
    const { device } = await enrol(key, newCode().text);
    for (let n = 0; n < 5; n += 1) {
      await token(key, device.id);
      clock.advance(61_000);
    }
    const rows = store.db.raw.query("SELECT * FROM device_assertions").all();
    expect(rows).toHaveLength(1);
  });

  test("says the store's time to who has another one", async () => {
    const key = newDeviceKey();
    const { device } = await enrol(key, newCode().text);
    const iat = seconds() - 3600;
    try {
      await token(key, device.id, { iat, exp: iat + 60 });
      throw new Error("it was taken");
    } catch (error) {
      if (!isProblem(error)) throw error;
      expect(error.code).toBe("device.assertion_stale");
      expect(error.details).toMatchObject([{ code: "store.time", expected: clock.now().toISOString() }]);
    }
  });

  test.each<[string, (id: string) => Partial<DeviceClaims>, string]>([
    ["another store", () => ({ aud: audienceOfRoot("00".repeat(32)) }), "device.assertion_invalid"],
    ["another subject", () => ({ sub: newId("dev") }), "device.assertion_invalid"],
    ["a device that is not there", () => ({ iss: `dev-${"0".repeat(32)}` }), "device.assertion_invalid"],
    ["no device", () => ({ iss: "acc-1" }), "device.assertion_invalid"],
    ["too long a life", () => ({ exp: seconds() + 301 }), "device.assertion_stale"],
    ["nothing wrong", () => ({}), "no problem"],
  ])("for %s", async (_, changes, expected) => {
    const key = newDeviceKey();
    const { device } = await enrol(key, newCode().text);
    expect(await codeOf(() => token(key, device.id, changes(device.id)))).toBe(expected);
  });

  test("by another's key, or by what was signed to enrol", async () => {
    const key = newDeviceKey();
    const { device } = await enrol(key, newCode().text);
    expect(await codeOf(() => token(newDeviceKey(), device.id))).toBe("device.assertion_invalid");
    const proof = enrolment(key, newCode().text).proof;
    expect(await codeOf(() => tokenForDevice(store, FROM, ROOT, proof))).toBe("device.assertion_invalid");
  });
});

describe("what people do", () => {
  test("renaming, and who has seen an earlier state", async () => {
    const { device } = await enrol(newDeviceKey(), newCode().text);
    expect(renameDevice(store, OPERATOR, device.id, " Gate 4 ", 1)).toMatchObject({
      name: "Gate 4",
      revision: 2,
    });
    expect(await codeOf(() => renameDevice(store, OPERATOR, device.id, "Gate 5", 1))).toBe(
      "precondition.failed",
    );
    expect(await codeOf(() => renameDevice(store, OPERATOR, device.id, "", 2))).toBe("device.invalid");
    expect(renameDevice(store, OPERATOR, device.id, "Gate 4").revision).toBe(2);
  });

  test("revoking once, with a reason", async () => {
    const { device } = await enrol(newDeviceKey(), newCode().text);
    for (const reason of ["", "x".repeat(401), "a\u202eb"])
      expect(await codeOf(() => revokeDevice(store, OPERATOR, device.id, reason))).toBe("device.invalid");
    const revoked = revokeDevice(store, OPERATOR, device.id, "Lost.\r\nIn Oslo.");
    expect(revoked).toMatchObject({ revocationReason: "Lost.\nIn Oslo.", revokedBy: "operator" });
    expect(revokeDevice(store, OPERATOR, device.id, "Found.")).toEqual(revoked);
    expect(await codeOf(() => revokeDevice(store, OPERATOR, newId("dev"), "x"))).toBe("device.not_found");
  });

  test("saying which groups a device is in", async () => {
    const [a, b, c] = ["a", "b", "c"].map((name) => createGroup(store, OPERATOR, { name }).id) as [
      GroupId,
      GroupId,
      GroupId,
    ];
    const { device } = await enrol(newDeviceKey(), newCode({ groups: [a, b] }).text);
    const names = (ids: GroupId[]) =>
      setGroupsOfDevice(store, OPERATOR, device.id, ids).groups.map((g) => g.name);
    expect(names([b, c])).toEqual(["b", "c"]);
    expect(names([b, c])).toEqual(["b", "c"]);
    expect(names([])).toEqual([]);
    expect(await codeOf(() => names([newId("grp")]))).toBe("group.not_found");
  });

  test("when it was last seen is written once a minute", async () => {
    const { device } = await enrol(newDeviceKey(), newCode().text);
    const at = () => readDevice(store, OPERATOR, device.id);
    const before = at().lastSeenAt;
    const come = () => {
      const actor = actingDevice(store, device.id);
      if (actor !== null) noteSeen(store, actor, "192.0.2.9");
    };
    clock.advance(59_000);
    come();
    expect(at()).toMatchObject({ lastSeenAt: before, lastSeenAddress: "192.0.2.7", revision: 1 });
    clock.advance(1000);
    come();
    expect(at()).toMatchObject({ lastSeenAt: clock.now(), lastSeenAddress: "192.0.2.9", revision: 1 });
    noteSeen(store, { kind: "device", deviceId: newId("dev") }, "192.0.2.9");
  });
});

describe("among ten thousand devices", () => {
  test("lists, searches and tokens read no more than they need", async () => {
    const group = createGroup(store, OPERATOR, { name: "Kiosks" }).id;
    const key = newDeviceKey();
    const { device } = await enrol(key, newCode({ groups: [group] }).text);
    const rest = newDevice(store, { name: "Till 0000" });
    store.db.raw.transaction(() => {
      const devices = store.db.raw.query(
        "INSERT INTO devices SELECT ?1, ?2, ?3, algorithm, public_key, ?4, platform, model, runtime, 1, created_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM devices WHERE id = ?5",
      );
      const members = store.db.raw.query("INSERT INTO group_devices VALUES (?, ?, 0)");
      for (let n = 1; n < 10_000; n += 1) {
        const id = newId("dev");
        const name = `Till ${String(n).padStart(4, "0")}`;
        devices.run(id, name, name.toLowerCase(), secretHash(name), rest.id);
        if (n % 2 === 0) members.run(group, id);
      }
    })();
    store.db.raw.exec("ANALYZE devices; ANALYZE group_devices;");
    const first = pageDevices(store, OPERATOR, { search: "till 9", limit: 10 });
    expect(first.items.map(({ name }) => name)).toEqual(Array.from({ length: 10 }, (_, n) => `Till 900${n}`));
    const second = pageDevices(store, OPERATOR, {
      search: "TILL 9",
      limit: 10,
      after: first.nextCursor ?? "",
    });
    expect(second.items[0]?.name).toBe("Till 9010");
    const inGroup = pageDevices(store, OPERATOR, { search: "till 900", groupId: group, limit: 10 });
    expect(inGroup.items.map(({ name }) => name)).toEqual([0, 2, 4, 6, 8].map((n) => `Till 900${n}`));
    expect(pageDevices(store, OPERATOR, { search: device.id, limit: 10 }).items).toMatchObject([
      { id: device.id },
    ]);
    expect(pageDevices(store, OPERATOR, { search: "gate", limit: 10 }).items).toEqual([]);
    expect(pageDevices(store, OPERATOR, { groupId: group, limit: 10 }).items).toHaveLength(10);

    const plans = queryPlans(store.db, () => {
      for (const search of ["", "till 9", device.id])
        for (const of of [{}, { groupId: group }])
          for (const after of [{}, { after: rest.id }])
            pageDevices(store, OPERATOR, { search, limit: 25, ...of, ...after });
      pageEnrolmentCodes(store, OPERATOR, { limit: 25 });
      readDevice(store, OPERATOR, device.id);
      actingDevice(store, device.id as DeviceId);
      renameDevice(store, OPERATOR, device.id, "Gate");
    });
    // A first page, and the newest entry of the audit log, are the beginning of an index.
    const isBeginning = (plan: string) =>
      /^SCAN .* order by "\w+"\."(?:id|position)" desc limit \?$/.test(plan);
    expect(slowPlans(plans).filter((plan) => !isBeginning(plan))).toEqual([]);
    let given: Promise<unknown> = Promise.resolve();
    const asked = queryPlans(store.db, () => {
      given = token(key, device.id);
    });
    await given;
    // Of the store's own keys there are a few.
    const isOwn = (plan: string) => plan.includes('from "token_keys"') || isBeginning(plan);
    expect(slowPlans(asked).filter((plan) => !isOwn(plan))).toEqual([]);
  });
});
