/**
 * The newest list of revoked certificates of each authority, by its own signature and number: of the row and of the file that
 * everybody reads, the one that was signed last counts. A row that somebody put an older one into would lift what was revoked since.
 */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import type { KeyId } from "../../ids.ts";
import type { CrlFields } from "../../signing/crl.ts";
import { readCrl } from "../../signing/crl-reader.ts";
import type { X509Certificate } from "../../signing/x509.ts";
import { type Difference, tellMended } from "../tuf/differences.ts";
import { readBlob } from "../tuf/mend-files.ts";
import { contentOfList, crlKey, issuingAuthorities } from "./crl-issuers.ts";
import * as records from "./records.ts";

/** More than a list of all that a store ever revokes. */
const MOST_BYTES = 64 * 2 ** 20;

type CrlStore = Pick<Store, "db" | "blobs" | "clock" | "log">;
type List = { readonly der: Uint8Array; readonly fields: CrlFields };

/** Before a list is signed or written, and once a day. */
export async function mendCrls(store: CrlStore): Promise<readonly Difference[]> {
  const mended: Difference[] = [];
  for (const { keyid, certificate } of issuingAuthorities(store))
    if (await mendCrl(store, keyid, certificate)) mended.push({ of: "crl", issuer: keyid });
  for (const one of mended) tellMended(store, one);
  return mended;
}

async function mendCrl(store: CrlStore, issuerKeyid: KeyId, issuer: X509Certificate): Promise<boolean> {
  const { orm } = store.db;
  const file = listIn(await readBlob(store, crlKey(issuerKeyid), MOST_BYTES), issuer);
  const row = records.findCrl(orm, issuerKeyid);
  const own = listIn(row?.der ?? null, issuer);
  const [newest] = [own, file]
    .flatMap((list) => list ?? [])
    .sort((one, other) => other.fields.number - one.fields.number);
  if (newest === undefined || (row !== undefined && isSame(row, newest))) return false;
  const { number, thisUpdate, nextUpdate, entries } = newest.fields;
  const right: records.CrlRow = {
    ...{ issuerKeyid, number, thisUpdate, nextUpdate },
    der: Buffer.from(newest.der),
    contentSha256: contentOfList(entries),
    // A file that is it already is written once more, which changes nothing.
    exportedAt: null,
  };
  write(store.db, (tx) => records.saveCrl(tx, right));
  return true;
}

function listIn(der: Uint8Array | null, issuer: X509Certificate): List | null {
  const fields = der === null ? null : readCrl(new Uint8Array(der), issuer);
  return der === null || fields === null ? null : { der, fields };
}

function isSame(row: records.CrlRow, { der, fields }: List): boolean {
  return (
    row.number === fields.number &&
    Buffer.compare(row.der, der) === 0 &&
    row.thisUpdate.getTime() === fields.thisUpdate.getTime() &&
    row.nextUpdate.getTime() === fields.nextUpdate.getTime() &&
    row.contentSha256 === contentOfList(fields.entries)
  );
}
