/**
 * Taking an upload: spooled and hashed, looked at just far enough to know which app and version it is, then made
 * durable, and only then accepted, in one transaction with the job that checks it.
 */
import { type Actor, actorLabel } from "../accounts/actor.ts";
import { organisationNotFound } from "../accounts/organisations.ts";
import { allows, authorise, isNarrowedIn } from "../accounts/rights.ts";
import { stillActing } from "../accounts/still.ts";
import { insertVersionRun } from "../accounts/trusted-publishing/records.ts";
import type { Store } from "../context.ts";
import { rehearse, type Tx, write } from "../db/database.ts";
import {
  findIdempotent,
  type Idempotency,
  idempotentResourceGone,
  rememberIdempotent,
} from "../db/idempotency.ts";
import { asideRow } from "../db/watch.ts";
import { Problem } from "../errors.ts";
import type { Source } from "../format/source.ts";
import { readEntryBytes } from "../format/zip/entry.ts";
import { openContainer } from "../format/zip/reader.ts";
import {
  type AppId,
  isAppId,
  isVersionCode,
  newId,
  type OrganisationId,
  type Sha256,
  type UploadId,
  type VersionCode,
  type VersionId,
} from "../ids.ts";
import { enqueue } from "../jobs/queue.ts";
import type { Vault } from "../keys/vault.ts";
import { say, type Words } from "../say.ts";
import { parseStrictJson } from "../signing/json.ts";
import type { StagedBlob } from "../storage/blobs.ts";
import { refuseAlike } from "./app-ids/check.ts";
import { actingOrganisation, findAppFor, insertNewApp } from "./apps.ts";
import * as blobRecords from "./blobs.records.ts";
import { idTaken } from "./id-taken.ts";
import { keepUpload } from "./keep-upload.ts";
import { tagFault } from "./local-texts.ts";
import { checkNotes } from "./notes.ts";
import { removePartialUpload } from "./partial-uploads/records.ts";
import { withWhole } from "./partial-uploads/uploads.ts";
import { whileActing } from "./partial-uploads/while-acting.ts";
import { refuseUntrusted } from "./publishers.ts";
import * as records from "./records.ts";
import { replaceTranslations } from "./release-notes/records.ts";
import { checkTranslations, settleOwn } from "./release-notes/translations.ts";
import { refuseRevoked, UNREAD } from "./revocation/in-force.ts";
import { applySaid, type Said } from "./upload-again.ts";
import { tellOfVersion } from "./version-changes.ts";
import { versionView } from "./version-views.ts";
import type { VersionView } from "./views.ts";

/** What is not said of a new version: no notes, published on approval, and sent to review. */
export type UploadTerms = Partial<Said> & {
  /** The package must be of this app. */
  readonly appId?: AppId;
  /** Makes the app when its id is free. */
  readonly createApp?: boolean;
  /** That its id is meant, or this very one, although people may take it for that of another's app. */
  readonly confirmAlike?: boolean | AppId;
  readonly organisationId?: OrganisationId;
};

export type Upload = UploadTerms & { readonly bytes: AsyncIterable<Uint8Array> };

export type Uploaded = {
  readonly version: VersionView;
  /** False when the bytes were there already; of a repeated call, what was so the first time. */
  readonly created: boolean;
};

const MANIFEST_BYTES = 2 ** 20;

export function uploadKey(sha256: Sha256): string {
  return `uploads/${sha256}.mosis`;
}

/** May this actor upload this at all? Asked before a byte of the body is read. */
export function authoriseUpload(
  store: Store,
  actor: Actor,
  upload: Pick<UploadTerms, "appId" | "organisationId">,
): void {
  if (upload.appId !== undefined) findAppForUpload(store.db.orm, actor, upload.appId);
  else
    authorise(
      actor,
      "version.upload",
      { organisationId: actingOrganisation(actor, upload.organisationId), toSomeApp: true },
      organisationNotFound,
    );
}

/**
 * Takes one upload. The same bytes again give the version that is there already, with `created: false` and with what
 * this call says of it.
 *
 * @throws Problem `upload.too_large`, any `MPK-C…` when it is no readable package, `upload.manifest_unreadable`,
 *   `upload.notes_too_long`, `upload.notes_invalid`, `version.wrong_app`, `version.code_taken`, `version.differs`,
 *   `app.id_taken`, `app.id_alike`, `app.not_found`, `version.trusted_only`, `revocation.in_force`, `version.below_lowest`,
 *   `rights.forbidden`
 */
export async function uploadVersion(
  store: Store,
  actor: Actor,
  upload: Upload,
  idempotency?: Idempotency,
): Promise<Uploaded> {
  authoriseUpload(store, actor, upload);
  const terms = { ...upload, ...saidIn(upload) };
  const staged = await store.blobs.stage(whileActing(store, actor, upload.bytes), {
    maxBytes: store.config.maxUploadBytes,
  });
  try {
    return await takeStaged(store, actor, staged, { terms, idempotency, sent: staged.sha256 });
  } finally {
    await staged.discard();
  }
}

/**
 * The same of a package that came in parts: from here on it goes the way of any other. What is refused stays to be sent to
 * another place, or to be discarded.
 *
 * @throws Problem as `uploadVersion`, and `upload.not_found`, `upload.unfinished`, `upload.in_use`
 */
export async function finishUpload(
  store: Store,
  actor: Actor,
  id: UploadId,
  upload: UploadTerms,
  idempotency?: Idempotency,
): Promise<Uploaded> {
  authoriseUpload(store, actor, upload);
  const terms = { ...upload, ...saidIn(upload) };
  const answered = (): Uploaded | undefined => {
    const replayed = findReplayed(store.db.orm, actor, idempotency, id);
    return replayed && { version: versionView(store.db.orm, replayed.row), created: replayed.madeIt };
  };
  const then = (tx: Tx) => {
    // What became of it is the version, which is told of where it is new.
    if (removePartialUpload(tx, id)) asideRow();
  };
  return withWhole(store, actor, id, {
    answered,
    use: (staged) => takeStaged(store, actor, staged, { terms, idempotency, sent: id, then }),
  });
}

/** @throws Problem `upload.notes_too_long`, `upload.notes_invalid` */
function saidIn({ notes, translatedNotes, hold, submit }: UploadTerms): Said {
  checkTranslations(translatedNotes ?? {});
  return { notes: notes === undefined ? undefined : checkNotes(notes), translatedNotes, hold, submit };
}

type Taking = {
  readonly terms: UploadTerms;
  readonly idempotency: Idempotency | undefined;
  /** What stands for the bytes in the fingerprint of a repeated call. */
  readonly sent: string;
  /** Done in the transaction that accepts it. */
  readonly then?: (tx: Tx) => void;
};

async function takeStaged(
  store: Store,
  actor: Actor,
  staged: StagedBlob,
  { terms, idempotency, sent, then }: Taking,
): Promise<Uploaded> {
  const identity = await readIdentity(staged.source);
  if (terms.appId !== undefined && identity.appId !== terms.appId) {
    throw new Problem(
      "unprocessable",
      "version.wrong_app",
      say`This package is of ${identity.appId}, and was sent to ${terms.appId}.`,
    );
  }
  const accept = (tx: Tx) => {
    // The bytes may have taken an hour: who sent them must be somebody still, with the roles of now.
    const by = stillActing(store, tx, actor);
    const accepted = acceptUpload(tx, store, by, terms, idempotency, { ...identity, ...staged, sent });
    then?.(tx);
    return accepted;
  };
  // What will be refused is refused before the file is put in place, and what is there already needs no second file.
  const rehearsed = rehearse(store.db, accept);
  if (rehearsed.isThere) return write(store.db, accept);
  const result = await keepUpload(store, staged, uploadKey(staged.sha256), accept);
  store.wakeJobs();
  return result;
}

type Identity = {
  readonly appId: AppId;
  readonly versionCode: VersionCode;
  readonly version: string;
  readonly name: string;
  /** What it calls the app's own language; null: nothing that is one. */
  readonly ownLanguage: string | null;
};

/** Which app and version a package says it is; whether that is true, and all else, is for the checks. */
async function readIdentity(source: Source): Promise<Identity> {
  const container = await openContainer(source);
  const entry = container.byName.get("manifest.json");
  if (!entry || entry.sizeBytes > MANIFEST_BYTES)
    throw unreadable(say`manifest.json is missing or larger than 1 MiB`);
  const manifest = parseStrictJson(await readEntryBytes(container, entry), {
    maxBytes: MANIFEST_BYTES,
    maxDepth: 16,
  });
  if (typeof manifest !== "object" || manifest === null || Array.isArray(manifest))
    throw unreadable(say`manifest.json is no object`);
  const { id, versionCode, version, name, defaultLocale } = manifest as Record<string, unknown>;
  if (typeof id !== "string" || !isAppId(id)) throw unreadable(say`its id is no app id`);
  if (!isVersionCode(versionCode))
    throw unreadable(say`its versionCode is no whole number from 1 to 2147483647`);
  if (typeof version !== "string" || version.length === 0 || version.length > 64)
    throw unreadable(say`its version is no text of 1 to 64 bytes`);
  const names = (typeof name === "object" && name !== null ? name : {}) as Record<string, unknown>;
  const own = typeof defaultLocale === "string" ? names[defaultLocale] : undefined;
  return {
    appId: id,
    versionCode,
    version,
    ownLanguage: typeof defaultLocale === "string" && tagFault(defaultLocale) === null ? defaultLocale : null,
    name: typeof own === "string" && own !== "" ? [...own].slice(0, 50).join("") : id.slice(0, 50),
  };
}

function unreadable(why: Words): Problem {
  return new Problem(
    "unprocessable",
    "upload.manifest_unreadable",
    say`It cannot be told which app and version this is: ${why}. “mosis pack” and “mosis verify” say more.`,
  );
}

/** The version of an earlier call with this key. */
function findReplayed(
  tx: Tx,
  actor: Actor,
  idempotency: Idempotency | undefined,
  sent: string,
): { row: records.VersionRow; madeIt: boolean } | undefined {
  const replayed = findIdempotent(tx, idempotency, sent);
  if (replayed === null) return undefined;
  const row = records.findVersion(tx, replayed.resourceId as VersionId);
  if (!row) throw idempotentResourceGone();
  findAppForUpload(tx, actor, row.appId);
  // What a call makes, it makes at the moment at which its key is remembered.
  const madeIt = row.createdAt.getTime() === replayed.at.getTime() && row.uploadedBy === actorLabel(actor);
  return { row, madeIt };
}

/** The version of an earlier call with this key, or of the same bytes. */
function findEarlier(
  tx: Tx,
  actor: Actor,
  idempotency: Idempotency | undefined,
  { appId, sha256, sent }: { readonly appId: AppId; readonly sha256: Sha256; readonly sent: string },
): { row: records.VersionRow; replayed: { madeIt: boolean } | null } | undefined {
  const replayed = findReplayed(tx, actor, idempotency, sent);
  if (replayed !== undefined) return { row: replayed.row, replayed };
  const row = records.findLiveUpload(tx, appId, sha256);
  const owner = row && records.findApp(tx, appId)?.organisationId;
  // To a stranger the same bytes are nothing special: what they hear must not tell that somebody else has sent them.
  return row !== undefined &&
    owner !== undefined &&
    allows(actor, "version.upload", { organisationId: owner, appId })
    ? { row, replayed: null }
    : undefined;
}

function acceptUpload(
  tx: Tx,
  store: Store,
  actor: Actor,
  upload: UploadTerms,
  idempotency: Idempotency | undefined,
  file: Identity & { sha256: Sha256; sizeBytes: number; sent: string },
): Uploaded & { isThere: boolean } {
  const now = store.clock.now();
  const earlier = findEarlier(tx, actor, idempotency, file);
  if (earlier?.replayed) {
    return { version: versionView(tx, earlier.row), created: earlier.replayed.madeIt, isThere: true };
  }
  const { hold, submit, translatedNotes: given } = upload;
  const { ownLanguage } = file;
  if (earlier) {
    findAppForUpload(tx, actor, file.appId);
    const said = { notes: upload.notes, translatedNotes: given, hold, submit, ownLanguage };
    const row = applySaid(tx, store.vault, earlier.row, said, actor, now);
    rememberIdempotent(tx, idempotency, file.sent, row.id, now);
    return { version: versionView(tx, row), created: false, isThere: true };
  }
  ensureApp(tx, store.vault, actor, upload, { ...file, now });
  refuseRevokedUpload(tx, file);
  if (records.findLiveCode(tx, file.appId, file.versionCode)) {
    throw new Problem(
      "conflict",
      "version.code_taken",
      say`${file.appId} has a version with code ${file.versionCode} already, with other bytes: raise versionCode, or withdraw that one first.`,
    );
  }
  const { notes = "", translatedNotes } = settleOwn(
    { notes: upload.notes, translatedNotes: checkTranslations(given ?? {}) },
    ownLanguage,
  );
  const id = newId("ver");
  const author = actorLabel(actor);
  blobRecords.insertBlob(tx, {
    key: uploadKey(file.sha256),
    sha256: file.sha256,
    sizeBytes: file.sizeBytes,
    createdAt: now,
  });
  records.insertVersion(tx, {
    id,
    appId: file.appId,
    versionCode: file.versionCode,
    version: file.version,
    state: "checking",
    stateChangedAt: now,
    uploadSha256: file.sha256,
    uploadSizeBytes: file.sizeBytes,
    notes,
    ownLanguage,
    hold: hold ?? false,
    uploadedBy: author,
    createdAt: now,
    submittedAt: (submit ?? true) ? now : null,
    revision: 1,
  });
  replaceTranslations(tx, id, translatedNotes);
  if (actor.kind === "publisher") insertVersionRun(tx, id, actor.publisherId, actor.run);
  records.insertEvent(tx, id, null, "checking", { actor: author, now });
  enqueue(tx, { kind: "version.check", key: id, payload: { versionId: id } }, now);
  rememberIdempotent(tx, idempotency, file.sent, id, now);
  const row = records.findVersion(tx, id);
  if (!row) throw new Error("a row that was just written is not there");
  tellOfVersion(tx, actor, "version.uploaded", { before: null, after: { ...row, translatedNotes } }, now);
  return { version: versionView(tx, row), created: true, isThere: false };
}

/** What can be told of it before its checks; they tell the rest. */
function refuseRevokedUpload(tx: Tx, { appId, versionCode }: Identity): void {
  const app = records.findApp(tx, appId);
  if (!app) return;
  refuseRevoked(tx, { ...UNREAD, appId, versionCode, organisationId: app.organisationId });
}

function ensureApp(
  tx: Tx,
  vault: Vault,
  actor: Actor,
  upload: UploadTerms,
  { now, ...file }: Identity & { readonly now: Date },
): void {
  if (upload.appId === undefined) {
    const organisationId = actingOrganisation(actor, upload.organisationId);
    // Who is there for certain apps makes none, and is told the same of another app and of one that is not there.
    if (isNarrowedIn(actor, organisationId)) findAppForUpload(tx, actor, file.appId);
    const app = records.findApp(tx, file.appId);
    // What was deleted for good is nobody's any more, its own organisation's neither.
    if (app !== undefined && app.removedAt !== null) throw idTaken(actor, app);
    if (app && app.organisationId !== organisationId) {
      // One who may upload to it belongs to both organisations; everyone else learns that the id is not theirs.
      try {
        findAppFor(tx, actor, "version.upload", file.appId);
      } catch {
        throw idTaken(actor, app);
      }
    }
    if (!app) {
      if (!upload.createApp) {
        throw new Problem(
          "not_found",
          "app.not_found",
          say`There is no app ${file.appId} yet: create it first, or allow this upload to create it.`,
        );
      }
      authorise(actor, "app.create", { organisationId }, organisationNotFound);
      insertNewApp(tx, vault, {
        id: file.appId,
        name: file.name,
        organisationId,
        actor,
        now,
      });
      if (upload.confirmAlike !== true && upload.confirmAlike !== file.appId)
        refuseAlike(tx, actor, file.appId);
      return;
    }
  }
  findAppForUpload(tx, actor, file.appId);
}

/** @throws Problem as `findAppFor`, and `version.trusted_only` */
function findAppForUpload(tx: Tx, actor: Actor, appId: AppId): void {
  refuseUntrusted(actor, findAppFor(tx, actor, "version.upload", appId));
}
