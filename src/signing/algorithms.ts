import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { isMinimalInteger, readChildren, readDer, TAG_INTEGER, TAG_SEQUENCE } from "./der.ts";
import { isDecodable, isSmallOrder } from "./edwards.ts";
import { refusal } from "./refuse.ts";

/** The algorithms that sign packages. */
export type SignatureAlgorithm = "ecdsa-p256" | "ed25519";
/** Those, and P-384, which only authorities may use. */
export type KeyAlgorithm = SignatureAlgorithm | "ecdsa-p384";

type KeyRule = {
  readonly title: string;
  /**
   * The one SubjectPublicKeyInfo header that DER has for this algorithm, up to the key (RFC 5480 §2, RFC 8410 §4). For a
   * curve it ends in 04: the point is uncompressed.
   */
  readonly spkiPrefix: Uint8Array;
  readonly spkiBytes: number;
  readonly webCrypto: { readonly name: string; readonly namedCurve?: string };
  /** The hash that our own authorities sign certificates with, for WebCrypto. */
  readonly certificateHash?: string;
  /**
   * The AlgorithmIdentifiers (DER, hex; no parameters) with which such a key may sign certificates (RFC 5758, RFC 8410), and
   * the hash of each, null where the algorithm hashes by itself.
   */
  readonly certificateAlgorithms: Readonly<Record<string, "sha256" | "sha384" | "sha512" | null>>;
};

/** ecdsa-with-SHA256, -SHA384 and -SHA512. */
const ECDSA_ALGORITHMS = {
  "300a06082a8648ce3d040302": "sha256",
  "300a06082a8648ce3d040303": "sha384",
  "300a06082a8648ce3d040304": "sha512",
} as const;
const ED25519_ALGORITHMS = { "300506032b6570": null } as const;

export const KEY_RULES: Readonly<Record<KeyAlgorithm, KeyRule>> = {
  "ecdsa-p256": {
    title: "ECDSA P-256",
    spkiPrefix: Buffer.from("3059301306072a8648ce3d020106082a8648ce3d03010703420004", "hex"),
    spkiBytes: 91,
    webCrypto: { name: "ECDSA", namedCurve: "P-256" },
    certificateHash: "SHA-256",
    certificateAlgorithms: ECDSA_ALGORITHMS,
  },
  "ecdsa-p384": {
    title: "ECDSA P-384",
    spkiPrefix: Buffer.from("3076301006072a8648ce3d020106052b8104002203620004", "hex"),
    spkiBytes: 120,
    webCrypto: { name: "ECDSA", namedCurve: "P-384" },
    certificateHash: "SHA-384",
    certificateAlgorithms: ECDSA_ALGORITHMS,
  },
  ed25519: {
    title: "Ed25519",
    spkiPrefix: Buffer.from("302a300506032b6570032100", "hex"),
    spkiBytes: 44,
    webCrypto: { name: "Ed25519" },
    certificateAlgorithms: ED25519_ALGORITHMS,
  },
};

type SignatureRule = {
  /** The hash's name for `node:crypto`; null where the algorithm hashes by itself. */
  readonly hash: "sha256" | null;
  /** What is wrong with a signature's form, or undefined. */
  readonly fault: (signature: Uint8Array) => string | undefined;
};

const SIGNATURE_RULES: Readonly<Record<SignatureAlgorithm, SignatureRule>> = {
  "ecdsa-p256": { hash: "sha256", fault: (signature) => ecdsaFault(signature, P256_ORDER) },
  ed25519: { hash: null, fault: ed25519Fault },
};

/** Order of P-256's group (FIPS 186-4, D.1.2.3). */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
/** Order of P-384's group (FIPS 186-4, D.1.2.4). */
const P384_ORDER =
  0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n;
/** Order of edwards25519's group (RFC 8032 §5.1). */
const ED25519_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** What is wrong with the form of a signature by a key of any kind, or undefined. */
export function signatureFault(algorithm: KeyAlgorithm, signature: Uint8Array): string | undefined {
  if (algorithm === "ed25519") return ed25519Fault(signature);
  return ecdsaFault(signature, algorithm === "ecdsa-p384" ? P384_ORDER : P256_ORDER);
}

function ecdsaFault(signature: Uint8Array, order: bigint): string | undefined {
  const root = readDer(signature, 0, signature.length);
  if (root?.tag !== TAG_SEQUENCE || root.end !== signature.length) return "not one DER SEQUENCE";
  const numbers = readChildren(signature, root);
  if (numbers?.length !== 2) return "not two DER elements";
  for (const number of numbers) {
    const content = signature.subarray(number.contentStart, number.end);
    if (number.tag !== TAG_INTEGER || !isMinimalInteger(content)) return "not a minimal DER INTEGER";
    if ((content[0] ?? 0x80) >= 0x80) return "a negative number";
    const value = BigInt(`0x${Buffer.from(content).toString("hex")}`);
    if (value === 0n || value >= order) return "a number outside of 1…n−1";
  }
  return undefined;
}

function ed25519Fault(signature: Uint8Array): string | undefined {
  if (signature.length !== 64) return `${signature.length} bytes`;
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString("hex")}`);
  return s < ED25519_ORDER ? undefined : "S not below the group order";
}

/** SHA-256 of a SubjectPublicKeyInfo, as lower-case hex: the key's id everywhere. */
export function keyidOf(spki: Uint8Array): string {
  return createHash("sha256").update(spki).digest("hex");
}

/**
 * The algorithm of a SubjectPublicKeyInfo in the one encoding that is allowed, or undefined: also for an Ed25519 key that is no
 * point (RFC 8032 §5.1.3), since libraries differ on those.
 */
export function algorithmOf(spki: Uint8Array): KeyAlgorithm | undefined {
  for (const [algorithm, rule] of Object.entries(KEY_RULES)) {
    const prefix = Buffer.from(spki.subarray(0, rule.spkiPrefix.length));
    if (spki.length !== rule.spkiBytes || !prefix.equals(rule.spkiPrefix)) continue;
    if (algorithm === "ed25519" && !isDecodable(spki.subarray(rule.spkiPrefix.length))) return undefined;
    return algorithm as KeyAlgorithm;
  }
  return undefined;
}

/** Whether a certificate's signature is by the key that this was made of. */
export type CertificateVerifier = (certificate: {
  readonly tbs: Uint8Array;
  readonly algorithm: string;
  readonly signature: Uint8Array;
}) => boolean;

/**
 * Judges signatures of certificates by an issuer's key, which is made once: each must be one that the key made over those bytes,
 * in the one form that signatures have, by an algorithm that such a key may use.
 */
export function certificateVerifier(issuerSpki: Uint8Array): CertificateVerifier {
  const issuer = readIssuerKey(issuerSpki);
  if (issuer === undefined) return () => false;
  const { certificateAlgorithms } = KEY_RULES[issuer.algorithm];
  return ({ tbs, algorithm, signature }) =>
    signatureFault(issuer.algorithm, signature) === undefined &&
    Object.hasOwn(certificateAlgorithms, algorithm) &&
    verify(certificateAlgorithms[algorithm] ?? null, tbs, issuer.key, signature);
}

function readIssuerKey(spki: Uint8Array): { algorithm: KeyAlgorithm; key: KeyObject } | undefined {
  const algorithm = algorithmOf(spki);
  if (algorithm === undefined) return undefined;
  try {
    return { algorithm, key: createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" }) };
  } catch {
    // A point that is not on its curve.
    return undefined;
  }
}

export function isSignatureAlgorithm(algorithm: KeyAlgorithm | undefined): algorithm is SignatureAlgorithm {
  return Object.hasOwn(SIGNATURE_RULES, algorithm ?? "");
}

export type SigningPublicKey = {
  readonly algorithm: SignatureAlgorithm;
  readonly key: KeyObject;
  readonly spki: Uint8Array;
  readonly keyid: string;
};

/** The key in a SubjectPublicKeyInfo that may sign packages. Throws MPK-S008. */
export function readSigningKey(spki: Uint8Array): SigningPublicKey {
  const algorithm = algorithmOf(spki);
  if (!isSignatureAlgorithm(algorithm)) {
    throw refusal("MPK-S008", "The certificate's key is of a kind that does not sign packages.", {
      found: algorithm === undefined ? `${spki.length} bytes of another key` : KEY_RULES[algorithm].title,
      expected: "ECDSA P-256 with an uncompressed point, or Ed25519",
    });
  }
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
    return { algorithm, key, spki, keyid: keyidOf(spki) };
  } catch {
    throw refusal("MPK-S008", "The certificate's key is not a point of its curve.", {
      found: KEY_RULES[algorithm].title,
      expected: "a point on the curve",
    });
  }
}

/**
 * Whether a key is an Ed25519 point of small order. Readers take such keys, as the certificate says whose they are; nobody
 * certifies one.
 */
export function isWeak({ algorithm, spki }: Pick<SigningPublicKey, "algorithm" | "spki">): boolean {
  return algorithm === "ed25519" && isSmallOrder(spki.subarray(KEY_RULES.ed25519.spkiPrefix.length));
}

/** Checks a signature's form, then the signature. Throws MPK-S006 or MPK-S007. */
export function checkSignature(key: SigningPublicKey, message: Uint8Array, signature: Uint8Array): void {
  const rule = SIGNATURE_RULES[key.algorithm];
  const fault = rule.fault(signature);
  if (fault !== undefined) {
    throw refusal("MPK-S006", "The signature is malformed.", {
      pointer: "/signatures/0/sig",
      found: fault,
      expected: key.algorithm === "ed25519" ? "64 bytes with S < L" : "strict DER of r and s",
    });
  }
  if (!verify(rule.hash, message, key.key, signature)) {
    throw refusal(
      "MPK-S007",
      "The signature does not match: what was signed is not this, or another key signed it.",
      {
        pointer: "/signatures/0/sig",
        found: `a signature that key ${key.keyid} did not make over these bytes`,
        expected: "the signature of the certificate's key",
      },
    );
  }
}
