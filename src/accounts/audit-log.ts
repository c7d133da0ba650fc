/** The audit log for who may read it: searched page by page, or gone through as a whole. */
import { type AuditVerdict, auditVerdict } from "../audit/check.ts";
import type { AuditRow } from "../audit/entry.ts";
import {
  type AuditFilter,
  type AuditPlace,
  type AuditText,
  lastEntry,
  searchStep,
} from "../audit/records.ts";
import { type AuditHead, emptyHead } from "../audit/verify.ts";
import type { Store } from "../context.ts";
import type { AccountId, ApiKeyId, OrganisationId } from "../ids.ts";
import { type Actor, accountLabel } from "./actor.ts";
import { organisationNotFound } from "./organisations.ts";
import { accountById, apiKeyById, namesLike, organisationById } from "./records.ts";
import { allowsEverywhere, authorise, forbidden } from "./rights.ts";

/** The filters of the log, as somebody asks for them. */
export type AuditQuery = Omit<AuditFilter, "text"> & {
  /** Anywhere in an entry, or in the name of whom or what it tells of. */
  readonly text?: string;
};

/** What is known today of whom an entry names; null: nothing any more, or it never had a name. */
export type AuditNames = {
  readonly actor: string | null;
  readonly subject: string | null;
  readonly organisation: string | null;
};

export type AuditEntry = AuditRow & { readonly names: AuditNames };

export type AuditPage = {
  /** Newest first. */
  readonly items: readonly AuditEntry[];
  /**
   * Where to go on; null at the end. A page may hold fewer than were asked for, or none, and still go on: of a long log
   * a page looks at no more than some ten thousand entries.
   */
  readonly next: AuditPlace | null;
};

/** One step is some milliseconds; between two of them other requests have their turn. */
const STEP_ENTRIES = 2000;
const STEPS_A_PAGE = 10;
/** A name that more have than that finds no better by all of them. */
const NAMES_MOST = 50;

/** @throws Problem `rights.forbidden`, `organisation.not_found` */
export async function listAudit(
  store: Pick<Store, "db">,
  actor: Actor,
  query: AuditQuery,
  page: { readonly beyond?: AuditPlace; readonly limit: number },
): Promise<AuditPage> {
  const filter = filterFor(store, actor, query);
  const rows: AuditRow[] = [];
  let next: AuditPlace | null = page.beyond ?? null;
  for (let steps = 0; steps < STEPS_A_PAGE; steps += 1) {
    if (steps > 0) await Bun.sleep(0);
    const step = searchStep(store.db.orm, filter, {
      order: "newest",
      ...(next === null ? {} : { beyond: next }),
      // One more tells whether there is a next page.
      limit: page.limit + 1 - rows.length,
      scan: STEP_ENTRIES,
    });
    rows.push(...step.rows);
    next = step.next;
    if (next === null || rows.length > page.limit) break;
  }
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  if (rows.length > page.limit && last) next = { at: last.recordedAt, position: last.position };
  const nameOf = namer(store);
  return { items: shown.map((row) => ({ ...row, names: nameOf(row) })), next };
}

/**
 * All of it, oldest first, in steps; nothing but a step is kept.
 * @throws Problem as `listAudit`, at once
 */
export function readAudit(
  store: Pick<Store, "db">,
  actor: Actor,
  query: AuditQuery,
): AsyncGenerator<readonly AuditEntry[], void> {
  return stepsOf(store, filterFor(store, actor, query));
}

async function* stepsOf(
  store: Pick<Store, "db">,
  filter: AuditFilter,
): AsyncGenerator<readonly AuditEntry[], void> {
  let beyond: AuditPlace | null = null;
  for (;;) {
    const { rows, next }: ReturnType<typeof searchStep> = searchStep(store.db.orm, filter, {
      order: "oldest",
      ...(beyond === null ? {} : { beyond }),
      limit: EXPORT_STEP,
      scan: STEP_ENTRIES,
    });
    const nameOf = namer(store);
    if (rows.length > 0) yield rows.map((row) => ({ ...row, names: nameOf(row) }));
    if (next === null) return;
    beyond = next;
    await Bun.sleep(0);
  }
}

const EXPORT_STEP = 500;

/**
 * What somebody writes down elsewhere, to hold the log to later, and what the last check found.
 * @throws Problem `rights.forbidden`
 */
export function readAuditHead(
  store: Pick<Store, "db">,
  actor: Actor,
): AuditHead & { readonly lastCheck: AuditVerdict | null } {
  authorise(actor, "audit.read");
  if (!allowsEverywhere(actor, "audit.read")) throw onlyOfOne();
  const last = lastEntry(store.db.orm);
  const head = last === null ? emptyHead() : { size: last.position + 1, hash: last.hash };
  return { ...head, lastCheck: auditVerdict(store) };
}

/** Who reads only their own organisation's entries must name it. */
function filterFor(store: Pick<Store, "db">, actor: Actor, { text, ...query }: AuditQuery): AuditFilter {
  const { organisationId } = query;
  authorise(
    actor,
    "audit.read",
    organisationId === undefined ? {} : { organisationId },
    organisationNotFound,
  );
  if (organisationId === undefined && !allowsEverywhere(actor, "audit.read")) throw onlyOfOne();
  const words = text?.trim() ?? "";
  return words === "" ? query : { ...query, text: meaningOf(store, words) };
}

function onlyOfOne() {
  return forbidden("audit.read", "name an organisation of which you are an owner.", " of the whole store");
}

/** Entries hold ids and no names, so that people can be forgotten: a name is looked up first. */
function meaningOf(store: Pick<Store, "db">, words: string): AuditText {
  const { accounts, organisations, keys } = namesLike(store.db.orm, words, NAMES_MOST);
  return {
    words,
    actors: [...accounts.map(accountLabel), ...keys.map((id) => `key:${id}`)],
    subjects: [...accounts, ...organisations, ...keys],
  };
}

/** Looks up each name once a page. */
function namer(store: Pick<Store, "db">): (row: AuditRow) => AuditNames {
  const known = new Map<string, string | null>();
  const lookUp = (type: string, id: string): string | null => {
    const label = `${type}:${id}`;
    const found = known.get(label);
    if (found !== undefined) return found;
    const name = find(store, type, id);
    known.set(label, name);
    return name;
  };
  return ({ actor, subjectType, subject, organisationId }) => {
    const [type, id] = actor.split(/:(.*)/s);
    return {
      actor: id === undefined ? null : lookUp(type === "key" ? "apikey" : (type ?? ""), id),
      subject: lookUp(subjectType, subject),
      organisation: organisationId === null ? null : lookUp("organisation", organisationId),
    };
  };
}

function find(store: Pick<Store, "db">, type: string, id: string): string | null {
  const tx = store.db.orm;
  if (type === "account") return accountById(tx, id as AccountId)?.name ?? null;
  if (type === "apikey") return apiKeyById(tx, id as ApiKeyId)?.name ?? null;
  if (type === "organisation") return organisationById(tx, id as OrganisationId)?.name ?? null;
  return null;
}
