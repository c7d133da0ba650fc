/**
 * The store's id as it is signed with the file of its authorities, by which devices know the store: before anything is issued or
 * signed with it. A row that somebody changed would have certificates and packages issued for a store that no device follows.
 */
import type { Store } from "../../context.ts";
import { type Db, write } from "../../db/database.ts";
import { whileUnchanged } from "../../db/unchanged.ts";
import { EVERYBODY } from "../../ids.ts";
import { findStoreId, saveStoreId } from "../../keys/records.ts";
import { isStoreId } from "../../signing/store-id.ts";
import { signedCustom } from "./as-signed.ts";
import { type Difference, tellMended } from "./differences.ts";
import { CA_PATH } from "./roles.ts";

const STORE_ID: Difference = { of: "store-id" };

type Known = { readonly signed: string | null; readonly row: string | null };

function known(db: Db): Known {
  return whileUnchanged(db, "store id", 0, () => {
    const signed = signedCustom(db, { audience: EVERYBODY, path: CA_PATH })?.storeId;
    return { signed: isStoreId(signed) ? signed : null, row: findStoreId(db.orm) };
  });
}

/** While what is signed cannot be told, which is a difference of its own, any id may be the right one. */
export function storeIdDifferences(db: Db): readonly Difference[] {
  const { signed, row } = known(db);
  return row === null || (signed !== null && row !== signed) ? [STORE_ID] : [];
}

/** Brings it back: before anything is issued or signed with it. */
export function mendStoreId(store: Pick<Store, "db" | "clock" | "log">): readonly Difference[] {
  const { signed, row } = known(store.db);
  if (signed === null || row === signed) return [];
  write(store.db, (tx) => saveStoreId(tx, signed, store.clock.now()));
  tellMended(store, STORE_ID);
  return [STORE_ID];
}
