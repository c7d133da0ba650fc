/** What the owners of an organisation are told when something of theirs is revoked, or is not any more. */

import type { Notice } from "../../accounts/messages/outbox.ts";
import type { AppId } from "../../ids.ts";
import { type Said, say, type Words } from "../../say.ts";
import { fingerprintText } from "../../signing/keys.ts";
import type { RevocationAction } from "../tuf/revocations.ts";
import type { RevocationChange } from "./change.ts";
import type { KnownSubject } from "./subjects.ts";

const REVOKED: Readonly<Record<RevocationAction, (name: Words) => Said>> = {
  block: (name) => say`Revoked: ${name} (blocked)`,
  disable: (name) => say`Revoked: ${name} (disabled)`,
  remove: (name) => say`Revoked: ${name} (removed)`,
};

const CONSEQUENCES: Readonly<Record<RevocationAction, Said>> = {
  block: say`No device installs it any more. Installed copies stay and start.`,
  disable: say`No device installs it any more, and installed copies do not start.`,
  remove: say`No device installs it any more, and installed copies are taken away; what people wrote with it stays.`,
};

/** Who decided is the store: its administrators are not named to developers. */
export function revocationNotice(change: RevocationChange, known: KnownSubject): Notice {
  const [name, path] = called(known);
  const told = (
    kind: `revocation.${"revoked" | "lifted" | "lowest"}`,
    subject: Words,
    ...consequences: readonly Words[]
  ): Notice => ({
    kind,
    subject,
    ...(known.subject === "app" ? { about: { appId: known.id as AppId } } : {}),
    body: [
      [say`The store's administration decided about ${name}.`, say`The reason given: ${change.reason}`],
      [...consequences, say`Devices follow at their next refresh.`],
    ],
    path,
  });
  switch (change.act) {
    case "revoke":
      return told(
        "revocation.revoked",
        REVOKED[change.action](name),
        CONSEQUENCES[change.action],
        say`What was on its way to devices is withdrawn.`,
      );
    case "lift":
      return told(
        "revocation.lifted",
        say`Not revoked any more: ${name}`,
        say`What was published of it is offered again. What was withdrawn stays withdrawn: upload it again.`,
      );
    case "lowest-version":
      return told(
        "revocation.lowest",
        change.versionCode === 1
          ? say`Every version is allowed again: ${name}`
          : say`Lowest version code ${change.versionCode}: ${name}`,
        change.versionCode === 1
          ? say`Devices may have every published version.`
          : say`Devices may have it from version code ${change.versionCode} on; lower ones do not start until they are updated.`,
      );
  }
}

/** What it is to its owners, and the page that shows it. */
function called({ subject, id, label }: KnownSubject): readonly [name: Words, path: string] {
  switch (subject) {
    case "app":
      return [say`the app ${label} (${id})`, `/apps/${id}`];
    case "package":
      return [say`the version ${label}`, "/dashboard"];
    case "developer":
      return [say`everything of ${label}`, "/dashboard"];
    case "key":
      return [say`the signing key ${fingerprintText(id)}`, `/keys/${id}`];
    case "certificate":
      return [say`the signing certificate ${fingerprintText(id)}`, "/keys"];
  }
}
