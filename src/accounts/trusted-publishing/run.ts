/** Which run of which job a token is of, for people: what stands at a version, and in the audit log. Pure. */
import type { IssuerKind, TrustedIssuer } from "../../config.issuers.ts";
import type { PublisherRun } from "../../db/publisher-run.ts";
import type { JsonObject } from "../../signing/json.ts";
import { harmless } from "../said.ts";
import { claimOf, WORKFLOW } from "./conditions.ts";

export type { PublisherRun };

const CHARACTERS = 200;
const PATH = /^(?!\.+(?:\/|$))[\w.-]+(?:\/(?!\.+(?:\/|$))[\w.-]+){1,20}$/;
const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const NUMBER = /^\d{1,20}$/;

export function runOf(
  { kind, name, issuer }: Omit<TrustedIssuer, "id" | "require" | "caFile">,
  claims: JsonObject,
): PublisherRun {
  const said = (claim: string): string | null => {
    const found = claimOf(kind, claims, claim);
    return found === undefined || found === "" ? null : harmless(found).slice(0, CHARACTERS);
  };
  const numbers = NUMBERS[kind];
  const repository = said(kind === "gitlab" ? "project_path" : "repository");
  const commit = said("sha");
  const run = numbers === null ? null : said(numbers.claim);
  // Only what has the form of one becomes a link, and only to the server that vouches for it.
  const repositoryUrl = repository !== null && PATH.test(repository) ? webOf(kind, issuer, repository) : null;
  const below = (part: string, id: string | null, form: RegExp): string | null =>
    repositoryUrl !== null && id !== null && form.test(id) ? `${repositoryUrl}${part}${id}` : null;
  return {
    kind,
    issuerName: name,
    issuer,
    subject: said("sub") ?? "",
    repository,
    repositoryUrl,
    commit,
    commitUrl: below(kind === "gitlab" ? "/-/commit/" : "/commit/", commit, COMMIT),
    ref: said("ref"),
    workflow: said(WORKFLOW),
    environment: said("environment"),
    run,
    runUrl: numbers === null ? null : below(numbers.path, said(numbers.inAddress), NUMBER),
  };
}

/** Gitea counts the runs of a repository, and has that number in its addresses. */
const NUMBERS: Readonly<
  Record<IssuerKind, { readonly claim: string; readonly inAddress: string; readonly path: string } | null>
> = {
  github: { claim: "run_id", inAddress: "run_id", path: "/actions/runs/" },
  gitea: { claim: "run_number", inAddress: "run_number", path: "/actions/runs/" },
  gitlab: { claim: "job_id", inAddress: "job_id", path: "/-/jobs/" },
  oidc: null,
};

function webOf(kind: IssuerKind, issuer: string, repository: string): string | null {
  if (kind === "oidc") return null;
  const { origin, hostname, pathname } = new URL(issuer);
  if (hostname === "token.actions.githubusercontent.com") return `https://github.com/${repository}`;
  if (kind === "github" && hostname.startsWith("token.actions."))
    return `https://${hostname.slice("token.actions.".length)}/${repository}`;
  // A server of one's own may lie below a path; what its tokens' issuer has after that is the same everywhere.
  const base = pathname.replace(/\/+$/, "").replace(/\/(?:_services\/token|api\/actions)$/, "");
  return `${origin}${base}/${repository}`;
}
