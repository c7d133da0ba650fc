/** Lists of revoked certificates of a root whose key is on another machine: a request has them signed there. */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import type { KeyId } from "../../ids.ts";
import { listStoreCertificates, type SigningKeyRow } from "../../keys/records.ts";
import { assembleCrl, type CrlEntry } from "../../signing/crl.ts";
import { wholeSeconds } from "../../signing/times.ts";
import { contentOfList } from "../revocation/crl-issuers.ts";
import { distrustedEntry, entriesOfRoot, isListDue } from "../revocation/crls.ts";
import { type CrlRow, findCrl } from "../revocation/records.ts";
import { sha256 } from "../tuf/metadata.ts";
import type { KeyPlan } from "./changes.ts";
import type { RequestDocuments } from "./documents.ts";
import type { RequestList, SigningRequest } from "./request.ts";
import { ROOT_LIST_LIFETIME_MS } from "./requested-lists.ts";
import { readKeyState } from "./state.ts";

/** Of the root that stays or comes, and the last one of a root that leaves; those of keys of this machine are a job's. */
export function listsForRequest(
  store: Pick<Store, "db" | "clock">,
  plan: KeyPlan,
  request: SigningRequest,
): RequestList[] {
  const { orm } = store.db;
  const [old, next] = [plan.before.certificateKeys.root, plan.after.certificateKeys.root];
  const entries = entriesAfter(store, old.keyid, request);
  const listOf = (row: SigningKeyRow, nextUpdate: Date): RequestList => ({
    issuer: row.name,
    number: (findCrl(orm, row.keyid)?.number ?? 0) + 1,
    nextUpdate,
    entries,
    signature: null,
  });
  const regular = new Date(request.createdAt.getTime() + ROOT_LIST_LIFETIME_MS);
  return [
    ...(next.holder === "offline" ? [listOf(next, regular)] : []),
    ...(old.holder === "offline" && old.name !== next.name ? [listOf(old, endOf(orm, old.name))] : []),
  ];
}

function endOf(db: Tx, keyName: string): Date {
  const ends = listStoreCertificates(db, "root").filter((row) => row.keyName === keyName);
  return new Date(Math.max(...ends.map(({ notAfter }) => notAfter.getTime())));
}

/** What is revoked, and Developer CAs that the request takes out. */
function entriesAfter(store: Pick<Store, "db" | "clock">, root: KeyId, request: SigningRequest): CrlEntry[] {
  const leaving = listStoreCertificates(store.db.orm, "developer-ca").filter((row) =>
    request.distrusted.includes(sha256(row.der)),
  );
  const gone = leaving.map((row) => distrustedEntry(row, request.createdAt));
  return [...entriesOfRoot(store, root), ...gone].map((entry) => ({
    ...entry,
    revokedAt: wholeSeconds(entry.revokedAt),
    invalidFrom: entry.invalidFrom && wholeSeconds(entry.invalidFrom),
  }));
}

/** Whether the list of a root on another machine lacks something, or is at half of its time. */
export function isRootListDue(store: Pick<Store, "db" | "clock">): boolean {
  const { holder, keyid } = readKeyState(store.db.orm).certificateKeys.root;
  if (holder !== "offline") return false;
  const content = { issuerKeyid: keyid, contentSha256: contentOfList(entriesOfRoot(store, keyid)) };
  // The last list of a root that is replaced counts as long as its certificate; it is another key's.
  return isListDue(store, content, ROOT_LIST_LIFETIME_MS);
}

/** The finished lists of a request; those that were not signed are left for the next one. */
export function signedLists(request: SigningRequest, documents: RequestDocuments): CrlRow[] {
  return documents.lists.flatMap(({ asked, tbs }) => {
    const row = documents.rows.get(asked.issuer);
    if (asked.signature === null || !row) return [];
    return [
      {
        issuerKeyid: row.keyid as KeyId,
        number: asked.number,
        der: Buffer.from(assembleCrl(tbs, row.algorithm, asked.signature)),
        contentSha256: contentOfList(asked.entries),
        thisUpdate: request.createdAt,
        nextUpdate: asked.nextUpdate,
        exportedAt: null,
      },
    ];
  });
}
