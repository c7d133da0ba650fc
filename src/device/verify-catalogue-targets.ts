/** What a copy of a catalogue lists: every file that a device would find, its digest, and what it says. */
import { hash } from "node:crypto";
import type { TargetFile } from "@tufjs/models";
import { NOTICES_MAX_BYTES, parseNotices } from "../catalog/tuf/app-notices.ts";
import {
  DEVELOPER_LEAVES_MAX_BYTES,
  type DeveloperLeaves,
  parseDeveloperLeaves,
} from "../catalog/tuf/developer-leaves.ts";
import {
  type AppIndex,
  INDEX_MAX_BYTES,
  parseAppIndex,
  parseShard,
  REVOCATIONS_MAX_BYTES,
  SHARD_MAX_BYTES,
} from "../catalog/tuf/documents.ts";
import { parseRevocations, type Revocations } from "../catalog/tuf/revocations.ts";
import { CA_PATH, LOG_PATH, REVOCATIONS_PATH } from "../catalog/tuf/roles.ts";
import { isProblem, Problem } from "../errors.ts";
import { judgeLineage } from "../format/lineage.ts";
import { LOG_HEAD_MAX_BYTES, type LogHead, parseLogHead } from "../format/log/head.ts";
import { createPace, ENTRY_COST } from "../format/pace.ts";
import { EVERYBODY } from "../ids.ts";
import { certificatesFromPem } from "../signing/certificates.ts";
import { sortAnchors, type TrustAnchors } from "../signing/chain.ts";
import { excerpt } from "../signing/refuse.ts";
import { isStoreId } from "../signing/store-id.ts";
import { asMalformed, inEntry, mustRead, type Place, refuse } from "./verify-catalogue-files.ts";
import { judgeLog } from "./verify-catalogue-log.ts";
import { type Lookup, lookupIn, type Roles } from "./verify-catalogue-lookup.ts";

export type FoundTargets = {
  readonly storeId: string;
  readonly apps: readonly string[];
  readonly targets: number;
};

const CA_MAX_BYTES = 2 ** 20;
/** Of what a device knows nothing of, so that it would read none of it. */
const OTHER_MAX_BYTES = 4 * 2 ** 20;
const TRUST_PATHS: readonly string[] = [CA_PATH, REVOCATIONS_PATH, LOG_PATH];

/**
 * Reads every target that a device would find, and every document as a device does; then each app's lineage, and the log.
 * @throws Problem `catalogue.…`, `log.…`, and the codes of lineages
 */
export async function judgeTargets(roles: Roles, place: Place, at: Date): Promise<FoundTargets> {
  const find = lookupIn(roles);
  // There is one log, and its head is in the public catalogue.
  const [ca, listed, log] = [
    mustFind(find, CA_PATH),
    mustFind(find, REVOCATIONS_PATH),
    place.audience === EVERYBODY ? mustFind(find, LOG_PATH) : null,
  ];
  const { storeId } = ca.custom;
  if (!isStoreId(storeId))
    throw foreign("no store id", excerpt(storeId ?? "nothing"), "1 to 64 of a-z, 0-9 and -");
  const anchors = parseAuthorities(await readTarget(ca, place, CA_PATH, CA_MAX_BYTES));
  const revoked = await readTarget(listed, place, REVOCATIONS_PATH, REVOCATIONS_MAX_BYTES);
  const revocations = inEntry(REVOCATIONS_PATH, () => parseRevocations(revoked));
  const headBytes = log && (await readTarget(log, place, LOG_PATH, LOG_HEAD_MAX_BYTES));
  const head: LogHead | null = headBytes && asMalformed(LOG_PATH, () => parseLogHead(headBytes));
  const paths = new Set([...roles.values()].flatMap((role) => Object.keys(role.targets)));
  const indexes: AppIndex[] = [];
  const opened: DeveloperLeaves[] = [];
  let targets = 0;
  const pace = createPace();
  for (const path of [...paths].sort()) {
    const target = find(path);
    if (target === undefined) continue;
    targets += 1;
    await pace(target.length + ENTRY_COST);
    if (TRUST_PATHS.includes(path) && (path !== LOG_PATH || head !== null)) continue;
    const document = await judgeDocument(target, place, path, head);
    if (document === null) continue;
    if ("leaves" in document) opened.push(document);
    else indexes.push(document);
  }
  for (const index of indexes) {
    await mustHaveLineage(index, { storeId, at, anchors, revocations });
    await pace(ENTRY_COST * index.lineage.length);
  }
  if (head !== null) await judgeLog(place, head, { indexes, opened });
  return { storeId, apps: indexes.map((index) => index.appId), targets };
}

type Trust = {
  readonly storeId: string;
  readonly at: Date;
  readonly anchors: TrustAnchors;
  readonly revocations: Revocations;
};

function foreign(what: string, found = "nothing", expected = "one") {
  const message = `The catalogue has ${what}: it is not the catalogue of a Mosis store.`;
  return refuse("catalogue.foreign", message, { entry: CA_PATH, found, expected });
}

/** A target that every store has. */
function mustFind(find: Lookup, path: string): TargetFile {
  const target = find(path);
  if (target !== undefined) return target;
  const message = `The catalogue has no ${path}: it is not the catalogue of a Mosis store.`;
  throw refuse("catalogue.foreign", message, { entry: path, found: "no such target", expected: "a target" });
}

/** The file of a target, of the digest and length that were signed. */
async function readTarget(target: TargetFile, place: Place, path: string, maxBytes: number): Promise<Buffer> {
  if (path.split("/").some((segment) => ["", ".", ".."].includes(segment)))
    throw refuse("catalogue.missing", `${path} names no file of a catalogue.`, {
      entry: path,
      found: "a path with an empty name, . or ..",
      expected: "names of files and folders",
    });
  const digest = target.hashes.sha256 ?? "";
  if (!/^[0-9a-f]{64}$/.test(digest) || target.length > maxBytes) {
    throw refuse(
      "catalogue.target_changed",
      `The catalogue lists ${path} without a SHA-256, or with ${target.length} bytes where ${maxBytes} are allowed.`,
      {
        entry: path,
        found: `${target.length} bytes of SHA-256 ${excerpt(digest) || "that is not given"}`,
        expected: `at most ${maxBytes} bytes, and 64 lower-case hexadecimal digits`,
      },
    );
  }
  const slash = path.lastIndexOf("/") + 1;
  const bytes = await mustRead(
    place,
    `targets/${path.slice(0, slash)}${digest}.${path.slice(slash)}`,
    maxBytes,
  );
  const found = hash("sha256", bytes, "hex");
  if (bytes.length === target.length && found === digest) return bytes;
  throw refuse("catalogue.target_changed", `${path} is not what was signed.`, {
    entry: path,
    found: `${bytes.length} bytes of SHA-256 ${found}`,
    expected: `${target.length} bytes of SHA-256 ${digest}`,
  });
}

/** What a device takes a target for, by its path. Of others it would read nothing, so that only their digests are judged. */
async function judgeDocument(
  target: TargetFile,
  place: Place,
  path: string,
  head: LogHead | null,
): Promise<AppIndex | DeveloperLeaves | null> {
  const shard = /^catalog\/([0-3][0-9a-f])\.json$/.exec(path)?.[1];
  if (shard !== undefined) {
    const number = Number.parseInt(shard, 16);
    const bytes = await readTarget(target, place, path, SHARD_MAX_BYTES);
    inEntry(path, () => parseShard(bytes, number));
    return null;
  }
  const developerId = /^developers\/([^/]+)\/log\.json$/.exec(path)?.[1];
  if (developerId !== undefined) {
    const bytes = await readTarget(target, place, path, DEVELOPER_LEAVES_MAX_BYTES);
    const found = inEntry(path, () => parseDeveloperLeaves(bytes));
    if (found.developerId !== developerId)
      throw otherThan(path, "/developerId", found.developerId, developerId);
    const last = found.leaves.length - 1;
    const position = found.leaves[last]?.position ?? 0;
    if (head !== null && position >= head.size)
      throw otherThan(path, `/leaves/${last}/position`, String(position), `a position below ${head.size}`);
    return found;
  }
  const noticed = /^apps\/([^/]+)\/notices\.json$/.exec(path)?.[1];
  if (noticed !== undefined) {
    const bytes = await readTarget(target, place, path, NOTICES_MAX_BYTES);
    const notices = inEntry(path, () => parseNotices(bytes));
    if (notices.appId !== noticed) throw otherThan(path, "/appId", notices.appId, noticed);
    return null;
  }
  const appId = /^apps\/([^/]+)\/index\.json$/.exec(path)?.[1];
  if (appId === undefined) {
    await readTarget(target, place, path, OTHER_MAX_BYTES);
    return null;
  }
  const bytes = await readTarget(target, place, path, INDEX_MAX_BYTES);
  const index = inEntry(path, () => parseAppIndex(bytes));
  if (index.appId === appId) return index;
  throw otherThan(path, "/appId", index.appId, appId);
}

/** A document that is well-formed and does not fit to where it stands. */
function otherThan(entry: string, pointer: string, found: string, expected: string): Problem {
  const message = `${entry} has ${found} at ${pointer}, where ${expected} is expected.`;
  return refuse("catalogue.malformed", message, { entry, pointer, found, expected });
}

/**
 * As at a device's first install: nothing is pinned, so that every statement is judged. A finding's `entry` is the part of
 * the lineage, behind the path of the app's index.
 */
async function mustHaveLineage(index: AppIndex, { storeId, at, anchors, revocations }: Trust): Promise<void> {
  const { appId, developerId, formerDevelopers, lineage } = index;
  const whose = { appId, developerId, formerDevelopers };
  const policy = { ...whose, storeId, now: at, anchors, revocations: revocations.entries };
  try {
    await judgeLineage(lineage, { ...policy, pinned: [] });
  } catch (error) {
    if (!isProblem(error)) throw error;
    const { kind, code, message, details } = error;
    const within = details.map((detail) => ({
      ...detail,
      entry: `apps/${appId}/index.json/${detail.entry}`,
    }));
    throw new Problem(kind, code, message, within, { cause: error });
  }
}

function parseAuthorities(bytes: Uint8Array): TrustAnchors {
  const anchors = sortAnchors(asMalformed(CA_PATH, () => certificatesFromPem(bytes)));
  if (anchors.roots.length === 0)
    throw refuse("catalogue.malformed", `${CA_PATH} holds no root.`, {
      entry: CA_PATH,
      found: `${anchors.developerCas.length} certificates, none of which is a root`,
      expected: "a root",
    });
  return anchors;
}
