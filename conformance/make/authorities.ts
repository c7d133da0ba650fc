/** The sets of authorities that packages are judged by: keys/<name>.pem. */
import {
  basicConstraints,
  type CertificatePlan,
  DEVELOPER_CA,
  day,
  keyUsage,
  makeCertificate,
  OIDS,
  pemOf,
  ROOT,
} from "./certificates.ts";
import { testKey } from "./keys.ts";

type Change = Partial<CertificatePlan>;

const pair = (root: Change = {}, developerCa: Change = {}): string =>
  pemOf(makeCertificate({ ...ROOT, ...root }), makeCertificate({ ...DEVELOPER_CA, ...developerCa }));

const replaced = (base: CertificatePlan, extension: CertificatePlan["extensions"][number]): Change => ({
  extensions: base.extensions.map((e) => (e.oid === extension.oid ? extension : e)),
});

const rootOf = (name: string, algorithm: "ecdsa-p256" | "ecdsa-p384" | "ed25519" = "ecdsa-p256"): Change => ({
  key: testKey(name, algorithm),
  signer: testKey(name, algorithm),
});

/** A key of a kind that nobody signs with. */
const X25519 = Buffer.concat([Buffer.from("302a300506032b656e032100", "hex"), Buffer.alloc(32, 9)]);

function offCurve(spki: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(spki);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
}

/** Of another name; it issues no Developer CA. */
const secondRoot: CertificatePlan = {
  ...ROOT,
  ...rootOf("second-root"),
  subject: "Second Root",
  issuer: "Second Root",
  serial: 21n,
};

/** Authorities of the store's names and with other keys, half of them roots, before the store's own two. */
export function manyAuthorities(count: number): readonly Uint8Array[] {
  const others = Array.from({ length: count - 2 }, (_, index) => {
    const serial = BigInt(100 + index);
    return makeCertificate(
      index % 2 === 0
        ? { ...ROOT, ...rootOf("other-root"), serial }
        : { ...DEVELOPER_CA, key: testKey("other-ca"), signer: testKey("other-root"), serial },
    );
  });
  return [...others, makeCertificate(ROOT), makeCertificate(DEVELOPER_CA)];
}

/** PEM by name. `ca` is the store's; what the others have of their own stands in the cases that name them. */
export function authorities(): ReadonlyMap<string, string> {
  const other = "Other Root";
  return new Map([
    ["ca", pair()],
    [
      "p384",
      pair(rootOf("root", "ecdsa-p384"), {
        key: testKey("developer-ca", "ecdsa-p384"),
        signer: testKey("root", "ecdsa-p384"),
      }),
    ],
    [
      "ed25519",
      pair(rootOf("root", "ed25519"), {
        key: testKey("developer-ca", "ed25519"),
        signer: testKey("root", "ed25519"),
      }),
    ],
    [
      "two-generations",
      pemOf(
        makeCertificate({ ...ROOT, ...rootOf("root-new"), serial: 11n, notBefore: day("2026-02-01") }),
        makeCertificate(ROOT),
        makeCertificate({
          ...DEVELOPER_CA,
          key: testKey("developer-ca-new"),
          signer: testKey("root-new"),
          serial: 12n,
          notBefore: day("2026-02-01"),
        }),
        makeCertificate(DEVELOPER_CA),
      ),
    ],
    [
      "two-generations-reversed",
      pemOf(
        makeCertificate(ROOT),
        makeCertificate({ ...ROOT, ...rootOf("root-new"), serial: 11n }),
        makeCertificate(DEVELOPER_CA),
        makeCertificate({
          ...DEVELOPER_CA,
          key: testKey("developer-ca-new"),
          signer: testKey("root-new"),
          serial: 12n,
        }),
      ),
    ],
    [
      "renewed-developer-ca",
      pemOf(
        makeCertificate(ROOT),
        makeCertificate({
          ...DEVELOPER_CA,
          serial: 13n,
          notBefore: day("2026-03-01"),
          notAfter: day("2036-01-01"),
        }),
        makeCertificate(DEVELOPER_CA),
      ),
    ],
    [
      "other-store",
      pair(
        { ...rootOf("other-root"), subject: other, issuer: other },
        {
          issuer: other,
          subject: "Other Developer CA",
          key: testKey("other-ca"),
          signer: testKey("other-root"),
        },
      ),
    ],
    ["same-names", pair(rootOf("other-root"), { key: testKey("other-ca"), signer: testKey("other-root") })],
    ["sixty-four", pemOf(...manyAuthorities(64))],
    ["root-only", pemOf(makeCertificate(ROOT))],
    ["developer-ca-not-ca", pair({}, replaced(DEVELOPER_CA, basicConstraints(false)))],
    ["developer-ca-no-cert-sign", pair({}, replaced(DEVELOPER_CA, keyUsage("cRLSign")))],
    [
      "developer-ca-no-key-usage",
      pair({}, { extensions: DEVELOPER_CA.extensions.filter((e) => e.oid !== OIDS.keyUsage) }),
    ],
    ["developer-ca-path-length-1", pair({}, replaced(DEVELOPER_CA, basicConstraints(true, 1)))],
    ["developer-ca-no-path-length", pair({}, replaced(DEVELOPER_CA, basicConstraints(true)))],
    ["developer-ca-expired", pair({}, { notAfter: new Date("2026-02-28T09:59:59Z") })],
    ["developer-ca-not-yet", pair({}, { notBefore: new Date("2026-02-28T10:00:01Z") })],
    ["developer-ca-other-root", pair({}, { issuer: other, signer: testKey("other-root") })],
    ["developer-ca-other-key", pair({}, { spki: X25519 })],
    ["developer-ca-off-curve", pair({}, { spki: offCurve(DEVELOPER_CA.key.spki) })],
    ["root-no-path-length", pair(replaced(ROOT, basicConstraints(true)))],
    ["two-roots", pair() + pemOf(makeCertificate(secondRoot))],
    [
      "two-roots-one-expired",
      pair() + pemOf(makeCertificate({ ...secondRoot, notAfter: new Date("2026-02-28T09:59:59Z") })),
    ],
    ["developer-ca-forged", pair({}, { signer: testKey("forger") })],
    ["root-expired", pair({ notAfter: new Date("2026-02-28T09:59:59Z") })],
    ["root-not-yet", pair({ notBefore: new Date("2026-02-28T10:00:01Z") })],
    ["root-not-ca", pair(replaced(ROOT, basicConstraints(false)))],
    ["root-no-cert-sign", pair(replaced(ROOT, keyUsage("cRLSign")))],
    ["root-path-length-0", pair(replaced(ROOT, basicConstraints(true, 0)))],
    ["root-not-self-signed", pair({ signer: testKey("forger") })],
  ]);
}
