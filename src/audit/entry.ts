/** An entry of the audit log and its hash. Pure. */
import { createHash } from "node:crypto";
import type { AuditFacts } from "../db/audit-facts.ts";
import type { AuditPerson, auditEntries } from "../db/schema.ts";
import type { OrganisationId, Sha256 } from "../ids.ts";
import { canonicalize } from "../signing/json.ts";
import type { AuditAction } from "./actions.ts";

export type { AuditFacts, AuditPerson };

/** The fact that holds ids of groups, and the one that is kept from whoever is not told them all. */
export const GROUPS = "groups";
export const GROUPS_SALT = "groupsSalt";
/** The fact that names another app, and what stands there where it is not named. */
export const INSTEAD = "instead";
export const HIDDEN_APP = "an app that not everybody may see";

/** Who does something, and from where. */
export type AuditAuthor = {
  /** As actorLabel gives it: `account:acc-…`, `key:key-…`, `operator`, `system`, `anonymous`. */
  readonly actor: string;
  /** The id of the session or key that they came with. */
  readonly via: string | null;
  readonly requestId: string | null;
  readonly address: string | null;
  readonly userAgent: string | null;
};

/** What was done. `before` and `after` hold what differs, and nothing that tells of a person: that is `person`'s. */
export type AuditChange = {
  readonly action: AuditAction;
  readonly subject: { readonly type: string; readonly id: string };
  readonly organisationId?: OrganisationId | null;
  readonly before?: AuditFacts | null;
  readonly after?: AuditFacts | null;
  readonly person?: { readonly before?: AuditFacts; readonly after?: AuditFacts };
};

export type AuditRow = typeof auditEntries.$inferSelect;

/** What the hash of the first entry goes on from. */
export const BEGINNING = "0".repeat(64) as Sha256;

const SALT_BYTES = 16;
/** Of what a program says of itself. */
const USER_AGENT_CHARACTERS = 256;

/** The entry that follows one with that hash. */
export function buildEntry(
  previous: { readonly position: number; readonly hash: Sha256 } | null,
  author: AuditAuthor,
  change: AuditChange,
  recordedAt: Date,
): AuditRow {
  const person = personOf(author, change);
  const salt = person === null ? null : Buffer.from(crypto.getRandomValues(new Uint8Array(SALT_BYTES)));
  const entry = {
    position: previous === null ? 0 : previous.position + 1,
    recordedAt,
    actor: author.actor,
    via: author.via,
    action: change.action,
    subjectType: change.subject.type,
    subject: change.subject.id,
    organisationId: change.organisationId ?? null,
    requestId: author.requestId,
    before: change.before ?? null,
    after: change.after ?? null,
    person,
    salt,
    personSha256: person === null || salt === null ? null : personDigest(person, salt),
  };
  return { ...entry, hash: entryHash(previous?.hash ?? BEGINNING, entry) };
}

/** SHA-256 of the hash before, as text, and of the entry's canonical JSON without person, salt and its own hash. */
export function entryHash(
  previous: Sha256,
  { person: _, salt: __, recordedAt, ...entry }: Omit<AuditRow, "hash"> & { readonly hash?: Sha256 },
): Sha256 {
  const { hash: ___, ...said } = entry;
  return createHash("sha256")
    .update(previous)
    .update(canonicalize({ ...said, recordedAt: recordedAt.toISOString() }))
    .digest("hex") as Sha256;
}

export function personDigest(person: AuditPerson, salt: Uint8Array): Sha256 {
  return createHash("sha256").update(salt).update(canonicalize(person)).digest("hex") as Sha256;
}

function personOf({ address, userAgent }: AuditAuthor, { person }: AuditChange): AuditPerson | null {
  const all = {
    ...(address === null ? {} : { address }),
    ...(userAgent === null || userAgent === ""
      ? {}
      : { userAgent: userAgent.slice(0, USER_AGENT_CHARACTERS) }),
    ...person,
  };
  return Object.keys(all).length === 0 ? null : all;
}
