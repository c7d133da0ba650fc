/** A package of the kit, made layer by layer; each layer can be made wrong, and what stands above it then fits to it. */
import { deflate } from "pako";
import { buildDigests, sha256Hex } from "../../src/format/digests.ts";
import { DEVELOPER_NAME, DIGESTS_NAME, STORE_NAME } from "../../src/format/names.ts";
import { PNG_START, pngChunk, pngHeader, utf8 } from "../../src/format/testing.ts";
import { compressEntry } from "../../src/format/zip/compress.ts";
import { concatBytes } from "../../src/format/zip/layout.ts";
import { compareNames } from "../../src/format/zip/names.ts";
import { type RawArchive, type RawEntry, writeRaw } from "../../src/format/zip/testing.ts";
import { PAYLOAD_TYPE, preAuthEncoding } from "../../src/signing/dsse.ts";
import { canonicalize } from "../../src/signing/json.ts";
import { DEVELOPER_RELEASE_TYPE, STATEMENT_TYPE, STORE_APPROVAL_TYPE } from "../../src/signing/statements.ts";
import { type CertificatePlan, DEVELOPER, makeCertificate, RELEASE } from "./certificates.ts";

/** A JSON value that a case changes as it likes. */
// biome-ignore lint/suspicious/noExplicitAny: hostile documents have no shape
export type Loose = any;

export type EnvelopePlan = {
  readonly certificate?: CertificatePlan;
  /** Changes the statement before it is signed, or gives another. */
  readonly statement?: (statement: Loose) => Loose;
  /** The payload's bytes in place of the statement's canonical form. */
  readonly payload?: (canonical: Uint8Array) => Uint8Array;
  /** What is signed, in place of the pre-authentication encoding of the payload. */
  readonly signed?: (encoding: Uint8Array, payload: Uint8Array) => Uint8Array;
  readonly signature?: (right: Uint8Array) => Uint8Array;
  /** Changes the envelope after it was signed, or gives another. */
  readonly envelope?: (envelope: Loose) => Loose;
  /** The envelope's bytes in place of its canonical form. */
  readonly bytes?: (canonical: Uint8Array) => Uint8Array;
};

export type PackagePlan = {
  /** Keys replaced in the manifest; undefined takes a key away. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  readonly manifestBytes?: (canonical: Uint8Array) => Uint8Array;
  /** Files replaced or added; null takes one away. */
  readonly files?: Readonly<Record<string, Uint8Array | null>>;
  readonly digests?: (digests: Loose) => Loose;
  readonly digestsBytes?: (canonical: Uint8Array) => Uint8Array;
  /** Changes the archive of the app's files and digests.json, before anything is signed. */
  readonly archive?: (archive: RawArchive) => void;
  /** null: the package ends before this envelope. */
  readonly developer?: EnvelopePlan | null;
  readonly developerEntry?: (entry: RawEntry) => void;
  readonly store?: EnvelopePlan | null;
  readonly storeEntry?: (entry: RawEntry) => void;
  /** The digest of the upload that the store names. */
  readonly upload?: (signed: Uint8Array) => string;
  /** Changes the whole archive after all was signed. */
  readonly whole?: (archive: RawArchive) => void;
  /** Changes the file's bytes. */
  readonly bytes?: (bytes: Uint8Array) => Uint8Array;
};

const greys = new Map<string, Uint8Array>();

/** A grey picture of one byte a pixel. */
export function grey(width: number, height = width): Uint8Array {
  const size = `${width} ${height}`;
  const picture = greys.get(size) ?? makeGrey(width, height);
  greys.set(size, picture);
  return picture;
}

/** Text that makes a document larger without running into the limit of how much an entry may inflate. */
export function padding(sizeBytes: number): string {
  let noise = "";
  for (let block = 0; noise.length < sizeBytes / 100; block++) noise += sha256Hex(utf8(String(block)));
  return noise + " ".repeat(sizeBytes - noise.length);
}

function makeGrey(width: number, height: number): Uint8Array {
  return concatBytes([
    PNG_START,
    pngHeader(width, height),
    pngChunk("IDAT", deflate(Buffer.alloc(height * (width + 1)), { level: 9 })),
    pngChunk("IEND", new Uint8Array(0)),
  ]);
}

export const MANIFEST: Readonly<Record<string, unknown>> = {
  schema: 1,
  id: "org.example.sample",
  name: { en: "Sample", "de-AT": "Muster" },
  summary: { en: "A small app." },
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

const LUA = "-- A sample.\nlocal greeting = 'hello'\nreturn function() return greeting end\n".repeat(8);

function appFiles(plan: PackagePlan): Map<string, Uint8Array> {
  const manifest = canonicalize({ ...MANIFEST, ...plan.manifest });
  const files = new Map<string, Uint8Array>([
    ["manifest.json", plan.manifestBytes?.(manifest) ?? manifest],
    ["main.lua", utf8(LUA)],
    ["ui/main.rml", utf8("<rml><body>Hello</body></rml>\n")],
    ["data/empty", new Uint8Array(0)],
    ...[64, 128, 512].map((size): [string, Uint8Array] => [`icons/${size}.png`, grey(size)]),
  ]);
  for (const [name, bytes] of Object.entries(plan.files ?? {})) {
    if (bytes === null) files.delete(name);
    else files.set(name, bytes);
  }
  return files;
}

export function entryOf(name: string, bytes: Uint8Array): RawEntry {
  const { fields, data } = compressEntry(name, bytes);
  return { name, method: fields.method, data, size: bytes.length, crc: fields.crc32 };
}

const SIGNED_AT = "2026-02-27T09:00:00Z";
export const APPROVED_AT = "2026-02-28T10:00:00Z";

export function makePackage(plan: PackagePlan): Uint8Array {
  const files = [...appFiles(plan)].sort(([a], [b]) => compareNames(a, b));
  const listed = buildDigests(
    files.map(([path, bytes]) => ({ path, sizeBytes: bytes.length, sha256: sha256Hex(bytes) })),
  );
  const changed = plan.digests
    ? canonicalize(plan.digests(JSON.parse(Buffer.from(listed).toString("utf8"))))
    : listed;
  const digests = plan.digestsBytes?.(changed) ?? changed;
  const archive: RawArchive = {
    entries: [...files, [DIGESTS_NAME, digests] as const].map(([name, bytes]) => entryOf(name, bytes)),
  };
  plan.archive?.(archive);
  const subject = {
    contentDigest: sha256Hex(digests) as string,
    manifest: { ...MANIFEST, ...plan.manifest } as Loose,
  };
  if (plan.developer !== null) addEnvelopes(archive, plan, subject);
  plan.whole?.(archive);
  const bytes = writeRaw(archive);
  return new Uint8Array(plan.bytes?.(bytes) ?? bytes);
}

export type Subject = { readonly contentDigest: string; readonly manifest: Loose };

/** Appends both envelopes as the plan says, over what the archive holds. */
export function addEnvelopes(archive: RawArchive, plan: PackagePlan, subject: Subject): void {
  const developer = plan.developer ?? {};
  const developerCertificate = developer.certificate ?? DEVELOPER;
  const { id, version, versionCode } = subject.manifest;
  const statementOf = (predicateType: string, predicate: Loose) => ({
    _type: STATEMENT_TYPE,
    predicate,
    predicateType,
    subject: [{ digest: { sha256: subject.contentDigest }, name: id }],
  });
  const developerBytes = seal(
    developer,
    developerCertificate,
    statementOf(DEVELOPER_RELEASE_TYPE, { appId: id, signedAt: SIGNED_AT, version, versionCode }),
  );
  const developerEntry = entryOf(DEVELOPER_NAME, developerBytes);
  plan.developerEntry?.(developerEntry);
  archive.entries.push(developerEntry);
  if (plan.store === null) return;

  const signed = writeRaw(archive);
  const store = plan.store ?? {};
  const storeBytes = seal(
    store,
    store.certificate ?? RELEASE,
    statementOf(STORE_APPROVAL_TYPE, {
      appId: id,
      approvedAt: APPROVED_AT,
      developerEnvelope: { sha256: sha256Hex(developerBytes) },
      developerId: "dev-1",
      developerKeyId: keyidIn(developerBytes) ?? developerCertificate.key.keyid,
      review: {
        checks: [
          { name: "digests", version: "1" },
          { name: "strict-parse", version: "1" },
        ],
        people: 1,
        policy: 1,
        reviewId: "review-1",
      },
      storeId: "store-1",
      upload: { sha256: plan.upload?.(signed) ?? sha256Hex(signed) },
      version,
      versionCode,
    }),
  );
  const storeEntry = entryOf(STORE_NAME, storeBytes);
  plan.storeEntry?.(storeEntry);
  archive.entries.push(storeEntry);
}

/** The key id that an envelope says, if it says one. */
function keyidIn(envelope: Uint8Array): string | undefined {
  try {
    const keyid: unknown = JSON.parse(Buffer.from(envelope).toString("utf8")).signatures[0].keyid;
    return typeof keyid === "string" ? keyid : undefined;
  } catch {
    return undefined;
  }
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

/** An envelope over a statement. */
export function seal(plan: EnvelopePlan, certificate: CertificatePlan, statement: Loose): Uint8Array {
  const canonical = canonicalize(plan.statement ? plan.statement(statement) : statement);
  const payload = plan.payload?.(canonical) ?? canonical;
  const encoding = preAuthEncoding(PAYLOAD_TYPE, payload);
  const right = certificate.key.sign(plan.signed?.(encoding, payload) ?? encoding);
  const envelope = {
    payload: base64(payload),
    payloadType: PAYLOAD_TYPE,
    signatures: [
      {
        cert: base64(makeCertificate(certificate)),
        keyid: certificate.key.keyid,
        sig: base64(plan.signature?.(right) ?? right),
      },
    ],
  };
  const bytes = canonicalize(plan.envelope ? plan.envelope(envelope) : envelope);
  return plan.bytes?.(bytes) ?? bytes;
}
