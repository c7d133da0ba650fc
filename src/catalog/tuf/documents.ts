/**
 * What devices read of an app, documented in assets/docs/reference/catalogue.md: parsing. The store's signature says
 * who wrote a document, not that it is well-formed, so a device checks its shape before it uses anything of it.
 */
import { isProblem, Problem } from "../../errors.ts";
import { appIdFault } from "../../format/app-id.ts";
import { type LineageEntry, parseLineage } from "../../format/lineage.ts";
import { MANIFEST_VALUES, PERMISSIONS_MOST } from "../../format/manifest-values.ts";
import { FORMAT_LIMITS } from "../../format/names.ts";
import {
  type AppId,
  HIGHEST_VERSION_CODE,
  isSha256,
  ORGANISATION_NAME_CHARACTERS,
  type OrganisationId,
  type Sha256,
  type VersionCode,
} from "../../ids.ts";
import { isTime } from "../../signing/times.ts";
import { notesFault } from "../notes.ts";
import { SHARD_COUNT, shardOf } from "./app-index.ts";
import { lineRule } from "./lines.ts";
import { document, type Reader } from "./reader.ts";

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
  /** Whose it was before, the first one first; mostly none. */
  readonly formerDevelopers: readonly OrganisationId[];
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

/** Of one app. */
export const FORMER_DEVELOPERS_MAX = 63;

/** @throws Problem `catalogue.malformed` that says where and what was expected */
export function parseAppIndex(bytes: Uint8Array): AppIndex {
  const root = document(bytes, INDEX_MAX_BYTES, "index.json");
  const former = root.has("formerDevelopers") ? ["formerDevelopers"] : [];
  root.exactly("appId", "channels", "developerId", ...former, "lineage", "lowestVersionCode", "v");
  root.get("v").literal(1);
  const developerId = readDeveloperId(root.get("developerId"));
  return {
    appId: root.get("appId").lawful(appIdFault) as AppId,
    developerId,
    formerDevelopers:
      former.length === 0 ? [] : readFormerDevelopers(root.get("formerDevelopers"), developerId),
    lowestVersionCode: root.get("lowestVersionCode").versionCode(),
    channels: new Map(
      root
        .get("channels")
        .entries(/^[a-z][a-z0-9-]{0,31}$/)
        .map(([channel, list]) => [channel, parseReleases(list)]),
    ),
    // Its form has a code of its own, which is told when all else has its form.
    lineage: readLineage(root.get("lineage")),
  };
}

function readDeveloperId(id: Reader): OrganisationId {
  return id.match((text): text is OrganisationId => /^[a-z0-9-]{1,64}$/.test(text), "a developer id");
}

/** One at least, each once, and not whose it is now. */
function readFormerDevelopers(list: Reader, now: OrganisationId): readonly OrganisationId[] {
  const seen = new Set<OrganisationId>([now]);
  return list.list(
    (item) => {
      const id = readDeveloperId(item);
      if (seen.has(id)) item.refuse("a developer that is not named before");
      seen.add(id);
      return id;
    },
    1,
    FORMER_DEVELOPERS_MAX,
  );
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
  let above = HIGHEST_VERSION_CODE + 1;
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
  const versionCode = release.get("versionCode").integer(1, highest) as VersionCode;
  return {
    versionCode,
    version: release.get("version").lawful(MANIFEST_VALUES.version),
    contentDigest: release.get("contentDigest").sha256(),
    package: parseFile(release.get("package"), "packages", "mosis"),
    deltas: parseDeltas(release.get("deltas")),
    compact: compact.isNull() ? null : parseFile(compact, "deltas", "mosisd"),
    rolloutPercent: release.get("rolloutPercent").integer(0, 100),
    replaces: parseReplaces(release.get("replaces"), versionCode),
    permissions: parsePermissions(release.get("permissions")),
    runtimeApi: release.get("runtimeApi").lawful(MANIFEST_VALUES.runtimeApi),
    dataVersion: release.get("dataVersion").integer(0, 2_147_483_647),
    publishedAt: release.get("publishedAt").match(isTime, "YYYY-MM-DDTHH:MM:SSZ"),
    notes: release.get("notes").lawful(notesFault),
    log: parseLog(release.get("log")),
  };
}

/** Rising, so that a list has one form; what it takes the place of is above it. */
function parseReplaces(list: Reader, versionCode: VersionCode): readonly VersionCode[] {
  let before: number = versionCode;
  return list.list((item) => {
    const code = item.integer(before + 1, HIGHEST_VERSION_CODE) as VersionCode;
    before = code;
    return code;
  });
}

function parsePermissions(list: Reader): readonly string[] {
  let before = "";
  return list.list(
    (item) => {
      const name = item.lawful(MANIFEST_VALUES.permission);
      if (name <= before) item.refuse("a name above the one before it");
      before = name;
      return name;
    },
    0,
    PERMISSIONS_MOST,
  );
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
    const appId = app.get("appId").lawful(appIdFault) as AppId;
    if (appId <= before) app.get("appId").refuse("an app id above the one before it");
    if (shardOf(appId) !== shard)
      app.get("appId").refuse(`an app of shard ${shard}, not of ${shardOf(appId)}`);
    before = appId;
    const icon = app.get("icon");
    const category = app.get("category");
    const publisher = app.get("publisher").lawful(lineRule(ORGANISATION_NAME_CHARACTERS));
    const given = category.isNull() ? null : category.lawful(MANIFEST_VALUES.category);
    const defaultLocale = app.get("defaultLocale").lawful(MANIFEST_VALUES.locale);
    return {
      appId,
      publisher,
      category: given,
      defaultLocale,
      texts: parseTexts(app.get("texts"), defaultLocale),
      icon: icon.isNull() ? null : parseIcon(icon),
      version: app.get("version").lawful(MANIFEST_VALUES.version),
      versionCode: app.get("versionCode").versionCode(),
      runtimeApi: app.get("runtimeApi").lawful(MANIFEST_VALUES.runtimeApi),
      publishedAt: app.get("publishedAt").match(isTime, "YYYY-MM-DDTHH:MM:SSZ"),
    };
  });
}

/** A manifest has a name in its default locale, and so in its texts. */
function parseTexts(all: Reader, defaultLocale: string): ShardEntry["texts"] {
  all.having(defaultLocale);
  return new Map(
    all.entries(MANIFEST_VALUES.locale).map(([locale, texts]) => {
      texts.exactly("name", "summary");
      const summary = texts.get("summary");
      return [
        locale,
        {
          name: texts.get("name").lawful(MANIFEST_VALUES.name),
          // Empty where the manifest has none.
          summary: summary.json() === "" ? "" : summary.lawful(MANIFEST_VALUES.summary),
        },
      ];
    }),
  );
}

function parseIcon(icon: Reader): { url: string; sha256: Sha256 } {
  icon.exactly("sha256", "url");
  const sha256 = icon.get("sha256").sha256();
  return { sha256, url: icon.get("url").literal(`pictures/${sha256}.png`) };
}
