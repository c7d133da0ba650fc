/**
 * Another name for an organisation. Its id stays, by which it is named in what is signed: apps, certificates' developer ids, the
 * log. By its name only the lines of its apps in the catalogue tell of it, which a job signs anew. Certificates that were
 * issued keep the name that they were issued with; devices do not compare it.
 */
import { recordChange } from "../audit/record.ts";
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import type { OrganisationId } from "../ids.ts";
import { enqueue } from "../jobs/queue.ts";
import { type Actor, auditAuthor } from "./actor.ts";
import { hasLettersEnough, tellAddress } from "./messages/outbox.ts";
import { selectAdministrators } from "./messages/records.ts";
import { hasPublished, organisationById, updateOrganisationName } from "./organisations.records.ts";
import { checkedName, type Organisation, organisationNotFound } from "./organisations.ts";
import { authorise } from "./rights.ts";

/** Signs the lines of its apps anew. */
export const ORGANISATION_RENAMED_JOB = "catalog.renamed";

/**
 * The same name is no change. Where devices see the name, the store's administrators are told: it is what people trust.
 * @throws Problem `organisation.not_found`, `organisation.invalid`, `rights.forbidden`
 */
export function renameOrganisation(
  store: Store,
  actor: Actor,
  organisationId: OrganisationId,
  asked: string,
): Organisation {
  authorise(actor, "organisation.manage", { organisationId }, organisationNotFound);
  const name = checkedName(asked);
  return write(store.db, (tx) => {
    const row = organisationById(tx, organisationId);
    if (!row) throw organisationNotFound();
    if (row.name === name) return row;
    const now = store.clock.now();
    updateOrganisationName(tx, organisationId, name);
    const change = {
      action: "organisation.renamed",
      subject: { type: "organisation", id: organisationId },
      organisationId,
      before: { name: row.name },
      after: { name },
    } as const;
    recordChange(tx, auditAuthor(actor), change, now);
    if (hasPublished(tx, organisationId)) {
      enqueue(tx, { kind: ORGANISATION_RENAMED_JOB, key: "catalogue", payload: { organisationId } }, now);
      for (const { accountId, email } of selectAdministrators(tx)) {
        if (hasLettersEnough(tx, accountId, "organisation.renamed", now)) continue;
        tellAddress(
          tx,
          { address: email, accountId },
          {
            kind: "organisation.renamed",
            subject: `${row.name} is called ${name} now`,
            body: `The organisation ${row.name}, whose apps are in the store, is called ${name} now. Devices show this name with its apps. If it passes for somebody else, give it another one, or revoke the developer.`,
            path: `/organisations/${organisationId}/members`,
          },
          now,
        );
      }
    }
    return { ...row, name };
  });
}
