/** The audit log for who may read it: searched page by page, or gone through as a whole. */

import { type AuditVerdict, auditVerdict } from "../audit/check.ts";
import { type AuditRow, GROUPS, GROUPS_SALT, INSTEAD } from "../audit/entry.ts";
import {
  type AuditFilter,
  type AuditPlace,
  type AuditText,
  findEntry,
  lastEntry,
  searchStep,
} from "../audit/records.ts";
import { type AuditHead, emptyHead } from "../audit/verify.ts";
import type { Store } from "../context.ts";
import { Problem } from "../errors.ts";
import type { AccountId, ApiKeyId, OrganisationId } from "../ids.ts";
import { say } from "../say.ts";
import { type Actor, accountLabel } from "./actor.ts";
import { apiKeyById } from "./api-keys/records.ts";
import { appsNamedTo, isAppNamedTo } from "./audit-apps.ts";
import { groupsNamedTo, maySearchGroups } from "./audit-groups.ts";
import { versionsOfApp } from "./audit-names.records.ts";
import { type AuditNames, namer } from "./audit-names.ts";
import { emailKeyOf } from "./emails.ts";
import { findMembership, wasMember } from "./memberships.records.ts";
import { organisationNotFound } from "./organisations.ts";
import { accountByEmail, namesLike } from "./records.ts";
import { allowsEverywhere, authorise, forbidden } from "./rights.ts";
import { stillActing } from "./still.ts";

/** The filters of the log, as somebody asks for them. In place of an account's id or label stands also its address. */
export type AuditQuery = Omit<AuditFilter, "text"> & {
  /** Anywhere in an entry, or in the name of whom or what it tells of. */
  readonly text?: string;
};

export type AuditEntry = Omit<AuditRow, "position" | "hash"> & {
  /**
   * Where it stands and its hash, to who reads the whole log; null to owners, who could count by them what others do: such as
   * whether an address has an account, since only then the entry of a forgotten password comes between two of theirs.
   */
  readonly position: number | null;
  readonly hash: AuditRow["hash"] | null;
  readonly names: AuditNames;
};

export type AuditPage = {
  /** Newest first where they are listed, oldest first where they are read. */
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
/** What was done to the newest of an app's versions is found by the app's id. */
const VERSIONS_MOST = 200;

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
  if (rows.length > page.limit && last) next = placeOf(last);
  return { items: shown.map(entryFor(store, actor)), next };
}

/**
 * Where the page before the one at `place` began; null: at the newest entry. Of a long log it looks at no more entries
 * than a page does, and goes back to the beginning where that is not enough.
 * @throws Problem as `listAudit`
 */
export async function beforeAudit(
  store: Pick<Store, "db">,
  actor: Actor,
  query: AuditQuery,
  page: { readonly place: AuditPlace; readonly limit: number },
): Promise<AuditPlace | null> {
  const filter = filterFor(store, actor, query);
  let beyond = page.place;
  let missing = page.limit;
  for (let steps = 0; steps < STEPS_A_PAGE; steps += 1) {
    if (steps > 0) await Bun.sleep(0);
    const options = { order: "oldest", beyond, limit: missing, scan: STEP_ENTRIES } as const;
    const { rows, next } = searchStep(store.db.orm, filter, options);
    missing -= rows.length;
    const last = rows.at(-1);
    if (missing === 0 && last) return placeOf(last);
    if (next === null) return null;
    beyond = next;
  }
  return null;
}

/**
 * Where a list begins that has this entry first, for who reads the whole log and knows entries by their position.
 * @throws Problem `rights.forbidden`, `not_found`
 */
export function placeOfEntry(store: Pick<Store, "db">, actor: Actor, position: number): AuditPlace {
  authorise(actor, "audit.read");
  if (!allowsEverywhere(actor, "audit.read")) throw onlyOfOne();
  const row = findEntry(store.db.orm, position);
  if (row === undefined)
    throw new Problem("not_found", "not_found", say`There is nothing here, or nothing that you may see.`);
  return { at: row.recordedAt, position: position + 1 };
}

function placeOf({ recordedAt, position }: AuditRow): AuditPlace {
  return { at: recordedAt, position };
}

type AuditStore = Pick<Store, "db" | "config" | "clock">;

/**
 * All of it, oldest first, in steps; nothing but a step is kept. Who takes it slowly also gets what is written meanwhile, so each
 * step is for who may read it by then.
 * @throws Problem as `listAudit`, at once and with each step, and those of `stillActing`
 */
export function readAudit(
  store: AuditStore,
  actor: Actor,
  query: AuditQuery,
): AsyncGenerator<readonly AuditEntry[], void> {
  filterFor(store, actor, query);
  return stepsOf(store, actor, query);
}

async function* stepsOf(
  store: AuditStore,
  actor: Actor,
  query: AuditQuery,
): AsyncGenerator<readonly AuditEntry[], void> {
  let beyond: AuditPlace | null = null;
  for (;;) {
    const present = stillActing(store, store.db.orm, actor);
    const { items, next }: AuditPage = readAuditStep(store, present, query, beyond);
    if (items.length > 0) yield items;
    if (next === null) return;
    beyond = next;
    await Bun.sleep(0);
  }
}

/** One of these steps, for who asks for them one by one. @throws Problem as `listAudit` */
export function readAuditStep(
  store: Pick<Store, "db">,
  actor: Actor,
  query: AuditQuery,
  beyond: AuditPlace | null,
): AuditPage {
  return stepOf(store, actor, filterFor(store, actor, query), beyond);
}

function stepOf(
  store: Pick<Store, "db">,
  actor: Actor,
  filter: AuditFilter,
  beyond: AuditPlace | null,
): AuditPage {
  const { rows, next } = searchStep(store.db.orm, filter, {
    order: "oldest",
    ...(beyond === null ? {} : { beyond }),
    limit: EXPORT_STEP,
    scan: STEP_ENTRIES,
  });
  return { items: rows.map(entryFor(store, actor)), next };
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
function filterFor(store: Pick<Store, "db">, actor: Actor, asked: AuditQuery): AuditFilter {
  const { text, ...query } = asked;
  const { organisationId } = query;
  authorise(
    actor,
    "audit.read",
    organisationId === undefined ? {} : { organisationId },
    organisationNotFound,
  );
  const everywhere = allowsEverywhere(actor, "audit.read");
  if (organisationId === undefined && !everywhere) throw onlyOfOne();
  const personsOf = everywhere ? undefined : organisationId;
  const words = text?.trim() ?? "";
  return {
    ...query,
    ...(everywhere ? {} : { isConfined: true }),
    ...(query.actor === undefined ? {} : { actor: meantBy(store, query.actor, personsOf, accountLabel) }),
    ...(query.subject === undefined ? {} : { subject: meantBy(store, query.subject, personsOf) }),
    ...(words === "" ? {} : { text: meaningOf(store, actor, words, personsOf) }),
  };
}

function onlyOfOne() {
  return forbidden(
    "audit.read",
    say`name an organisation of which you are an owner.`,
    say` of the whole store`,
  );
}

/** An address stands for whose it is; to an owner only where that is a member of theirs. */
function meantBy(
  store: Pick<Store, "db">,
  text: string,
  personsOf: OrganisationId | undefined,
  label: (id: AccountId) => string = (id) => id,
): string {
  if (!text.includes("@")) return text;
  const tx = store.db.orm;
  const account = accountByEmail(tx, emailKeyOf(text));
  const isKnown =
    account !== undefined &&
    (personsOf === undefined || findMembership(tx, personsOf, account.id) !== undefined);
  // Nothing has an address in its id, so that nothing is found.
  return isKnown ? label(account.id) : text;
}

/** Entries hold ids and no names, so that people can be forgotten: a name is looked up first. */
function meaningOf(
  store: Pick<Store, "db">,
  actor: Actor,
  words: string,
  personsOf: OrganisationId | undefined,
): AuditText {
  const addresses = personsOf === undefined;
  const tx = store.db.orm;
  const { accounts, organisations, keys } = namesLike(tx, words, NAMES_MOST, { addresses });
  return {
    words,
    actors: [...accounts.map(accountLabel), ...keys.map((id) => `key:${id}`)],
    subjects: [...accounts, ...organisations, ...keys, ...versionsOfApp(tx, words, VERSIONS_MOST)],
    ...(personsOf === undefined ? {} : { personsOf }),
    past: [
      ...(maySearchGroups(tx, actor, words) ? [] : [GROUPS, GROUPS_SALT]),
      ...(personsOf === undefined ? [] : [INSTEAD]),
    ],
    ...(personsOf !== undefined && isAppNamedTo(tx, words, personsOf) ? { instead: words } : {}),
  };
}

/** Gives entries their names, and owners no more than is theirs. */
function entryFor(store: Pick<Store, "db">, actor: Actor): (row: AuditRow) => AuditEntry {
  const everywhere = allowsEverywhere(actor, "audit.read");
  const nameOf = namer(store, everywhere);
  const [groups, apps] = [groupsNamedTo(store.db.orm, actor), appsNamedTo(store.db.orm, actor)];
  return (row) => {
    const entry = { ...groups(apps(row)), names: nameOf(row) };
    if (everywhere) return entry;
    const own = { ...entry, position: null, hash: null };
    return isOfOrganisation(store, row) ? own : withoutPlace(own);
  };
}

/** From where the store's own people act is the store's. */
function withoutPlace(entry: AuditEntry): AuditEntry {
  const { address: _, userAgent: __, ...person } = entry.person ?? {};
  return { ...entry, via: null, person: entry.person && person };
}

/** Whether one of the organisation's own people or keys did it. */
function isOfOrganisation(store: Pick<Store, "db">, row: AuditRow): boolean {
  const tx = store.db.orm;
  const { organisationId } = row;
  if (organisationId === null) return false;
  const [kind, id = ""] = row.actor.split(/:(.*)/s);
  if (kind === "key") return apiKeyById(tx, id as ApiKeyId)?.organisationId === organisationId;
  if (kind !== "account") return false;
  const accountId = id as AccountId;
  return (
    findMembership(tx, organisationId, accountId) !== undefined ||
    wasMember(tx, organisationId, accountId, row.recordedAt)
  );
}
