/** The forms of what the API takes and tells of the audit log. */
import { type Static, type TObject, Type } from "@sinclair/typebox";
import type { AuditQuery, readAuditHead } from "../accounts/audit-log.ts";
import { AUDIT_ACTIONS, type AuditAction } from "../audit/actions.ts";
import type { AuditPlace } from "../audit/records.ts";
import type { Store } from "../context.ts";
import { Problem } from "../errors.ts";
import { invalidCursor } from "./cursor.ts";
import { ORGANISATION_ID, oneOf, orNull, pageSchema, record, SHA256, TIME } from "./schemas.ts";

const ACTIONS = Object.keys(AUDIT_ACTIONS) as AuditAction[];

/** In the place of a cursor. */
export const AUDIT_ENTRY = Type.Optional(
  Type.Integer({
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER - 1,
    description: "the position of the entry to begin with; for who reads the whole log, and without a cursor",
  }),
);

export const AUDIT_QUERY = {
  actor: Type.Optional(
    Type.String({
      pattern: "^(?:[a-z]+(?::[a-z0-9-]+)?|[^\\s@]+@[^\\s@]+)$",
      maxLength: 254,
      description:
        "who did it: account:acc-…, key:key-…, operator, system, anonymous, or the address of an account",
    }),
  ),
  action: Type.Optional(oneOf(...ACTIONS)),
  subject: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 254,
      description: "the id of what it was done to, or the address of an account",
    }),
  ),
  organisationId: Type.Optional(ORGANISATION_ID),
  requestId: Type.Optional(
    Type.String({ pattern: "^[A-Za-z0-9-]{1,100}$", description: "a request's id, as its answer named it" }),
  ),
  since: Type.Optional({ ...TIME, description: "entries of this time and later" }),
  until: Type.Optional({ ...TIME, description: "entries before this time" }),
  q: Type.Optional(
    Type.String({
      maxLength: 200,
      description:
        "text that stands in an entry, or in the name of whom or what it tells of; an app's id finds its versions too",
    }),
  ),
};

/** @throws Problem `request.invalid` */
export function auditQuery(query: Static<TObject<typeof AUDIT_QUERY>>): AuditQuery {
  const { actor, action, subject, organisationId, requestId, since, until, q } = query;
  return {
    ...(actor === undefined ? {} : { actor }),
    ...(action === undefined ? {} : { action }),
    ...(subject === undefined ? {} : { subject }),
    ...(organisationId === undefined ? {} : { organisationId }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(since === undefined ? {} : { since: timeOf("since", since) }),
    ...(until === undefined ? {} : { until: timeOf("until", until) }),
    ...(q === undefined ? {} : { text: q }),
  };
}

function timeOf(name: string, text: string): Date {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time;
  const message = `?${name} is not a time`;
  throw new Problem("invalid", "request.invalid", `${message}.`, [
    { code: "field.invalid", pointer: `?${name}`, message },
  ]);
}

const CURSOR = "cursor of the audit log";

/** Sealed: where an entry stands is not for everybody who reads the next page. */
export function cursorOf({ vault }: Pick<Store, "vault">, { at, position }: AuditPlace): string {
  return Buffer.from(vault.seal(CURSOR, Buffer.from(`${at.getTime()}.${position}`))).toString("hex");
}

/** @throws Problem `cursor.invalid` */
export function placeOf(store: Pick<Store, "vault">, cursor: string): AuditPlace {
  // As many digits as a damaged time may have.
  const [, time, position] = /^(-?\d{1,16})\.(\d{1,16})$/.exec(unsealed(store, cursor)) ?? [];
  const at = new Date(Number(time));
  if (position === undefined || Number.isNaN(at.getTime())) throw invalidCursor();
  return { at, position: Number(position) };
}

function unsealed({ vault }: Pick<Store, "vault">, cursor: string): string {
  if (!/^(?:[0-9a-f]{2}){29,80}$/.test(cursor)) throw invalidCursor();
  try {
    return Buffer.from(vault.unseal(CURSOR, Buffer.from(cursor, "hex"))).toString("latin1");
  } catch {
    throw invalidCursor();
  }
}

const FACTS = Type.Record(Type.String(), Type.Unknown());
const TEXT = orNull(Type.String());

export const AUDIT_PAGE = pageSchema(
  record(
    {
      position: orNull(
        Type.Integer({
          minimum: 0,
          description:
            "Its place in the log; the first is 0. null, as the hash, to who reads for an organisation alone.",
        }),
      ),
      recordedAt: TIME,
      actor: Type.String({
        description: "Who did it: account:acc-…, key:key-…, operator, system or anonymous.",
      }),
      actorName: orNull(Type.String({ description: "The name today; null: none, or forgotten." })),
      via: orNull(Type.String({ description: "The session or key that they came with." })),
      action: oneOf(...ACTIONS),
      subjectType: Type.String({ description: "What kind of thing it was done to." }),
      subject: Type.String({ description: "The id of that thing." }),
      subjectName: TEXT,
      organisationId: orNull(ORGANISATION_ID),
      organisationName: TEXT,
      requestId: TEXT,
      address: orNull(
        Type.String({
          description: "From where; null: not known, forgotten, or to owners that of the store's own people.",
        }),
      ),
      userAgent: TEXT,
      before: orNull(FACTS),
      after: orNull(FACTS),
      personBefore: orNull(FACTS),
      personAfter: orNull(FACTS),
      personSha256: orNull(SHA256),
      hash: orNull({ ...SHA256, description: "Covers this entry and the hash of the one before." }),
    },
    "AuditEntry",
  ),
);

export const AUDIT_HEAD = record(
  {
    size: Type.Integer({ minimum: 0, description: "How many entries there are." }),
    hash: { ...SHA256, description: "The last one's hash; 64 zeros of an empty log." },
    lastCheck: orNull(
      record(
        {
          checkedAt: TIME,
          sound: record(
            {
              size: Type.Integer({ minimum: 0, description: "How many entries." }),
              hash: { ...SHA256, description: "The last one's hash." },
            },
            "AuditSound",
          ),
          damage: orNull(
            record(
              {
                position: Type.Integer({
                  minimum: 0,
                  description: "The place of the entry that is wrong or missing.",
                }),
                detail: Type.String({ description: "What is wrong with it." }),
              },
              "AuditDamage",
            ),
          ),
        },
        "AuditCheck",
      ),
    ),
  },
  "AuditHead",
);

/** As the API gives it. */
export function headJson({ size, hash, lastCheck }: ReturnType<typeof readAuditHead>) {
  return {
    size,
    hash,
    lastCheck: lastCheck && { ...lastCheck, checkedAt: lastCheck.checkedAt.toISOString() },
  };
}
