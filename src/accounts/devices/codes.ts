/** Codes with which devices enrol: made by administrators, shown once, kept as a hash. */

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
import { type Fault, Problem } from "../../errors.ts";
import { makeCode } from "../../format/enrolment/code.ts";
import { type EnrolmentCodeId, type GroupId, newId } from "../../ids.ts";
import { say, sayAll } from "../../say.ts";
import { HOUR_MS } from "../../time.ts";
import { type Actor, actorLabel, auditAuthor, ownKeyOf } from "../actor.ts";
import { mustFindGroup } from "../groups/groups.ts";
import { nameFault, plainName } from "../name-rule.ts";
import { authorise } from "../rights.ts";
import { secretHash } from "../secrets.ts";
import {
  type CodeRow,
  codeById,
  countLiveCodes,
  groupsOfCode,
  insertCode,
  insertCodeGroup,
  selectCodes,
} from "./codes.records.ts";
import { revokeCode } from "./codes-of.ts";

export const DEFAULT_CODE_HOURS = 72;
export const MOST_CODE_HOURS = 24 * 366;
export const MOST_CODE_USES = 100_000;
const CODE_LABEL_CHARACTERS = 80;
/** That are neither revoked nor expired. */
export const MOST_LIVE_CODES = 500;
const MOST_GROUPS_OF_CODE = 20;
const CODE_BYTES = 14;

export type CodeState = "live" | "used" | "expired" | "revoked";
export type EnrolmentCode = Omit<CodeRow, "codeHash" | "createdWith"> & {
  readonly groups: readonly { readonly id: GroupId; readonly name: string }[];
  readonly state: CodeState;
};

export type NewCode = {
  readonly label: string;
  /** How many devices can enrol with it; 1 without it. */
  readonly uses?: number;
  /** Whole hours until it ends; 72 without it. */
  readonly hours?: number;
  readonly groups?: readonly string[];
};

export function codeState(
  row: Pick<CodeRow, "revokedAt" | "expiresAt" | "uses" | "mostUses">,
  now: Date,
): CodeState {
  if (row.revokedAt !== null) return "revoked";
  if (row.uses >= row.mostUses) return "used";
  return row.expiresAt <= now ? "expired" : "live";
}

function codeOf(tx: Tx, { codeHash: _, createdWith: __, ...row }: CodeRow, now: Date): EnrolmentCode {
  return { ...row, groups: groupsOfCode(tx, row.id), state: codeState(row, now) };
}

/**
 * Makes a code and gives its text, which is not kept and cannot be shown again; null for a repeated call.
 * @throws Problem `enrolment.invalid`, `enrolment.too_many`, `group.not_found`, `rights.forbidden`
 */
export function createEnrolmentCode(
  store: Store,
  actor: Actor,
  fields: NewCode,
  idempotency?: Idempotency,
): { readonly code: EnrolmentCode; readonly text: string | null } {
  authorise(actor, "device.manage");
  if ((fields.groups ?? []).length > 0) authorise(actor, "group.manage");
  const now = store.clock.now();
  const text = makeCode(crypto.getRandomValues(new Uint8Array(CODE_BYTES)));
  return write(store.db, (tx) => {
    const request = JSON.stringify([fields.label, fields.uses, fields.hours, fields.groups]);
    const earlier = findIdempotent(tx, idempotency, request);
    if (earlier) {
      const made = codeById(tx, earlier.resourceId as EnrolmentCodeId);
      if (!made) throw idempotentResourceGone();
      return { code: codeOf(tx, made, now), text: null };
    }
    const { groups, hours, ...checked } = checkFields(fields);
    for (const id of groups) mustFindGroup(tx, id);
    if (countLiveCodes(tx, now) >= MOST_LIVE_CODES) {
      const message = say`There are ${MOST_LIVE_CODES} codes already that are neither revoked nor expired. Revoke what is not needed any more.`;
      throw new Problem("conflict", "enrolment.too_many", message);
    }
    const id = newId("enr");
    const row = insertCode(tx, {
      ...checked,
      id,
      codeHash: secretHash(text),
      uses: 0,
      expiresAt: new Date(now.getTime() + hours * HOUR_MS),
      createdBy: actorLabel(actor),
      createdWith: ownKeyOf(actor),
      createdAt: now,
    });
    for (const groupId of groups) insertCodeGroup(tx, id, groupId);
    const after = {
      label: row.label,
      mostUses: row.mostUses,
      expiresAt: row.expiresAt.toISOString(),
      ...(groups.length === 0 ? {} : { groups: groups.join(" ") }),
    };
    const change = { action: "enrolment.created", subject: { type: "enrolment", id }, after } as const;
    recordChange(tx, auditAuthor(actor), change, now);
    rememberIdempotent(tx, idempotency, request, id, now);
    return { code: codeOf(tx, row, now), text };
  });
}

function checkFields({ label: given, uses = 1, hours = DEFAULT_CODE_HOURS, groups = [] }: NewCode) {
  const faults: Fault[] = [];
  const label = plainName(given);
  const fault = nameFault(label, CODE_LABEL_CHARACTERS, say`A code's label`);
  if (fault !== null) faults.push({ code: "enrolment.label", pointer: "/label", ...fault });
  if (!Number.isInteger(uses) || uses < 1 || uses > MOST_CODE_USES)
    faults.push({
      code: "enrolment.uses",
      pointer: "/uses",
      message: say`A code is for 1 to ${MOST_CODE_USES} devices, a whole number; found ${uses}.`,
    });
  if (!Number.isInteger(hours) || hours < 1 || hours > MOST_CODE_HOURS)
    faults.push({
      code: "enrolment.hours",
      pointer: "/hours",
      message: say`A code lives for 1 to ${MOST_CODE_HOURS} whole hours; found ${hours}.`,
    });
  if (groups.length > MOST_GROUPS_OF_CODE)
    faults.push({
      code: "enrolment.groups",
      pointer: "/groups",
      message: say`A code puts devices into ${MOST_GROUPS_OF_CODE} groups at most.`,
    });
  if (faults.length > 0) {
    const message = sayAll(faults.map(({ message }) => message));
    throw new Problem("unprocessable", "enrolment.invalid", message, faults);
  }
  return { label, mostUses: uses, hours, groups: [...new Set(groups)] as GroupId[] };
}

/** Newest first, also those that are over. @throws Problem `rights.forbidden` */
export function pageEnrolmentCodes(store: Store, actor: Actor, page: PageRequest): Page<EnrolmentCode> {
  authorise(actor, "device.read");
  const tx = store.db.orm;
  const now = store.clock.now();
  const rows = selectCodes(tx, oneMore<EnrolmentCodeId>(page));
  return pageOf(
    rows,
    page.limit,
    (row) => row.id,
    (row) => codeOf(tx, row, now),
  );
}

/** @throws Problem `enrolment.not_found`, `rights.forbidden` */
export function readEnrolmentCode(store: Store, actor: Actor, id: EnrolmentCodeId): EnrolmentCode {
  authorise(actor, "device.read");
  return codeOf(store.db.orm, mustFindCode(store.db.orm, id), store.clock.now());
}

/** No other device enrols with it; those that have stay. Again is no error. @throws Problem `enrolment.not_found`, `rights.forbidden` */
export function revokeEnrolmentCode(store: Store, actor: Actor, id: EnrolmentCodeId): EnrolmentCode {
  authorise(actor, "device.manage");
  const now = store.clock.now();
  return write(store.db, (tx) => {
    const row = mustFindCode(tx, id);
    if (row.revokedAt !== null) return codeOf(tx, row, now);
    return codeOf(tx, revokeCode(tx, auditAuthor(actor), row, now), now);
  });
}

function mustFindCode(tx: Tx, id: EnrolmentCodeId): CodeRow {
  const row = codeById(tx, id);
  if (!row) throw new Problem("not_found", "enrolment.not_found", say`There is no such enrolment code.`);
  return row;
}
