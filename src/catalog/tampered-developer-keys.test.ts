/** Developers' keys and certificates, changed beside the store: whose a key is the log says, and what was revoked stays so. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { type AccountActor, OPERATOR } from "../accounts/actor.ts";
import type { KeyId } from "../ids.ts";
import { releaseSigner } from "../keys/authority.ts";
import { listStoreCertificates } from "../keys/records.ts";
import type { CrlFields } from "../signing/crl.ts";
import { readCrl } from "../signing/crl-reader.ts";
import { X509Certificate } from "../signing/x509.ts";
import { storeForEach } from "../testing/prepared.ts";
import { codeOf } from "../testing/problems.ts";
import { newOwner, newPublisher, newSigner, type Publisher } from "../testing/publishing.ts";
import { beside } from "../testing/tamper.ts";
import { catalogueDamage, checkCatalogue } from "./check-catalogue.ts";
import { readDeveloperKey } from "./developer-keys.ts";
import { findDeveloperKey, selectCertificateRows } from "./keys.records.ts";
import { enact } from "./revocation/act.ts";
import { parseChange } from "./revocation/change.ts";
import { issuingAuthorities } from "./revocation/crl-issuers.ts";
import { makeCrls } from "./revocation/crls.ts";
import { lookAtRevocation } from "./revocation/preview.ts";
import { findCrl } from "./revocation/records.ts";
import { previewKeyRevocation, revokeDeveloperKey } from "./revoke-key.ts";
import { replaceKeys } from "./store-keys/operations.ts";
import { sha256 } from "./tuf/metadata.ts";

setDefaultTimeout(120_000);

let publisher: Publisher;
let stranger: Publisher;
/** Another key of the publisher. */
let second: { readonly keyid: string; readonly certificateDer: Uint8Array };
/** An owner of each organisation. */
let own: AccountActor;
let other: AccountActor;
const world = storeForEach(async () => {
  publisher = await newPublisher(world.store);
  stranger = await newPublisher(world.store);
  second = await newSigner(world.store, publisher.actor);
  own = await newOwner(world.store, publisher.organisationId, "own@example.com");
  other = await newOwner(world.store, stranger.organisationId, "other@example.com");
  await world.scheduler.drain();
});
const { orm, tamper, found } = beside(world);

const key = () => publisher.signer.keyid as KeyId;
const owner = (keyid = key()) => findDeveloperKey(orm(), keyid)?.organisationId;
const certificates = () => selectCertificateRows(orm(), "", 100);
const move = (keyid = key()) =>
  tamper("UPDATE developer_keys SET organisation_id = ? WHERE keyid = ?", stranger.organisationId, keyid);
const act = (input: object) => enact(world.store, OPERATOR, parseChange(input as never));
const revoke = (subject: string, id: string) =>
  act({ act: "revoke", subject, id, action: "block", reason: "A test." });
const lift = (subject: string, id: string) => act({ act: "lift", subject, id, reason: "A mistake." });
const serialOf = (der: Uint8Array) => new X509Certificate(new Uint8Array(der)).serialNumber;

/** The newest list of each kind of authority. */
function listOf(kind: "root" | "developer-ca"): CrlFields {
  const [authority] = issuingAuthorities(world.store).filter(({ row }) => row.kind === kind);
  const row = authority && findCrl(orm(), authority.keyid);
  const fields = row && readCrl(new Uint8Array(row.der), authority.certificate);
  if (!fields) throw new Error(`no list of ${kind}`);
  return fields;
}
const listed = (kind: "root" | "developer-ca" = "developer-ca") =>
  listOf(kind)
    .entries.map(({ serialNumber }) => serialNumber)
    .sort();

const INPUT = { reason: "A test." };
/** By what code an owner's revocation of a key ends. */
const revokedBy = (actor: AccountActor, keyid = key()) =>
  codeOf(async () => {
    const { scope } = await previewKeyRevocation(world.store, actor, keyid, INPUT, { limit: 1 });
    await revokeDeveloperKey(world.store, actor, keyid, INPUT, scope);
  });

const WAYS: readonly (readonly [string, () => unknown])[] = [
  ["nothing changed", () => {}],
  ["the key another organisation's", () => move()],
];

describe("whose a key is", () => {
  test.each(WAYS)("no other organisation revokes or reads it, and its own does: %s", async (_, damage) => {
    damage();
    expect(await revokedBy(other)).toBe("key.not_found");
    expect(owner()).toBe(publisher.organisationId);
    damage();
    expect(await codeOf(async () => readDeveloperKey(world.store, other, key()))).toBe("key.not_found");
    damage();
    expect(readDeveloperKey(world.store, own, key()).developerId).toBe(publisher.organisationId);
    damage();
    expect(await revokedBy(own)).toBe("no problem");
  });

  test.each(WAYS)("an administrator is shown whose it is: %s", async (_, damage) => {
    const input = { act: "revoke", subject: "key", id: key(), action: "block", reason: "A test." } as never;
    damage();
    const { known } = await lookAtRevocation(world.store, OPERATOR, input, { limit: 1 });
    expect(known.organisationId).toBe(publisher.organisationId);
  });

  test("comes back daily and by reconcile, which names it", async () => {
    move();
    await checkCatalogue(world.store);
    expect(owner()).toBe(publisher.organisationId);
    move();
    expect(await found()).toEqual([
      expect.stringMatching(new RegExp(`^whose the developer's key ${key()} is: .*brought back`)),
    ]);
    expect(owner()).toBe(publisher.organisationId);
    expect(await found()).toEqual([]);
  });

  test("a key that nobody enrolled is no organisation's, also the store's own", async () => {
    const { keyid } = releaseSigner(world.store);
    for (const id of [keyid, "f0".repeat(32)])
      tamper(
        "INSERT INTO developer_keys SELECT ?, organisation_id, algorithm, enrolled_by, created_at FROM developer_keys WHERE organisation_id = ? LIMIT 1",
        id,
        stranger.organisationId,
      );
    expect(await revokedBy(other, keyid as KeyId)).toBe("key.not_found");
    const { known } = await lookAtRevocation(
      world.store,
      OPERATOR,
      { act: "revoke", subject: "key", id: keyid, action: "block", reason: "A test." } as never,
      { limit: 1 },
    );
    expect(known.isRelease).toBe(true);
    expect(await found()).toEqual([
      expect.stringMatching(/whose the developer's key .*does not bear out/),
      expect.stringMatching(/whose the developer's key .*does not bear out/),
    ]);
    expect(catalogueDamage(world.store)).toHaveLength(2);
  });
});

describe("rows of developers' certificates", () => {
  const set = (columns: string) => () =>
    tamper(`UPDATE developer_certificates SET ${columns} WHERE keyid = ?`, second.keyid);
  const changed: readonly (readonly [string, () => unknown])[] = [
    ["another key", () => set(`keyid = '${key()}'`)()],
    ["another serial number", set("serial = 'f' || serial")],
    ["another digest", set("sha256 = 'f0'")],
    ["another time", set("not_after = not_after + 1000, not_before = 0")],
  ];

  test.each(changed)("come back as the certificate says it: %s", async (_, damage) => {
    const before = certificates();
    damage();
    await checkCatalogue(world.store);
    expect(certificates()).toEqual(before);
    damage();
    expect(await found()).toContainEqual(
      expect.stringMatching(/^the developer's certificate .*brought back/),
    );
    expect(certificates()).toEqual(before);
    expect(await found()).toEqual([]);
  });

  test("with what the store did not issue are told", async () => {
    tamper("UPDATE developer_certificates SET der = x'3000' WHERE keyid = ?", second.keyid);
    expect(await found()).toEqual([
      expect.stringMatching(/^the developer's certificate .*not of a certificate that the store issued/),
    ]);
  });

  const lost: readonly (readonly [string, () => unknown])[] = [
    ...changed,
    ["nothing changed", () => {}],
    ["no row", () => tamper("DELETE FROM developer_certificates WHERE keyid = ?", second.keyid)],
    [
      "neither row nor key",
      () => {
        tamper("DELETE FROM developer_certificates WHERE keyid = ?", second.keyid);
        tamper("DELETE FROM developer_keys WHERE keyid = ?", second.keyid);
      },
    ],
    [
      "another certificate",
      () => set(`der = (SELECT der FROM developer_certificates WHERE keyid = '${key()}')`)(),
    ],
    ["no certificate", set("der = x'3000'")],
  ];

  test.each(lost)("take nothing out of a list of revoked certificates: %s", async (_, damage) => {
    await revoke("certificate", sha256(second.certificateDer));
    await world.scheduler.drain();
    const serial = serialOf(second.certificateDer);
    expect(listed()).toEqual([serial]);
    damage();
    await revoke("key", key());
    await world.scheduler.drain();
    expect(listed()).toEqual([serial, serialOf(publisher.signer.certificateDer)].sort());
    const { number } = listOf("developer-ca");
    await makeCrls(world.store);
    expect(listOf("developer-ca").number).toBe(number);
  });

  test.each(["certificate", "key", "developer"] as const)(
    "a %s that is lifted leaves the list",
    async (subject) => {
      const names = {
        certificate: sha256(second.certificateDer),
        key: second.keyid,
        developer: publisher.organisationId,
      };
      const target = names[subject];
      await revoke(subject, target);
      await world.scheduler.drain();
      expect(listed()).toContain(serialOf(second.certificateDer));
      // A row that goes lifts nothing.
      tamper("DELETE FROM revocations");
      await makeCrls(world.store);
      expect(listed()).toContain(serialOf(second.certificateDer));
      await checkCatalogue(world.store);
      // Of what was never public no signed list brings it back: the log has it.
      await revoke(subject, target);
      await lift(subject, target);
      await world.scheduler.drain();
      expect(listed()).toEqual([]);
    },
  );
});

test("a release certificate stays in the root's list without its rows, and leaves it by a lift", async () => {
  const { keyid } = releaseSigner(world.store);
  const [old] = listStoreCertificates(orm(), "release");
  await replaceKeys(world.store, OPERATOR, ["release"]);
  await revoke("key", keyid);
  await world.scheduler.drain();
  expect(listed("root")).toEqual([old?.serial ?? ""]);
  tamper("DELETE FROM revocations");
  await makeCrls(world.store);
  expect(listed("root")).toEqual([old?.serial ?? ""]);
  await checkCatalogue(world.store);
  await lift("key", keyid);
  await world.scheduler.drain();
  expect(listed("root")).toEqual([]);
});
