/** What whoever runs a store meets on the way to its mail server. */
import { code, type ErrorCode } from "./errors.codes.form.ts";

export const MAIL_CODES: Readonly<Record<string, ErrorCode>> = {
  "config.mail_address": code(
    "usage",
    "Mail is set up, and its links could not say where the store is: it listens on a free port or on every address.",
    "Give --public-url, or an address and a port with --host and --port.",
  ),
  "config.mail_incomplete": code(
    "usage",
    "Only a part of what mail needs is set.",
    "Give --smtp and --mail-from together, and --smtp-password-file where --smtp names a user.",
  ),
  "mail.deferred": code(
    "unavailable",
    "The mail server does not take the mail for now.",
    "Nothing: messages are tried again for three days. What the server says tells what it waits for.",
  ),
  "mail.file": code(
    "unreachable",
    "The file of --smtp-password-file or --smtp-ca cannot be read, or does not hold what it should.",
    "Check the path, and that the user who runs mosis may read the file.",
  ),
  "mail.not_configured": code(
    "conflict",
    "The store has no mail server.",
    "Start it with --smtp and --mail-from; the guide on mail says how.",
  ),
  "mail.recipient": code("invalid", "The text is no address of mail.", "Write one such as ada@example.com."),
  "mail.refused": code(
    "unprocessable",
    "The mail server refuses the mail for good: it knows no such address, or will not carry it.",
    "Look at what it says; correct the address, or let the server take mail of this store.",
  ),
  "mail.sender": code(
    "unreachable",
    "The mail server takes no mail from the sender of --mail-from.",
    "Use a sender that its user may use, or allow this one there.",
  ),
  "mail.sign_in": code(
    "unreachable",
    "The mail server does not take the user's name and password.",
    "Check the user in --smtp and the file of --smtp-password-file.",
  ),
  "mail.tls": code(
    "unreachable",
    "The mail server offers no TLS, or its certificate is not vouched for, or for another name.",
    "Name it as its certificate does, and give a private authority with --smtp-ca. Plain text goes only to this machine itself.",
  ),
  "mail.unreachable": code(
    "unreachable",
    "The mail server cannot be reached, or broke off.",
    "Check the host and the port of --smtp, and what stands between.",
  ),
};
