/** Whose word about build jobs counts: the CI servers that may vouch for trusted publishers, as the configuration has them. Pure. */
import {
  isTable,
  isText,
  type RefuseOf,
  refuseUnknown,
  type Several,
  shown,
  type Table,
  tablesIn,
  textOf,
} from "./config.tables.ts";
import { isSecureUrl } from "./config.values.ts";
import { Problem } from "./errors.ts";

/** What a server's identity tokens say, and how people name its jobs. */
export const ISSUER_KINDS = ["github", "gitlab", "gitea", "oidc"] as const;
export type IssuerKind = (typeof ISSUER_KINDS)[number];

export type TrustedIssuer = {
  /** In trusted publishers: it must never change. */
  readonly id: string;
  readonly kind: IssuerKind;
  /** As people read it. */
  readonly name: string;
  /** Exactly as its identity tokens say it. */
  readonly issuer: string;
  /** What every identity token must say besides, whatever an app's owner asks for. */
  readonly require: Readonly<Record<string, string>>;
  /** PEM of the authorities that vouch for it, in place of the public ones. */
  readonly caFile: string | null;
};

const MOST_ISSUERS = 16;
const MOST_REQUIRED = 10;
const KEYS = ["kind", "name", "issuer", "require", "ca"] as const;
const NAMES: Readonly<Record<IssuerKind, string>> = {
  github: "GitHub",
  gitlab: "GitLab",
  gitea: "Gitea",
  oidc: "CI server",
};
/** Where those that everybody can use say who they are; the others have an address of their own. */
const KNOWN: Readonly<Partial<Record<IssuerKind, string>>> = {
  github: "https://token.actions.githubusercontent.com",
  gitlab: "https://gitlab.com",
};
/** Keys whose files lie where the configuration file is. */
export const ISSUER_PATHS: readonly string[] = ["ca"];

const SEVERAL: Several = {
  setting: "trusted_issuers",
  plural: "issuers",
  most: MOST_ISSUERS,
  example: '{"github": {"kind": "github"}}',
  fault: faulty,
};

/** @throws Problem `config.issuer` */
export function trustedIssuers(text: string): readonly TrustedIssuer[] {
  const found = tablesIn(text, SEVERAL).map(([id, table]) => issuerOf(id, table));
  const twice = found.find(({ issuer }, at) => found.findIndex((other) => other.issuer === issuer) !== at);
  if (twice !== undefined)
    throw faulty(`trusted_issuers.${twice.id}.issuer`, `${twice.issuer} stands in another table already`);
  return found;
}

function issuerOf(id: string, table: Table): TrustedIssuer {
  const place = `trusted_issuers.${id}`;
  const refuse: RefuseOf<(typeof KEYS)[number]> = (key, expected) =>
    faulty(`${place}.${key}`, `${expected} is expected; found ${shown(table[key])}`);
  refuseUnknown(table, KEYS, place, faulty);
  const kind = ISSUER_KINDS.find((each) => each === table.kind);
  if (kind === undefined) throw refuse("kind", ISSUER_KINDS.join(", ").replace(/, (?=\w+$)/, " or "));
  const issuer = table.issuer ?? KNOWN[kind];
  if (typeof issuer !== "string" || issuer.length > 300 || !isSecureUrl(issuer))
    throw refuse(
      "issuer",
      "the issuer's address, exactly as its identity tokens say it, https:// (or http:// on this machine), without a query,",
    );
  const name = textOf(table, "name", refuse) ?? NAMES[kind];
  const caFile = textOf(table, "ca", refuse);
  return {
    id,
    kind,
    issuer,
    name,
    require: requiredOf(table.require, () => refuse("require", REQUIRE_EXPECTED)),
    caFile,
  };
}

/**
 * Names of the language's own, such as `constructor`, are claims like any other. The one by which programs of many languages
 * reach something else than a member is none: a condition that one of them loses would trust more than was said.
 */
export function isClaimName(text: string): boolean {
  return /^[A-Za-z0-9_.:/-]{1,100}$/.test(text) && text !== "__proto__";
}

const REQUIRE_EXPECTED = `a table of at most ${MOST_REQUIRED} claims with the text that each must be, such as { repository_owner = "example" },`;

function requiredOf(value: unknown, refused: () => Problem): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (!isTable(value)) throw refused();
  const entries = Object.entries(value);
  const isRight = entries.every(([name, each]) => isClaimName(name) && isText(each));
  if (!isRight || entries.length > MOST_REQUIRED) throw refused();
  return Object.fromEntries(entries) as Record<string, string>;
}

function faulty(place: string, expected: string): Problem {
  return new Problem("usage", "config.issuer", `${place}: ${expected}.`);
}
