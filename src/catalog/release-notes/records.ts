/** The SQL of release notes in other languages. */
import { and, asc, eq, inArray } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { versionNotes } from "../../db/schema.ts";
import type { VersionId } from "../../ids.ts";
import type { LocalTexts } from "../local-texts.ts";

export function selectTranslations(tx: Tx, id: VersionId): LocalTexts {
  const rows = tx
    .select({ locale: versionNotes.locale, body: versionNotes.body })
    .from(versionNotes)
    .where(eq(versionNotes.versionId, id))
    .orderBy(asc(versionNotes.locale))
    .all();
  return Object.fromEntries(rows.map(({ locale, body }) => [locale, body]));
}

/** Which languages there are: without the texts, of which one is read. */
export function selectLanguages(
  tx: Tx,
  ids: readonly VersionId[],
): { readonly versionId: VersionId; readonly locale: string }[] {
  if (ids.length === 0) return [];
  return tx
    .select({ versionId: versionNotes.versionId, locale: versionNotes.locale })
    .from(versionNotes)
    .where(inArray(versionNotes.versionId, [...ids]))
    .orderBy(asc(versionNotes.versionId), asc(versionNotes.locale))
    .all();
}

export function findTranslation(tx: Tx, id: VersionId, locale: string): string | undefined {
  return tx
    .select({ body: versionNotes.body })
    .from(versionNotes)
    .where(and(eq(versionNotes.versionId, id), eq(versionNotes.locale, locale)))
    .get()?.body;
}

export function replaceTranslations(tx: Tx, versionId: VersionId, texts: LocalTexts): void {
  tx.delete(versionNotes).where(eq(versionNotes.versionId, versionId)).run();
  for (const [locale, body] of Object.entries(texts))
    tx.insert(versionNotes).values({ versionId, locale, body }).run();
}
