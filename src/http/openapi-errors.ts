/** The problems of the OpenAPI document: which codes a route can answer with, by what it declares, each with an example. */
import { ERROR_CODES } from "../errors.codes.ts";
import { PROBLEM_KINDS } from "../errors.ts";
import { FINDING_CODES } from "../format/findings.ts";
import { isForVisitors, type Route } from "./route.ts";

type Json = { readonly [key: string]: unknown };

const REQUEST_ID = "3f0c7d0e-5a1b-4c8d-9e2f-7a6b5c4d3e2f";
const PROBLEM_REF = { $ref: "#/components/schemas/Problem" };

/** What is wrong with who calls, on every route that is not for everybody. */
export const CREDENTIAL_CODES = [
  "auth.required",
  "auth.scheme",
  "auth.token_invalid",
  "auth.token_expired",
  "auth.token_revoked",
  "auth.account_disabled",
] as const;

/** Of the codes that a package or request is refused with by its own rules, only those of these tables: `MPK-C*`. */
function expanded(code: string): readonly string[] {
  if (!code.endsWith("*")) return [code];
  return Object.keys(FINDING_CODES).filter((known) => known.startsWith(code.slice(0, -1)));
}

/** Nobody is asked for a key where visitors may ask, but one that is sent has to be right. */
function credentialCodes(route: Route): readonly string[] {
  return isForVisitors(route)
    ? CREDENTIAL_CODES.filter((code) => code !== "auth.required")
    : CREDENTIAL_CODES;
}

function codesOf(route: Route): readonly string[] {
  const { body } = route;
  const isJson = body?.kind === "json";
  return [
    ...new Set([
      ...(route.errors ?? []).flatMap(expanded),
      ...(body ? ["request.media_type", "request.cut_off", "request.too_slow"] : []),
      ...(isJson ? ["request.malformed", "request.too_large"] : []),
      ...(Object.keys(route.params.properties).length > 0 ? ["not_found"] : []),
      ...(route.access === "public"
        ? []
        : [...credentialCodes(route), "rights.forbidden", "factor.required"]),
      ...(route.byDevice
        ? [
            "auth.device_required",
            "auth.scheme",
            "auth.token_invalid",
            "auth.token_expired",
            "auth.token_revoked",
          ]
        : []),
      ...(route.creates ? ["idempotency.key_malformed", "idempotency.key_reused"] : []),
      ...(route.changes ? ["precondition.required", "precondition.failed", "precondition.malformed"] : []),
      ...(route.method === "GET" ? [] : ["storage.full", "storage.failing"]),
      // Parameters that are not known, no host, a token over plain HTTP, and bugs: on every route.
      "request.invalid",
      "request.host",
      "rate.limited",
      "auth.insecure_transport",
      "internal",
    ]),
  ].sort();
}

/** Every documented code of a route with its status. @throws Error for a code that no table has */
export function documentedErrors(route: Route): ReadonlyMap<string, number> {
  return new Map(codesOf(route).map((code) => [code, statusOfCode(code, route.name)]));
}

function statusOfCode(code: string, routeName: string): number {
  if (Object.hasOwn(FINDING_CODES, code)) return PROBLEM_KINDS.unprocessable.status;
  const known = ERROR_CODES[code];
  if (!known) throw new Error(`${routeName} documents ${code}, which is in no table of codes`);
  return PROBLEM_KINDS[known.kinds[0]].status;
}

const HEADERS_OF_STATUS: Readonly<Record<number, readonly string[]>> = {
  401: ["WWW-Authenticate"],
  416: ["Content-Range"],
  429: ["Retry-After"],
  503: ["Retry-After"],
};

/** On every answer of the API, unless the limits are off. */
export const LIMITS = ["RateLimit-Policy", "RateLimit"];

/** A reference to a header of the document's components. */
export function headerRefs(names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

/** Responses with problem documents, one a status. */
export function problemResponses(route: Route): Record<string, Json> {
  const byStatus = new Map<number, string[]>();
  for (const [code, status] of documentedErrors(route)) {
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, codes]) => [status, problemResponse(status, codes)]),
  );
}

function problemResponse(status: number, codes: readonly string[]): Json {
  const explained = codes.filter((code) => Object.hasOwn(ERROR_CODES, code));
  const lines = explained.map((code) => `- \`${code}\`: ${ERROR_CODES[code]?.meaning}`);
  if (explained.length < codes.length) {
    lines.push("- `MPK-…`: A rule of packages is broken; the docs page of errors explains each.");
  }
  return {
    description: lines.join("\n"),
    headers: headerRefs(["X-Request-Id", ...LIMITS, ...(HEADERS_OF_STATUS[status] ?? [])]),
    content: {
      "application/problem+json": {
        schema: {
          allOf: [
            PROBLEM_REF,
            { type: "object", properties: { status: { const: status }, code: { enum: codes } } },
          ],
        },
        examples: Object.fromEntries(
          explained.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
        ),
      },
    },
  };
}

/** An example for each code of the table that a route documents. */
export function problemExamples(routes: readonly Route[], origin: string): Record<string, Json> {
  const codes = new Set(routes.flatMap((route) => [...documentedErrors(route).keys()]));
  return Object.fromEntries(
    [...codes]
      .filter((code) => Object.hasOwn(ERROR_CODES, code))
      .sort()
      .map((code) => [code, problemExample(code, origin)]),
  );
}

function problemExample(code: string, origin: string): Json {
  const known = ERROR_CODES[code];
  if (!known) throw new Error(`there is no code ${code}`);
  const { status, title } = PROBLEM_KINDS[known.kinds[0]];
  return {
    summary: known.remedy,
    value: {
      type: `${origin}/docs/errors#${code}`,
      title,
      status,
      detail: known.meaning,
      code,
      instance: `urn:mosis:request:${REQUEST_ID}`,
      errors: [],
    },
  };
}
