/**
 * What people hold in their hands. A passkey without a browser: makes registrations and assertions as Web Authentication Level 3 says, with ES256, so that
 * tests can also say what no browser would.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

export type TestPasskey = {
  readonly id: string;
  readonly key: KeyObject;
  /** x and y of the public key. */
  readonly point: readonly [Buffer, Buffer];
  count: number;
};

type Asked = { readonly challenge: string; readonly origin: string; readonly rpId: string };
/** What differs from a well-behaved authenticator. */
type Wrong = {
  readonly unverified?: boolean;
  readonly type?: string;
  readonly userHandle?: string;
  readonly signedWith?: KeyObject;
};

const b64u = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
const sha256 = (data: string | Uint8Array): Buffer => createHash("sha256").update(data).digest();

export function newPasskey(): TestPasskey {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = privateKey.export({ format: "jwk" });
  return {
    id: b64u(randomBytes(32)),
    key: privateKey,
    point: [Buffer.from(x, "base64url"), Buffer.from(y, "base64url")],
    count: 0,
  };
}

const clientData = (type: string, { challenge, origin }: Asked): Buffer =>
  Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));

/** §6.1: hash, flags (user present, verified, attested credential data), counter. */
function authenticatorData(
  { rpId }: Asked,
  count: number,
  flags: number,
  more: Buffer = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flags, 0);
  head.writeUInt32BE(count, 1);
  return Buffer.concat([sha256(rpId), head, more]);
}

/** CBOR's head of bytes that follow, of fewer than 2^16. */
const byteString = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x59, bytes.length >> 8, bytes.length & 0xff]), bytes]);

/** COSE_Key of ES256 (RFC 9053 §7.1.1). */
function coseKey([x, y]: TestPasskey["point"]): Buffer {
  const coordinate = (label: number, bytes: Buffer) =>
    Buffer.concat([Buffer.from([label, 0x58, bytes.length]), bytes]);
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01]),
    coordinate(0x21, x),
    coordinate(0x22, y),
  ]);
}

/** The browser's answer to a registration, as JSON. */
export function register(passkey: TestPasskey, asked: Asked, wrong: Wrong = {}): string {
  const id = Buffer.from(passkey.id, "base64url");
  const length = Buffer.alloc(2);
  length.writeUInt16BE(id.length);
  const attested = Buffer.concat([Buffer.alloc(16), length, id, coseKey(passkey.point)]);
  const data = authenticatorData(asked, passkey.count, wrong.unverified ? 0x41 : 0x45, attested);
  const text = (word: string) => Buffer.concat([Buffer.from([0x60 + word.length]), Buffer.from(word)]);
  const attestationObject = Buffer.concat([
    Buffer.from([0xa3]),
    text("fmt"),
    text("none"),
    text("attStmt"),
    Buffer.from([0xa0]),
    text("authData"),
    byteString(data),
  ]);
  return JSON.stringify({
    id: passkey.id,
    rawId: passkey.id,
    type: "public-key",
    clientExtensionResults: {},
    response: {
      clientDataJSON: b64u(clientData(wrong.type ?? "webauthn.create", asked)),
      attestationObject: b64u(attestationObject),
      transports: ["internal"],
    },
  });
}

/** The browser's answer to a use, as JSON. */
export function assert(passkey: TestPasskey, asked: Asked, wrong: Wrong = {}): string {
  const data = authenticatorData(asked, passkey.count, wrong.unverified ? 0x01 : 0x05);
  const client = clientData(wrong.type ?? "webauthn.get", asked);
  const signature = sign("sha256", Buffer.concat([data, sha256(client)]), wrong.signedWith ?? passkey.key);
  return JSON.stringify({
    id: passkey.id,
    rawId: passkey.id,
    type: "public-key",
    clientExtensionResults: {},
    response: {
      clientDataJSON: b64u(client),
      authenticatorData: b64u(data),
      signature: b64u(signature),
      ...(wrong.userHandle === undefined ? {} : { userHandle: wrong.userHandle }),
    },
  });
}

/** Base32 (RFC 4648 §6), as an authenticator app reads a secret. */
export function fromBase32(text: string): Uint8Array {
  const bits = [...text.replace(/\s/g, "")]
    .map((digit) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(digit).toString(2).padStart(5, "0"))
    .join("");
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}
