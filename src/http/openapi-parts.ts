/** What stands once in the OpenAPI document: its introduction, tags, headers and header parameters. */

export const INTRODUCTION = `JSON over HTTPS.

**Errors** are problem documents (RFC 9457) with a stable \`code\`, which the docs page of errors explains, and an
\`instance\` whose id is also in the store's log and in \`X-Request-Id\`.

**Lists** are paged: \`limit\` says how many items, \`nextCursor\` is the \`cursor\` of the next page and null on the last.
Cursors are opaque and belong to the list that gave them.

**Calls that create** something take an \`Idempotency-Key\`: the same call with the same key within two days gives what
the first one made, with \`Idempotency-Replayed: true\`.

**Calls that change** something need \`If-Match\` with the ETag that was seen; without one the answer is 428, and 412 when
it was changed since: in the 412's \`errors\` the one with the code \`precondition.present\` has as \`expected\` the tag of
the state that is there by now, which \`If-Match\` takes once you have looked at it. Those that revoke, lift or set a lowest version need the \`scope\` of their preview in its place:
without it the answer is 428 too, and 409 when the act would concern something else by then.

**Reading** takes \`If-None-Match\` and answers 304. Every GET may be a HEAD, and OPTIONS says what an address takes.

Unknown members of a body and unknown parameters are refused, so that a misspelt one is not silently ignored.`;

export const TAGS: Readonly<Record<string, string>> = {
  Store: "The store itself, and who one is there.",
  Apps: "An app is an id that belongs to an organisation.",
  Versions: "Every accepted upload is a version, with a state.",
  "Uploads in parts":
    "Packages that are sent over as many connections as it takes, by the tus protocol: a cut one goes on where it was.",
  "Developer keys": "Keys that sign packages; the private halves never leave the developer's machine.",
  Review: "What a reviewer sees and decides.",
  Revocation:
    "What devices must not have any more, for administrators: each act is looked at first, then confirmed.",
  Organisations: "Who owns apps, who is in an organisation, and who is invited into it.",
  Transfers: "Apps that are given to another organisation: one offers, the other accepts.",
  Accounts: "People: their role in the store, invitations, and their sessions.",
  Groups: "Named groups of people and devices.",
  "Trusted publishing":
    "Build jobs that upload versions of an app with the identity that their CI server gives them, and without a key.",
  Catalogue:
    "The apps in the store that one may see: without a key what a visitor of its pages sees, with one what is for who it is of.",
  Ratings: "What those who have an app say of it, and what its developers answer.",
  Reports: "What people report of apps and of ratings, and what is done about it.",
  "Store front": "What an administrator arranges for those who look into the store.",
  Devices: "Devices that have enrolled, the codes with which they do, and what they ask themselves.",
  "API keys": "What machines and scripts act with: made, rotated, revoked, and ended when one leaks.",
  "Sign-in of programs": "A program shows a code, a person lets it in at another screen (RFC 8628).",
  "Audit log": "Who changed what: entries that are only added, each bound to the one before by its hash.",
  Jobs: "What the store does by itself, for administrators.",
};

const TEXT = { type: "string" };
const BYTE_COUNT = { type: "integer", minimum: 0 };

const header = <Example>(
  name: string,
  required: boolean,
  description: string,
  schema: object,
  example: Example,
) => ({
  name,
  in: "header",
  required,
  description,
  schema,
  example,
});

export const PARAMETERS = {
  IdempotencyKey: header(
    "Idempotency-Key",
    false,
    "1 to 128 visible characters. The same key with the same request gives the same resource again.",
    { type: "string", pattern: "^[!-~]{1,128}$" },
    "0b1c7f6e-52a4-4f0e-9b39-6f4f1f6a2d11",
  ),
  IfMatch: header(
    "If-Match",
    true,
    'The ETag of the state that was seen, several with commas between them, or `*` for any. Its revision is compared, and is enough: `"3"`.',
    TEXT,
    '"3-5d41402abc4b2a76"',
  ),
  IfNoneMatch: header(
    "If-None-Match",
    false,
    "ETags that are known: one of them still being right is answered with 304.",
    TEXT,
    '"3-5d41402abc4b2a76"',
  ),
  Range: header("Range", false, "One range of bytes (RFC 9110 §14).", TEXT, "bytes=0-1023"),
  TusResumable: header(
    "Tus-Resumable",
    true,
    "The version of the tus protocol.",
    { const: "1.0.0" },
    "1.0.0",
  ),
  UploadLength: header("Upload-Length", true, "Bytes of the whole file.", BYTE_COUNT, 1_048_576),
  UploadOffset: header("Upload-Offset", true, "Where these bytes begin in the file.", BYTE_COUNT, 524_288),
  UploadMetadata: header(
    "Upload-Metadata",
    false,
    "Pairs of a key and a value in Base64, with commas between them; of `filename` the name is kept.",
    TEXT,
    "filename bm90ZXMubW9zaXM=",
  ),
  LastEventId: header(
    "Last-Event-ID",
    false,
    "The id of the last event that came: the stream begins with the present state unless it is that one.",
    TEXT,
    "5d41402abc4b2a76",
  ),
  IfRange: header("If-Range", false, "The ETag that the range belongs to.", TEXT, '"9f86d081884c7d65"'),
};

export const HEADERS = {
  "X-Request-Id": {
    description: "The id of the request, in the store's log and in the problem document too.",
    schema: { type: "string", format: "uuid" },
  },
  ETag: {
    description: "Of exactly this answer; begins with the revision where there is one.",
    schema: TEXT,
  },
  Location: {
    description: "Where to read what was made.",
    schema: { type: "string", format: "uri-reference" },
  },
  "Idempotency-Replayed": {
    description: "`true` when the Idempotency-Key was used before: this repeats an earlier answer.",
    schema: { type: "string", const: "true" },
  },
  "RateLimit-Policy": {
    description:
      "The limits that the request counts against, as draft-ietf-httpapi-ratelimit-headers-11 says it: `q` requests in `w` seconds.",
    schema: TEXT,
  },
  RateLimit: {
    description: "Of each of these limits: `r` requests are left, and in `t` seconds there is one more.",
    schema: TEXT,
  },
  "Retry-After": {
    description: "Seconds after which to try again.",
    schema: { type: "integer", minimum: 1 },
  },
  "WWW-Authenticate": { description: "RFC 6750.", schema: TEXT },
  "Accept-Ranges": { description: "Range is taken.", schema: { type: "string", const: "bytes" } },
  "Content-Range": { description: "Which bytes of how many these are.", schema: TEXT },
  "Tus-Resumable": { description: "The version of the tus protocol.", schema: { const: "1.0.0" } },
  "Upload-Offset": { description: "So many bytes were received.", schema: BYTE_COUNT },
  "Upload-Length": { description: "Bytes of the whole file.", schema: BYTE_COUNT },
  "Upload-Expires": { description: "When it is removed, unless it is a version by then.", schema: TEXT },
};

/** Headers that some calls read, or answer with, beside those of every call of their kind. */
export type RequestHeader =
  | "LastEventId"
  | "TusResumable"
  | "UploadLength"
  | "UploadOffset"
  | "UploadMetadata";
export type ReplyHeader = "Tus-Resumable" | "Upload-Offset" | "Upload-Length" | "Upload-Expires";
