/** Which role's entry counts for the path of a target, if any does (TUF 1.0 §5.6.7). */
import { hash } from "node:crypto";
import type { TargetFile, Targets } from "@tufjs/models";
import { type Matcher, matcherOf } from "../catalog/tuf/delegated-paths.ts";

/** Each role that is delegated to, and `targets`; to each one other leads. */
export type Roles = ReadonlyMap<string, Targets>;

export type Lookup = (path: string) => TargetFile | undefined;

/** As of the libraries: `targets`, and 32 that are delegated to. */
const MOST_ROLES = 33;

/** What is asked for: a path, its names between slashes, and the digits of its SHA-256. */
type Asked = { readonly path: string; readonly names: readonly string[]; readonly digits: string };

type NamedRole = NonNullable<NonNullable<Targets["delegations"]>["roles"]>[string];
type Delegation = { readonly role: string; readonly terminating: boolean };

export function lookupIn(roles: Roles): Lookup {
  const delegations = new Map([...roles].map(([name, role]) => [name, delegationsOf(role)]));
  return (path) => {
    const digits = hash("sha256", path, "hex");
    const asked: Asked = { path, names: path.split("/"), digits };
    const waiting = ["targets"];
    for (let visits = 0; visits < MOST_ROLES; visits++) {
      const name = waiting.pop();
      if (name === undefined) break;
      const targets = roles.get(name)?.targets ?? {};
      // A path is what somebody wrote, and may be the name of something that every object has.
      if (Object.hasOwn(targets, path)) return targets[path];
      const found = delegations.get(name)?.(asked) ?? [];
      const last = found.findIndex(({ terminating }) => terminating);
      if (last !== -1) waiting.length = 0;
      const asking = last === -1 ? found : found.slice(0, last + 1);
      waiting.push(...asking.map(({ role }) => role).reverse());
    }
    return undefined;
  };
}

/** In their order, the delegations of a role that a path has. */
function delegationsOf({ delegations }: Targets): (asked: Asked) => readonly Delegation[] {
  const bins = delegations?.succinctRoles;
  if (bins !== undefined) return ({ path }) => [{ role: bins.getRoleForTarget(path), terminating: true }];
  const roles = Object.values(delegations?.roles ?? {}).map((role) => ({
    delegation: { role: role.name, terminating: role.terminating },
    isFor: delegatedBy(role),
  }));
  return (asked) => roles.filter(({ isFor }) => isFor(asked)).map(({ delegation }) => delegation);
}

function delegatedBy({ paths = [], pathHashPrefixes = [] }: NamedRole): (asked: Asked) => boolean {
  const matchers: readonly Matcher[] = paths.map(matcherOf);
  return ({ names, digits }) =>
    matchers.some((matches) => matches(names)) ||
    pathHashPrefixes.some((prefix) => digits.startsWith(prefix));
}
