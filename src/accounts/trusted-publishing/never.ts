/**
 * What no identity token of such a server says: an owner who asks for it would trust a job that never comes, and hear of it
 * in the first release alone. Pure.
 */

import type { TrustedIssuer } from "../../config.issuers.ts";
import { say, sayList, type Words } from "../../say.ts";
import { isOfRequest, isSameClaim, RULES, WORKFLOW } from "./conditions.ts";

/** What to say in its place; null: a token may well say it. */
export function neverSaid(issuer: TrustedIssuer, name: string, value: string): Words | null {
  const { kind } = issuer;
  const required = Object.hasOwn(issuer.require, name) ? issuer.require[name] : undefined;
  if (required !== undefined && !isSameClaim(kind, name, required, value))
    return say`${notAsRequired(issuer, [name])} Leave it out here: it is asked of every job.`;
  if (kind === "oidc") return null;
  if (isOfRequest({ [name]: value }))
    return say`${name} is of a pull or merge request there, and such runs never count: say a branch or a tag.`;
  const { begun } = RULES[kind];
  if (name === begun?.claim && !begun.by.includes(value))
    return say`Runs with ${name} = ${value} never count, since others than those who may push begin them. It can be ${sayList(begun.by)}.`;
  return kind === "gitlab" ? neverAtGitLab(name, value) : neverAtForge(name, value);
}

/**
 * That claims are not as the administrator asks of every job: which, so that a slip is found, and never what each has to be. Who
 * asks may be a stranger with a token of a server that anybody can use.
 */
export function notAsRequired({ name }: TrustedIssuer, claims: readonly string[]): Words {
  return claims.length > 1
    ? say`This store takes none of ${name} unless ${sayList(claims)} are as its administrator says.`
    : say`This store takes none of ${name} unless ${sayList(claims)} is as its administrator says.`;
}

function neverAtForge(name: string, value: string): Words | null {
  if (name === "repository" && !/^[^\s/:]+\/[^\s/:]+$/.test(value))
    return say`repository is its owner and its name as in example/notes, and no address.`;
  if (name === WORKFLOW && /^\/?\.(?:github|gitea|forgejo)\//.test(value))
    return say`${WORKFLOW} is the name of the file alone, such as release.yml, without the folder that all of them are in.`;
  if (name === "ref" && !value.startsWith("refs/"))
    return say`ref is the whole name of a branch or tag, such as refs/heads/main or refs/tags/v1.`;
  return null;
}

function neverAtGitLab(name: string, value: string): Words | null {
  if (name === "project_path" && !/^[^\s/:]+(?:\/[^\s/:]+)+$/.test(value))
    return say`project_path is the groups and the name as in example/notes, and no address.`;
  if (name === "ref" && /^refs\/(?:heads|tags)\//.test(value))
    return say`ref is the name of a branch or tag alone, such as main: GitLab's tokens have no refs/heads/ before it.`;
  return null;
}
