/** The SQL of the organisations that people ask for. Takes and gives rows; knows no rules. */
import { and, asc, desc, eq, gt, gte, isNotNull, isNull, lt, lte } from "drizzle-orm";
import { announce } from "../../db/announcements.ts";
import type { Tx } from "../../db/database.ts";
import { accounts, organisationRequests as requests } from "../../db/schema.ts";
import type { AccountId, OrganisationRequestId } from "../../ids.ts";

export type RequestRow = typeof requests.$inferSelect;

/** With who asks. */
export type NamedRequest = RequestRow & {
  readonly askedBy: string;
  readonly email: string;
  readonly emailProvenAt: Date | null;
};

export function insertRequest(
  tx: Tx,
  row: Pick<RequestRow, "id" | "accountId" | "name" | "reason" | "createdAt">,
): RequestRow {
  announce("organisation-requests");
  return tx
    .insert(requests)
    .values({ ...row, state: "open", revision: 1 })
    .returning()
    .get();
}

export function updateRequest(
  tx: Tx,
  { id, revision }: Pick<RequestRow, "id" | "revision">,
  set: Partial<
    Pick<RequestRow, "name" | "reason" | "state" | "closedAt" | "closedBy" | "answer" | "organisationId">
  >,
): RequestRow {
  announce("organisation-requests");
  return tx
    .update(requests)
    .set({ ...set, revision: revision + 1 })
    .where(eq(requests.id, id))
    .returning()
    .get();
}

export function findOpenOf(tx: Tx, accountId: AccountId): RequestRow | undefined {
  return tx
    .select()
    .from(requests)
    .where(and(eq(requests.accountId, accountId), isNull(requests.closedAt)))
    .get();
}

/** The newest of somebody's first. */
export function requestsOf(tx: Tx, accountId: AccountId, most: number): RequestRow[] {
  return tx
    .select()
    .from(requests)
    .where(eq(requests.accountId, accountId))
    .orderBy(desc(requests.id))
    .limit(most)
    .all();
}

const withAsker = (tx: Tx) =>
  tx
    .select({
      request: requests,
      askedBy: accounts.name,
      email: accounts.email,
      emailProvenAt: accounts.emailProvenAt,
    })
    .from(requests)
    .innerJoin(accounts, eq(accounts.id, requests.accountId));

type Joined = { readonly request: RequestRow } & Pick<NamedRequest, "askedBy" | "email" | "emailProvenAt">;
const named = ({ request, ...asker }: Joined): NamedRequest => ({ ...request, ...asker });

export function findRequest(tx: Tx, id: OrganisationRequestId): NamedRequest | undefined {
  const row = withAsker(tx).where(eq(requests.id, id)).get();
  return row && named(row);
}

/** How many wait, at most so many. */
export function countOpen(tx: Tx, most: number): number {
  const open = tx.select({ id: requests.id }).from(requests).where(isNull(requests.closedAt)).limit(most);
  return open.all().length;
}

type Step = { readonly after?: string; readonly limit: number };

/** Those that wait, the longest waiting first; or the others, the newest first. */
export function selectRequests(tx: Tx, which: "open" | "closed", { after, limit }: Step): NamedRequest[] {
  const isOpen = which === "open";
  const place = after as OrganisationRequestId | undefined;
  return withAsker(tx)
    .where(
      and(
        isOpen ? isNull(requests.closedAt) : isNotNull(requests.closedAt),
        place === undefined ? undefined : isOpen ? gt(requests.id, place) : lt(requests.id, place),
      ),
    )
    .orderBy(isOpen ? asc(requests.id) : desc(requests.id))
    .limit(limit)
    .all()
    .map(named);
}

/** The same from one on, back to the first: by where the page before begins. */
export function selectRequestsUpTo(
  tx: Tx,
  which: "open" | "closed",
  { after, limit }: { readonly after: string; readonly limit: number },
): OrganisationRequestId[] {
  const isOpen = which === "open";
  const place = after as OrganisationRequestId;
  return tx
    .select({ id: requests.id })
    .from(requests)
    .where(
      isOpen
        ? and(isNull(requests.closedAt), lte(requests.id, place))
        : and(isNotNull(requests.closedAt), gte(requests.id, place)),
    )
    .orderBy(isOpen ? desc(requests.id) : asc(requests.id))
    .limit(limit)
    .all()
    .map(({ id }) => id);
}
