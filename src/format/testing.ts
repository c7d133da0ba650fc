/**
 * Packages and authorities for tests: real keys, real pictures, nothing simulated. Not imported by the product.
 */
import { crc32, deflateSync } from "node:zlib";
import {
  createDeveloperCa,
  createRootCa,
  issueDeveloperCertificate,
  issueReleaseCertificate,
  readCertificateRequest,
} from "../signing/certificates.ts";
import { createCsr, generateKeyPair, type KeyAlgorithm } from "../signing/keys.ts";
import { localSigner, type Signer } from "../signing/signer.ts";
import type { X509Certificate } from "../signing/x509.ts";
import { DAY_MS } from "../time.ts";
import { DEVELOPER_NAME, STORE_NAME } from "./names.ts";
import { type ApprovalFacts, signDeveloper, signStore } from "./sign.ts";
import { bytesSource } from "./source.ts";
import { appendEnvelope } from "./zip/append.ts";
import { concatBytes } from "./zip/layout.ts";
import { packApp } from "./zip/writer.ts";

export const NOW = new Date("2026-03-01T12:00:00Z");

export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, tail]);
}

export function pngHeader(
  width: number,
  height: number,
  depth = 8,
  colourType = 0,
  interlace = 0,
): Uint8Array {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([depth, colourType, 0, 0, interlace], 8);
  return pngChunk("IHDR", data);
}

export const PNG_START = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** A grey picture of one byte a pixel. */
export function greyPng(width: number, height = width): Uint8Array {
  const pixels = deflateSync(Buffer.alloc(height * (width + 1)));
  return concatBytes([
    PNG_START,
    pngHeader(width, height),
    pngChunk("IDAT", pixels),
    pngChunk("IEND", new Uint8Array(0)),
  ]);
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function sampleManifest(): Record<string, unknown> {
  return {
    schema: 1,
    id: "org.example.sample",
    name: { en: "Sample", "de-AT": "Muster" },
    defaultLocale: "en",
    version: "1.2.3",
    versionCode: 7,
    author: { name: "Example & Sons", url: "https://example.org/apps", email: "apps@example.org" },
    entry: "main.lua",
    ui: ["ui/main.rml"],
    icons: [64, 128, 512].map((size) => ({ size, src: `icons/${size}.png` })),
    permissions: [],
    runtime: { api: "1.0", lua: "5.4" },
  };
}

/** The files of a small app that every rule lets pass; `manifest` replaces or (with undefined) removes keys. */
export function sampleFiles(manifest: Record<string, unknown> = {}): Map<string, Uint8Array> {
  return new Map([
    ["manifest.json", utf8(JSON.stringify({ ...sampleManifest(), ...manifest }, undefined, 2))],
    [
      "main.lua",
      utf8("-- A sample.\nlocal greeting = 'hello'\nreturn function() return greeting end\n".repeat(8)),
    ],
    ["ui/main.rml", utf8("<rml><body>Hello</body></rml>\n")],
    ["data/empty", new Uint8Array(0)],
    ...[64, 128, 512].map((size): [string, Uint8Array] => [`icons/${size}.png`, greyPng(size)]),
  ]);
}

export type TestAuthorities = {
  readonly root: X509Certificate;
  readonly developerCa: X509Certificate;
  readonly developer: Signer;
  readonly store: Signer;
};

/** A root, a Developer CA, a developer "dev-1" and the store "store-1", valid around NOW. */
export async function createTestAuthorities(
  algorithms: { ca?: KeyAlgorithm; leaf?: KeyAlgorithm } = {},
): Promise<TestAuthorities> {
  const days = (before: number, after: number) => ({
    notBefore: new Date(NOW.getTime() - before * DAY_MS),
    notAfter: new Date(NOW.getTime() + after * DAY_MS),
  });
  const rootKeys = generateKeyPair(algorithms.ca);
  const root = await createRootCa(rootKeys, { commonName: "Test Root", ...days(100, 3650) });
  const caKeys = generateKeyPair(algorithms.ca);
  const rootAuthority = { certificate: root, keys: rootKeys };
  const developerCa = await createDeveloperCa(rootAuthority, caKeys.publicKey, {
    commonName: "Test Developer CA",
    ...days(90, 1800),
  });
  const developerKeys = generateKeyPair(algorithms.leaf);
  const developer = await issueDeveloperCertificate(
    { certificate: developerCa, keys: caKeys },
    await readCertificateRequest(await createCsr(developerKeys)),
    { developerId: "dev-1", commonName: "Developer One", ...days(10, 365) },
  );
  const storeKeys = generateKeyPair(algorithms.leaf);
  const release = await issueReleaseCertificate(rootAuthority, storeKeys.publicKey, {
    storeId: "store-1",
    ...days(10, 365),
  });
  return {
    root,
    developerCa,
    developer: localSigner(developerKeys.privateKey, new Uint8Array(developer.rawData)),
    store: localSigner(storeKeys.privateKey, new Uint8Array(release.rawData)),
  };
}

export const APPROVAL: ApprovalFacts = {
  approvedAt: new Date("2026-02-28T10:00:00Z"),
  review: {
    reviewId: "review-1",
    policy: 1,
    people: 1,
    checks: [
      { name: "strict-parse", version: "1" },
      { name: "digests", version: "1" },
    ],
  },
};

/** A package with one more envelope. */
export async function withEnvelope(
  packed: Uint8Array,
  name: typeof DEVELOPER_NAME | typeof STORE_NAME,
  envelope: Uint8Array,
): Promise<Uint8Array> {
  const { prefixBytes, tail } = await appendEnvelope(bytesSource(packed), name, envelope);
  return concatBytes([packed.subarray(0, prefixBytes), tail]);
}

export async function signedPackage(
  authorities: TestAuthorities,
  files = sampleFiles(),
  signedAt = new Date("2026-02-27T09:00:00Z"),
): Promise<Uint8Array> {
  const packed = await packApp(files);
  return withEnvelope(
    packed,
    DEVELOPER_NAME,
    await signDeveloper(bytesSource(packed), authorities.developer, signedAt),
  );
}

export async function releasedPackage(
  authorities: TestAuthorities,
  signed?: Uint8Array,
  facts: ApprovalFacts = APPROVAL,
): Promise<Uint8Array> {
  const upload = signed ?? (await signedPackage(authorities));
  return withEnvelope(upload, STORE_NAME, await signStore(bytesSource(upload), authorities.store, facts));
}
