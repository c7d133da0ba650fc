/**
 * The kit's keys, made from their names, and signatures that are the same each time they are made: Ed25519 is so by
 * itself, ECDSA by RFC 6979. These keys protect nothing: everybody can make them.
 */
import { createECDH, createHash, createHmac, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { KEY_RULES, type KeyAlgorithm, keyidOf } from "../../src/signing/algorithms.ts";
import { bits, integer, sequence } from "./der.ts";

export type TestKey = {
  readonly algorithm: KeyAlgorithm;
  readonly spki: Uint8Array;
  readonly keyid: string;
  /** PKCS #8, DER. */
  readonly pkcs8: Uint8Array;
  /** Strict DER for ECDSA, with SHA-256 (P-384: SHA-384); 64 bytes for Ed25519. */
  sign(message: Uint8Array): Uint8Array;
};

const CURVES = {
  "ecdsa-p256": {
    name: "prime256v1",
    oid: "06082a8648ce3d030107",
    hash: "sha256",
    bytes: 32,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  "ecdsa-p384": {
    name: "secp384r1",
    oid: "06052b81040022",
    hash: "sha384",
    bytes: 48,
    order:
      0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
} as const;

const known = new Map<string, TestKey>();

/** The key of a name. */
export function testKey(name: string, algorithm: KeyAlgorithm = "ecdsa-p256"): TestKey {
  const id = `${algorithm} ${name}`;
  const key = known.get(id) ?? (algorithm === "ed25519" ? ed25519(name) : ecdsa(name, algorithm));
  known.set(id, key);
  return key;
}

function seedOf(name: string, hash: string): Buffer {
  return createHash(hash).update(`mosis conformance kit, key of ${name}`).digest();
}

function ed25519(name: string): TestKey {
  const pkcs8 = Buffer.concat([
    Buffer.from("302e020100300506032b657004220420", "hex"),
    seedOf(name, "sha256"),
  ]);
  const key = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  const spki = new Uint8Array(createPublicKey(key).export({ format: "der", type: "spki" }));
  const signWith = (message: Uint8Array) => new Uint8Array(sign(null, message, key));
  return { algorithm: "ed25519", spki, keyid: keyidOf(spki), pkcs8, sign: signWith };
}

function ecdsa(name: string, algorithm: keyof typeof CURVES): TestKey {
  const curve = CURVES[algorithm];
  const secret = (toNumber(seedOf(name, curve.hash)) % (curve.order - 1n)) + 1n;
  const point = pointOf(curve.name, toBytes(secret, curve.bytes));
  // The prefix ends in the byte 04 that the point begins with.
  const spki = Buffer.concat([KEY_RULES[algorithm].spkiPrefix, point.subarray(1)]);
  const pkcs8 = sequence(
    integer(0n),
    sequence(Buffer.from("06072a8648ce3d0201", "hex"), Buffer.from(curve.oid, "hex")),
    octetString(
      sequence(
        integer(1n),
        octetString(toBytes(secret, curve.bytes)),
        Buffer.concat([Buffer.from([0xa1, bits(point).length]), bits(point)]),
      ),
    ),
  );
  // Most catalogues of the kit differ in one file, so that the same messages are signed again and again.
  const signed = new Map<string, Uint8Array>();
  return {
    algorithm,
    spki: new Uint8Array(spki),
    keyid: keyidOf(spki),
    pkcs8,
    sign: (message) => {
      const hashed = createHash(curve.hash).update(message).digest();
      const place = hashed.toString("base64");
      const before = signed.get(place);
      if (before !== undefined) return before.slice();
      const [r, s] = signEcdsa(algorithm, secret, hashed);
      const signature = sequence(integer(r), integer(s));
      signed.set(place, signature);
      return signature.slice();
    },
  };
}

function octetString(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from([0x04, bytes.length]), bytes]);
}

/** k·G of a curve, uncompressed. */
function pointOf(curve: string, scalar: Uint8Array): Buffer {
  const ecdh = createECDH(curve);
  ecdh.setPrivateKey(Buffer.from(scalar));
  return ecdh.getPublicKey();
}

/** r and s as RFC 6979 makes them, of the message's digest. */
function signEcdsa(
  algorithm: "ecdsa-p256" | "ecdsa-p384",
  secret: bigint,
  digest: Uint8Array,
): [bigint, bigint] {
  const curve = CURVES[algorithm];
  const { order, bytes } = curve;
  // The hash is as long as the order, so that bits2int leaves it as it is (§2.3.2).
  const hashed = toNumber(digest);
  for (const k of candidates(curve.hash, secret, hashed % order, order, bytes)) {
    const r = toNumber(pointOf(curve.name, toBytes(k, bytes)).subarray(1, 1 + bytes)) % order;
    const s = (inverse(k, order) * (hashed + r * secret)) % order;
    if (r !== 0n && s !== 0n) return [r, s];
  }
  throw new Error("there is always a candidate");
}

/** RFC 6979 §3.2, steps b to h. */
function* candidates(
  hash: string,
  secret: bigint,
  hashed: bigint,
  order: bigint,
  bytes: number,
): Generator<bigint> {
  const hmac = (key: Uint8Array, ...parts: Uint8Array[]) => {
    const mac = createHmac(hash, key);
    for (const part of parts) mac.update(part);
    return mac.digest();
  };
  const x = toBytes(secret, bytes);
  const h = toBytes(hashed, bytes);
  let v = Buffer.alloc(bytes, 1);
  let k = Buffer.alloc(bytes, 0);
  k = hmac(k, v, Buffer.of(0), x, h);
  v = hmac(k, v);
  k = hmac(k, v, Buffer.of(1), x, h);
  v = hmac(k, v);
  for (;;) {
    v = hmac(k, v);
    const candidate = toNumber(v);
    if (candidate > 0n && candidate < order) yield candidate;
    k = hmac(k, v, Buffer.of(0));
    v = hmac(k, v);
  }
}

/** Extended Euclid; the modulus is prime. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b] = [value % modulus, modulus];
  let [x, y] = [1n, 0n];
  while (a !== 0n) {
    const quotient = b / a;
    [a, b] = [b % a, a];
    [x, y] = [y - quotient * x, x];
  }
  return ((y % modulus) + modulus) % modulus;
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

function toBytes(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(length * 2, "0"), "hex");
}
