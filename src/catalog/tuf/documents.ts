/**
 * What devices read of an app, documented in assets/docs/reference/catalogue.md: parsing. The store's signature says
 * who wrote a document, not that it is well-formed, so a device checks its shape before it uses anything of it.
 */
import { isProblem, Problem } from "../../errors.ts";
import { hasKeys } from "../../format/digests.ts";
import { type LineageEntry, parseLineage } from "../../format/lineage.ts";
import { FORMAT_LIMITS } from "../../format/names.ts";
import {
  type AppId,
  isAppId,
  isSha256,
  isVersionCode,
  type OrganisationId,
  type Sha256,
  type VersionCode,
} from "../../ids.ts";
import { type JsonValue, parseCanonical } from "../../signing/json.ts";
import { isTime } from "../../signing/times.ts";
import { SHARD_COUNT } from "./app-index.ts";

export const INDEX_MAX_BYTES = 4 * 2 ** 20;
export const SHARD_MAX_BYTES = 16 * 2 ** 20;
export const REVOCATIONS_MAX_BYTES = 16 * 2 ** 20;

/** A file below the store's `/store/v1/`. */
export type FileReference = { readonly url: string; readonly sha256: Sha256; readonly sizeBytes: number };

/** What brings the release to a device that has the base. */
export type DeltaReference = FileReference & { readonly base: Sha256 };

export type IndexedRelease = {
  readonly versionCode: VersionCode;
  readonly version: string;
  readonly contentDigest: Sha256;
  readonly package: FileReference;
  /** Sorted by base, and each base once. */
  readonly deltas: readonly DeltaReference[];
  /** Without a base; null when it would not be smaller than the package. */
  readonly compact: FileReference | null;
  /** Percent of devices that are offered it. */
  readonly rolloutPercent: number;
  /** Installed version codes above this release's own that it may take the place of. */
  readonly replaces: readonly VersionCode[];
  readonly permissions: readonly string[];
  /** Least platform API, `<major>.<minor>`. */
  readonly runtimeApi: string;
  readonly dataVersion: number;
  readonly publishedAt: string;
  readonly notes: string;
  readonly log: { readonly approval: LoggedAt; readonly publication: LoggedAt };
};

/** Where an act stands in the store's log; a salt when its leaf hides names and identities. */
export type LoggedAt = { readonly position: number; readonly salt: Uint8Array | null };

export type AppIndex = {
  readonly appId: AppId;
  readonly developerId: OrganisationId;
  /** The first key first; the statements are not judged yet. */
  readonly lineage: readonly LineageEntry[];
  readonly lowestVersionCode: VersionCode;
  /** Channel → releases, highest version code first. */
  readonly channels: ReadonlyMap<string, readonly IndexedRelease[]>;
};

export type ShardEntry = {
  readonly appId: AppId;
  readonly publisher: string;
  readonly category: string | null;
  readonly defaultLocale: string;
  readonly texts: ReadonlyMap<string, { readonly name: string; readonly summary: string }>;
  readonly icon: { readonly url: string; readonly sha256: Sha256 } | null;
  readonly version: string;
  readonly versionCode: VersionCode;
  readonly runtimeApi: string;
  readonly publishedAt: string;
};

/** @throws Problem `catalogue.malformed` that says where and what was expected */
export function parseAppIndex(bytes: Uint8Array): AppIndex {
  const root = document(bytes, INDEX_MAX_BYTES, "index.json");
  root.exactly("appId", "channels", "developerId", "lineage", "lowestVersionCode", "v");
  root.get("v").literal(1);
  return {
    appId: root.get("appId").match(isAppId, "an app id"),
    developerId: root
      .get("developerId")
      .match((text): text is OrganisationId => /^[a-z0-9-]{1,64}$/.test(text), "a developer id"),
    lineage: readLineage(root.get("lineage")),
    lowestVersionCode: root.get("lowestVersionCode").versionCode(),
    channels: new Map(
      root
        .get("channels")
        .entries(/^[a-z][a-z0-9-]{0,31}$/)
        .map(([channel, list]) => [channel, parseReleases(list)]),
    ),
  };
}

function readLineage(lineage: Reader): readonly LineageEntry[] {
  try {
    return parseLineage(lineage.json());
  } catch (error) {
    if (!isProblem(error)) throw error;
    const details = error.details.map((detail) => ({
      ...detail,
      pointer: `/lineage${detail.pointer ?? ""}`,
    }));
    throw new Problem(
      "unprocessable",
      "catalogue.malformed",
      `The catalogue's index.json has a malformed lineage: ${error.message}`,
      details,
      { cause: error },
    );
  }
}

function parseReleases(list: Reader): readonly IndexedRelease[] {
  let above = 2_147_483_648;
  return list.list((item) => {
    const release = parseRelease(item, above - 1);
    above = release.versionCode;
    return release;
  });
}

function parseRelease(release: Reader, highest: number): IndexedRelease {
  release.exactly(
    "compact",
    "contentDigest",
    "dataVersion",
    "deltas",
    "log",
    "notes",
    "package",
    "permissions",
    "publishedAt",
    "replaces",
    "rolloutPercent",
    "runtimeApi",
    "version",
    "versionCode",
  );
  const compact = release.get("compact");
  return {
    versionCode: release.get("versionCode").integer(1, highest) as VersionCode,
    version: release.get("version").text(),
    contentDigest: release.get("contentDigest").sha256(),
    package: parseFile(release.get("package"), "packages", "mosis"),
    deltas: parseDeltas(release.get("deltas")),
    compact: compact.isNull() ? null : parseFile(compact, "deltas", "mosisd"),
    rolloutPercent: release.get("rolloutPercent").integer(0, 100),
    replaces: release.get("replaces").list((item) => item.versionCode()),
    permissions: parsePermissions(release.get("permissions")),
    runtimeApi: release.get("runtimeApi").match(isApiVersion, "<major>.<minor>"),
    dataVersion: release.get("dataVersion").integer(0, 2_147_483_647),
    publishedAt: release.get("publishedAt").match(isTime, "YYYY-MM-DDTHH:MM:SSZ"),
    notes: release.get("notes").text(),
    log: parseLog(release.get("log")),
  };
}

function parsePermissions(list: Reader): readonly string[] {
  let before = "";
  return list.list((item) => {
    const isNext = (text: string): text is string => text > before;
    before = item.match(isNext, "a name, above the one before it");
    return before;
  });
}

function parseLog(log: Reader): IndexedRelease["log"] {
  log.exactly("approval", "publication");
  return { approval: parseLoggedAt(log.get("approval")), publication: parseLoggedAt(log.get("publication")) };
}

function parseLoggedAt(place: Reader): LoggedAt {
  place.exactly("position", "salt");
  const salt = place.get("salt");
  return {
    position: place.get("position").integer(0),
    // A salt has as many bytes as a SHA-256.
    salt: salt.isNull() ? null : new Uint8Array(Buffer.from(salt.sha256(), "hex")),
  };
}

function parseDeltas(list: Reader): DeltaReference[] {
  let before = "";
  return list.list((delta) => {
    delta.exactly("base", "sha256", "sizeBytes", "url");
    const isNext = (text: string): text is Sha256 & string => isSha256(text) && text > before;
    const base = delta.get("base").match(isNext, "a SHA-256 in lower-case hex, above the one before it");
    before = base;
    return { base, ...fileOf(delta, "deltas", "mosisd") };
  });
}

function parseFile(file: Reader, folder: string, extension: string): FileReference {
  file.exactly("sha256", "sizeBytes", "url");
  return fileOf(file, folder, extension);
}

/** The URL says nothing that the digest does not: anything else could lead a device elsewhere. */
function fileOf(file: Reader, folder: string, extension: string): FileReference {
  const sha256 = file.get("sha256").sha256();
  return {
    sha256,
    sizeBytes: file.get("sizeBytes").integer(1, FORMAT_LIMITS.fileBytes),
    url: file.get("url").literal(`${folder}/${sha256}.${extension}`),
  };
}

/** `shard` is the number in the file's name. @throws Problem `catalogue.malformed` */
export function parseShard(bytes: Uint8Array, shard: number): readonly ShardEntry[] {
  const root = document(bytes, SHARD_MAX_BYTES, "catalog shard");
  root.exactly("apps", "shard", "shards", "v");
  root.get("v").literal(1);
  root.get("shards").literal(SHARD_COUNT);
  root.get("shard").literal(shard);
  let before = "";
  return root.get("apps").list((app) => {
    app.exactly(
      "appId",
      "category",
      "defaultLocale",
      "icon",
      "publishedAt",
      "publisher",
      "runtimeApi",
      "texts",
      "version",
      "versionCode",
    );
    const isNext = (text: string): text is AppId => isAppId(text) && text > before;
    const appId = app.get("appId").match(isNext, "an app id, above the one before it");
    before = appId;
    const icon = app.get("icon");
    const category = app.get("category");
    return {
      appId,
      publisher: app.get("publisher").text(),
      category: category.isNull() ? null : category.text(),
      defaultLocale: app.get("defaultLocale").text(),
      texts: new Map(
        app
          .get("texts")
          .entries(/^[A-Za-z0-9-]{2,35}$/)
          .map(([locale, texts]) => {
            texts.exactly("name", "summary");
            return [locale, { name: texts.get("name").text(), summary: texts.get("summary").text() }];
          }),
      ),
      icon: icon.isNull() ? null : parseIcon(icon),
      version: app.get("version").text(),
      versionCode: app.get("versionCode").versionCode(),
      runtimeApi: app.get("runtimeApi").match(isApiVersion, "<major>.<minor>"),
      publishedAt: app.get("publishedAt").match(isTime, "YYYY-MM-DDTHH:MM:SSZ"),
    };
  });
}

function parseIcon(icon: Reader): { url: string; sha256: Sha256 } {
  icon.exactly("sha256", "url");
  const sha256 = icon.get("sha256").sha256();
  return { sha256, url: icon.get("url").literal(`pictures/${sha256}.png`) };
}

const isApiVersion = (text: string): text is string => /^(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})$/.test(text);

/** A value inside a document, which knows its JSON pointer. */
export type Reader = {
  exactly(...keys: string[]): void;
  /** A member whose key `exactly` has seen. */
  get(key: string): Reader;
  isNull(): boolean;
  /** The value itself, for what has a parser of its own. */
  json(): JsonValue | undefined;
  entries(keyPattern: RegExp): [string, Reader][];
  list<T>(read: (item: Reader) => T, least?: number): T[];
  text(): string;
  match<T extends string>(is: (text: string) => text is T, expected: string): T;
  literal<T extends string | number>(expected: T): T;
  /** At most 2⁵³ − 1, as all of JSON here. */
  integer(least: number, most?: number): number;
  versionCode(): VersionCode;
  sha256(): Sha256;
};

/** Canonical JSON (RFC 8785) of a limited size, as a Reader. @throws Problem `catalogue.malformed` */
export function document(bytes: Uint8Array, maxBytes: number, name: string): Reader {
  let value: JsonValue;
  try {
    value = parseCanonical(bytes, { maxBytes });
  } catch (error) {
    throw new Problem(
      "unprocessable",
      "catalogue.malformed",
      `The catalogue's ${name} is not canonical JSON: ${error instanceof Error ? error.message : ""}`,
      [],
      { cause: error },
    );
  }
  return reader(value, "", name);
}

function reader(value: JsonValue | undefined, pointer: string, name: string): Reader {
  const refuse = (expected: string): never => {
    const found = JSON.stringify(value)?.slice(0, 80) ?? "nothing";
    const message = `The catalogue's ${name} has ${found} at ${pointer || "/"}, where ${expected} is expected.`;
    throw new Problem("unprocessable", "catalogue.malformed", message, [
      { code: "catalogue.malformed", message, pointer, found, expected },
    ]);
  };
  const object = (): Readonly<Record<string, JsonValue>> =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, JsonValue>>)
      : refuse("an object");
  const self: Reader = {
    exactly(...keys) {
      if (!hasKeys(value, keys.sort())) refuse(`an object with exactly the keys ${keys.join(", ")}`);
    },
    get: (key) => reader(object()[key], `${pointer}/${key}`, name),
    isNull: () => value === null,
    json: () => value,
    entries(keyPattern) {
      const members = Object.entries(object());
      for (const [key] of members) if (!keyPattern.test(key)) refuse(`keys like ${keyPattern.source}`);
      return members.map(([key, member]) => [key, reader(member, `${pointer}/${key}`, name)]);
    },
    list(read, least = 0) {
      if (!Array.isArray(value) || value.length < least) return refuse(`a list of at least ${least}`);
      return value.map((item: JsonValue, index) => read(reader(item, `${pointer}/${index}`, name)));
    },
    text: () => (typeof value === "string" ? value : refuse("a text")),
    match: (is, expected) => (typeof value === "string" && is(value) ? value : refuse(expected)),
    literal: (expected) => (value === expected ? expected : refuse(JSON.stringify(expected))),
    integer: (least, most = Number.MAX_SAFE_INTEGER) =>
      Number.isInteger(value) && Number(value) >= least && Number(value) <= most
        ? Number(value)
        : refuse(`an integer from ${least} to ${most}`),
    versionCode: () => (isVersionCode(value) ? value : refuse("a version code")),
    sha256: () =>
      typeof value === "string" && isSha256(value) ? value : refuse("a SHA-256 in lower-case hex"),
  };
  return self;
}
