/** What can be met on the way to an organisation of one's own. */
import { code, type ErrorCode } from "./errors.codes.form.ts";

export const ORGANISATION_CODES: Readonly<Record<string, ErrorCode>> = {
  "organisation.makers": code(
    "forbidden",
    "In this store administrators alone make organisations: its setting `organisation_makers` says so.",
    "Ask for one, on your dashboard or with PUT /api/v1/me/organisation-request; or have an owner of one invite you.",
  ),
  "organisation.too_many": code(
    "conflict",
    "Who makes it has made three organisations already, as many as one makes by oneself, whoever owns them now.",
    "Ask an administrator for another one, on the page of your account or with PUT /api/v1/me/organisation-request.",
  ),
  "organisation.unproven": code(
    "forbidden",
    "Who makes it has not proven their address.",
    "Prove it on the page of your account, then make the organisation.",
  ),
  "organisation_request.closed": code(
    "conflict",
    "The request for an organisation was decided already, or taken back by who asked.",
    "Read it again: nothing is left to be done.",
  ),
  "organisation_request.not_found": code(
    "not_found",
    "There is no such request for an organisation, or none of one’s own that waits.",
    "Look at the list of requests; of one’s own, ask first.",
  ),
  "organisation.names_tried": code(
    "too_many_requests",
    "Who asks has tried many names that other organisations have, so that nothing more is told of names for a while.",
    "Wait as long as Retry-After says, and take a name that is one's own.",
  ),
  "organisation_request.too_many": code(
    "too_many_requests",
    "The person asked for five organisations within a day.",
    "Wait as long as Retry-After says. While a request waits, what it says can be changed.",
  ),
};
