/**
 * Rows of the signed catalogues that have no place in one: whoever changed the audience or the role of a row beside the store
 * made what no device asks for, and what may not even have the name of a file. Where metadata is signed for an audience it is the
 * row of its catalogue that went.
 */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { type Audience, EVERYBODY } from "../../ids.ts";
import { isSignedAs } from "./as-signed.ts";
import { type Difference, tellMended } from "./differences.ts";
import { noteEnds } from "./ends.ts";
import * as records from "./records.ts";
import { type RoleAt, rolesOf } from "./roles.ts";

export function mendStrays(store: Pick<Store, "db" | "clock" | "log">): readonly Difference[] {
  const { db, clock } = store;
  const found = records.selectRoles(db.orm);
  const known = new Set(records.listCatalogues(db.orm));
  const mended: Difference[] = [];
  for (const audience of new Set(found.map((one) => one.audience))) {
    if (audience === EVERYBODY || known.has(audience) || !isSigned(store, audience)) continue;
    write(db, (tx) => noteEnds(tx, audience, clock.now()));
    known.add(audience);
    mended.push({ of: "catalogue", audience });
  }
  const strays = found.filter(({ audience, role }) => !known.has(audience) || !isRoleOf({ audience, role }));
  if (strays.length > 0)
    write(db, (tx) => {
      for (const one of strays) records.dropRole(tx, one);
    });
  // A role may be in both tables.
  for (const one of Map.groupBy(strays, ({ audience, role }) => `${audience} ${role}`).values())
    mended.push(...one.slice(0, 1).map((at): Difference => ({ ...at, of: "stray" })));
  for (const one of mended) tellMended(store, one);
  return mended;
}

function isRoleOf({ audience, role }: RoleAt): boolean {
  if (rolesOf(audience).includes(role) || role === "snapshot" || role === "timestamp") return true;
  return role === "root" && audience === EVERYBODY;
}

function isSigned({ db }: Pick<Store, "db">, audience: Audience): boolean {
  const at = { audience, role: "timestamp" };
  return records.versionsOfRole(db.orm, at).some((version) => {
    const row = records.findMetadata(db.orm, at.role, version, audience);
    return row !== null && isSignedAs(db, row.body, { ...at, version });
  });
}
