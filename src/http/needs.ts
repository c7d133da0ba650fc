/** What waits for who asks: gathered here for the dashboard and its twin, each part for those alone who can do something about it. */
import type { Actor } from "../accounts/actor.ts";
import { endingApiKeys } from "../accounts/api-keys/ending.ts";
import { unseenToTell } from "../accounts/devices/unseen.ts";
import { mailTrouble } from "../accounts/messages/trouble.ts";
import { waitingRequests } from "../accounts/organisation-requests/decide.ts";
import { readOrganisation } from "../accounts/organisations.ts";
import { allows, allowsEverywhere } from "../accounts/rights.ts";
import { crowdedSignUp } from "../accounts/sign-up-turns.ts";
import { auditDamagedAt } from "../audit/check.ts";
import { catalogueDamage } from "../catalog/check-catalogue.ts";
import { firstDeletion } from "../catalog/deletion/view.ts";
import { endingSigningKeys } from "../catalog/ending-keys.ts";
import { listNeeds, queueLength } from "../catalog/overview.ts";
import { revokedRelease } from "../catalog/release-trust.ts";
import { waitingReports } from "../catalog/reports/moderate.ts";
import { isRootBackedUp } from "../catalog/setup/setup.ts";
import { keyWarnings } from "../catalog/store-keys/overview.ts";
import { offersToDecide } from "../catalog/transfer/view.ts";
import type { Store } from "../context.ts";

/** Of each kind of ending keys, the first to end. */
const MOST_ENDING_KEYS = 20;
const MOST_OFFERS = 20;

export type EndingKey = {
  readonly kind: "signing_key" | "api_key" | "own_api_key";
  /** The first digits of a signing key's fingerprint; the name of an API key. */
  readonly what: string;
  /** Whose it is; null: the person's own. */
  readonly organisation: string | null;
  /** The page where it is renewed or rotated. */
  readonly path: string;
  readonly at: Date;
  readonly ended: boolean;
};

/** Everything is bounded, and found by an index: it is asked for at each look at the dashboard. */
export function needsOf(store: Store, actor: Actor) {
  const readsApps = allows(actor, "app.read");
  const readsStoreKeys = allows(actor, "storekeys.read");
  return {
    offers: offersToDecide(store, actor, MOST_OFFERS).map(({ transferId, to, expiresAt, ...offer }) => ({
      ...offer,
      to: to.name,
      path: `/organisations/${to.id}/transfers/${transferId}`,
      at: expiresAt,
    })),
    needs: readsApps ? listNeeds(store, actor).map(({ state, ...need }) => ({ ...need, kind: state })) : [],
    endingKeys: endingKeys(store, actor),
    keyWarnings: readsStoreKeys
      ? keyWarnings(store).map(({ code, what, expiresAt }) => ({
          what,
          state: code === "expiring" ? ("warning" as const) : code,
          at: expiresAt,
        }))
      : [],
    revokedRelease: readsStoreKeys ? revokedSince(store) : null,
    isBackupOpen: allows(actor, "setup.manage") && !isRootBackedUp(store),
    catalogueDamage: readsStoreKeys ? catalogueDamage(store).length : 0,
    mailTrouble: allows(actor, "outbox.read") ? mailTrouble(store) : null,
    crowdedSignUp: allows(actor, "user.manage") ? crowdedSignUp(store) : null,
    unseenDevices:
      allows(actor, "device.manage") && allows(actor, "device.read") ? unseenToTell(store, actor) : null,
    deletionAt: readsApps ? firstDeletion(store, actor) : null,
    auditDamagedAt: allowsEverywhere(actor, "audit.read") ? auditDamagedAt(store) : null,
    review: allows(actor, "review.decide") ? queueLength(store) : null,
    requests: allows(actor, "organisation.grant") ? waitingRequests(store) : null,
    reports: allows(actor, "report.decide") ? waitingReports(store) : null,
  };
}

export type NeedsView = ReturnType<typeof needsOf>;

function endingKeys(store: Store, actor: Actor): EndingKey[] {
  const now = store.clock.now();
  const signing = endingSigningKeys(store, actor, MOST_ENDING_KEYS).map(
    ({ keyid, fingerprint, developerId, notAfter }): EndingKey => ({
      kind: "signing_key",
      what: fingerprint.slice(0, 9),
      organisation: readOrganisation(store, developerId).name,
      path: `/keys/${keyid}`,
      at: notAfter,
      ended: notAfter <= now,
    }),
  );
  const api = endingApiKeys(store, actor, MOST_ENDING_KEYS).map(
    ({ id, name, organisationId, expiresAt }): EndingKey => ({
      kind: organisationId === null ? "own_api_key" : "api_key",
      what: name,
      organisation: organisationId === null ? null : readOrganisation(store, organisationId).name,
      path: `${organisationId === null ? "/account" : `/organisations/${organisationId}`}/keys/${id}`,
      at: expiresAt,
      ended: false,
    }),
  );
  return [...signing, ...api].sort((a, b) => a.at.getTime() - b.at.getTime());
}

function revokedSince(store: Store): { what: string; at: Date } | null {
  const found = revokedRelease(store.db.orm);
  return found && { what: found.keyName, at: found.revocation.revokedAt };
}
