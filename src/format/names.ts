/**
 * The names and limits that the whole format shares. A branded type is given only by the parser that checked it.
 */

declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** SHA-256 as 64 lower-case hex digits. */
export type Sha256 = Branded<string, "Sha256">;
/** Reverse-DNS identity of an app (package format §4, `id`). */
export type AppId = Branded<string, "AppId">;
/** Integer 1…2³¹−1, strictly rising within an app. */
export type VersionCode = Branded<number, "VersionCode">;

/** What a package carries: only digests; also the developer's envelope; also the store's. */
export type PackageKind = "unsigned" | "signed" | "released";

export const MANIFEST_NAME = "manifest.json";
export const META_FOLDER = "META-MOSIS";
export const DIGESTS_NAME = "META-MOSIS/digests.json";
export const DEVELOPER_NAME = "META-MOSIS/developer.dsse";
export const STORE_NAME = "META-MOSIS/store.dsse";

export const PACKAGE_MEDIA_TYPE = "application/vnd.mosis.package";

const MIB = 2 ** 20;

/** The container's limits, all inclusive (package format §1). A store may set lower ones. */
export type Limits = {
  readonly fileBytes: number;
  readonly entryBytes: number;
  readonly totalBytes: number;
  readonly entries: number;
  /** Different folders that the names of entries need. */
  readonly folders: number;
  /** An entry that inflates to more than this many bytes is held to `ratio`. */
  readonly ratioFromBytes: number;
  readonly ratio: number;
};

export const FORMAT_LIMITS: Limits = {
  fileBytes: 512 * MIB,
  entryBytes: 256 * MIB,
  totalBytes: 1024 * MIB,
  entries: 20_000,
  folders: 20_000,
  ratioFromBytes: MIB,
  ratio: 200,
};

/** Largest sizes of the JSON documents in a package (package format §2). */
export const MANIFEST_MAX_BYTES = MIB;
export const DIGESTS_MAX_BYTES = 6 * MIB;
export const ENVELOPE_MAX_BYTES = MIB;
