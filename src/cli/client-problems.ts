/** What can go wrong between this machine and a store, as Problems with words that help. */
import { describeError, PROBLEM_KINDS, Problem, type ProblemDetail, type ProblemKind } from "../errors.ts";

/** Kinds that an HTTP status may mean; of two with one status, the one that a server means. */
const KIND_BY_STATUS: ReadonlyMap<number, ProblemKind> = new Map(
  (Object.keys(PROBLEM_KINDS) as ProblemKind[])
    .filter((kind) => kind !== "usage")
    .map((kind) => [PROBLEM_KINDS[kind].status, kind]),
);

/** The Problem of a problem document, null when it is none. Unknown statuses count by their class. */
export function problemOfAnswer(response: Response, json: unknown): Problem | null {
  const mediaType = response.headers.get("content-type")?.split(";")[0]?.trim();
  if (mediaType !== "application/problem+json" || typeof json !== "object" || json === null) return null;
  const document = json as Readonly<Record<string, unknown>>;
  const { code, detail, title, instance, errors } = document;
  if (typeof code !== "string") return null;
  const kind = KIND_BY_STATUS.get(response.status) ?? (response.status >= 500 ? "internal" : "invalid");
  const words =
    typeof detail === "string" ? detail : typeof title === "string" ? title : PROBLEM_KINDS[kind].title;
  // An error of the server's own is found in its log by this id.
  const id = kind === "internal" && typeof instance === "string" ? ` (${instance})` : "";
  return new Problem(kind, code, `${words}${id}`, Array.isArray(errors) ? errors.flatMap(detailOf) : []);
}

const OAUTH_ERRORS = ["authorization_pending", "slow_down", "access_denied", "expired_token"];

/** The Problem of an error of OAuth (RFC 6749 §5.2) that a waiting program meets; null for any other answer. */
export function oauthProblem(response: Response, json: unknown): Problem | null {
  if (response.status !== 400 || typeof json !== "object" || json === null || !("error" in json)) return null;
  const { error } = json;
  if (typeof error !== "string" || !OAUTH_ERRORS.includes(error)) return null;
  const words = "error_description" in json ? json.error_description : null;
  return new Problem("forbidden", `login.${error}`, typeof words === "string" ? words : error);
}

function detailOf(value: unknown): ProblemDetail[] {
  if (typeof value !== "object" || value === null) return [];
  const { code, message, pointer, entry, offset, found, expected } = value as Readonly<
    Record<string, unknown>
  >;
  if (typeof code !== "string" || typeof message !== "string") return [];
  return [
    {
      code,
      message,
      ...(typeof pointer === "string" ? { pointer } : {}),
      ...(typeof entry === "string" ? { entry } : {}),
      ...(typeof offset === "number" ? { offset } : {}),
      ...(typeof found === "string" ? { found } : {}),
      ...(typeof expected === "string" ? { expected } : {}),
    },
  ];
}

type Rule = {
  readonly codes: RegExp;
  readonly code: string;
  readonly say: (origin: string, nameCa: string) => string;
};

/** The runtime's codes → ours. The first that matches counts. */
const RULES: readonly Rule[] = [
  {
    codes: /^(?:ENOTFOUND|EAI_\w+|DNS_\w+)$/,
    code: "client.unknown_host",
    say: (origin) => `There is no machine of the name in ${origin}. Check the address and the network.`,
  },
  {
    codes: /^(?:ECONNREFUSED|ConnectionRefused)$/,
    code: "client.refused",
    say: (origin) => `Nothing listens at ${origin}. Check the address and the port, and that the store runs.`,
  },
  {
    codes: /^CERT_HAS_EXPIRED$/,
    code: "client.tls_untrusted",
    say: (origin) => `The TLS certificate of ${origin} has expired. Its administrator has to renew it.`,
  },
  {
    codes: /ALTNAME|HOSTNAME/,
    code: "client.tls_untrusted",
    say: (origin) =>
      `The TLS certificate of ${origin} is for another name. Use the name that the certificate has.`,
  },
  {
    codes: /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)|CERT_|UNTRUSTED/,
    code: "client.tls_untrusted",
    say: (origin, nameCa) =>
      `The TLS certificate of ${origin} comes from nobody that this machine trusts. If it is your company's, name its CA: ${nameCa}.`,
  },
  {
    codes: /^(?:EPROTO|ERR_SSL_\w+|ERR_TLS_\w+)$/,
    code: "client.tls_failed",
    say: (origin) =>
      `No TLS connection to ${origin} could be made. Does the store speak https:// on this port?`,
  },
  {
    codes: /^(?:EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/,
    code: "client.no_route",
    say: (origin) => `There is no way to ${origin} from here. Check the network.`,
  },
];

/** An error that fetch threw. @param nameCa How whoever reads it names the authority of a certificate. */
export function connectionProblem(
  error: unknown,
  origin: string,
  timedOut: boolean,
  nameCa = "--store-ca PEM",
): Problem {
  if (timedOut) {
    return new Problem(
      "unreachable",
      "client.timeout",
      `${origin} did not answer in time. Try again later.`,
      [],
      { cause: error },
    );
  }
  const own = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  const rule = RULES.find(({ codes }) => codes.test(own));
  if (rule !== undefined)
    return new Problem("unreachable", rule.code, rule.say(origin, nameCa), [], { cause: error });
  return new Problem(
    "unreachable",
    "client.connection_lost",
    `The connection to ${origin} broke (${own || describeError(error)}). Try again; nothing is done twice.`,
    [],
    { cause: error },
  );
}

const NOT_RETRIED = new Set(["client.tls_untrusted", "client.tls_failed", "client.unknown_host"]);

/** False for what will not go away in a few seconds. */
export function isWorthRetrying(problem: Problem): boolean {
  return !NOT_RETRIED.has(problem.code);
}
