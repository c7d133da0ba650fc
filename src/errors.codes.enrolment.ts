/** What can be met with devices, their enrolment and their tokens, in the store and on the device. */
import { code, type ErrorCode } from "./errors.codes.form.ts";

const ASK = "Ask the store's administrator for another code.";

export const ENROLMENT_CODES: Readonly<Record<string, ErrorCode>> = {
  "auth.device_required": code(
    "unauthenticated",
    "What was asked for is for enrolled devices alone: what a device does itself, and in a restricted store its catalogue and packages.",
    "Enrol the device with a code; programs that only read use an API key of somebody who may.",
  ),
  "device.assertion_invalid": code(
    "unauthenticated",
    "What was sent is not what a device of this store signs to get a token, or the store knows no such device.",
    "Sign as the reference of enrolment says; enrol again if the store was set up anew.",
  ),
  "device.assertion_replayed": code(
    "unauthenticated",
    "The assertion was used for a token already.",
    "Sign anew for each token, with another jti.",
  ),
  "device.assertion_stale": code(
    "unauthenticated",
    "The assertion is of another time than the store's.",
    "Take the store's time from the detail store.time, set the clock, and sign anew.",
  ),
  "device.enrolment_code_expired": code("forbidden", "The time of the enrolment code is over.", ASK),
  "device.enrolment_code_malformed": code(
    ["unprocessable", "usage"],
    "The text is no enrolment code: a character is wrong or missing.",
    "Compare it with what was shown: three groups of five characters.",
  ),
  "device.enrolment_code_revoked": code("forbidden", "The enrolment code was revoked.", ASK),
  "device.enrolment_code_unknown": code(
    "forbidden",
    "The store knows no such enrolment code.",
    "Check that it is this store's code, or ask for another one.",
  ),
  "device.enrolment_code_used": code(
    "forbidden",
    "As many devices have enrolled with the code as it was made for.",
    ASK,
  ),
  "device.enrolment_insecure": code(
    "forbidden",
    "The store's address is plain HTTP on another machine, where others could read codes and tokens.",
    "Set the device up with the store's https address.",
  ),
  "device.enrolment_key": code(
    "unprocessable",
    "The public key is none that a device can enrol with.",
    "Use P-256 or Ed25519, as the DER of a SubjectPublicKeyInfo.",
  ),
  "device.enrolment_link_invalid": code(
    "usage",
    "The text is no enrolment link of a store.",
    "Copy or scan the link as it is shown: it begins with mosis://enrol?",
  ),
  "device.enrolment_needed": code(
    "unauthenticated",
    "The store gives its files to enrolled devices only, and this device has not enrolled.",
    "Ask the store's administrator for a code: “mosis device enrol CODE”.",
  ),
  "device.enrolment_proof": code(
    "unprocessable",
    "The proof was not signed by that key for this store and this code.",
    "Sign as the reference of enrolment says; check the root's digest that the device was set up with.",
  ),
  "device.enrolment_refused": code(
    "unavailable",
    "The store did not answer as a store does that devices enrol with.",
    "Check its address, and that it is as new as this program; the detail has its words.",
  ),
  "device.enrolment_revoked": code(
    "forbidden",
    "The device was revoked in the store: it gets nothing new. What is installed goes on working.",
    "Ask the store's administrator; a device that is to come back enrols with a new key.",
  ),
  "device.enrolment_wait": code(
    "too_many_requests",
    "Too many attempts came from this address.",
    "Try again in some minutes.",
  ),
  "device.invalid": code(
    "unprocessable",
    "What a device is called or says of itself, or the reason of its revocation, cannot be taken.",
    "Mend the fields that are named.",
  ),
  "device.key_unreadable": code(
    "unreachable",
    "The device's own key is gone or cannot be read.",
    "Put it back from a backup, or enrol with --new-key.",
  ),
  "device.not_found": code("not_found", "There is no such device.", "Look at the list of devices."),
  "device.token_forbidden": code(
    "forbidden",
    "The store is restricted, and the token that was given may not read its files.",
    "Take a login or an API key of somebody with the right storefiles.read, or a device that has enrolled.",
  ),
  "device.token_refused": code(
    "unauthenticated",
    "The store does not take the token: it has expired, was revoked, or is none of this store.",
    "Sign in again with mosis login, or make another API key.",
  ),
  "enrolment.invalid": code(
    "unprocessable",
    "The label, the uses, the time or the groups of an enrolment code cannot be taken.",
    "Mend the fields that are named.",
  ),
  "enrolment.not_found": code(
    "not_found",
    "There is no such enrolment code.",
    "Look at the list of enrolment codes.",
  ),
  "enrolment.too_many": code(
    "conflict",
    "The store has as many enrolment codes as it can have that are neither revoked nor expired.",
    "Revoke those that nobody needs any more.",
  ),
};
