/**
 * Organisations that no owner answers for any more: their owners' accounts were disabled or deleted, or the groups that made
 * them owners are gone. An administrator names a new owner, with a reason that whoever is left reads.
 */
import { beginningOf } from "../audit/facts.ts";
import { recordChange } from "../audit/record.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import type { Page, PageRequest } from "../db/pages.ts";
import { judgeAll, Problem } from "../errors.ts";
import type { OrganisationId } from "../ids.ts";
import { say, sayAll, type Words } from "../say.ts";
import { type Actor, auditAuthor, byOf } from "./actor.ts";
import { emailKeyOf } from "./emails.ts";
import { activeOwners, membersOf } from "./memberships.records.ts";
import { tellAddress } from "./messages/outbox.ts";
import {
  organisationById,
  type SteppedOrganisation,
  stepThroughOrganisations,
} from "./organisations.records.ts";
import { type Organisation, organisationNotFound, ownersSince, putMember } from "./organisations.ts";
import { checkReason } from "./reason.ts";
import { type AccountRow, accountByEmail } from "./records.ts";
import { allowsEverywhere, authorise, forbidden } from "./rights.ts";
import { localStoreName } from "./store-name.ts";

/** Looked at in one step of the search, and steps of one page: a page costs the same however many organisations there are. */
const STEP = 500;
const STEPS_MOST = 20;

export type Ownerless = Omit<SteppedOrganisation, "owned">;

/**
 * In the order in which they were made. A page may have none and still go on: then so many organisations with owners stand
 * between.
 * @throws Problem `rights.forbidden`
 */
export function listOwnerless(store: Store, actor: Actor, page: PageRequest): Page<Ownerless> {
  authorise(actor, "organisation.read");
  if (!allowsEverywhere(actor, "organisation.read"))
    throw forbidden("organisation.read", say`this list is for the store's staff.`);
  const since = ownersSince(store.clock.now());
  const items: Ownerless[] = [];
  let after = page.after as OrganisationId | undefined;
  for (let step = 0; step < STEPS_MOST; step += 1) {
    const rows = stepThroughOrganisations(store.db.orm, { after, limit: STEP, since });
    for (const { owned, ...row } of rows) {
      if (items.length === page.limit && !owned) return { items, nextCursor: items.at(-1)?.id ?? null };
      if (!owned) items.push(row);
    }
    after = rows.at(-1)?.id ?? after;
    if (rows.length < STEP) return { items, nextCursor: null };
  }
  return { items, nextCursor: after ?? null };
}

export type TakeOver = {
  /** Address of who becomes the owner: the administrator's own, or another's. */
  readonly owner: string;
  readonly reason: string;
};

/**
 * Makes somebody the owner of an organisation that has none who works, and tells whoever is in it.
 * @throws Problem `organisation.not_found`, `organisation.owned`, `organisation.owner_unknown`, `reason.invalid`,
 *   `rights.forbidden`
 */
export function takeOver(
  store: Store,
  actor: Actor,
  organisationId: OrganisationId,
  { owner, reason: text }: TakeOver,
): Organisation {
  authorise(actor, "organisation.take_over", { organisationId }, organisationNotFound);
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const organisation = organisationById(tx, organisationId);
    if (organisation === undefined) throw organisationNotFound();
    if (activeOwners(tx, organisationId, ownersSince(now)) > 0) {
      const message = say`The organisation has an owner who can sign in. Ask them.`;
      throw new Problem("conflict", "organisation.owned", message);
    }
    const [account, reason] = judgeAll(
      () => newOwner(tx, owner),
      () => checkReason(text),
    );
    const others = membersOf(tx, organisationId).filter(
      (member) => member.disabledAt === null && member.accountId !== account.id,
    );
    const author = auditAuthor(actor);
    putMember(tx, author, { organisationId, accountId: account.id, role: "owner" }, now);
    const subject = { type: "organisation", id: organisationId };
    const after = { owner: account.id, reason: beginningOf(reason) };
    recordChange(tx, author, { action: "organisation.taken_over", subject, organisationId, after }, now);
    const by =
      actor.kind === "operator"
        ? say`The operator of ${localStoreName(store)}`
        : say`${byOf(actor).start}, an administrator of ${localStoreName(store)},`;
    const why = say`No owner of it could sign in any more. The reason that was given:`;
    const tell = (to: Pick<AccountRow, "id" | "email">, said: Words) =>
      tellAddress(
        tx,
        { address: to.email, accountId: to.id },
        {
          kind: "organisation.taken_over",
          about: { organisationId },
          subject: say`${organisation.name} has a new owner`,
          body: [sayAll([said, why]), reason],
          path: `/organisations/${organisationId}/members`,
        },
        now,
      );
    tell(account, say`${by} made you the owner of ${organisation.name}.`);
    for (const { accountId, email } of others)
      tell(
        { id: accountId, email },
        say`${by} made ${`${account.name} <${account.email}>`} the owner of ${organisation.name}.`,
      );
    return organisation;
  });
}

function newOwner(tx: Tx, address: string): AccountRow {
  const account = accountByEmail(tx, emailKeyOf(address));
  if (account !== undefined && account.disabledAt === null) return account;
  const message = say`There is no account with this address that can sign in.`;
  throw new Problem("unprocessable", "organisation.owner_unknown", message, [
    { code: "organisation.owner_unknown", pointer: "/owner", message },
  ]);
}
