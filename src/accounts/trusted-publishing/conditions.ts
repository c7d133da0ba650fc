/**
 * What a build job must be to count as a trusted publisher: claims of its identity token that are equal to what the app's
 * owner said. Pure.
 */
import type { IssuerKind } from "../../config.issuers.ts";
import type { JsonObject } from "../../signing/json.ts";

/** Claims as texts; numbers and truth values are compared as they are written. */
export type Conditions = Readonly<Record<string, string>>;

type Rules = {
  /** One of these must be asked for: without it every job of the whole server would do. */
  readonly whose: readonly string[];
  /** Numbers that never change and are never given again: names can be. */
  readonly pinned: readonly string[];
  /** Names that the server tells apart without their case. */
  readonly caseless: readonly string[];
  /**
   * What may begin a run: what only those do who may push. Any other may be a stranger's, with code of theirs or before it was
   * reviewed: pull requests and what is said of them, comments, the end of another run, and what servers come to know later.
   */
  readonly begun: { readonly claim: string; readonly by: readonly string[] } | null;
};

const FORGE = {
  whose: ["repository", "repository_id"],
  pinned: ["repository_id", "repository_owner_id"],
  caseless: ["repository", "repository_owner"],
  begun: {
    claim: "event_name",
    by: ["push", "create", "release", "workflow_dispatch", "repository_dispatch", "schedule"],
  },
} as const satisfies Rules;

export const RULES: Readonly<Record<IssuerKind, Rules>> = {
  github: FORGE,
  gitea: FORGE,
  gitlab: {
    whose: ["project_path", "project_id"],
    pinned: ["project_id", "namespace_id"],
    caseless: ["project_path", "namespace_path"],
    begun: {
      claim: "pipeline_source",
      by: ["push", "web", "webide", "api", "trigger", "schedule", "chat", "pipeline", "parent_pipeline"],
    },
  },
  oidc: { whose: [], pinned: [], caseless: [], begun: null },
};

/** What each token has of its own, and what is judged of every token: nobody asks for it. */
export const OF_EVERY_TOKEN: readonly string[] = ["iss", "aud", "exp", "iat", "nbf", "jti"];

/** Of the file in which the job is described, without its version: the server's own claim holds both. */
export const WORKFLOW = "workflow_file";

/** Up to the last place where a version may begin: a file's name can hold what looks like one. */
const WORKFLOW_REF: Readonly<Record<Exclude<IssuerKind, "oidc">, readonly [claim: string, form: RegExp]>> = {
  github: ["workflow_ref", /^[^/]+\/[^/]+\/\.github\/workflows\/(.+)@(?:refs\/|[0-9a-f]{40,64}$)/],
  gitea: [
    "workflow_ref",
    /^[^/]+\/[^/]+\/\.(?:gitea|forgejo|github)\/workflows\/(.+)@(?:refs\/|[0-9a-f]{40,64}$)/,
  ],
  gitlab: ["ci_config_ref_uri", /^[^/]+\/.+?\/\/(.+)@refs\//],
};

/** A claim of the token as a text; undefined where it has none, or one that is no plain value. */
export function claimOf(kind: IssuerKind, claims: JsonObject, name: string): string | undefined {
  if (name === WORKFLOW && kind !== "oidc") return workflowOf(kind, claims);
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

/** Only of a file that lies where the job runs: what another repository shares is not the owner's. */
function workflowOf(kind: Exclude<IssuerKind, "oidc">, claims: JsonObject): string | undefined {
  const [claim, form] = WORKFLOW_REF[kind];
  const ref = claims[claim];
  const home = claims[kind === "gitlab" ? "project_path" : "repository"];
  if (typeof ref !== "string" || typeof home !== "string") return undefined;
  const isHome = kind === "gitlab" ? isAtServer(ref, home, claims.iss) : ref.startsWith(`${home}/`);
  return isHome ? form.exec(ref)?.[1] : undefined;
}

/** Whether nothing but the server's name, or its whole address, stands before the project: not another group. */
function isAtServer(ref: string, home: string, issuer: unknown): boolean {
  const project = ref.split("//")[0] ?? "";
  if (!project.endsWith(`/${home}`)) return false;
  const server = project.slice(0, -home.length - 1);
  const { host = "", pathname = "" } = (typeof issuer === "string" && URL.parse(issuer)) || {};
  return !server.includes("/") || server === `${host}${pathname.replace(/\/$/, "")}`;
}

/** What people call it: what it is trusted by, in few words. */
export function publisherName({
  issuerId,
  claims,
}: {
  readonly issuerId: string;
  readonly claims: Conditions;
}): string {
  const { repository, project_path, sub } = claims;
  const [first] = Object.entries(claims);
  const whose = repository ?? project_path ?? sub ?? (first === undefined ? "" : `${first[0]} = ${first[1]}`);
  return (
    [whose, claims[WORKFLOW], claims.environment].filter((part) => part !== undefined).join(" · ") || issuerId
  );
}

export type Candidate = {
  readonly id: string;
  readonly claims: Conditions;
  /** What was pinned at its first use; null before. */
  readonly pinned: Conditions | null;
};

export type Match<C extends Candidate> =
  /** `pins`: what its next uses are held to. */
  | { readonly is: "publisher"; readonly publisher: C; readonly pins: Conditions }
  /** Its names are right, and the thing behind them is another than at its first use. */
  | { readonly is: "another"; readonly publisher: C; readonly found: Conditions }
  | { readonly is: "none" };

/**
 * Which of an app's publishers a token is of.
 * @param required What the administrator asks of every token of this issuer.
 */
export function decideMatch<C extends Candidate>(
  kind: IssuerKind,
  required: Conditions,
  candidates: readonly C[],
  claims: JsonObject,
): Match<C> {
  if (isBegunByStrangers(kind, claims) || !meets(kind, required, claims)) return { is: "none" };
  const pins = pinsOf(kind, claims);
  const named = candidates.filter((candidate) => meets(kind, candidate.claims, claims));
  const right = named.find(({ pinned }) => pinned === null || isSame(pinned, pins));
  if (right !== undefined) return { is: "publisher", publisher: right, pins: right.pinned ?? pins };
  const [publisher] = named;
  return publisher === undefined ? { is: "none" } : { is: "another", publisher, found: pins };
}

/** Whatever is asked for: a run of such a kind publishes nothing. */
export function isBegunByStrangers(kind: IssuerKind, claims: JsonObject): boolean {
  const { begun } = RULES[kind];
  if (begun === null) return false;
  const found = claimOf(kind, claims, begun.claim);
  return found === undefined || !begun.by.includes(found) || isOfRequest(claims);
}

/** A pipeline that such a run began says itself where its code is from. */
export function isOfRequest(claims: JsonObject): boolean {
  const named = ["ref", "ref_path", "workflow_ref", "job_workflow_ref", "ci_config_ref_uri"];
  return named.some((name) => /(?:^|@)refs\/(?:pull|merge-requests)\//.test(String(claims[name])));
}

/** Which claims of those that the administrator asks of every job are not so. */
export function lacks(kind: IssuerKind, required: Conditions, claims: JsonObject): readonly string[] {
  return Object.keys(required).filter((name) => !meets(kind, { [name]: required[name] ?? "" }, claims));
}

export function isSameClaim(kind: IssuerKind, name: string, one: string, other: string): boolean {
  return RULES[kind].caseless.includes(name) ? one.toLowerCase() === other.toLowerCase() : one === other;
}

function meets(kind: IssuerKind, conditions: Conditions, claims: JsonObject): boolean {
  return Object.entries(conditions).every(([name, expected]) => {
    const found = claimOf(kind, claims, name);
    return found !== undefined && isSameClaim(kind, name, found, expected);
  });
}

function pinsOf(kind: IssuerKind, claims: JsonObject): Conditions {
  return Object.fromEntries(
    RULES[kind].pinned.flatMap((name) => {
      const found = claimOf(kind, claims, name);
      return found === undefined ? [] : [[name, found]];
    }),
  );
}

/** What was pinned must still be said, and be the same. */
function isSame(pinned: Conditions, found: Conditions): boolean {
  return Object.entries(pinned).every(([name, value]) => found[name] === value);
}
