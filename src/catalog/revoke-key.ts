/** Revoking a developer's key by an owner of its organisation, who is shown first what that concerns. */
import { type Actor, actorId, byOf } from "../accounts/actor.ts";
import { tellOwners } from "../accounts/messages/outbox.ts";
import { authorise } from "../accounts/rights.ts";
import { stillActing } from "../accounts/still.ts";
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import type { PageRequest } from "../db/pages.ts";
import { Problem } from "../errors.ts";
import type { KeyId } from "../ids.ts";
import { say } from "../say.ts";
import { fingerprintText } from "../signing/keys.ts";
import { type DeveloperKeyView, findKeyView } from "./developer-keys.ts";
import { recordInLog } from "./log/record.ts";
import { enrolledKey } from "./mend-developer-keys.ts";
import { keyNotFound } from "./recovery.ts";
import { enact } from "./revocation/act.ts";
import { parseRevoke, REVOCATION_ACTIONS, type RevocationChange } from "./revocation/change.ts";
import { concernedLists } from "./revocation/homes.ts";
import { restoreLost } from "./revocation/lost.ts";
import { type Preview, previewChange, refuseOtherScope, requireScope } from "./revocation/preview.ts";
import { findRevocation } from "./revocation/records.ts";
import { mendSigners } from "./right-signers.ts";
import type { RevocationAction } from "./tuf/revocations.ts";

export type KeyRevocation = { readonly reason: string; readonly action?: string };

/**
 * What revoking the key would concern: its versions, and their apps. The scope is for the act.
 *
 * @throws Problem `key.not_found`, `key.revoked_already` (conflict), `revocation.reason_invalid`,
 *   `revocation.action_invalid`, `rights.forbidden`, `catalog.damaged`
 */
export async function previewKeyRevocation(
  store: Store,
  actor: Actor,
  keyid: KeyId,
  input: KeyRevocation,
  page: PageRequest,
): Promise<Preview> {
  const { change } = authorised(store, actor, keyid, input);
  await restoreLost(store, concernedLists(store.db.orm, change));
  await mendSigners(store, change);
  refuseMilder(store.db.orm, change);
  const preview = previewChange(store, change, page);
  return { ...preview, before: preview.before && { ...preview.before, revokedBy: null } };
}

/**
 * From a device's next refresh no package that the key signed is installed, and it adds no other key. What it added before
 * stays. The same again changes nothing. A revocation that is in force can only be made stricter here; anything else about it
 * is the administrators', who revoke keys where they revoke everything (`act.ts`).
 *
 * @param scope That of the preview: nothing happens unless the act is still about what was shown.
 * @throws Problem `key.not_found`, `key.revoked_already` (conflict), `revocation.reason_invalid`,
 *   `revocation.action_invalid`, `revocation.scope_required`, `revocation.scope_changed`, `rights.forbidden`, `catalog.busy`
 */
export async function revokeDeveloperKey(
  store: Store,
  actor: Actor,
  keyid: KeyId,
  input: KeyRevocation,
  scope: string | undefined,
): Promise<DeveloperKeyView> {
  const { key, change } = authorised(store, actor, keyid, input);
  const shown = requireScope(scope);
  let wasRevoked = false;
  const also = (tx: Tx, now: Date): void => {
    const by = stillActing(store, tx, actor);
    authorise(by, "key.revoke", { organisationId: key.organisationId }, keyNotFound);
    if (wasRevoked) return;
    recordInLog(
      tx,
      store.vault,
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
      subject: say`A signing key of your organisation was revoked`,
      body: [
        say`${byOf(actor).start} revoked this key:`,
        `    ${fingerprintText(keyid)}`,
        say`The reason given: ${change.reason}`,
        say`Devices install nothing more that it signed, and it adds no other key. Keys that it added before still sign: look at them with mosis keys list. If no key of an app is left, the way back is mosis keys recover.`,
      ],
      path: "/keys",
    } as const;
    tellOwners(tx, key.organisationId, notice, now);
  };
  await enact(store, actor, change, {
    tells: () => !wasRevoked,
    check: (tx) => {
      wasRevoked = findRevocation(tx, "key", keyid) !== undefined;
      refuseMilder(tx, change);
      refuseOtherScope(tx, change, shown);
    },
    also,
  });
  return findKeyView(store, keyid);
}

type KeyChange = Extract<RevocationChange, { act: "revoke" }>;

/** @throws Problem `key.not_found`, `rights.forbidden`, `revocation.reason_invalid`, `revocation.action_invalid` */
function authorised(store: Store, actor: Actor, keyid: KeyId, { reason, action = "block" }: KeyRevocation) {
  const key = enrolledKey(store, keyid);
  if (!key) {
    authorise(actor, "self.read");
    throw keyNotFound();
  }
  authorise(actor, "key.revoke", { organisationId: key.organisationId }, keyNotFound);
  return { key, change: parseRevoke({ act: "revoke", subject: "key", id: keyid, action, reason }) };
}

/**
 * Otherwise whoever wrote what an administrator disabled could start it again. The same again is no other act.
 * @throws Problem `key.revoked_already` (conflict)
 */
function refuseMilder(tx: Tx, { id, action, reason }: KeyChange): void {
  const inForce = findRevocation(tx, "key", id);
  if (!inForce || strictness(action) > strictness(inForce.action)) return;
  if (inForce.action === action && inForce.reason === reason) return;
  throw new Problem(
    "conflict",
    "key.revoked_already",
    say`This key is revoked already, with ${inForce.action}: “${inForce.reason}”. You can make that stricter; an administrator can change or lift it.`,
  );
}

const strictness = (action: RevocationAction): number => REVOCATION_ACTIONS.indexOf(action);

/** What an owner can still do about a key that is revoked in this way, or not at all. */
export function stricterThan(action: RevocationAction | null): readonly RevocationAction[] {
  return action === null ? REVOCATION_ACTIONS : REVOCATION_ACTIONS.slice(strictness(action) + 1);
}
