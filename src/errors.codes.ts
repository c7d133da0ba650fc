/**
 * Every error that a person or program can meet, by its code: what it means and what to do. The docs page of errors
 * and the OpenAPI document are made from this table; a test holds it to the code. What is found inside of packages
 * (`MPK-…`) and manifests stands in tables of its own, in src/format and src/signing; so do the codes of a store's
 * operation (errors.codes.store.ts), of its log (errors.codes.log.ts) and of what is revoked (errors.codes.trust.ts), of the
 * parts of an answer (errors.codes.details.ts), of the command line
 * (cli/codes.ts) and of devices (errors.codes.device.ts) and their
 * enrolment (errors.codes.enrolment.ts), of accounts (errors.codes.accounts.ts), of mail
 * (errors.codes.mail.ts), of the store front (errors.codes.front.ts), of pictures (errors.codes.pictures.ts), of outside providers (errors.codes.providers.ts) and of trusted publishing
 * (errors.codes.publishers.ts), of settings (errors.codes.settings.ts), of ratings (errors.codes.ratings.ts).
 */

import { ACCOUNT_CODES } from "./errors.codes.accounts.ts";
import { DEVELOPER_KEY_CODES } from "./errors.codes.developer-keys.ts";
import { DEVICE_CODES } from "./errors.codes.device.ts";
import { ENROLMENT_CODES } from "./errors.codes.enrolment.ts";
import { code, type ErrorCode } from "./errors.codes.form.ts";
import { FRONT_CODES } from "./errors.codes.front.ts";
import { MAIL_CODES } from "./errors.codes.mail.ts";
import { ORGANISATION_CODES } from "./errors.codes.organisations.ts";
import { PICTURE_CODES } from "./errors.codes.pictures.ts";
import { PROVIDER_CODES } from "./errors.codes.providers.ts";
import { PUBLISHER_CODES } from "./errors.codes.publishers.ts";
import { RATING_CODES } from "./errors.codes.ratings.ts";
import { SETTING_CODES } from "./errors.codes.settings.ts";
import { TRUST_CODES } from "./errors.codes.trust.ts";

export const ERROR_CODES: Readonly<Record<string, ErrorCode>> = {
  ...ACCOUNT_CODES,
  ...DEVICE_CODES,
  ...ENROLMENT_CODES,
  ...FRONT_CODES,
  ...PICTURE_CODES,
  ...MAIL_CODES,
  ...PROVIDER_CODES,
  ...PUBLISHER_CODES,
  ...ORGANISATION_CODES,
  ...RATING_CODES,
  ...SETTING_CODES,
  ...TRUST_CODES,
  ...DEVELOPER_KEY_CODES,
  "app.busy": code("conflict", "A version of the app is being published.", "Try again in a minute."),
  "transfer.ambiguous": code(
    "conflict",
    "More than one organisation that you may see has the name that the app was offered to.",
    "Name the one that you mean by its id, which stands in the address of its pages.",
  ),
  "transfer.invalid": code(
    "unprocessable",
    "The offer cannot be made as it was filled in.",
    "Name the organisation by its id or its exact name, and mend the fields that are named.",
  ),
  "transfer.not_found": code(
    "not_found",
    "There is no such offer of an app, or none of this organisation's.",
    "Look at the organisation's list of offers.",
  ),
  "transfer.offerer_gone": code(
    "conflict",
    "Whoever offered the app may not do that any more.",
    "Ask another owner of the organisation that the app is of to offer it again.",
  ),
  "transfer.open": code(
    "conflict",
    "The app is offered to somebody already.",
    "Take that offer back first, or wait until it is decided or ends.",
  ),
  "transfer.other_side": code(
    "conflict",
    "The other side of the offer does that.",
    "Offers are taken back by the organisation that made them, and decided by the one that they are made to.",
  ),
  "transfer.over": code(
    "conflict",
    "The offer was accepted, declined or taken back, or its time is over.",
    "Have it made again, if it is still wanted.",
  ),
  "transfer.recovery_waiting": code(
    "conflict",
    "A recovery of lost keys of the app waits.",
    "Have it decided first, or stopped by an owner.",
  ),
  "transfer.same": code("conflict", "The app is of that organisation already.", "Name another organisation."),
  "transfer.too_many": code(
    "too_many_requests",
    "The organisation has offered as many apps within a day as it may.",
    "Try again tomorrow.",
  ),
  "transfer.too_often": code(
    "conflict",
    "The app was of as many organisations before this one as its index may name.",
    "Publish it anew under another id, which the other organisation takes.",
  ),
  "app.being_deleted": code(
    "conflict",
    "Somebody asked that the app is deleted: until its time is over nothing is done to it.",
    "Have an owner or an administrator take the deletion back, or wait until the app is gone.",
  ),
  "app.deletion_reason_invalid": code(
    "invalid",
    "A published app is deleted with a reason that the other owners can read.",
    "Give one line of 1 to 500 characters, without those that control text or turn it around.",
  ),
  "app.deletion_unconfirmed": code(
    "unprocessable",
    "What was typed is not the id of the app that is to be deleted.",
    "Type the app's id.",
  ),
  "app.not_being_deleted": code(
    "not_found",
    "Nobody asked that the app is deleted, or somebody took that back.",
    "Leave it: it is as it was.",
  ),
  "app.not_published": code(
    "conflict",
    "Nothing of the app was published, so that it is deleted at once.",
    "Delete it with DELETE /api/v1/apps/{appId}.",
  ),
  "app.recovery_waiting": code(
    "conflict",
    "A recovery of lost keys of the app waits.",
    "Have it decided first, or stopped by an owner.",
  ),
  "app.deprecation_invalid": code(
    "invalid",
    "An app is deprecated with words that people can read in the store and on their devices.",
    "Give one line of 1 to 500 characters, without those that control text or turn it around.",
  ),
  "app.instead_not_found": code(
    "unprocessable",
    "The app that is to take the place of a deprecated one is none that you may see in the store.",
    "Give the id of another app that is published and that you may see, or none.",
  ),
  "app.draft_too_long": code(
    "too_large",
    "What is filled in of an app that is not created yet is longer than is kept.",
    "Shorten the names, or give fewer of them; the listing has room for more once the app is there.",
  ),
  "app.id_alike": code(
    "conflict",
    "The id is free, and easily taken for that of another organisation's app.",
    "Choose another one, or confirm that it is meant: confirmAlike, --confirm-alike, or the box beside it.",
  ),
  "app.id_invalid": code(
    "invalid",
    "The text is no app id.",
    "Use reverse-DNS in lower case, such as com.example.notes.",
  ),
  "app.id_taken": code(
    "conflict",
    "The id is not available in this store. Who may not see the app that has it is not told whether one does.",
    "Use another id, under a domain of yours.",
  ),
  "app.name_invalid": code("invalid", "The app's name cannot be taken.", "Follow the limits that are named."),
  "app.not_found": code(
    "not_found",
    "There is no such app, or none that you may see.",
    "Check the id; ask for the right to see it.",
  ),
  "app.published": code(
    "conflict",
    "The app has been published, so that it is not deleted at once.",
    "Have an owner ask for its deletion, which can be taken back for some days.",
  ),
  "app.scope_changed": code(
    "conflict",
    "The app was changed, or something of it published, since the preview of who will see it.",
    "Look at the preview again, then decide.",
  ),
  "app.scope_required": code(
    "precondition_required",
    "Who may see an app is changed only after a look at what that means.",
    "Ask for the preview, and send its scope along.",
  ),
  "app.visibility_invalid": code(
    "invalid",
    "It does not say who may see the app.",
    "Use everyone, signed-in, or groups with the ids of groups of this store.",
  ),
  "app.text_from_package": code(
    "conflict",
    "The app's name and summary are those of its packages, since one has passed its checks.",
    "Change them in manifest.json, and upload a version with a higher code.",
  ),
  "app.summary_invalid": code(
    "invalid",
    "The app's summary cannot be taken.",
    "Follow the limits that are named.",
  ),
  "listing.invalid": code(
    "invalid",
    "What was said of an app for the store cannot be taken.",
    "Mend each text, tag or link that is named, by the limit that stands beside it.",
  ),
  "listing.revision_not_found": code(
    "not_found",
    "The revision of a listing that was to be brought back is not kept.",
    "Choose one of those that are listed.",
  ),
  "blob.missing": code("not_found", "A stored file is not there.", "Restore it from the backup."),
  "catalog.full": code(
    "unavailable",
    "The catalogue holds as many apps and developers as devices read: about half a million.",
    "Set up a second store.",
  ),
  "catalog.damaged": code(
    "unavailable",
    "The database has something otherwise than it was signed, issued or logged, and it could not be brought back: a file or metadata of the signed catalogue, which keys sign it, the store's id, a certificate of the store, or what is signed of an app: its developer, its key lineage, its releases. Nothing is signed over it. As a warning of /readyz also: who holds a key of the store, whose a developer's key is, the manifest or pictures of a published version, and what the tables say is revoked and neither the signed list nor the log.",
    "Look at what mosis admin reconcile names: what can be made from what is there it brings back, and of the rest it says what to do. Restore a backup of the database otherwise.",
  ),
  "catalog.busy": code(
    "unavailable",
    "Other changes of the signed catalogue kept being faster than this one.",
    "Nothing was changed. Try again; a job does so by itself.",
  ),
  "cursor.invalid": code(
    "invalid",
    "The cursor is not one that this list gave.",
    "Start from the first page.",
  ),
  "database.migration_changed": code(
    "unavailable",
    "The program's migrations are not those that made the database.",
    "Use a released build.",
  ),
  "database.migration_failed": code(
    "unavailable",
    "A migration would break rows; nothing was changed.",
    "Report it; go on with the version before.",
  ),
  "database.newer": code(
    "unavailable",
    "The database was made by a newer version of the program.",
    "Use that version or a newer one.",
  ),
  "idempotency.key_malformed": code(
    "invalid",
    "The Idempotency-Key cannot be taken.",
    "Use 1 to 128 visible ASCII characters.",
  ),
  "idempotency.key_reused": code(
    "unprocessable",
    "The Idempotency-Key was used for another request.",
    "Take a new key for a new request.",
  ),
  "idempotency.resource_gone": code(
    "conflict",
    "What was made with the Idempotency-Key has been deleted since.",
    "Take a new key to make it again.",
  ),
  internal: code(
    "internal",
    "A bug, or a machine in trouble.",
    "Give the id of the request to the store's administrator, who finds it in the log.",
  ),
  "job.child_failed": code(
    "unavailable",
    "The process that does a job's work could not be started, or ended with something else than its result.",
    "Nothing at once: the job is tried again. When it becomes a dead letter, look at what the job says of its end, and at memory and disk.",
  ),
  "job.child_silent": code(
    "unavailable",
    "The process that does a job's work said nothing for so long that it was taken for hung and ended.",
    "Nothing at once: the job is tried again. When it becomes a dead letter, look at what else the machine does, and replay it.",
  ),
  "job.not_dead": code(
    "conflict",
    "Only a dead job can be replayed, and this one is done.",
    "There is nothing to do: it did its work.",
  ),
  "job.not_found": code("not_found", "There is no such job.", "Look at the list of jobs."),
  "method.not_allowed": code(
    "method_not_allowed",
    "The address is right, the method is not.",
    "Use one of the methods that Allow names.",
  ),
  "multipart.malformed": code(
    "invalid",
    "The form's body is not multipart/form-data.",
    "Send it as browsers do.",
  ),
  "multipart.unexpected": code(
    "invalid",
    "The form has not the fields that the page has, in their order.",
    "Send the file last.",
  ),
  not_found: code(
    "not_found",
    "There is nothing at this address, or nothing that you may see.",
    "Check the address.",
  ),
  "precondition.failed": code(
    "precondition_failed",
    "It was changed since you looked.",
    "Read it again and decide again.",
  ),
  "precondition.malformed": code(
    "invalid",
    "If-Match is no list of entity tags.",
    "Send the ETag as it was given, in its quotes, or *.",
  ),
  "precondition.required": code(
    "precondition_required",
    "The call needs If-Match.",
    "Send the ETag that you have seen, or *.",
  ),
  "range.unsatisfiable": code(
    "range_not_satisfiable",
    "The range begins after the file's end.",
    "Ask for bytes that are there; Content-Range says how many.",
  ),
  "request.cross_site": code(
    "forbidden",
    "A changing request of a page came from another site, or its Sec-Fetch-Site and Origin contradict each other.",
    "Open the page here and send it again.",
  ),
  "request.cut_off": code("invalid", "The connection ended before the body was whole.", "Send it again."),
  "request.host": code(
    "invalid",
    "The request's header Host is missing, or is no host.",
    "Send the store's name or address in it, as every HTTP client does; a proxy before the store must hand it on.",
  ),
  "request.invalid": code(
    "invalid",
    "The request is not of the documented form.",
    "Mend the fields that are named.",
  ),
  "live.full": code(
    "unavailable",
    "As many event streams are open as the store can keep up to date at once.",
    "Wait as long as Retry-After says, or ask for the present state instead of following it.",
  ),
  "rate.limited": code(
    "too_many_requests",
    "More requests came from one address, for one account or organisation, or with one API key than are answered in a minute.",
    "Wait as long as Retry-After says; the RateLimit header says beforehand how many are left.",
  ),
  "request.malformed": code("invalid", "The body is not JSON.", "Send JSON in UTF-8."),
  "request.media_type": code(
    "unsupported_media_type",
    "The body is of a media type that is not taken here.",
    "Send one of those that are named, and say so in Content-Type.",
  ),
  "request.too_large": code("too_large", "The body is too large.", "Send less."),
  "request.too_slow": code(
    "invalid",
    "The body did not come in time.",
    "Try again over a better connection.",
  ),
  "review.own_organisation": code(
    "forbidden",
    "The version was uploaded by whoever would decide, or is of an organisation in which they are more than a viewer, or were since the upload: nobody decides on their own work.",
    "Let another reviewer decide, or the store's operator with “mosis admin review”.",
  ),
  "review.release_key_revoked": code(
    "conflict",
    "The store's release key is revoked and no other has taken its place, so that nothing can be approved.",
    "An administrator replaces it, with “mosis admin keys replace release”; then approve again.",
  ),
  "review.reason_required": code("invalid", "A rejection needs a reason.", "Say what must be mended."),
  "review.reason_invalid": code(
    "invalid",
    "The reason has a character that controls text, breaks its lines unseen or turns it around.",
    "Write it without: lines may end, and that is all.",
  ),
  "review.reason_too_long": code("invalid", "The reason is too long.", "Say it in at most 4000 characters."),
  "storage.failing": code(
    "unavailable",
    "The store's disk cannot be written or read.",
    "Whoever runs the store looks at the disk; then do the same again.",
  ),
  "storage.full": code(
    "unavailable",
    "The store's disk is full; nothing was kept of the request or command.",
    "Whoever runs the store makes room on its disk; then do the same again.",
  ),
  "upload.empty": code("invalid", "The file has no bytes.", "Choose the package, and send it again."),
  "upload.in_use": code(
    "locked",
    "Another request is at work on the same upload, or has taken it over.",
    "Ask how much of it was received, and go on from there.",
  ),
  "upload.manifest_unreadable": code(
    "unprocessable",
    "The package does not say which app and version it is.",
    "Look at it with “mosis verify”.",
  ),
  "upload.not_found": code(
    "not_found",
    "There is no such upload, or it is another's, or its time was over.",
    "Begin it anew; what was sent of it is gone.",
  ),
  "upload.notes_invalid": code(
    "invalid",
    "The release notes have a character that cannot stand there (a control character other than line feed and tab, or one that turns the direction of text), or a language of them is no tag as it is kept (BCP 47), is one too many, or is the app's own and says something else than its notes.",
    "Mend what is named: each detail has a pointer to the text.",
  ),
  "upload.notes_too_long": code(
    "invalid",
    "The release notes are too long.",
    "Say it in at most 10000 characters, and in at most 40000 of all other languages together.",
  ),
  "upload.offset_differs": code(
    "conflict",
    "The bytes begin at another place than those end that were received.",
    "Ask how much of it was received, and go on from there.",
  ),
  "upload.protocol": code(
    "precondition_failed",
    "The request does not say that it speaks version 1.0.0 of the tus protocol.",
    "Send Tus-Resumable: 1.0.0, as clients of that protocol do.",
  ),
  "upload.too_large": code(
    "too_large",
    "The package is larger than this store takes.",
    "Make it smaller, or ask the administrator to raise --max-upload.",
  ),
  "upload.too_many": code(
    "conflict",
    "As many uploads are open as one person or key may have at a time.",
    "Finish or discard one of them; what is left alone is removed after three days.",
  ),
  "upload.unfinished": code(
    "conflict",
    "Not all of the package was received.",
    "Send the rest of it; then ask for the version again.",
  ),
  "version.code_not_rising": code(
    "conflict",
    "A version with a higher code is published already.",
    "Upload it again with a higher versionCode.",
  ),
  "version.code_taken": code(
    "conflict",
    "Another version with this code is there.",
    "Raise versionCode, or withdraw the other one.",
  ),
  "version.differs": code(
    "conflict",
    "The same bytes are there already, with other notes, hold or submit, and it is too late to change them.",
    "Leave it as it is, or raise versionCode and upload it anew. What was approved with hold waits for “mosis publish”.",
  ),
  "version.file_not_found": code(
    "not_found",
    "The version’s package has no file of this name.",
    "Look at the list of its files: names are compared to the letter.",
  ),
  "version.not_found": code(
    "not_found",
    "There is no such version, or none that you may see.",
    "Look at the list of versions.",
  ),
  "version.wrong_app": code(
    "unprocessable",
    "The package is of another app than it was sent to.",
    "Send it to its own app.",
  ),
  "version.yank_reason_invalid": code(
    "invalid",
    "A version is yanked with a reason that people can read on their devices.",
    "Give one line of 1 to 200 characters, without those that control text or turn it around.",
  ),
  "version.notes_fixed": code(
    "conflict",
    "The release notes in the app's own language were approved with the version, and stay as they are.",
    "Change those in other languages, or say it with the next version.",
  ),
  "version.wrong_state": code(
    "conflict",
    "In its present state this cannot be done with the version.",
    "Look at its state.",
  ),
};
