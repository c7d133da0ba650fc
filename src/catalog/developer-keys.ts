/** Developers' keys: the request proves possession, the account gives the names. */
import { createHash } from "node:crypto";
import { type Actor, actorLabel } from "../accounts/actor.ts";
import { organisationNotFound } from "../accounts/organisations.ts";
import { allows, authorise } from "../accounts/rights.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import {
  findIdempotent,
  type Idempotency,
  idempotentResourceGone,
  rememberIdempotent,
} from "../db/idempotency.ts";
import { Problem } from "../errors.ts";
import type { KeyId, OrganisationId } from "../ids.ts";
import { caPem, issueDeveloperCertificate } from "../keys/authority.ts";
import { pemOf } from "../keys/trust-anchors.ts";
import { actingOrganisation } from "./apps.ts";
import * as keyRecords from "./keys.records.ts";
import * as records from "./records.ts";
import { refuseRevokedNames } from "./revocation/in-force.ts";
import { type Page, type PageRequest, pageOf } from "./views.ts";

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
 * @throws Problem `MPK-S…` codes for a bad request, `key.other_organisation`, `revocation.in_force`, `organisation.required`, `rights.forbidden`
 */
export async function enrollKey(
  store: Store,
  actor: Actor,
  input: { csr: string; organisationId?: OrganisationId },
  idempotency?: Idempotency,
): Promise<DeveloperKeyView & { caPem: string }> {
  const organisationId = actingOrganisation(actor, input.organisationId);
  authorise(actor, "key.enroll", { organisationId }, organisationNotFound);
  const organisationName = records.findOrganisationName(store.db.orm, organisationId);
  if (organisationName === undefined) {
    throw organisationNotFound();
  }
  const now = store.clock.now();
  const body = createHash("sha256").update(JSON.stringify(input)).digest("hex");
  const earlier = findEnrolment(store.db.orm, idempotency, body);
  if (earlier) return { ...keyView(earlier), caPem: caPem(store) };
  const issued = await issueDeveloperCertificate(store, {
    csr: input.csr,
    organisationId,
    organisationName,
    now,
  });
  const author = actorLabel(actor);
  const row = write(store.db, (tx) => {
    // Asked again, since the same call may have come twice while the first one was signing.
    const other = findEnrolment(tx, idempotency, body);
    if (other) return other;
    refuseRevokedNames(tx, [
      { subject: "developer", id: organisationId },
      { subject: "key", id: issued.keyid },
    ]);
    const known = keyRecords.findDeveloperKey(tx, issued.keyid);
    if (known && known.organisationId !== organisationId) {
      throw new Problem(
        "conflict",
        "key.other_organisation",
        "This key is enrolled for another organisation: make one of your own with “mosis keys new”.",
      );
    }
    if (!known) {
      keyRecords.insertDeveloperKey(tx, {
        keyid: issued.keyid,
        organisationId,
        algorithm: issued.algorithm,
        enrolledBy: author,
        createdAt: now,
      });
    }
    keyRecords.insertDeveloperCertificate(tx, {
      serial: issued.serial,
      keyid: issued.keyid,
      der: Buffer.from(issued.der),
      notBefore: issued.notBefore,
      notAfter: issued.notAfter,
      createdAt: now,
    });
    rememberIdempotent(tx, idempotency, body, issued.serial, now);
    return mustFindEnrolment(tx, issued.serial);
  });
  return { ...keyView(row), caPem: caPem(store) };
}

function findEnrolment(
  tx: Tx,
  idempotency: Idempotency | undefined,
  bodySha256: string,
): keyRecords.DeveloperKeyRow | null {
  const earlier = findIdempotent(tx, idempotency, bodySha256);
  return earlier === null ? null : mustFindEnrolment(tx, earlier.resourceId);
}

function mustFindEnrolment(tx: Tx, serial: string): keyRecords.DeveloperKeyRow {
  const row = keyRecords.findDeveloperCertificate(tx, serial);
  if (!row) throw idempotentResourceGone();
  return row;
}

function keyView(row: keyRecords.DeveloperKeyRow): DeveloperKeyView {
  return {
    keyid: row.keyid,
    algorithm: row.algorithm,
    developerId: row.organisationId,
    certificatePem: pemOf(row.certificate),
    notBefore: row.certificate.notBefore,
    notAfter: row.certificate.notAfter,
  };
}

/** The keys of the actor's organisations; of all, for who may see all. In the order of their enrolment. */
export function listDeveloperKeys(store: Store, actor: Actor, page: PageRequest): Page<DeveloperKeyView> {
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
  const rows = keyRecords.selectDeveloperKeys(store.db.orm, {
    organisationIds: everything ? null : own,
    ...(page.after === undefined ? {} : { after: page.after as KeyId }),
    limit: page.limit + 1,
  });
  return pageOf(rows, page.limit, (row) => row.keyid, keyView);
}
