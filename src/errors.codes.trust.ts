/** What can be met with what a store revokes. */
import { code, type ErrorCode } from "./errors.codes.form.ts";

export const TRUST_CODES: Readonly<Record<string, ErrorCode>> = {
  "revocation.action_invalid": code(
    "invalid",
    "The action of a revocation is none.",
    "Say block, disable or remove.",
  ),
  "revocation.code_invalid": code(
    "invalid",
    "The lowest version code is no version code.",
    "Give a whole number from 1 to 2147483647; 1 allows every version again.",
  ),
  "revocation.id_invalid": code(
    "invalid",
    "What is to be revoked has a name that nothing of its kind can have.",
    "Give the content digest, the key's id, the SHA-256 of the certificate, the app's id or the organisation's id, in lower case.",
  ),
  "revocation.in_force": code(
    "conflict",
    "The app, its developer, the package, or the key or certificate that it is signed with is revoked in this store.",
    "Read the reason, which the message says. For a certificate, enrol the key again and sign again; for a key, sign with another one. An administrator can lift the rest.",
  ),
  "revocation.list_full": code(
    "unprocessable",
    "The signed list of revocations would be longer than devices take.",
    "Lift what is not needed any more, or revoke an app or a developer in place of many packages.",
  ),
  "revocation.reason_invalid": code(
    "invalid",
    "A revocation has no reason, or one that cannot stand on a screen.",
    "Say why in one line of at most 200 characters.",
  ),
  "revocation.scope_changed": code(
    "conflict",
    "The act is not the one that was shown, or what it concerns has changed since.",
    "Look at what it concerns again, and confirm that.",
  ),
  "revocation.scope_required": code(
    "precondition_required",
    "Something was to be revoked, lifted or allowed without saying what was looked at.",
    "Ask for the preview of the act, look at the apps and versions that it names, and send its scope with the act.",
  ),
  "revocation.subject_invalid": code(
    "invalid",
    "This is not a kind of thing that can be revoked.",
    "Say package, key, certificate, app or developer.",
  ),
  "revocation.subject_unknown": code(
    "not_found",
    "The store knows nothing by that name.",
    "Copy it from the page of the version, the app or the key.",
  ),
  "revocation.until_invalid": code(
    "invalid",
    "The time after which approvals do not count cannot be read.",
    "Write it with date, seconds and zone, such as 2026-11-25T09:30:00Z.",
  ),
  "revocation.until_future": code(
    "unprocessable",
    "The last moment at which a key's approvals count lies in the future.",
    "Name the moment since which somebody else may have had the key, or leave it out.",
  ),
  "revocation.until_refused": code(
    "unprocessable",
    "A time after which approvals do not count was named for something that approves nothing.",
    "Leave it out: only the store's own release key and its certificates can have one.",
  ),
  "version.below_lowest": code(
    "conflict",
    "An administrator allows only higher version codes of the app.",
    "Raise versionCode, pack, sign and upload again.",
  ),
};
