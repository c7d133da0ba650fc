/**
 * Examples of what devices sign to enrol and to get tokens, of the codes that people type and of the links of QR codes:
 * `bun conformance/make/enrolment.ts` writes conformance/enrolment.json. Signatures of P-256 are other ones each time, so the
 * file is made once and then kept; `enrolment.test.ts` holds the program to it.
 */
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  audienceOfRoot,
  DEVICE_TYPE,
  type DeviceClaims,
  ENROLMENT_TYPE,
  type EnrolmentClaims,
  signAssertion,
} from "../../src/format/enrolment/assertion.ts";
import { makeCode } from "../../src/format/enrolment/code.ts";
import { formatLink } from "../../src/format/enrolment/link.ts";
import type { Sha256 } from "../../src/ids.ts";
import type { SignatureAlgorithm } from "../../src/signing/algorithms.ts";
import { generateKeyPair, keyid, keyPairOf, spkiOf } from "../../src/signing/keys.ts";

export type EnrolmentVectors = {
  readonly about: string;
  readonly codes: {
    readonly made: readonly { readonly bytes: string; readonly code: string }[];
    readonly typed: readonly { readonly text: string; readonly code: string | null }[];
  };
  readonly links: readonly {
    readonly text: string;
    readonly link: { readonly storeUrl: string; readonly rootSha256: string; readonly code: string } | null;
  }[];
  readonly keys: readonly {
    readonly algorithm: SignatureAlgorithm;
    /** PKCS #8, DER, in hex. For tests alone: everybody has it. */
    readonly privateKey: string;
    /** As it is sent: base64url of the SubjectPublicKeyInfo. */
    readonly publicKey: string;
    readonly keyid: string;
  }[];
  /** Public keys as they are sent, that no device may have. */
  readonly otherKeys: readonly { readonly why: string; readonly publicKey: string }[];
  readonly assertions: readonly {
    readonly why: string;
    readonly kind: "enrolment" | "device";
    readonly key: number;
    /** What the store that is asked has: its root, the code or the device's id, and its time in seconds. */
    readonly rootSha256: string;
    readonly code?: string;
    readonly deviceId?: string;
    readonly nowSeconds: number;
    readonly text: string;
    readonly verdict: "taken" | "refused" | "stale";
  }[];
};

const ROOT = "3b2c5f7e".repeat(8) as Sha256;
const DEVICE = "dev-0190f3ab0190f3ab0190f3ab0190f3ab";
const NOW = 1_800_000_000;
const CODE = makeCode(Uint8Array.from({ length: 14 }, (_, n) => (n * 37 + 11) % 256));
const ONES = makeCode(new Uint8Array(14).fill(1));
const JTI = "7f3b2d90c1a84e6f";

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** The algorithm of each kind of key, and the hash that goes with it. */
const ALGORITHMS = { "ecdsa-p256": ["ES256", "sha256"], ed25519: ["EdDSA", null] } as const;

/** Any texts as header and body, under a signature that is right. */
function signed(
  { algorithm, privateKey }: { readonly algorithm: SignatureAlgorithm; readonly privateKey: KeyObject },
  ...parts: readonly string[]
): string {
  const text = parts.map((part) => Buffer.from(part).toString("base64url")).join(".");
  const key = { key: privateKey, dsaEncoding: "ieee-p1363" } as const;
  return `${text}.${sign(ALGORITHMS[algorithm][1], Buffer.from(text), key).toString("base64url")}`;
}

/** As `signed`, with blanks in the body up to a length. */
function padded(signer: Parameters<typeof signed>[0], header: string, body: string, bytes: number): string {
  for (let blanks = 0; ; blanks++) {
    const text = signed(signer, header, `${body}${" ".repeat(blanks)}`);
    if (text.length >= bytes) return text;
  }
}

function otherKeys(): EnrolmentVectors["otherKeys"] {
  const spki = (key: KeyObject) => Buffer.from(spkiOf(key));
  const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey;
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
  const ed25519 = spki(generateKeyPairSync("ed25519").publicKey);
  const p256 = spki(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey);
  // The point of order one: y = 1.
  const weak = Buffer.concat([ed25519.subarray(0, -32), Buffer.from([1]), Buffer.alloc(31)]);
  // The same point in its short form, with both lengths that tell of it.
  const compressed = Buffer.from(p256.subarray(0, -32));
  compressed[1] = (compressed[1] ?? 0) - 32;
  compressed[24] = (compressed[24] ?? 0) - 32;
  compressed[26] = 2 + ((p256.at(-1) ?? 0) & 1);
  return [
    { why: "P-384", publicKey: spki(p384).toString("base64url") },
    { why: "RSA", publicKey: spki(rsa).toString("base64url") },
    { why: "a point of P-256 in its short form", publicKey: compressed.toString("base64url") },
    { why: "a weak point of Ed25519", publicKey: weak.toString("base64url") },
    { why: "a byte behind it", publicKey: Buffer.concat([p256, Buffer.of(0)]).toString("base64url") },
    { why: "nothing", publicKey: "" },
  ];
}

function keysOf() {
  return (["ecdsa-p256", "ed25519"] as const).map((algorithm) => {
    const { privateKey } = generateKeyPair(algorithm);
    const { publicKey } = keyPairOf(privateKey);
    return {
      algorithm,
      privateKey: privateKey.export({ type: "pkcs8", format: "der" }).toString("hex"),
      publicKey: Buffer.from(spkiOf(publicKey)).toString("base64url"),
      keyid: keyid(publicKey),
    };
  });
}

export function enrolmentVectors(): EnrolmentVectors {
  const keys = keysOf();
  const signers = keys.map(({ algorithm, privateKey }) => ({
    algorithm,
    privateKey: createPrivateKey({ key: Buffer.from(privateKey, "hex"), format: "der", type: "pkcs8" }),
  }));
  const assertions: EnrolmentVectors["assertions"][number][] = [];
  signers.forEach((signer, key) => {
    const own = keys[key]?.keyid ?? "";
    const base = { key, rootSha256: ROOT, nowSeconds: NOW };
    const enrolment = (changes: Partial<EnrolmentClaims> = {}): EnrolmentClaims => ({
      aud: audienceOfRoot(ROOT),
      code_sha256: createHash("sha256").update(CODE).digest("hex"),
      iat: NOW,
      iss: own,
      jti: JTI,
      ...changes,
    });
    const device = (changes: Partial<DeviceClaims> = {}): DeviceClaims => ({
      aud: audienceOfRoot(ROOT),
      exp: NOW + 60,
      iat: NOW,
      iss: DEVICE,
      jti: JTI,
      sub: DEVICE,
      ...changes,
    });
    const enrol = (why: string, claims: EnrolmentClaims, verdict: "taken" | "refused" | "stale") =>
      assertions.push({
        ...base,
        why,
        kind: "enrolment",
        code: CODE,
        text: signAssertion(signer, ENROLMENT_TYPE, claims),
        verdict,
      });
    const ask = (why: string, claims: DeviceClaims, verdict: "taken" | "refused" | "stale") =>
      assertions.push({
        ...base,
        why,
        kind: "device",
        deviceId: DEVICE,
        text: signAssertion(signer, DEVICE_TYPE, claims),
        verdict,
      });
    enrol("whole", enrolment(), "taken");
    enrol("as early as it may be", enrolment({ iat: NOW + 60 }), "taken");
    enrol("earlier than it may be", enrolment({ iat: NOW + 61 }), "stale");
    enrol("as old as it may be", enrolment({ iat: NOW - 299 }), "taken");
    enrol("older than it may be", enrolment({ iat: NOW - 300 }), "stale");
    enrol("for another store", enrolment({ aud: audienceOfRoot("00".repeat(32)) }), "refused");
    enrol("with another code", enrolment({ code_sha256: "00".repeat(32) }), "refused");
    enrol("in another key's name", enrolment({ iss: "00".repeat(32) }), "refused");
    ask("whole", device(), "taken");
    ask("as long as it may live", device({ exp: NOW + 300 }), "taken");
    ask("longer than it may live", device({ exp: NOW + 301 }), "stale");
    ask("at its last second", device({ iat: NOW - 59, exp: NOW + 1 }), "taken");
    ask("over", device({ iat: NOW - 60, exp: NOW }), "stale");
    ask("for another store", device({ aud: audienceOfRoot("00".repeat(32)) }), "refused");
    ask("about another device", device({ sub: `dev-${"0".repeat(32)}` }), "refused");
    enrol(
      "over, and for another store",
      enrolment({ aud: audienceOfRoot("00".repeat(32)), iat: 0 }),
      "refused",
    );
    ask(
      "over, and about another device",
      device({ sub: `dev-${"0".repeat(32)}`, iat: 0, exp: 60 }),
      "refused",
    );
    ask("at its first second", device({ iat: NOW + 60, exp: NOW + 120 }), "taken");
    ask("before its first second", device({ iat: NOW + 61, exp: NOW + 121 }), "stale");
    ask("for no time", device({ iat: NOW + 30, exp: NOW + 30 }), "stale");
    ask("with a name that is too short", device({ jti: "short" }), "refused");
    const good = signAssertion(signer, DEVICE_TYPE, device());
    const [head = "", body = "", signature = ""] = good.split(".");
    const forged = (why: string, text: string) =>
      assertions.push({ ...base, why, kind: "device", deviceId: DEVICE, text, verdict: "refused" });
    forged("signed to enrol, not to get a token", signAssertion(signer, ENROLMENT_TYPE, enrolment()));
    forged("without a signature", `${encode({ alg: "none", typ: DEVICE_TYPE })}.${body}.`);
    forged("another body under the signature", `${head}.${encode(device({ exp: NOW + 61 }))}.${signature}`);
    forged("with padding", `${good}=`);
    forged("without its last byte", good.slice(0, -2));
    forged("of two parts", `${head}.${body}`);
    const [alg] = ALGORITHMS[signer.algorithm];
    const header = JSON.stringify({ alg, typ: DEVICE_TYPE });
    const claims = (changes: object = {}) => JSON.stringify({ ...device(), ...changes });
    const made = (why: string, text: string, verdict: "taken" | "refused" = "refused") =>
      assertions.push({ ...base, why, kind: "device", deviceId: DEVICE, text, verdict });
    made("of 2048 bytes", padded(signer, header, claims(), 2048), "taken");
    made("of more than 2048 bytes", padded(signer, header, claims(), 2049));
    made("of four parts", signed(signer, header, claims(), "more"));
    made("of the other type", signed(signer, JSON.stringify({ alg, typ: ENROLMENT_TYPE }), claims()));
    made(
      "with the name of another algorithm",
      signed(signer, JSON.stringify({ alg: "RS256", typ: DEVICE_TYPE }), claims()),
    );
    made(
      "with a member more in its header",
      signed(signer, JSON.stringify({ alg, kid: own, typ: DEVICE_TYPE }), claims()),
    );
    made("with a member more", signed(signer, header, claims({ scope: "all" })));
    made("with a member twice", signed(signer, header, claims().replace("{", `{"iat":${NOW},`)));
    made(
      "with an exponent in its time",
      signed(signer, header, claims().replace(`"iat":${NOW}`, '"iat":1.8e9')),
      "taken",
    );
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const next = letters[letters.indexOf(good.at(-1) ?? "") + 1] ?? "";
    forged("with bits set that its Base64 does not use", good.slice(0, -1) + next);
    made("with a part of a second", signed(signer, header, claims({ iat: NOW - 0.5 })));
    made("of a time before all", signed(signer, header, claims({ iat: -1, exp: 60 })));
    made("of a time beyond all", signed(signer, header, claims({ iat: 2 ** 40, exp: 2 ** 40 + 60 })));
    made("with a number for its name", signed(signer, header, claims({ jti: 1_234_567_890_123_456 })));
    made("with nothing for its body", signed(signer, header, "null"));
    made("with nothing for its header", signed(signer, "null", claims()));
    made("with a body that is no JSON", signed(signer, header, "{"));
    ask("over before it began", device({ iat: NOW + 30, exp: NOW + 20 }), "stale");
    forged(
      "with a header that must be understood",
      `${encode({ alg: "ES256", crit: ["exp"], typ: DEVICE_TYPE })}.${body}.${signature}`,
    );
  });
  const link = { storeUrl: "https://apps.example.com", rootSha256: ROOT, code: CODE };
  const swapped = CODE.slice(0, 1) + CODE.slice(2, 3) + CODE.slice(1, 2) + CODE.slice(3);
  return {
    about:
      "What devices sign, and the codes and links that they take; the page “Enrolment of devices” of the documentation says how each is judged.",
    codes: {
      made: [new Uint8Array(14), Uint8Array.from({ length: 14 }, (_, n) => (n * 37 + 11) % 256)].map(
        (bytes) => ({
          bytes: Buffer.from(bytes).toString("hex"),
          code: makeCode(bytes),
        }),
      ),
      typed: [
        { text: CODE, code: CODE },
        { text: CODE.toLowerCase().replaceAll("-", " "), code: CODE },
        { text: `  ${CODE.replaceAll("-", "")}\n`, code: CODE },
        { text: "ooooo-ooooo-ooooo", code: "00000-00000-00000" },
        { text: swapped, code: null },
        { text: CODE.slice(0, -1), code: null },
        { text: "00000-00000-00001", code: null },
        { text: "U0000-00000-00000", code: null },
        { text: ONES.replace("1", "i"), code: ONES },
        { text: ONES.replace("1", "\u0131"), code: null },
        { text: `\ufeff${ONES.replaceAll("-", "\u2009")}\u00a0`, code: ONES },
        { text: ONES.replace("-", "\u0085"), code: null },
        { text: ONES.replaceAll("-", "\u2013"), code: null },
        { text: ONES.padEnd(100), code: ONES },
        { text: ONES.padEnd(101), code: null },
      ],
    },
    links: [
      { text: formatLink(link), link },
      {
        text: `mosis://enrol?code=${CODE.toLowerCase()}&root=${ROOT}&store=https%3A%2F%2Fapps.example.com%2F`,
        link,
      },
      { text: ` ${formatLink(link).replace(ROOT, ROOT.toUpperCase())}\n`, link },
      { text: formatLink({ ...link, storeUrl: `${link.storeUrl}//` }), link },
      { text: formatLink(link).replace(encodeURIComponent(link.storeUrl), link.storeUrl), link },
      {
        text: formatLink({ ...link, storeUrl: `${link.storeUrl}/a b` }).replace("%20", "+"),
        link: { ...link, storeUrl: `${link.storeUrl}/a b` },
      },
      { text: formatLink(link).replace("mosis:", "https:"), link: null },
      { text: `${formatLink(link)}&more=1`, link: null },
      { text: formatLink(link).replace("&root=", "&root=0&root="), link: null },
      { text: formatLink({ ...link, storeUrl: "apps.example.com" }), link: null },
      { text: formatLink({ ...link, storeUrl: "ftp://apps.example.com" }), link: null },
      { text: formatLink({ ...link, code: swapped }), link: null },
      { text: formatLink({ ...link, rootSha256: "3b2c" as Sha256 }), link: null },
      ...[2000, 2001].map((characters) => {
        const path = "a".repeat(
          characters - formatLink({ ...link, storeUrl: `${link.storeUrl}/` }).length + 2,
        );
        const long = { ...link, storeUrl: `${link.storeUrl}/${path.slice(2)}` };
        return { text: formatLink(long), link: characters > 2000 ? null : long };
      }),
    ],
    keys,
    otherKeys: otherKeys(),
    assertions,
  };
}

if (import.meta.main) {
  const path = join(import.meta.dirname, "../enrolment.json");
  await writeFile(path, `${JSON.stringify(enrolmentVectors(), null, 2)}\n`);
}
