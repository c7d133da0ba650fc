/** What the owners of an organisation are told when something of theirs is revoked, or is not any more. */

import type { Notice } from "../../accounts/messages/outbox.ts";
import { fingerprintText } from "../../signing/keys.ts";
import type { RevocationAction } from "../tuf/revocations.ts";
import type { RevocationChange } from "./change.ts";
import type { KnownSubject } from "./subjects.ts";

const DONE: Readonly<Record<RevocationAction, string>> = {
  block: "blocked",
  disable: "disabled",
  remove: "removed",
};

const CONSEQUENCES: Readonly<Record<RevocationAction, string>> = {
  block: "No device installs it any more. Installed copies stay and start.",
  disable: "No device installs it any more, and installed copies do not start.",
  remove:
    "No device installs it any more, and installed copies are taken away; what people wrote with it stays.",
};

/** Who decided is the store: its administrators are not named to developers. */
export function revocationNotice(change: RevocationChange, known: KnownSubject): Notice {
  const [name, path] = called(known);
  const told = (kind: Notice["kind"], subject: string, ...consequences: readonly string[]): Notice => ({
    kind,
    subject,
    body: [
      `The store's administration decided about ${name}.`,
      `The reason given: ${change.reason}`,
      "",
      ...consequences,
      "Devices follow at their next refresh.",
    ].join("\n"),
    path,
  });
  switch (change.act) {
    case "revoke":
      return told(
        "revocation.revoked",
        `Revoked: ${name} (${DONE[change.action]})`,
        CONSEQUENCES[change.action],
        "What was on its way to devices is withdrawn.",
      );
    case "lift":
      return told(
        "revocation.lifted",
        `Not revoked any more: ${name}`,
        "What was published of it is offered again. What was withdrawn stays withdrawn: upload it again.",
      );
    case "lowest-version":
      return told(
        "revocation.lowest",
        change.versionCode === 1
          ? `Every version is allowed again: ${name}`
          : `Lowest version code ${change.versionCode}: ${name}`,
        change.versionCode === 1
          ? "Devices may have every published version."
          : `Devices may have it from version code ${change.versionCode} on; lower ones do not start until they are updated.`,
      );
  }
}

/** What it is to its owners, and the page that shows it. */
function called({ subject, id, label }: KnownSubject): readonly [name: string, path: string] {
  switch (subject) {
    case "app":
      return [`the app ${label} (${id})`, `/apps/${id}`];
    case "package":
      return [`the version ${label}`, "/dashboard"];
    case "developer":
      return [`everything of ${label}`, "/dashboard"];
    case "key":
      return [`the signing key ${fingerprintText(id)}`, `/keys/${id}`];
    case "certificate":
      return [`the signing certificate ${fingerprintText(id)}`, "/keys"];
  }
}
