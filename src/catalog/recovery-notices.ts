/** What owners are told about a recovery of their organisation's keys. */

import { atStart } from "../accounts/actor.ts";
import type { NoticeKind } from "../accounts/messages/outbox.ts";
import type { AppId, KeyId, RecoveryId } from "../ids.ts";
import { fingerprintText } from "../signing/keys.ts";
import { minuteText } from "../time.ts";
import type * as records from "./recovery.records.ts";

/** That somebody says the keys are lost, with the way to stop it. */
export function requestNotice(
  id: RecoveryId,
  keyid: KeyId,
  apps: readonly { appId: AppId }[],
  reason: string,
  by: string,
  waitingUntil: Date,
) {
  const until = minuteText(waitingUntil);
  return {
    kind: "recovery.requested",
    subject: "Your organisation's signing keys are said to be lost",
    body: [
      `${atStart(by)} asks that another key takes the place of all keys that may sign these apps:`,
      "",
      ...apps.map(({ appId }) => `    ${appId}`),
      "",
      `The new key is ${fingerprintText(keyid)}.`,
      `The reason given: ${reason}`,
      "",
      `An administrator can approve it from ${until} on. If the keys are not lost, or you do not know`,
      `of it, object before: mosis keys object ${id} --reason TEXT, or on the page of the recovery.`,
    ].join("\n"),
    path: `/recoveries/${id}`,
  } as const;
}

const ENDINGS = {
  "recovery.approved": ["approved", "From now on the new key signs, and those before it sign nothing more."],
  "recovery.refused": ["refused", "Nothing has changed."],
  "recovery.objected": ["stopped by an owner", "Nothing has changed."],
} as const;

/** That it cannot be approved any more, since not every key is lost; for owners and administrators alike. */
export function fallenNotice(row: records.RecoveryRow, appId: AppId, by: KeyId) {
  return {
    kind: "recovery.fallen",
    subject: `The recovery of signing keys of ${row.organisationName} has fallen`,
    body: [
      `The recovery ${row.id} said that every key of ${appId} is lost. One of them was used to add another key:`,
      "",
      `    ${fingerprintText(by)}`,
      "",
      "So the recovery has ended, and nothing of it was done. If its owners used that key, all is well. If they did",
      "not, somebody has it: let an owner or an administrator revoke it and the key that it added, and then ask for a",
      "new recovery.",
    ].join("\n"),
    path: `/recoveries/${row.id}`,
  } as const;
}

/** That it cannot be approved any more, since what was to be recovered to is revoked. */
export function hinderedNotice(row: records.RecoveryRow, what: "new key" | "organisation") {
  return {
    kind: "recovery.fallen",
    subject: `The recovery of signing keys of ${row.organisationName} has fallen`,
    body: [
      `The recovery ${row.id} was to put this key in the place of lost ones:`,
      "",
      `    ${fingerprintText(row.keyid)}`,
      "",
      `The ${what} was revoked, so the recovery has ended, and nothing of it was done.`,
      what === "new key"
        ? "If the keys are lost all the same, ask for a new recovery with another key."
        : "Once that is lifted, a new recovery can be asked for.",
    ].join("\n"),
    path: `/recoveries/${row.id}`,
  } as const;
}

/** What became of it, and who decided. */
export function decisionNotice(
  row: records.RecoveryRow,
  kind: Extract<NoticeKind, keyof typeof ENDINGS>,
  by: string,
  reason: string,
) {
  const [words, consequence] = ENDINGS[kind];
  return {
    kind,
    subject: `The recovery of your signing keys was ${words}`,
    body: [
      `${atStart(by)} decided about the recovery ${row.id}: it was ${words}.`,
      ...(reason === "" ? [] : [`The reason given: ${reason}`]),
      "",
      `The new key is ${fingerprintText(row.keyid)}. ${consequence}`,
    ].join("\n"),
    path: `/recoveries/${row.id}`,
  };
}
