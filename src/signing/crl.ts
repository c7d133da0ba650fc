/**
 * Lists of revoked certificates (RFC 5280, section 5), version 2, DER. Written here byte by byte, since what signs them
 * may be another machine's key, and since the library labels their PEM as certificates.
 */
import { createHash } from "node:crypto";
import { derNode, TAG_BIT_STRING, TAG_INTEGER, TAG_SEQUENCE } from "./der.ts";
import type { KeySigner } from "./key-signer.ts";
import { SubjectKeyIdentifierExtension, type X509Certificate } from "./x509.ts";

/** RFC 5280 §5.3.1. */
export const CRL_REASONS = { keyCompromise: 1, cACompromise: 2, privilegeWithdrawn: 9 } as const;
export type CrlReason = keyof typeof CRL_REASONS;

export type CrlEntry = {
  /** Hexadecimal, as a certificate has it. */
  readonly serialNumber: string;
  readonly revokedAt: Date;
  readonly reason: CrlReason;
  /** From when on the key is not to be trusted, where that is another time (RFC 5280 §5.3.2). */
  readonly invalidFrom: Date | null;
};

export type CrlFields = {
  /** The authority that issued the certificates. */
  readonly issuer: X509Certificate;
  readonly number: number;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly entries: readonly CrlEntry[];
};

const TAG_OCTET_STRING = 0x04;
const TAG_OID = 0x06;
const TAG_ENUMERATED = 0x0a;
const TAG_UTC_TIME = 0x17;
const TAG_GENERALIZED_TIME = 0x18;
/** [0], constructed and primitive. */
const TAG_EXPLICIT_0 = 0xa0;
const TAG_IMPLICIT_0 = 0x80;

const OIDS = {
  reasonCode: "551d15",
  invalidityDate: "551d18",
  crlNumber: "551d14",
  authorityKeyIdentifier: "551d23",
} as const;

/** The algorithms of an authority's signature, as `KeySigner` makes them. */
const ALGORITHM_OIDS = {
  "ecdsa-p256": "2a8648ce3d040302",
  "ecdsa-p384": "2a8648ce3d040303",
  ed25519: "2b6570",
} as const satisfies Record<KeySigner["algorithm"], string>;

/** The part that is signed (TBSCertList): for an authority whose key is on another machine. */
export function crlTbs(fields: CrlFields, algorithm: KeySigner["algorithm"]): Uint8Array {
  const { issuer, number, thisUpdate, nextUpdate, entries } = fields;
  const listed = [...entries].sort((a, b) => (a.serialNumber < b.serialNumber ? -1 : 1)).map(crlEntry);
  return sequence(
    integer("01"),
    algorithmIdentifier(algorithm),
    Buffer.from(issuer.subjectName.toArrayBuffer()),
    time(thisUpdate),
    time(nextUpdate),
    ...(listed.length === 0 ? [] : [sequence(...listed)]),
    derNode(
      TAG_EXPLICIT_0,
      sequence(
        extension("authorityKeyIdentifier", sequence(derNode(TAG_IMPLICIT_0, keyIdentifier(issuer)))),
        extension("crlNumber", integer(number.toString(16))),
      ),
    ),
  );
}

/** A list of what was signed and the signature over it. */
export function assembleCrl(
  tbs: Uint8Array,
  algorithm: KeySigner["algorithm"],
  signature: Uint8Array,
): Uint8Array {
  return sequence(
    tbs,
    algorithmIdentifier(algorithm),
    derNode(TAG_BIT_STRING, Buffer.concat([Buffer.of(0), signature])),
  );
}

export async function signCrl(
  fields: CrlFields,
  signer: Pick<KeySigner, "algorithm" | "sign">,
): Promise<Uint8Array> {
  const tbs = crlTbs(fields, signer.algorithm);
  return assembleCrl(tbs, signer.algorithm, await signer.sign(tbs));
}

function crlEntry({ serialNumber, revokedAt, reason, invalidFrom }: CrlEntry): Uint8Array {
  const code = derNode(TAG_ENUMERATED, Buffer.of(CRL_REASONS[reason]));
  const from = invalidFrom === null ? [] : [extension("invalidityDate", generalizedTime(invalidFrom))];
  return sequence(integer(serialNumber), time(revokedAt), sequence(extension("reasonCode", code), ...from));
}

/** Not critical: what does not know it may pass over it. */
function extension(name: keyof typeof OIDS, value: Uint8Array): Uint8Array {
  return sequence(derNode(TAG_OID, Buffer.from(OIDS[name], "hex")), derNode(TAG_OCTET_STRING, value));
}

function algorithmIdentifier(algorithm: KeySigner["algorithm"]): Uint8Array {
  return sequence(derNode(TAG_OID, Buffer.from(ALGORITHM_OIDS[algorithm], "hex")));
}

function keyIdentifier(issuer: X509Certificate): Uint8Array {
  const known = issuer.getExtension(SubjectKeyIdentifierExtension)?.keyId;
  if (known !== undefined) return Buffer.from(known, "hex");
  return createHash("sha1").update(Buffer.from(issuer.publicKey.rawData)).digest();
}

/** Positive, in the fewest bytes (X.690 §8.3.2). */
function integer(hex: string): Uint8Array {
  const digits = hex.replace(/^0+(?=.)/, "");
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
  const isHigh = ((bytes[0] ?? 0) & 0x80) !== 0;
  return derNode(TAG_INTEGER, isHigh ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

/** Until 2049 in the short form, as RFC 5280 §5.1.2.4 says. */
function time(at: Date): Uint8Array {
  if (at.getUTCFullYear() >= 2050) return generalizedTime(at);
  return derNode(TAG_UTC_TIME, Buffer.from(`${digits(at).slice(2)}Z`));
}

function generalizedTime(at: Date): Uint8Array {
  return derNode(TAG_GENERALIZED_TIME, Buffer.from(`${digits(at)}Z`));
}

/** YYYYMMDDhhmmss */
function digits(at: Date): string {
  return at.toISOString().slice(0, 19).replaceAll(/[-:T]/g, "");
}

function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return derNode(TAG_SEQUENCE, Buffer.concat(parts));
}
