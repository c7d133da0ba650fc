/** The file that carries what another machine signs: read, built, its signatures judged. */
import { createPublicKey } from "node:crypto";
import { buildDocuments, judgeSignatures, signRequest } from "../../../src/catalog/store-keys/documents.ts";
import { buildRequest, parseRequest } from "../../../src/catalog/store-keys/request.ts";
import { sha256Hex } from "../../../src/format/digests.ts";
import type { KeyId } from "../../../src/ids.ts";
import { TUF_ROLES } from "../../../src/keys/key-sets.ts";
import { canonicalize } from "../../../src/signing/json.ts";
import type { KeySigner } from "../../../src/signing/key-signer.ts";
import { DEVELOPER_CA, makeCertificate, ROOT } from "../../make/certificates.ts";
import { testKey } from "../../make/keys.ts";
import { mutateJson, mutateValue } from "../mutate/json.ts";
import { documentTarget, pickFrom, type Target } from "../target.ts";

const KEYS = [
  ["root-1", "ed25519"],
  ["root-2", "ed25519"],
  ["authority", "ecdsa-p384"],
] as const;

/** What holds the keys of another machine. */
const SIGNERS: ReadonlyMap<KeyId, KeySigner> = new Map(
  KEYS.map(([name, algorithm]) => {
    const { spki, keyid, sign } = testKey(name, algorithm);
    const publicKey = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
    return [keyid as KeyId, { algorithm, publicKey, sign: async (message) => sign(message) }];
  }),
);

/** What a new root has revoked. */
const REVOKED = {
  entries: [
    {
      invalidFrom: null,
      reason: "keyCompromise",
      revokedAt: "2025-12-01T00:00:00Z",
      serial: `4${"1".repeat(31)}`,
    },
  ],
  issuer: "authority",
  nextUpdate: "2026-12-01T00:00:00Z",
  number: 1,
  signature: null,
};

/** `isMore`: with all that a request may have. */
function request(isMore = false): Uint8Array {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  const key = (name: string, algorithm: "ed25519" | "ecdsa-p256" | "ecdsa-p384", holder: string) => ({
    holder,
    name,
    spki: base64(testKey(name, algorithm).spki),
  });
  const sets = (root: readonly string[]) =>
    Object.fromEntries(
      TUF_ROLES.map((role) => [role, { keys: role === "root" ? root : ["tuf"], threshold: 1 }]),
    );
  const certificate = (kind: string, name: string, issuer: string) => ({
    issuer,
    key: name,
    kind,
    notAfter: "2027-01-01T00:00:00Z",
    notBefore: "2026-01-01T00:00:00Z",
    serial: `4${"0".repeat(31)}`,
    signature: null,
  });
  return canonicalize({
    after: sets(["root-2", "root-1"]),
    before: sets(["root-1"]),
    certificates: [
      certificate("developer-ca", "ca", "authority"),
      certificate("root", "authority", "authority"),
    ],
    createdAt: "2026-01-01T00:00:00Z",
    developerCas: [base64(makeCertificate(DEVELOPER_CA))],
    distrusted: isMore ? [sha256Hex(makeCertificate(ROOT))] : [],
    keys: [
      key("root-1", "ed25519", "offline"),
      key("root-2", "ed25519", "offline"),
      key("tuf", "ed25519", "here"),
      key("authority", "ecdsa-p384", "offline"),
      key("ca", "ecdsa-p256", "here"),
    ],
    ...(isMore ? { lists: [REVOKED] } : {}),
    metadata: [
      { expires: "2026-06-01T00:00:00Z", role: "root", signatures: {}, version: 2 },
      { expires: "2026-06-01T00:00:00Z", role: "apps", signatures: {}, version: 2 },
    ],
    roots: [base64(makeCertificate(ROOT))],
    storeId: "store-1",
    type: "mosis-signing-request",
    v: 1,
  });
}

const DOCUMENT: Target = documentTarget({
  name: "signing-request",
  seeds: () => [request(), request(true)],
  layers: ["json", "shape", "documents", "signatures"],
  layerOf: (code) => {
    if (code.startsWith("MPK-J")) return "json";
    if (code === "keys.signature_invalid") return "signatures";
    return code === "keys.request_refused" ? "documents" : "shape";
  },
  parse: async (bytes) => {
    const parsed = parseRequest(bytes);
    judgeSignatures(await buildDocuments(parsed));
    return buildRequest(parsed);
  },
});

/** Half of the changes are made before it is signed, or to what was signed. */
export const SIGNING_REQUEST: Target = {
  ...DOCUMENT,
  open: async () => {
    const opened = await DOCUMENT.open();
    return {
      ...opened,
      make: async (random, corpus) => {
        if (random.oneIn(2)) return opened.make(random, corpus);
        const changed = mutateJson(pickFrom(random, corpus), random).bytes;
        const before = random.oneIn(2) ? changed : request(random.oneIn(2));
        const signed = buildRequest((await signRequest(parseRequest(before), SIGNERS)).request);
        if (random.oneIn(2)) return { bytes: signed, repaired: "signatures" };
        const value = mutateValue(JSON.parse(Buffer.from(signed).toString("utf8")), random);
        return { bytes: canonicalize(value), repaired: "canonical" };
      },
    };
  },
};
