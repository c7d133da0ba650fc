/** What owners and build jobs meet with trusted publishing. */
import { code, type ErrorCode } from "./errors.codes.form.ts";

export const PUBLISHER_CODES: Readonly<Record<string, ErrorCode>> = {
  "config.issuer": code(
    "usage",
    "A setting of a CI server that the store is to trust is not one, or is missing.",
    "Correct the key that is named; the guide on continuous integration says what each takes.",
  ),
  "publisher.exists": code("conflict", "The app trusts this build job already.", "Nothing is left to do."),
  "publisher.invalid": code(
    "unprocessable",
    "The CI server or the claims of a trusted publisher cannot be taken.",
    "Mend the fields that are named.",
  ),
  "publisher.none": code(
    "conflict",
    "The app trusts no build job, so nobody could upload its versions.",
    "Add a trusted publisher first.",
  ),
  "publisher.not_found": code(
    "not_found",
    "The app has no such trusted publisher.",
    "Look at the list of its trusted publishers.",
  ),
  "publisher.too_many": code(
    "conflict",
    "The app trusts as many build jobs as one can.",
    "Remove those that are not used any more.",
  ),
  "trusted.audience": code(
    "forbidden",
    "The identity token is not meant for this store, or not for it alone.",
    "Ask the CI server for one whose only audience is the store's address.",
  ),
  "trusted.issuer_unknown": code(
    "forbidden",
    "The store does not trust the CI server that made the identity token.",
    "Ask the store's administrator, who names those that it trusts in the setting trusted_issuers.",
  ),
  "trusted.issuer_unreachable": code(
    "unavailable",
    "The CI server's keys cannot be had, so its identity tokens cannot be checked.",
    "Try again in a moment. The store's log says what went wrong.",
  ),
  "trusted.key_unusable": code(
    "forbidden",
    "The key that the CI server publishes for the identity token is malformed, too short, or no public key.",
    "Tell whoever runs the CI server: the fault is there, and the store's log says what is wrong with the key. When it is mended the store takes it within a minute.",
  ),
  "trusted.no_address": code(
    "unavailable",
    "The store's address is not in its configuration, so no identity token can be meant for it.",
    "Its administrator starts it with --public-url.",
  ),
  "trusted.no_publisher": code(
    "forbidden",
    "The app does not trust this build job, or there is no such app.",
    "Compare what the identity token says, which the answer lists, with the app's trusted publishers.",
  ),
  "trusted.replayed": code(
    "forbidden",
    "The identity token was exchanged before.",
    "Ask the CI server for a new one: each is taken once.",
  ),
  "trusted.token_expired": code(
    "forbidden",
    "The identity token has expired, or is more than an hour old.",
    "Ask the CI server for a new one right before it is used; where it makes one when the job begins, submit in a job of its own.",
  ),
  "trusted.token_invalid": code(
    "forbidden",
    "The text is no identity token, or is not signed by a key of its CI server.",
    "Check that it was copied whole, and that it is an identity token and no other one.",
  ),
  "version.trusted_only": code(
    "forbidden",
    "Only trusted publishers upload versions of the app.",
    "Let the build job submit it, or ask an owner to switch that off.",
  ),
};
