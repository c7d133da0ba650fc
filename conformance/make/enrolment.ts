/**
 * Examples of what devices sign to enrol and to get tokens, of the codes that people type and of the links of QR codes:
 * `bun conformance/make/enrolment.ts` writes conformance/enrolment.json. Signatures of P-256 are other ones each time, so the
 * file is made once and then kept; `enrolment.test.ts` holds the program to it.
 */
import { createHash, createPrivateKey } from "node:crypto";
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
const JTI = "7f3b2d90c1a84e6f";

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
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
    ask("with a name that is too short", device({ jti: "short" }), "refused");
    const good = signAssertion(signer, DEVICE_TYPE, device());
    const [head = "", body = "", signature = ""] = good.split(".");
    const forged = (why: string, text: string) =>
      assertions.push({ ...base, why, kind: "device", deviceId: DEVICE, text, verdict: "refused" });
    forged("signed to enrol, not to get a token", signAssertion(signer, ENROLMENT_TYPE, enrolment()));
    forged("without a signature", `${encode({ alg: "none", typ: DEVICE_TYPE })}.${body}.`);
    forged("another body under the signature", `${head}.${encode(device({ exp: NOW + 61 }))}.${signature}`);
    forged("with padding", `${good}=`);
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
      ],
    },
    links: [
      { text: formatLink(link), link },
      {
        text: `mosis://enrol?code=${CODE.toLowerCase()}&root=${ROOT}&store=https%3A%2F%2Fapps.example.com%2F`,
        link,
      },
      { text: formatLink(link).replace("mosis:", "https:"), link: null },
      { text: `${formatLink(link)}&more=1`, link: null },
      { text: formatLink(link).replace("&root=", "&root=0&root="), link: null },
    ],
    keys,
    assertions,
  };
}

if (import.meta.main) {
  const path = join(import.meta.dirname, "../enrolment.json");
  await writeFile(path, `${JSON.stringify(enrolmentVectors(), null, 2)}\n`);
}
