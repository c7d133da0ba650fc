/** The kit's certificates, byte by byte: each field can be another than it should be. */
import {
  bits,
  boolean,
  element,
  explicit,
  integer,
  octets,
  oid,
  sequence,
  set,
  time,
  utf8String,
} from "./der.ts";
import { type TestKey, testKey } from "./keys.ts";

export type Extension = { readonly oid: string; readonly critical?: boolean; readonly value: Uint8Array };

export type CertificatePlan = {
  readonly serial: bigint;
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly key: TestKey;
  /** Who signs. */
  readonly signer: TestKey;
  readonly extensions: readonly Extension[];
  /** Another SubjectPublicKeyInfo than the key's. */
  readonly spki?: Uint8Array;
  /** Ready-made parts in place of those that follow from the above. */
  readonly parts?: Partial<Record<Part, Uint8Array>>;
  /** More fields after the key, before the extensions. */
  readonly extra?: readonly Uint8Array[];
  /** The signature's AlgorithmIdentifier, inside and outside. */
  readonly algorithm?: Uint8Array;
  readonly signature?: (right: Uint8Array) => Uint8Array;
  /** The whole certificate, changed. */
  readonly bytes?: (right: Uint8Array) => Uint8Array;
};

type Part =
  | "version"
  | "serial"
  | "innerAlgorithm"
  | "issuer"
  | "validity"
  | "subject"
  | "extensions"
  | "signatureBits";

const ALGORITHMS = {
  "ecdsa-p256": Buffer.from("300a06082a8648ce3d040302", "hex"),
  "ecdsa-p384": Buffer.from("300a06082a8648ce3d040303", "hex"),
  ed25519: Buffer.from("300506032b6570", "hex"),
} as const;

export function nameOf(commonName: string): Uint8Array {
  return sequence(set(sequence(oid("2.5.4.3"), utf8String(commonName))));
}

const made = new WeakMap<CertificatePlan, Uint8Array>();

/** The certificate's DER. */
export function makeCertificate(plan: CertificatePlan): Uint8Array {
  const certificate = made.get(plan) ?? makeAnew(plan);
  made.set(plan, certificate);
  return certificate;
}

function makeAnew(plan: CertificatePlan): Uint8Array {
  const algorithm = plan.algorithm ?? ALGORITHMS[plan.signer.algorithm];
  const { parts = {} } = plan;
  const tbs = sequence(
    parts.version ?? explicit(0, integer(2n)),
    parts.serial ?? integer(plan.serial),
    parts.innerAlgorithm ?? algorithm,
    parts.issuer ?? nameOf(plan.issuer),
    parts.validity ?? sequence(time(plan.notBefore), time(plan.notAfter)),
    parts.subject ?? nameOf(plan.subject),
    plan.spki ?? plan.key.spki,
    ...(plan.extra ?? []),
    parts.extensions ?? explicit(3, sequence(...plan.extensions.map(encodeExtension))),
  );
  const right = plan.signer.sign(tbs);
  const signature = plan.signature?.(right) ?? right;
  const certificate = sequence(tbs, algorithm, parts.signatureBits ?? bits(signature));
  return plan.bytes?.(certificate) ?? certificate;
}

export function encodeExtension({ oid: id, critical, value }: Extension): Uint8Array {
  return sequence(oid(id), ...(critical === true ? [boolean(true)] : []), octets(value));
}

export const OIDS = {
  basicConstraints: "2.5.29.19",
  keyUsage: "2.5.29.15",
  extendedKeyUsage: "2.5.29.37",
  subjectAltName: "2.5.29.17",
} as const;

const CODE_SIGNING = "1.3.6.1.5.5.7.3.3";

export function basicConstraints(ca: boolean, pathLength?: number): Extension {
  const value = sequence(
    ...(ca ? [boolean(true)] : []),
    ...(pathLength === undefined ? [] : [integer(BigInt(pathLength))]),
  );
  return { oid: OIDS.basicConstraints, critical: true, value };
}

/** RFC 5280 §4.2.1.3: digitalSignature is bit 0, keyCertSign 5, cRLSign 6. */
export function keyUsage(
  ...usages: readonly ("digitalSignature" | "keyCertSign" | "cRLSign" | "keyAgreement")[]
): Extension {
  const places = { digitalSignature: 0, keyAgreement: 4, keyCertSign: 5, cRLSign: 6 };
  let byte = 0;
  let last = 0;
  for (const usage of usages) {
    byte |= 0x80 >> places[usage];
    last = Math.max(last, places[usage]);
  }
  return { oid: OIDS.keyUsage, critical: true, value: bits(Buffer.of(byte), 7 - last) };
}

export function extendedKeyUsage(...purposes: readonly string[]): Extension {
  return { oid: OIDS.extendedKeyUsage, critical: true, value: sequence(...purposes.map(oid)) };
}
export const codeSigning = (): Extension => extendedKeyUsage(CODE_SIGNING);

export function uriNames(...uris: readonly string[]): Extension {
  const value = sequence(...uris.map((uri) => element(0x86, Buffer.from(uri, "latin1"))));
  return { oid: OIDS.subjectAltName, value };
}

export const day = (text: string): Date => new Date(`${text}T00:00:00Z`);

/** The four of a package, as they should be. */
export const ROOT: CertificatePlan = {
  serial: 1n,
  subject: "Conformance Root",
  issuer: "Conformance Root",
  notBefore: day("2025-01-01"),
  notAfter: day("2045-01-01"),
  key: testKey("root"),
  signer: testKey("root"),
  extensions: [basicConstraints(true, 1), keyUsage("keyCertSign", "cRLSign")],
};

export const DEVELOPER_CA: CertificatePlan = {
  serial: 2n,
  subject: "Conformance Developer CA",
  issuer: "Conformance Root",
  notBefore: day("2025-02-01"),
  notAfter: day("2035-01-01"),
  key: testKey("developer-ca"),
  signer: testKey("root"),
  extensions: [basicConstraints(true, 0), keyUsage("keyCertSign", "cRLSign")],
};

export const DEVELOPER: CertificatePlan = {
  serial: 0x1001n,
  subject: "Developer One",
  issuer: "Conformance Developer CA",
  notBefore: day("2026-01-01"),
  notAfter: day("2027-06-01"),
  key: testKey("developer-1"),
  signer: testKey("developer-ca"),
  extensions: [
    basicConstraints(false),
    keyUsage("digitalSignature"),
    codeSigning(),
    uriNames("mosis:dev:dev-1"),
  ],
};

export const RELEASE: CertificatePlan = {
  serial: 0x2001n,
  subject: "Release key of store-1",
  issuer: "Conformance Root",
  notBefore: day("2026-01-01"),
  notAfter: day("2027-06-01"),
  key: testKey("release-1"),
  signer: testKey("root"),
  extensions: [
    basicConstraints(false),
    keyUsage("digitalSignature"),
    codeSigning(),
    uriNames("mosis:store:store-1"),
  ],
};

export function pemOf(...certificates: readonly Uint8Array[]): string {
  return certificates
    .map((der) => {
      const lines =
        Buffer.from(der)
          .toString("base64")
          .match(/.{1,64}/g) ?? [];
      return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
    })
    .join("");
}
