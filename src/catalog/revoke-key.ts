/** Revoking a developer's key: by an owner of its organisation, or an administrator. */
import { type Actor, actorId, actorLabel, nameOf } from "../accounts/actor.ts";
import { authorise } from "../accounts/rights.ts";
import type { Store } from "../context.ts";
import type { KeyId } from "../ids.ts";
import { fingerprintText } from "../signing/keys.ts";
import { type DeveloperKeyView, findKeyView } from "./developer-keys.ts";
import * as keyRecords from "./keys.records.ts";
import { recordInLog } from "./log/record.ts";
import { tellOwners } from "./outbox.ts";
import { keyNotFound } from "./recovery.ts";
import { enact } from "./revocation/act.ts";
import { parseChange } from "./revocation/change.ts";
import { findRevocations } from "./revocation/records.ts";

/**
 * From a device's next refresh no package that the key signed is installed, and it adds no other key. What it added before
 * stays. The same again changes nothing.
 *
 * @throws Problem `key.not_found`, `revocation.reason_invalid`, `revocation.action_invalid`, `rights.forbidden`,
 *   `catalog.busy`
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
