/** What owners are told about a recovery of their organisation's keys. */

import type { By } from "../accounts/actor.ts";
import type { Notice } from "../accounts/messages/outbox.ts";
import type { AppId, KeyId, RecoveryId } from "../ids.ts";
import { type Said, say, sayAll, type Words } from "../say.ts";
import { fingerprintText } from "../signing/keys.ts";
import type * as records from "./recovery.records.ts";

/** That somebody says the keys are lost, with the way to stop it. */
export function requestNotice(
  id: RecoveryId,
  keyid: KeyId,
  apps: readonly { appId: AppId }[],
  reason: string,
  by: By,
  waitingUntil: Date,
): Notice {
  return {
    kind: "recovery.requested",
    subject: say`Your organisation's signing keys are said to be lost`,
    body: [
      say`${by.start} asks that another key takes the place of all keys that may sign these apps:`,
      apps.map(({ appId }) => `    ${appId}`),
      [say`The new key is ${fingerprintText(keyid)}.`, say`The reason given: ${reason}`],
      say`An administrator can approve it from ${waitingUntil} on. If the keys are not lost, or you do not know of it, object before: mosis keys object ${id} --reason TEXT, or on the page of the recovery.`,
    ],
    path: `/recoveries/${id}`,
  };
}

type Decided = "recovery.approved" | "recovery.refused" | "recovery.objected";

const ENDINGS: Readonly<
  Record<Decided, (id: string, by: Words) => readonly [subject: Said, decided: Said, consequence: Said]>
> = {
  "recovery.approved": (id, by) => [
    say`The recovery of your signing keys was approved`,
    say`${by} decided about the recovery ${id}: it was approved.`,
    say`From now on the new key signs, and those before it sign nothing more.`,
  ],
  "recovery.refused": (id, by) => [
    say`The recovery of your signing keys was refused`,
    say`${by} decided about the recovery ${id}: it was refused.`,
    say`Nothing has changed.`,
  ],
  "recovery.objected": (id, by) => [
    say`The recovery of your signing keys was stopped by an owner`,
    say`${by} decided about the recovery ${id}: it was stopped by an owner.`,
    say`Nothing has changed.`,
  ],
};

/** That it cannot be approved any more, since not every key is lost; for owners and administrators alike. */
export function fallenNotice(row: records.RecoveryRow, appId: AppId, by: KeyId): Notice {
  return {
    kind: "recovery.fallen",
    subject: say`The recovery of signing keys of ${row.organisationName} has fallen`,
    body: [
      say`The recovery ${row.id} said that every key of ${appId} is lost. One of them was used to add another key:`,
      `    ${fingerprintText(by)}`,
      say`So the recovery has ended, and nothing of it was done. If its owners used that key, all is well. If they did not, somebody has it: let an owner or an administrator revoke it and the key that it added, and then ask for a new recovery.`,
    ],
    path: `/recoveries/${row.id}`,
  };
}

/** That it cannot be approved any more, since what was to be recovered to is revoked. */
export function hinderedNotice(row: records.RecoveryRow, what: "new key" | "organisation"): Notice {
  return {
    kind: "recovery.fallen",
    subject: say`The recovery of signing keys of ${row.organisationName} has fallen`,
    body: [
      say`The recovery ${row.id} was to put this key in the place of lost ones:`,
      `    ${fingerprintText(row.keyid)}`,
      ...(what === "new key"
        ? [
            say`The new key was revoked, so the recovery has ended, and nothing of it was done.`,
            say`If the keys are lost all the same, ask for a new recovery with another key.`,
          ]
        : [
            say`The organisation was revoked, so the recovery has ended, and nothing of it was done.`,
            say`Once that is lifted, a new recovery can be asked for.`,
          ]),
    ],
    path: `/recoveries/${row.id}`,
  };
}

/** What became of it, and who decided. */
export function decisionNotice(row: records.RecoveryRow, kind: Decided, by: By, reason: string): Notice {
  const [subject, decided, consequence] = ENDINGS[kind](row.id, by.start);
  return {
    kind,
    subject,
    body: [
      [decided, ...(reason === "" ? [] : [say`The reason given: ${reason}`])],
      sayAll([say`The new key is ${fingerprintText(row.keyid)}.`, consequence]),
    ],
    path: `/recoveries/${row.id}`,
  };
}
