import { canonicalize, parseCanonical } from "./json.ts";
import { excerpt, refusal } from "./refuse.ts";
import { shapeWith } from "./shape.ts";
import type { Signer } from "./signer.ts";

export const PAYLOAD_TYPE = "application/vnd.in-toto+json";
const ENVELOPE_MAX_BYTES = 2 ** 20;

/** A parsed DSSE envelope with its one signature; nothing about the signature is judged yet. */
export type Envelope = {
  readonly payload: Uint8Array;
  readonly keyid: string;
  readonly signature: Uint8Array;
  readonly certificateDer: Uint8Array;
};

/** DSSE v1's pre-authentication encoding: what is signed. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = Buffer.from(payloadType, "utf8");
  const head = Buffer.from(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `, "utf8");
  return Buffer.concat([head, payload]);
}

/** Signs a payload and gives the envelope's canonical bytes. */
export async function sealEnvelope(payload: Uint8Array, signer: Signer): Promise<Uint8Array> {
  const signature = await signer.sign(preAuthEncoding(PAYLOAD_TYPE, payload));
  return canonicalize({
    payload: base64(payload),
    payloadType: PAYLOAD_TYPE,
    signatures: [{ cert: base64(signer.certificateDer), keyid: signer.keyid, sig: base64(signature) }],
  });
}

/** Parses an envelope strictly (package format §3). Throws MPK-J… and MPK-S001…S004. */
export function parseEnvelope(bytes: Uint8Array): Envelope {
  const shape = shapeWith("MPK-S001", "The envelope");
  const value = parseCanonical(bytes, { maxBytes: ENVELOPE_MAX_BYTES });
  const envelope = shape.object(value, "", ["payload", "payloadType", "signatures"]);
  if (envelope.payloadType !== PAYLOAD_TYPE) {
    throw refusal("MPK-S002", "The envelope's payload is of another type.", {
      pointer: "/payloadType",
      found: excerpt(envelope.payloadType),
      expected: PAYLOAD_TYPE,
    });
  }
  const signatures = shape.array(envelope.signatures, "/signatures");
  if (signatures.length !== 1) {
    throw refusal("MPK-S003", `The envelope has ${signatures.length} signatures, not one.`, {
      pointer: "/signatures",
      found: String(signatures.length),
      expected: "1",
    });
  }
  const at = "/signatures/0";
  const signature = shape.object(signatures[0], at, ["cert", "keyid", "sig"]);
  return {
    payload: strictBase64(shape.string(envelope.payload, "/payload"), "/payload"),
    keyid: shape.matching(signature.keyid, `${at}/keyid`, /^[0-9a-f]{64}$/, "64 lower-case hex digits"),
    signature: strictBase64(shape.string(signature.sig, `${at}/sig`), `${at}/sig`),
    certificateDer: strictBase64(shape.string(signature.cert, `${at}/cert`), `${at}/cert`),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

/** RFC 4648 §4 in its one form: decoding and encoding again gives the same text. */
function strictBase64(text: string, pointer: string): Uint8Array {
  const bytes = Buffer.from(text, "base64");
  if (text === "" || bytes.toString("base64") !== text) {
    throw refusal("MPK-S004", `The text at “${pointer}” is not strict base64.`, {
      pointer,
      found: excerpt(text),
      expected: "padded base64 of the standard alphabet, without white space, unused bits zero",
    });
  }
  return new Uint8Array(bytes);
}
