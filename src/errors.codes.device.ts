/** The codes of the reference device and of the demo; errors.codes.ts has the others and the form. */
import { code, type ErrorCode } from "./errors.codes.form.ts";

export const DEVICE_CODES: Readonly<Record<string, ErrorCode>> = {
  "device.authority_distrusted": code(
    "unprocessable",
    "The kept version is signed under an authority that the store does not trust any more.",
    "Update the app: mosis device update APP.",
  ),
  "catalogue.malformed": code(
    "unprocessable",
    "A document of the signed catalogue has another shape than it must have.",
    "Update the device's program; if it is the newest, tell the store's administrator.",
  ),
  "catalogue.root_refused": code(
    "unprocessable",
    "A root is not signed by enough keys of the one before it and of its own, skips a version, or is no root.",
    "Take the catalogue from the store itself; tell its administrator when it stays.",
  ),
  "catalogue.missing": code(
    "unprocessable",
    "A file of the catalogue that a device needs is not there, or larger than it may be.",
    "Copy the catalogue again, timestamp.json last.",
  ),
  "catalogue.metadata_malformed": code(
    "unprocessable",
    "A file of the metadata is not metadata of its role.",
    "Copy the catalogue again; tell the store's administrator when it stays.",
  ),
  "catalogue.not_signed": code(
    "unprocessable",
    "A role's metadata is not signed by as many of its keys as it must be.",
    "Do not use this copy: take the catalogue from the store itself.",
  ),
  "catalogue.expired": code(
    "unprocessable",
    "A role's metadata had ended at that time.",
    "Copy the catalogue again; check the clock, and whether the store runs.",
  ),
  "catalogue.rolled_back": code(
    "unprocessable",
    "The catalogue is older than the one that was accepted before, in one of its roles or its log.",
    "Do not use this copy: an old backup was restored, or someone holds newer versions back.",
  ),
  "catalogue.mixed": code(
    "unprocessable",
    "Files of two catalogues are mixed: a role is not the one that timestamp or snapshot name.",
    "Copy the catalogue again, timestamp.json last.",
  ),
  "catalogue.other_audience": code(
    "unprocessable",
    "Metadata is of another catalogue than was asked for: that of another audience, or of none.",
    "Copy the catalogue again, from the address of its audience, and name that with --audience.",
  ),
  "catalogue.target_changed": code(
    "unprocessable",
    "A file is not what was signed, or is listed without a digest or as larger than it may be.",
    "Copy the catalogue again; tell the store's administrator when it stays.",
  ),
  "catalogue.not_in_log": code(
    "unprocessable",
    "The log of this copy does not hold the approval or the publication of a release where the app's index says.",
    "Do not use this copy; tell the store's administrator: a release was listed that was never recorded.",
  ),
  "catalogue.foreign": code(
    "unprocessable",
    "The catalogue names no authorities, no revocations, no head of a log or no store id.",
    "Check the folder and the root: this is not the catalogue of a Mosis store.",
  ),
  "demo.command_failed": code(
    "internal",
    "A command of the demo, or a call of its store, failed or gave no answer.",
    "Run it again with MOSIS_DEBUG=1 and report what it prints.",
  ),
  "demo.folder_used": code(
    "conflict",
    "The folder holds a store that is no finished demo.",
    "Give the demo an empty folder.",
  ),
  "device.app_id_invalid": code("usage", "The text is no app id.", "Name the app as com.example.notes."),
  "device.app_not_found": code(
    "not_found",
    "The store's catalogue has no such app.",
    "Look for it with “mosis device search”.",
  ),
  "device.busy": code("conflict", "Another command works on this device.", "Wait for it to end."),
  "device.catalogue_expired": code(
    "unprocessable",
    "The store's signed catalogue is out of date: nobody can tell whether newer versions are held back.",
    "Check this machine's clock; if it is right, ask the store's administrator whether the store runs.",
  ),
  "device.catalogue_refused": code(
    "unprocessable",
    "The catalogue is not signed as the pinned root says, or a file of it is not what was signed.",
    "Try again later or from another network; tell the store's administrator when it stays.",
  ),
  "device.catalogue_rolled_back": code(
    "unprocessable",
    "The catalogue is older than one that this device has seen.",
    "Tell the store's administrator: an old backup was restored, or someone holds newer versions back.",
  ),
  "device.data_version": code(
    "unprocessable",
    "The version could not read the data that a newer one has written.",
    "Stay with the newer version, or give the data up with “mosis device remove APP --purge”.",
  ),
  "device.disk_full": code(
    "unreachable",
    "The device's disk has no room for the file that the message names, or its user's quota has none.",
    "Make room there, then run the command again: what is installed is whole, and what was half-written is gone.",
  ),

  "device.files_changed": code(
    "unprocessable",
    "The files of the kept version are no longer those that were installed.",
    "Install the app again, from the store.",
  ),
  "device.home_missing": code(
    "usage",
    "It was not said which folder is the device's.",
    "Give --home DIR, or set MOSIS_DEVICE_HOME.",
  ),
  "device.home_not_empty": code(
    "conflict",
    "The folder holds something that is none of a device's.",
    "Choose an empty folder.",
  ),
  "device.home_unsafe": code(
    "conflict",
    "A link stands where one of the device's own folders must be.",
    "Put the folder back, or move the whole home.",
  ),
  "device.index_mismatch": code(
    "unprocessable",
    "The package is not the one that the signed index names.",
    "Tell the store's administrator.",
  ),
  "device.initialised": code(
    "conflict",
    "The folder is a device already.",
    "Use it, or choose another folder.",
  ),
  "device.key_not_in_lineage": code(
    "unprocessable",
    "The package is signed with a key that is not one of the app's, or that was lost before the package was approved: perhaps not by its developer.",
    "Do not install it; ask the developer whether they changed their key.",
  ),
  "device.lineage_refused": code(
    "unprocessable",
    "The list of keys that may sign the app is not one that this device may follow: a key was added without the statements that it needs, or one that was there is gone.",
    "Do not install it; tell the store's administrator. The detail's code says which rule was broken.",
  ),
  "device.no_previous": code(
    "not_found",
    "No earlier version is kept.",
    "There is one after the next update.",
  ),
  "device.log_forked": code(
    "unprocessable",
    "The store's log does not continue the one that this device has seen: its past was changed.",
    "Tell the store's administrator, and whoever audits the log: somebody may hold the store's keys. If only this network is affected, its copy of the tiles is damaged.",
  ),
  "device.log_missing": code(
    "unprocessable",
    "The signed catalogue has no head of the store's log.",
    "Update the store: versions before the log publish none.",
  ),
  "device.log_rolled_back": code(
    "unprocessable",
    "The store's log has fewer entries than this device has seen.",
    "Tell the store's administrator: an old backup was restored, or entries were taken out.",
  ),
  "device.no_release": code(
    "not_found",
    "The store offers this device no version of the app, or not that one.",
    "Wait for one for this device's channel and platform API.",
  ),
  "device.not_initialised": code(
    "unreachable",
    "The folder is no device yet.",
    "Set it up with “mosis device init”.",
  ),
  "device.not_in_log": code(
    "unprocessable",
    "The release's approval or its publication is not in the store's log.",
    "Tell the store's administrator: a release that nobody can find in the log is not to be trusted.",
  ),
  "device.not_installed": code("not_found", "The app is not installed.", "Look at “mosis device list”."),
  "device.other_store": code(
    "unprocessable",
    "The catalogue or package is that of another store than this device belongs to.",
    "Check the store's address.",
  ),
  "device.package_changed": code(
    "unprocessable",
    "The bytes that came are not those that the signed index names.",
    "Try again; if it stays, the copy that serves them is damaged or changed.",
  ),
  "device.package_refused": code(
    "unprocessable",
    "The package breaks the package format, or a signature of it does not hold.",
    "The details say which rule; tell the store's administrator.",
  ),
  "device.redirected": code(
    "unreachable",
    "The store's address leads on to another one, and a device does not follow.",
    "Set the device up with the address that it leads to, if that is the store.",
  ),
  "device.revoked": code(
    "unprocessable",
    "The store revoked the app, the version, its developer or a key.",
    "The message has the store's reason.",
  ),
  "device.root_mismatch": code(
    "unprocessable",
    "The store's first root is not the one whose digest was given.",
    "Take the digest from the store's own page, and be sure of the address.",
  ),
  "device.root_sha256_invalid": code(
    "usage",
    "The text is no SHA-256.",
    "Give 64 hexadecimal digits, as “mosis serve” prints them.",
  ),
  "device.state_unreadable": code(
    "unreachable",
    "The device's state.db cannot be read or written.",
    "Look at the disk and at the rights of the folder.",
  ),
  "device.unreachable": code(
    "unreachable",
    "The store did not answer, or not to the end.",
    "Check the network, and try again: what was downloaded is used again.",
  ),
  "device.url_invalid": code(
    "usage",
    "The text is no store's address.",
    "Give http:// or https:// and a host.",
  ),
  "device.version_not_above": code(
    "unprocessable",
    "The version on offer is not above the installed one, and does not say that it replaces it.",
    "Keep what is installed; “mosis device rollback” goes back to the version before.",
  ),
};
