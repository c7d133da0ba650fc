/**
 * Another name for an organisation. Its id stays, by which it is named in what is signed: apps, certificates' developer ids, the
 * log. By its name only the lines of its apps in the catalogue tell of it, which a job signs anew. Certificates that were
 * issued keep the name that they were issued with; devices do not compare it.
 */
import type { AuditChange } from "../audit/entry.ts";
import { recordChange } from "../audit/record.ts";
import { recordedSince } from "../audit/records.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import { Problem } from "../errors.ts";
import type { OrganisationId } from "../ids.ts";
import { enqueue } from "../jobs/queue.ts";
import { say } from "../say.ts";
import { HOUR_MS } from "../time.ts";
import { type Actor, auditAuthor } from "./actor.ts";
import { tellAdministrators } from "./messages/outbox.ts";
import { refuseTakenTo } from "./name-tries.ts";
import { hasPublished, organisationById, updateOrganisationName } from "./organisations.records.ts";
import { checkedName, type Organisation, organisationNotFound } from "./organisations.ts";
import { allowsEverywhere, authorise } from "./rights.ts";
import { retryAfter, saidSeconds, waitWords } from "./wait.ts";

/** Signs the lines of its apps anew. */
export const ORGANISATION_RENAMED_JOB = "catalog.renamed";
const MOST_AN_HOUR = 3;

/**
 * The same name is no change. Where devices see the name, the store's administrators are told: it is what people trust.
 * Each time: so there may be only a few.
 * @throws Problem `organisation.not_found`, `organisation.invalid`, `organisation.name_taken`, `organisation.names_tried`, `organisation.renamed_often`,
 *   `rights.forbidden`
 */
export function renameOrganisation(
  store: Store,
  actor: Actor,
  organisationId: OrganisationId,
  asked: string,
): Organisation {
  authorise(actor, "organisation.manage", { organisationId }, organisationNotFound);
  return write(store.db, (tx) => {
    const row = organisationById(tx, organisationId);
    if (!row) throw organisationNotFound();
    // What it is called is not judged by what names may be now.
    if (row.name === asked) return row;
    const name = checkedName(asked);
    if (row.name === name) return row;
    refuseTakenTo(store, tx, actor, name, organisationId);
    const now = store.clock.now();
    const isSeen = hasPublished(tx, organisationId);
    // Who runs the store mends names, and must not wait for who spoils them.
    if (isSeen && !allowsEverywhere(actor, "organisation.manage")) refuseOften(tx, organisationId, now);
    updateOrganisationName(tx, organisationId, name);
    const change: AuditChange = {
      action: "organisation.renamed",
      subject: { type: "organisation", id: organisationId },
      organisationId,
      before: { name: row.name },
      after: { name },
    };
    recordChange(tx, auditAuthor(actor), change, now);
    if (isSeen) {
      enqueue(tx, { kind: ORGANISATION_RENAMED_JOB, key: "catalogue", payload: { organisationId } }, now);
      tellOfName(tx, row, name, now);
    }
    return { ...row, name };
  });
}

function tellOfName(
  tx: Tx,
  { id, name: before }: Pick<Organisation, "id" | "name">,
  name: string,
  now: Date,
): void {
  const notice = {
    kind: "organisation.renamed",
    about: { organisationId: id },
    subject: say`${before} is called ${name} now`,
    body: [
      say`The organisation ${before}, whose apps are in the store, is called ${name} now. Devices show this name with its apps. If it passes for somebody else, give it another one, or revoke the developer.`,
    ],
    path: `/organisations/${id}/members`,
  } as const;
  tellAdministrators(tx, notice, now);
}

function refuseOften(tx: Tx, organisationId: OrganisationId, now: Date): void {
  const since = new Date(now.getTime() - HOUR_MS);
  const earlier = recordedSince(tx, { subject: organisationId, action: "organisation.renamed", since });
  const first = earlier.at(-MOST_AN_HOUR);
  if (first === undefined) return;
  const seconds = saidSeconds(first.getTime() + HOUR_MS - now.getTime());
  const message = say`An organisation whose apps are in the store is given ${MOST_AN_HOUR} names an hour at most. Try again in ${waitWords(seconds)}.`;
  throw new Problem("too_many_requests", "organisation.renamed_often", message, [retryAfter(seconds)]);
}
