/** Revoking a developer's key: by an owner of its organisation, or an administrator. */
import { type Actor, actorId, actorLabel, nameOf } from "../accounts/actor.ts";
import { allows, authorise } from "../accounts/rights.ts";
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import { Problem } from "../errors.ts";
import type { KeyId } from "../ids.ts";
import { fingerprintText } from "../signing/keys.ts";
import { type DeveloperKeyView, findKeyView } from "./developer-keys.ts";
import * as keyRecords from "./keys.records.ts";
import { recordInLog } from "./log/record.ts";
import { tellOwners } from "./outbox.ts";
import { keyNotFound } from "./recovery.ts";
import { enact } from "./revocation/act.ts";
import { parseChange, REVOCATION_ACTIONS } from "./revocation/change.ts";
import { findRevocation, findRevocations } from "./revocation/records.ts";

/**
 * From a device's next refresh no package that the key signed is installed, and it adds no other key. What it added before
 * stays. The same again changes nothing. An owner may make a revocation stricter; anything else about one that is in force is
 * the administrators'.
 *
 * @throws Problem `key.not_found`, `key.revoked_already` (conflict), `revocation.reason_invalid`,
 *   `revocation.action_invalid`, `rights.forbidden`, `catalog.busy`
 */
export async function revokeDeveloperKey(
  store: Store,
  actor: Actor,
  keyid: KeyId,
  input: { readonly reason: string; readonly action?: string },
): Promise<DeveloperKeyView> {
  const { orm } = store.db;
  const key = keyRecords.findDeveloperKey(orm, keyid);
  if (!key) {
    authorise(actor, "self.read");
    throw keyNotFound();
  }
  authorise(actor, "key.revoke", { organisationId: key.organisationId }, keyNotFound);
  const { reason } = input;
  const action = input.action ?? "block";
  const change = parseChange({ act: "revoke", subject: "key", id: keyid, action, reason });
  const wasRevoked = findRevocations(orm, [{ subject: "key", id: keyid }]).length > 0;
  await enact(store, actorLabel(actor), change, {
    told: !wasRevoked,
    check: (tx) => {
      if (!allows(actor, "revocation.manage")) refuseMilder(tx, keyid, action);
    },
    also: (tx, now) => {
      if (wasRevoked) return;
      recordInLog(
        tx,
        {
          type: "developer-key",
          change: "revoked",
          keyId: keyid,
          developerId: key.organisationId,
          appId: null,
          authorisedBy: actorId(actor),
        },
        now,
      );
      const notice = {
        kind: "key.revoked",
        subject: "A signing key of your organisation was revoked",
        body: [
          `${nameOf(actor)} revoked this key:`,
          "",
          `    ${fingerprintText(keyid)}`,
          "",
          `The reason given: ${reason.trim()}`,
          "",
          "Devices install nothing more that it signed, and it adds no other key. Keys that it added before still",
          "sign: look at them with mosis keys list. If no key of an app is left, the way back is mosis keys recover.",
        ].join("\n"),
        path: "/keys",
      } as const;
      tellOwners(tx, key.organisationId, notice, now);
    },
  });
  return findKeyView(store, keyid);
}

/**
 * Otherwise whoever wrote what an administrator disabled could start it again.
 * @throws Problem `key.revoked_already` (conflict)
 */
function refuseMilder(tx: Tx, keyid: KeyId, action: string): void {
  const inForce = findRevocation(tx, "key", keyid);
  if (!inForce || strictness(action) > strictness(inForce.action)) return;
  throw new Problem(
    "conflict",
    "key.revoked_already",
    `This key is revoked already, with ${inForce.action}: “${inForce.reason}”. You can make that stricter; an administrator can change or lift it.`,
  );
}

function strictness(action: string): number {
  const fromMildest: readonly string[] = REVOCATION_ACTIONS;
  return fromMildest.indexOf(action);
}
