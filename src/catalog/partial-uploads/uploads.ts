/**
 * Packages that come in parts: begun with their size, continued over as many connections as it takes, and then taken as any other
 * upload. Each belongs to who began it; nobody else may know that it is there. What is left lying is removed after some days.
 */
import { type Actor, auditAuthor } from "../../accounts/actor.ts";
import { authorise } from "../../accounts/rights.ts";
import { stillActing } from "../../accounts/still.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import {
  findIdempotent,
  type Idempotency,
  idempotentResourceGone,
  rememberIdempotent,
} from "../../db/idempotency.ts";
import { oneMore, type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import { perDb } from "../../db/per-db.ts";
import { isProblem, Problem } from "../../errors.ts";
import { newId, type UploadId } from "../../ids.ts";
import { say } from "../../say.ts";
import { UNSEEN_IN_TEXTS } from "../../signing/text-rules.ts";
import { saidSize } from "../../sizes.ts";
import type { StagedBlob } from "../../storage/blobs.ts";
import { DAY_MS } from "../../time.ts";
import { ownerOf, ownOf } from "./owner.ts";
import * as records from "./records.ts";
import { inUploadTurn } from "./turns.ts";
import { whileActing } from "./while-acting.ts";

/** For as long somebody may go on with what they began: over a weekend. */
const LASTS_MS = 3 * DAY_MS;
/** Of one person, key or publisher at a time. */
export const MOST_OPEN = 10;
/** So many times as much has a person together with all keys of theirs that are for some apps alone. */
export const KEYS_TOO = 2;
/** All of them together, in the size of the largest package. */
export const MOST_OPEN_PACKAGES = 4;
const NAME_CHARACTERS = 255;
/** The open ones, and those whose time is over and that are not swept yet. */
const MOST_LOOKED_FOR = 10 * MOST_OPEN;

export type OpenUpload = {
  readonly id: UploadId;
  /** As its sender calls the file; "" when that was not said. */
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly receivedBytes: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
};

/**
 * Makes room for a package of this size.
 * @throws Problem `upload.too_large`, `upload.empty`, `upload.too_many`, `idempotency.resource_gone`, `storage.full`,
 *   `rights.forbidden`
 */
export async function beginUpload(
  store: Store,
  actor: Actor,
  file: { readonly sizeBytes: number; readonly fileName: string },
  idempotency?: Idempotency,
): Promise<OpenUpload> {
  authorise(actor, "version.upload", { toSomeApp: true });
  const { sizeBytes } = file;
  const most = store.config.maxUploadBytes;
  if (sizeBytes > most) throw tooLarge(most);
  refuseEmpty(sizeBytes);
  // A file that was renamed in between is the same one: its name is shown and used for nothing else.
  const sent = JSON.stringify([sizeBytes]);
  const owner = ownerOf(actor);
  // As uploads themselves: what one key of a person began is not there for another.
  const once = idempotency && { ...idempotency, actor: owner };
  const earlier = findIdempotent(store.db.orm, once, sent);
  if (earlier !== null) return readAgain(store, actor, earlier.resourceId as UploadId);
  const row = newRow(store, actor, file);
  const now = row.createdAt;
  // The file comes first: a row must never promise what is not there. One without a row is swept away.
  await store.blobs.partial.create(row.id);
  try {
    const lost = await lostOf(store, actor);
    write(store.db, (tx) => {
      for (const id of lost) records.removePartialUpload(tx, id);
      refuseNoRoom(store, tx, actor, sizeBytes);
      records.insertPartialUpload(tx, row);
      rememberIdempotent(tx, once, sent, row.id, now);
      tell(tx, actor, "upload.begun", row, now);
    });
  } catch (error) {
    await store.blobs.partial.remove(row.id);
    throw error;
  }
  return view(row, 0);
}

/** Rows whose file is gone, as after a database was put back: nobody sees them, so nobody could make room by discarding them. */
async function lostOf(store: Store, actor: Actor): Promise<UploadId[]> {
  const lost: UploadId[] = [];
  for (const { id } of records.selectPartialUploads(store.db.orm, ownOf(actor), { limit: MOST_LOOKED_FOR }))
    if ((await store.blobs.partial.size(id)) === null) lost.push(id);
  return lost;
}

async function readAgain(store: Store, actor: Actor, id: UploadId): Promise<OpenUpload> {
  try {
    return await readUpload(store, actor, id);
  } catch (error) {
    throw isProblem(error) && error.code === "upload.not_found" ? idempotentResourceGone() : error;
  }
}

function newRow(
  store: Store,
  actor: Actor,
  file: { readonly sizeBytes: number; readonly fileName: string },
  id = newId("upl"),
): records.PartialUploadRow {
  const now = store.clock.now();
  return {
    id,
    owner: ownerOf(actor),
    accountId: actor.kind === "account" ? actor.accountId : null,
    fileName: plainFileName(file.fileName),
    sizeBytes: file.sizeBytes,
    createdAt: now,
    expiresAt: new Date(now.getTime() + LASTS_MS),
  };
}

function tooLarge(most: number): Problem {
  return new Problem(
    "too_large",
    "upload.too_large",
    say`The file is larger than the ${saidSize(most)} that this store takes.`,
  );
}

function refuseEmpty(sizeBytes: number): void {
  if (sizeBytes < 1) throw new Problem("invalid", "upload.empty", say`The file is empty: choose a package.`);
}

/** @throws Problem `upload.too_many` */
function refuseNoRoom({ clock, config }: Store, tx: Tx, actor: Actor, sizeBytes: number): void {
  const now = clock.now();
  const most = config.maxUploadBytes;
  refuseMore(records.openOf(tx, { owner: ownerOf(actor) }, now), sizeBytes, most);
  // Each of a person's keys has its own places, and keys are made as one likes.
  if (actor.kind === "account")
    refuseMore(records.openOf(tx, { accountId: actor.accountId }, now), sizeBytes, most, KEYS_TOO);
}

function refuseMore(
  open: { readonly number: number; readonly sizeBytes: number },
  sizeBytes: number,
  most: number,
  times = 1,
): void {
  const [places, bytes] = [times * MOST_OPEN, times * MOST_OPEN_PACKAGES * most];
  if (open.number >= places || open.sizeBytes + sizeBytes > bytes) throw tooMany(places, bytes);
}

function tooMany(places: number, bytes: number): Problem {
  return new Problem(
    "conflict",
    "upload.too_many",
    say`You have begun as many uploads as may be open at a time: ${places}, and ${bytes} bytes together. Finish or discard one of them.`,
  );
}

/** Those that one has begun, the oldest first. */
export async function listUploads(store: Store, actor: Actor, page: PageRequest): Promise<Page<OpenUpload>> {
  const rows = records.selectPartialUploads(store.db.orm, ownOf(actor), oneMore<UploadId>(page));
  const { items, nextCursor } = pageOf(rows, page.limit, ({ id }) => id);
  const views: OpenUpload[] = [];
  for (const row of items) {
    const received = await store.blobs.partial.size(row.id);
    if (received !== null && isOpen(store, row)) views.push(view(row, received));
  }
  return { items: views, nextCursor };
}

/** @throws Problem `upload.not_found` */
export async function readUpload(store: Store, actor: Actor, id: UploadId): Promise<OpenUpload> {
  const row = findOwn(store, actor, id);
  // Whoever asks how far it is has given up the connection over which it came.
  return inUploadTurn(store.db, id, async () => view(row, await receivedOf(store, id)));
}

/**
 * Takes the bytes from `offset` on, which is where the file ends so far. What came of them stays when the connection breaks.
 * @throws Problem `upload.not_found`, `upload.offset_differs`, `upload.too_large`, `upload.in_use`, and what the source throws
 */
export async function continueUpload(
  store: Store,
  actor: Actor,
  id: UploadId,
  part: {
    readonly offset: number;
    readonly bytes: AsyncIterable<Uint8Array>;
    /** As it was announced; null: it was not. */
    readonly length: number | null;
  },
): Promise<OpenUpload> {
  const row = findOwn(store, actor, id);
  return inUploadTurn(store.db, id, async (others) => {
    const received = await receivedOf(store, id);
    if (part.offset !== received) {
      throw new Problem(
        "conflict",
        "upload.offset_differs",
        say`${received} bytes were received, and these begin at ${part.offset}: go on from there.`,
        [
          {
            code: "upload.offset_differs",
            message: say`go on from there`,
            found: String(part.offset),
            expected: String(received),
          },
        ],
      );
    }
    const room = row.sizeBytes - received;
    if ((part.length ?? 0) > room) throw beyondEnd(row.sizeBytes);
    await store.blobs.partial.append(id, received, within(part.bytes, room, row.sizeBytes, others));
    return view(row, await receivedOf(store, id));
  });
}

async function* within(
  bytes: AsyncIterable<Uint8Array>,
  room: number,
  sizeBytes: number,
  others: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let left = room;
  const source = bytes[Symbol.asyncIterator]();
  let giveUp: (why: Problem) => void = () => {};
  const yields = () => giveUp(overtaken());
  others.addEventListener("abort", yields, { once: true });
  try {
    for (;;) {
      // It may have come before anybody listened.
      if (others.aborted) throw overtaken();
      // What waits for a dead connection is not waited for. Each piece has a promise of its own: one that lasts for all of them, in a
      // race with each, would keep every piece in memory until the end.
      const next = await new Promise<IteratorResult<Uint8Array>>((come, fail) => {
        giveUp = fail;
        source.next().then(come, fail);
      });
      if (next.done) return;
      if (next.value.byteLength > left) throw beyondEnd(sizeBytes);
      left -= next.value.byteLength;
      yield next.value;
    }
  } finally {
    others.removeEventListener("abort", yields);
  }
}

function beyondEnd(sizeBytes: number): Problem {
  return new Problem(
    "too_large",
    "upload.too_large",
    say`There are more bytes than the ${sizeBytes} that this upload was begun with.`,
  );
}

function overtaken(): Problem {
  return new Problem(
    "locked",
    "upload.in_use",
    say`Another request has taken this upload over: ask how much was received, and go on from there.`,
  );
}

/** @throws Problem `upload.not_found` */
export async function discardUpload(store: Store, actor: Actor, id: UploadId): Promise<void> {
  const row = findOwn(store, actor, id);
  await inUploadTurn(store.db, id, async () => {
    write(store.db, (tx) => {
      if (!records.removePartialUpload(tx, id)) throw notFound();
      tell(tx, actor, "upload.discarded", row, store.clock.now());
    });
    await store.blobs.partial.remove(id);
  });
}

/**
 * Keeps what came in one piece as an upload that is whole, so that it need not be sent again.
 * @throws Problem as `beginUpload` and `stage`
 */
export async function keepWhole(
  store: Store,
  actor: Actor,
  file: { readonly fileName: string; readonly bytes: AsyncIterable<Uint8Array> },
): Promise<OpenUpload> {
  authorise(actor, "version.upload", { toSomeApp: true });
  const most = store.config.maxUploadBytes;
  // How large it is shows at its end. Until then there is a file without a row, which nobody sees and which is swept away.
  refuseNoRoom(store, store.db.orm, actor, 1);
  const forms = formsOf(store);
  const owner = ownerOf(actor);
  const under = forms.get(owner) ?? 0;
  if (under >= MOST_OPEN_PACKAGES) throw tooMany(MOST_OPEN_PACKAGES, MOST_OPEN_PACKAGES * most);
  forms.set(owner, under + 1);
  const id = newId("upl");
  try {
    await store.blobs.partial.create(id);
    const bytes = whileActing(store, actor, file.bytes);
    await store.blobs.partial.append(id, 0, noMoreThan(bytes, most));
    const sizeBytes = await receivedOf(store, id);
    refuseEmpty(sizeBytes);
    const row = newRow(store, actor, { fileName: file.fileName, sizeBytes }, id);
    write(store.db, (tx) => {
      authorise(stillActing(store, tx, actor), "version.upload", { toSomeApp: true });
      refuseNoRoom(store, tx, actor, sizeBytes);
      records.insertPartialUpload(tx, row);
      tell(tx, actor, "upload.begun", row, row.createdAt);
    });
    return view(row, sizeBytes);
  } catch (error) {
    await store.blobs.partial.remove(id);
    throw error;
  } finally {
    const left = (forms.get(owner) ?? 1) - 1;
    if (left === 0) forms.delete(owner);
    else forms.set(owner, left);
  }
}

async function* noMoreThan(bytes: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  for await (const piece of bytes) {
    sizeBytes += piece.byteLength;
    if (sizeBytes > most) throw tooLarge(most);
    yield piece;
  }
}

/** How many forms of each are on their way: they have no row yet that would count. */
const formsOf = perDb(() => new Map<string, number>());

/**
 * Hands on what is there whole. `use` removes the row in the transaction that takes it; then the file goes too.
 * @param answered What an earlier call gave: another one may have been at work when this one came.
 * @throws Problem `upload.not_found`, `upload.unfinished`, and what `use` throws
 */
export async function withWhole<T>(
  store: Store,
  actor: Actor,
  id: UploadId,
  { answered, use }: { answered: () => T | undefined; use: (staged: StagedBlob) => Promise<T> },
): Promise<T> {
  const earlier = answered();
  if (earlier !== undefined) return earlier;
  const row = findOwn(store, actor, id);
  return inUploadTurn(store.db, id, async () => {
    const meanwhile = answered();
    if (meanwhile !== undefined) return meanwhile;
    const received = await receivedOf(store, id);
    if (received !== row.sizeBytes) {
      throw new Problem(
        "conflict",
        "upload.unfinished",
        say`${received} of ${row.sizeBytes} bytes were received: send the rest first.`,
      );
    }
    const staged = await store.blobs.partial.stage(id);
    try {
      return await use(staged);
    } finally {
      await staged.discard();
      if (records.findPartialUpload(store.db.orm, id) === undefined) await store.blobs.partial.remove(id);
    }
  });
}

/** What somebody else began is not there, nor is what is over. @throws Problem `upload.not_found` */
export function findOwn(store: Store, actor: Actor, id: UploadId): records.PartialUploadRow {
  const row = records.findPartialUpload(store.db.orm, id);
  if (row === undefined || !isOwn(actor, row) || !isOpen(store, row)) throw notFound();
  return row;
}

function isOwn(actor: Actor, row: records.PartialUploadRow): boolean {
  const own = ownOf(actor);
  return "owner" in own ? row.owner === own.owner : row.accountId === own.accountId;
}

function isOpen(store: Store, { expiresAt }: records.PartialUploadRow): boolean {
  return expiresAt > store.clock.now();
}

async function receivedOf(store: Store, id: UploadId): Promise<number> {
  const received = await store.blobs.partial.size(id);
  if (received === null) throw notFound();
  return received;
}

function notFound(): Problem {
  return new Problem(
    "not_found",
    "upload.not_found",
    say`There is no such upload, or none of yours that is open: begin it anew.`,
  );
}

function view(row: records.PartialUploadRow, receivedBytes: number): OpenUpload {
  const { id, fileName, sizeBytes, createdAt, expiresAt } = row;
  return { id, fileName, sizeBytes, receivedBytes, createdAt, expiresAt };
}

const UNSEEN = new RegExp(`${UNSEEN_IN_TEXTS}`, "gu");

/** It is shown to who sent it and used for nothing else. */
function plainFileName(text: string): string {
  const [name = ""] = text.toWellFormed().normalize("NFC").replace(UNSEEN, "").split(/[\\/]/).slice(-1);
  return [...name].slice(0, NAME_CHARACTERS).join("");
}

function tell(
  tx: Parameters<typeof recordChange>[0],
  actor: Actor,
  action: "upload.begun" | "upload.discarded",
  { id, sizeBytes }: records.PartialUploadRow,
  now: Date,
): void {
  const facts = { sizeBytes };
  recordChange(
    tx,
    auditAuthor(actor),
    {
      action,
      subject: { type: "upload", id },
      ...(action === "upload.begun" ? { after: facts } : { before: facts }),
    },
    now,
  );
}
