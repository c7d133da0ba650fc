/** What whoever changes the settings and the looks of a store can meet. */
import { code, type ErrorCode } from "./errors.codes.form.ts";

export const SETTING_CODES: Readonly<Record<string, ErrorCode>> = {
  "appearance.invalid": code(
    "unprocessable",
    "The store cannot look as it was filled in.",
    "Mend the fields that are named.",
  ),
  "setting.at_start": code(
    "conflict",
    "The setting cannot change while the store runs.",
    "Say it with its flag, its variable or in mosis.toml, and start the store again.",
  ),
  "setting.invalid": code(
    "unprocessable",
    "The value is none that the setting takes.",
    "The reference of settings says what each takes.",
  ),
  "setting.not_found": code(
    "not_found",
    "There is no setting of this name.",
    "Names are those of mosis.toml: look at the list of settings.",
  ),
  "setting.said_elsewhere": code(
    "conflict",
    "A flag, a variable or mosis.toml sets it, and goes before what the page says.",
    "Take it out there and start the store again, or change it there.",
  ),
  "setup.mail_tried_often": code(
    "too_many_requests",
    "As many test letters as an hour has room for were sent, whoever asked for them.",
    "Wait as long as the answer says. Letters that no mail server was asked to carry do not count.",
  ),
  "setup.not_confirmable": code(
    "conflict",
    "Nothing of this step of the set-up can be confirmed as it is.",
    "Read the step: its notes say what keeps it open, and what would be done by what holds in the store alone.",
  ),
  "setup.storage_differs": code(
    "unavailable",
    "The storage gave back something else than what was written to it, or kept what was removed.",
    "Do not go on with it: look at the disk and its file system, and at what else writes into the data folder.",
  ),
  "setup.unknown_decision": code(
    "unprocessable",
    "What was said of a step of the set-up is nothing that can be said of one.",
    "Load the page of the step again, and use its buttons.",
  ),
};
