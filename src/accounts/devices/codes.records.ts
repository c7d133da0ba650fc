/** The SQL of the codes with which devices enrol. Nothing here decides. */
import { and, count, desc, eq, gt, inArray, isNull, lt, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { auditEntries, enrolmentCodeGroups, enrolmentCodes, groups } from "../../db/schema.ts";
import type { DeviceId, EnrolmentCodeId, GroupId, Sha256 } from "../../ids.ts";
import { byName } from "./records.ts";

export type CodeRow = typeof enrolmentCodes.$inferSelect;

export const insertCode = (tx: Tx, row: typeof enrolmentCodes.$inferInsert): CodeRow =>
  tx.insert(enrolmentCodes).values(row).returning().get();

export const insertCodeGroup = (tx: Tx, codeId: EnrolmentCodeId, groupId: GroupId): void => {
  tx.insert(enrolmentCodeGroups).values({ codeId, groupId }).onConflictDoNothing().run();
};

export const codeById = (tx: Tx, id: EnrolmentCodeId): CodeRow | undefined =>
  tx.select().from(enrolmentCodes).where(eq(enrolmentCodes.id, id)).get();

export const codeByHash = (tx: Tx, codeHash: Sha256): CodeRow | undefined =>
  tx.select().from(enrolmentCodes).where(eq(enrolmentCodes.codeHash, codeHash)).get();

/** Takes one use, if one is left. */
export const takeUse = (tx: Tx, id: EnrolmentCodeId): boolean =>
  tx
    .update(enrolmentCodes)
    .set({ uses: sql`${enrolmentCodes.uses} + 1` })
    .where(and(eq(enrolmentCodes.id, id), lt(enrolmentCodes.uses, enrolmentCodes.mostUses)))
    .returning()
    .get() !== undefined;

export const markCodeRevoked = (
  tx: Tx,
  id: EnrolmentCodeId,
  revoked: { readonly revokedAt: Date; readonly revokedBy: string },
): CodeRow | undefined =>
  tx.update(enrolmentCodes).set(revoked).where(eq(enrolmentCodes.id, id)).returning().get();

/** Newest first. */
export const selectCodes = (
  tx: Tx,
  page: { readonly after?: EnrolmentCodeId; readonly limit: number },
): CodeRow[] =>
  tx
    .select()
    .from(enrolmentCodes)
    .where(page.after === undefined ? undefined : lt(enrolmentCodes.id, page.after))
    .orderBy(desc(enrolmentCodes.id))
    .limit(page.limit)
    .all();

/** Those that are neither revoked nor expired, also those that are used up. */
export const countLiveCodes = (tx: Tx, now: Date): number =>
  tx
    .select({ n: count() })
    .from(enrolmentCodes)
    .where(and(isNull(enrolmentCodes.revokedAt), gt(enrolmentCodes.expiresAt, now)))
    .get()?.n ?? 0;

const isLive = (now: Date) =>
  and(
    isNull(enrolmentCodes.revokedAt),
    gt(enrolmentCodes.expiresAt, now),
    lt(enrolmentCodes.uses, enrolmentCodes.mostUses),
  );

/** Codes of one maker with which one may still enrol; there are never more than so many that live. */
export const liveCodesBy = (tx: Tx, label: string, now: Date): CodeRow[] =>
  tx
    .select()
    .from(enrolmentCodes)
    .where(and(isLive(now), eq(enrolmentCodes.createdBy, label)))
    .all();

/** Codes with which the device has enrolled, by what was recorded of it. */
export const codeIdsShownBy = (tx: Tx, deviceId: DeviceId): EnrolmentCodeId[] =>
  tx
    .select({ after: auditEntries.after })
    .from(auditEntries)
    .where(
      and(
        eq(auditEntries.subject, deviceId),
        // The sign keeps SQLite from going through every entry of these actions.
        sql`+${auditEntries.action} IN ('device.enrolled', 'device.enrolled_again')`,
      ),
    )
    .all()
    .map(({ after }) => after?.code)
    .filter((code) => typeof code === "string") as EnrolmentCodeId[];

/** Of these, those with which one may still enrol. */
export const codesShownBy = (tx: Tx, deviceId: DeviceId, now: Date): CodeRow[] =>
  tx
    .select()
    .from(enrolmentCodes)
    .where(and(isLive(now), inArray(enrolmentCodes.id, [...new Set(codeIdsShownBy(tx, deviceId))])))
    .all();

/** By name. */
export const groupsOfCode = (tx: Tx, codeId: EnrolmentCodeId): { id: GroupId; name: string }[] =>
  byName(
    tx
      .select({ id: groups.id, name: groups.name })
      .from(enrolmentCodeGroups)
      .innerJoin(groups, eq(groups.id, enrolmentCodeGroups.groupId))
      .where(eq(enrolmentCodeGroups.codeId, codeId))
      .all(),
  );

/** Codes that put devices into the group and with which one may still enrol. */
export const countCodesInto = (tx: Tx, groupId: GroupId, now: Date): number =>
  tx
    .select({ n: count() })
    .from(enrolmentCodeGroups)
    .innerJoin(enrolmentCodes, eq(enrolmentCodes.id, enrolmentCodeGroups.codeId))
    .where(and(eq(enrolmentCodeGroups.groupId, groupId), isLive(now)))
    .get()?.n ?? 0;
