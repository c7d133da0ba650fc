/**
 * What rows say of published packages beyond the signed index: manifests, which pages show, pictures, and who signed them. A
 * version's package has them by its content digest, which the log has.
 */
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import type { AppId, VersionId } from "../ids.ts";
import { insertBlob } from "./blobs.records.ts";
import { signedLines } from "./held-shard.ts";
import { type KeptPicture, shownSources } from "./keep-pictures.ts";
import { findNewestLeaf } from "./log/records.ts";
import { mendSignersOf } from "./mend-signers.ts";
import { lineOf } from "./offer.ts";
import { readRightRows } from "./package-rows.ts";
import * as records from "./records.ts";
import { releaseCertificates } from "./release-trust.ts";
import { selectOffered } from "./revocation/records.ts";
import { keepSearchable } from "./search/keep.ts";
import { keepSources } from "./shown-pictures/job.ts";
import { textsOfVersion } from "./texts.ts";
import { SHARD_COUNT } from "./tuf/app-index.ts";
import { type Difference, tellMended } from "./tuf/differences.ts";
import { listCatalogues } from "./tuf/records.ts";

type PackageStore = Pick<Store, "db" | "blobs" | "clock" | "log">;

export type MendedApps = { readonly mended: readonly Difference[]; readonly left: readonly Difference[] };

const STEP = 200;
/** So many packages are opened in a day: of more, each has its turn every few days. */
const MOST_A_DAY = 4000;
const DAY_MS = 86_400_000;

/**
 * All whose lines in the signed catalogue are otherwise, and of the others those whose turn it is, or every one.
 */
export async function mendManifests(
  store: PackageStore,
  { every, signal }: { readonly every: boolean; readonly signal?: AbortSignal | undefined },
): Promise<MendedApps> {
  const mended: Difference[] = [];
  const left: Difference[] = [];
  const done = new Set<VersionId>();
  const look = async (id: VersionId) => {
    if (done.has(id)) return;
    done.add(id);
    const outcome = await mendVersion(store, id);
    mended.push(...outcome.mended);
    left.push(...outcome.left);
  };
  for (const id of await suspects(store, signal)) await look(id);
  const turns = every ? 1 : Math.ceil(records.countAllPublished(store.db.orm) / MOST_A_DAY);
  const turn = Math.floor(store.clock.now().getTime() / DAY_MS) % Math.max(1, turns);
  for (let after = ""; !signal?.aborted; ) {
    const ids = records.selectPublishedVersions(store.db.orm, after, STEP);
    for (const [at, id] of ids.entries()) {
      if (signal?.aborted) break;
      if (turns <= 1 || turnOf(id, turns) === turn) await look(id);
      // Requests come first.
      if (at % 20 === 0) await Bun.sleep(0);
    }
    after = ids.at(-1) ?? "";
    if (ids.length < STEP) break;
  }
  return { mended, left };
}

/** Its last digits are random. */
const turnOf = (id: VersionId, turns: number): number => Number.parseInt(id.slice(-6), 16) % turns;

/** The versions that are shown, of apps whose lines the rows say otherwise than they are signed, or whose names. */
async function suspects(store: PackageStore, signal?: AbortSignal): Promise<ReadonlySet<VersionId>> {
  const { orm } = store.db;
  const found = new Set<VersionId>();
  let seen = 0;
  for (const audience of listCatalogues(orm))
    for (let shard = 0; shard < SHARD_COUNT && !signal?.aborted; shard++)
      for (const [appId, line] of signedLines(orm, audience, shard, true)) {
        if (++seen % 20 === 0) await Bun.sleep(0);
        const app = records.findApp(orm, appId);
        const newest = selectOffered(orm, appId, 1)[0];
        const published = records.selectPublished(orm, appId, 1)[0];
        if (!app || !newest || !published) continue;
        if (
          Number(newest.versionCode) === line.versionCode &&
          !isAsSigned(() => lineOf(store, app, newest), line)
        )
          found.add(newest.id);
        if (!isAsSigned(() => textsOfVersion(published), { name: app.name, summary: app.summary }))
          found.add(published.id);
      }
  return found;
}

/** But for the name of an organisation, which may become another. */
function isAsSigned(make: () => object | null, signed: object): boolean {
  try {
    return Bun.deepEquals({ ...make(), publisher: "" }, { ...signed, publisher: "" });
  } catch {
    // No manifest, or none that can be read.
    return false;
  }
}

/** One version's rows, as its package has them. */
export async function mendVersion(store: PackageStore, id: VersionId): Promise<MendedApps> {
  const { orm } = store.db;
  const row = records.findVersion(orm, id);
  if (row?.contentDigest == null) return NOTHING;
  const named = (what: string): Difference => ({ of: "app", appId: row.appId, what });
  const number = `version ${row.versionCode}`;
  const approval = findNewestLeaf(orm, row.contentDigest, "approval")?.entry;
  if (approval?.type !== "approval") return NOTHING;
  if (approval.appId !== row.appId || approval.versionCode !== row.versionCode)
    return { mended: [], left: [named(number)] };
  const pictures = records.selectPictures(orm, id);
  const right = await readRightRows(store, row, pictures, releaseCertificates(orm));
  const mended: Difference[] = [];
  if (mendSignersOf(store, row, approval.developerKeyId, right?.signers ?? null))
    mended.push(named(`signatures of ${number}`));
  // That a file is gone or damaged is told by those who look at files.
  if (right === null) {
    for (const one of mended) tellMended(store, one);
    return { mended, left: [] };
  }
  if (right.manifest !== row.manifest || right.version !== row.version) {
    write(store.db, (tx) => records.restoreManifest(tx, id, right));
    mended.push(named(`manifest of ${number}`));
  }
  if (right.pictures !== null) {
    restorePictures(store, id, right.pictures);
    mended.push(named(`pictures of ${number}`));
  }
  if (mendTexts(store, row.appId, id)) mended.push(named("name"));
  if (mended.length > 0) write(store.db, (tx) => keepSearchable(tx, row.appId));
  for (const one of mended) tellMended(store, one);
  return { mended, left: [] };
}

const NOTHING: MendedApps = { mended: [], left: [] };

function restorePictures(store: PackageStore, versionId: VersionId, pictures: readonly KeptPicture[]): void {
  const now = store.clock.now();
  write(store.db, (tx) => {
    for (const { key, sha256, sizeBytes } of pictures)
      insertBlob(tx, { key, sha256, sizeBytes, createdAt: now });
    const rows = pictures.map(({ key, kind, position, widthPx, heightPx }) => ({
      versionId,
      kind,
      position,
      widthPx,
      heightPx,
      blobKey: key,
    }));
    records.replacePictures(tx, versionId, rows);
    keepSources(tx, shownSources(pictures), now);
  });
}

/** What lists call an app is what its newest published version says. */
function mendTexts(store: PackageStore, appId: AppId, versionId: VersionId): boolean {
  const { orm } = store.db;
  const app = records.findApp(orm, appId);
  const newest = records.selectPublished(orm, appId, 1)[0];
  const texts = newest?.id === versionId ? textsOfVersion(newest) : null;
  if (!app || texts === null || (app.name === texts.name && app.summary === texts.summary)) return false;
  write(store.db, (tx) => records.updateApp(tx, appId, texts, store.clock.now()));
  return true;
}
