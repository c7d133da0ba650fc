/** What can be wrong with the store's log: its tiles, its leaves, its head. */
import { code, type ErrorCode } from "./errors.codes.form.ts";

export const LOG_CODES: Readonly<Record<string, ErrorCode>> = {
  "log.approval_missing": code(
    "unprocessable",
    "The log has no leaf of this approval at the position that the app's index names.",
    "Do not install the file, and tell the store's administrator.",
  ),
  "log.damaged": code(
    "unavailable",
    "The store's log is not what was signed: leaves, hashes or heads are missing or are others.",
    "Look at what mosis admin reconcile names, and restore database and files from the newest backup. Until all of the log has been computed again without a difference nothing is published, and devices keep what they have.",
  ),
  "log.head_malformed": code(
    "unprocessable",
    "The head of the store's log in the signed catalogue has another shape than it must have.",
    "Update the program; if it is the newest, tell the store's administrator.",
  ),
  "log.leaf_malformed": code(
    "unprocessable",
    "A leaf of the store's log has another shape than it must have.",
    "Update the program; if it is the newest, tell the store's administrator.",
  ),
  "log.not_listed": code(
    "unprocessable",
    "The store's signed index does not list the release, so its place in the log is not known.",
    "The store lists the newest releases of an app only: take one of those, or look through the log's entries yourself.",
  ),
  "log.audience_not_shown": code(
    "forbidden",
    "The store does not show the catalogue of the audience that is named to whoever asks.",
    "Compare the group's id, and ask as somebody who belongs to it: mosis login, or an API key of theirs. Without an app in it, an audience has no catalogue.",
  ),
  "log.not_released": code(
    "unprocessable",
    "The package has no signature of a store, so no log can show its approval.",
    "Check the released file, as devices get it.",
  ),
  "log.publication_missing": code(
    "unprocessable",
    "The log has no leaf of the publication of this very file at the position that the app's index names.",
    "Do not install the file, and tell the store's administrator.",
  ),
  "log.tile_malformed": code(
    "unprocessable",
    "A tile of the store's log does not have the size, or the entries, that the head says.",
    "The copy that serves it is damaged: tell the store's administrator.",
  ),
};
