/** What developers, owners and administrators can meet with signing keys: enrolment, lineages, recovery, messages. */
import { code, type ErrorCode } from "./errors.codes.form.ts";

export const DEVELOPER_KEY_CODES: Readonly<Record<string, ErrorCode>> = {
  "key.not_found": code(
    "not_found",
    "There is no such signing key, or none that you may see.",
    "Look at the list: mosis keys list.",
  ),
  "key.other_organisation": code(
    "conflict",
    "The signing key is enrolled for another organisation.",
    "Make one of your own with “mosis keys new”.",
  ),
  "key.revoked_already": code(
    "conflict",
    "The signing key is revoked already, and its owners can only make that stricter.",
    "Ask an administrator, who can change a revocation or lift it.",
  ),
  "lineage.changed": code(
    "conflict",
    "The keys of the app have changed since the statement or the recovery was made.",
    "Run mosis keys rotate again. A recovery of these keys has fallen by it: request a new one if every key is lost all the same.",
  ),
  "lineage.full": code(
    "conflict",
    "An app's lineage has as many keys as there can be.",
    "Use one of the keys that are in it.",
  ),
  "lineage.has_key": code(
    "conflict",
    "The key is in the app's lineage already.",
    "Nothing is to be done: it may sign.",
  ),
  "key.certificate_distrusted": code(
    "unprocessable",
    "The certificate of the key that signed was issued by an authority that the store does not trust any more.",
    "Enrol the key again with mosis keys enroll, then sign again.",
  ),
  "lineage.key_lost": code(
    "conflict",
    "The key that is to be added is one of the app's, and a recovery has taken its place: it signs nothing more.",
    "Make another key with mosis keys new, and let that be added.",
  ),
  "lineage.key_not_enrolled": code(
    "unprocessable",
    "The key that is to be added is not enrolled for the organisation that owns the app.",
    "Enrol it with mosis keys enroll, as a member of that organisation.",
  ),
  "lineage.not_set": code(
    "conflict",
    "Nothing of the app is published, so it has no key lineage yet.",
    "Sign the first version with any enrolled key; that key begins the lineage.",
  ),
  "lineage.statement_malformed": code(
    "unprocessable",
    "What was sent as an addition is no base64.",
    "Let mosis keys rotate make and send it.",
  ),
  "lineage.statement_old": code(
    "unprocessable",
    "The addition says that it was signed more than seven days ago.",
    "Sign it again, with mosis keys rotate. If it was signed just now, set the clock of the machine that signed it first.",
  ),
  "message.not_found": code("not_found", "There is no such message for you.", "Look at your dashboard."),
  "recovery.decided": code(
    "conflict",
    "The recovery was approved, refused or stopped before, or fell: a key was used that was said to be lost, or the new one was revoked.",
    "Look at it; a new one can be requested.",
  ),
  "recovery.no_app": code(
    "conflict",
    "The organisation has no published app that the key does not sign already.",
    "Nothing is to be done: an app that was never published takes any enrolled key.",
  ),
  "recovery.clock_behind": code(
    "unavailable",
    "The store's clock is behind what its log has: a recovery's waiting time would have begun long ago.",
    "Set the clock of the store's machine, and ask again.",
  ),
  "recovery.no_owner": code(
    "conflict",
    "The organisation has no owner who could be told.",
    "Let an administrator make somebody its owner: mosis admin organisation member.",
  ),
  "recovery.not_found": code(
    "not_found",
    "There is no such recovery, or none that you may see.",
    "Look at the list of recoveries.",
  ),
  "recovery.open": code(
    "conflict",
    "Another recovery of one of the apps is waiting.",
    "Wait for its end, or object to it.",
  ),
  "recovery.own_organisation": code(
    "forbidden",
    "Administrators do not decide about a recovery that they asked for, or of an organisation that they have worked for since.",
    "Let another administrator decide, or the store's operator: mosis admin recovery approve.",
  ),
  "recovery.reason_invalid": code(
    "invalid",
    "The reason has a character that controls text, breaks its lines unseen or turns it around.",
    "Write it without: lines may end, and that is all.",
  ),
  "recovery.days_missing": code(
    "conflict",
    "The waiting time is over by the store's clock, and the store was not seen running on as many days: the clock was set ahead, or the store was off.",
    "See that the clock is right, and approve it once the store has run on so many more days.",
  ),
  "recovery.reason_required": code(
    "invalid",
    "A request, an objection and a refusal say why.",
    "Give a reason that the organisation's owners understand.",
  ),
  "recovery.reason_too_long": code("invalid", "The reason is too long.", "Shorten it to 1000 characters."),
  "recovery.too_early": code(
    "conflict",
    "The waiting time, in which every owner can object, is not over.",
    "Approve it after the time that is named.",
  ),
  "version.key_outside_lineage": code(
    "conflict",
    "Since the version was checked, another key has begun the app's lineage, or a recovery has ended this one.",
    "Let the developer sign it with a key of the lineage and upload it again, or add its key with mosis keys rotate.",
  ),
};
