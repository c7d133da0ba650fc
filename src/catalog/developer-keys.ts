/** Developers' keys: the request proves possession, the account gives the names. */
import { type Actor, actorLabel } from "../accounts/actor.ts";
import { allows, authorise } from "../accounts/rights.ts";
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import { Problem } from "../errors.ts";
import type { KeyId, OrganisationId } from "../ids.ts";
import { caPem, issueDeveloperCertificate } from "../keys/authority.ts";
import { pemOf } from "../keys/trust-anchors.ts";
import { actingOrganisation } from "./apps.ts";
import * as records from "./records.ts";

export type DeveloperKeyView = {
  readonly keyid: KeyId;
  readonly algorithm: string;
  readonly developerId: OrganisationId;
  readonly certificatePem: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
};

/**
 * Issues a certificate for the key of a PKCS #10 request. A key that is enrolled already gets a new certificate.
 * @throws Problem `MPK-S…` codes for a bad request, `key.other_organisation`, `organisation.required`, `rights.forbidden`
 */
export async function enrollKey(
  store: Store,
  actor: Actor,
  input: { csr: string; organisationId?: OrganisationId },
): Promise<DeveloperKeyView & { caPem: string }> {
  const organisationId = actingOrganisation(actor, input.organisationId);
  authorise(actor, "key.enroll", { organisationId });
  const organisationName = records.findOrganisationName(store.db.orm, organisationId);
  if (organisationName === undefined) {
    throw new Problem("not_found", "organisation.not_found", `There is no organisation ${organisationId}.`);
  }
  const now = store.clock.now();
  const issued = await issueDeveloperCertificate(store, {
    csr: input.csr,
    organisationId,
    organisationName,
    now,
  });
  const author = actorLabel(actor);
  write(store.db, (tx) => {
    const known = records.findDeveloperKey(tx, issued.keyid);
    if (known && known.organisationId !== organisationId) {
      throw new Problem(
        "conflict",
        "key.other_organisation",
        "This key is enrolled for another organisation: make one of your own with “mosis keys new”.",
      );
    }
    if (!known) {
      records.insertDeveloperKey(tx, {
        keyid: issued.keyid,
        organisationId,
        algorithm: issued.algorithm,
        enrolledBy: author,
        createdAt: now,
      });
    }
    records.insertDeveloperCertificate(tx, {
      serial: issued.serial,
      keyid: issued.keyid,
      der: Buffer.from(issued.der),
      notBefore: issued.notBefore,
      notAfter: issued.notAfter,
      createdAt: now,
    });
  });
  return {
    keyid: issued.keyid,
    algorithm: issued.algorithm,
    developerId: organisationId,
    certificatePem: issued.pem,
    notBefore: issued.notBefore,
    notAfter: issued.notAfter,
    caPem: caPem(store),
  };
}

/** The keys of the actor's organisations; of all, for who may see all. */
export function listDeveloperKeys(store: Store, actor: Actor): readonly DeveloperKeyView[] {
  authorise(actor, "key.read");
  const everything =
    actor.kind === "operator" ||
    (actor.kind === "account" && allows({ ...actor, organisations: new Map() }, "key.read"));
  const own =
    actor.kind === "organisation-key"
      ? [actor.organisationId]
      : actor.kind === "account"
        ? [...actor.organisations.keys()]
        : [];
  return records.selectDeveloperKeys(store.db.orm, everything ? null : own).map((row) => ({
    keyid: row.keyid,
    algorithm: row.algorithm,
    developerId: row.organisationId,
    certificatePem: pemOf(row.certificate),
    notBefore: row.certificate.notBefore,
    notAfter: row.certificate.notAfter,
  }));
}
