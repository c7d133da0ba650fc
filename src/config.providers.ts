/** Who may vouch for people in the place of a password: outside identity providers, as the configuration has them. Pure. */
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
import { DOMAIN, isSecureUrl } from "./config.values.ts";
import { Problem } from "./errors.ts";
import { isId } from "./ids.ts";
import { ORGANISATION_ROLES, type OrganisationRole, STORE_ROLES, type StoreRole } from "./roles.ts";

/** What members of a group may do, in the store or in an organisation. */
export type GroupGrant =
  | { readonly group: string; readonly storeRole: StoreRole }
  | {
      readonly group: string;
      readonly organisation: string;
      readonly role: OrganisationRole;
    };

export type Provider = {
  /** In addresses and in the table of identities: it must never change. */
  readonly id: string;
  /** On the button. */
  readonly name: string;
  /** `google` is an OpenID Connect provider with a known address; `github` speaks plain OAuth 2.0. */
  readonly kind: "oidc" | "google" | "github";
  /** The issuer as its identity tokens have it; of `github` the address of the server. No slash is added or taken. */
  readonly issuer: string;
  readonly clientId: string;
  /** null: a public client, which PKCE alone protects. */
  readonly clientSecretFile: string | null;
  readonly scopes: string;
  /** Sent as it is, where the provider gives refresh tokens only when it is asked to ask. */
  readonly prompt: string | null;
  /** Whether people who come with it may get an account, as far as the mode of signing up lets them. */
  readonly accounts: boolean;
  /** Only addresses in these domains are taken; empty: any. */
  readonly domains: readonly string[];
  readonly groupsClaim: string;
  readonly groups: readonly GroupGrant[];
  /** Values of `amr` or `acr` that tell of a second factor; empty: none of its sign-ins counts as one. */
  readonly secondFactor: readonly string[];
  /** PEM of the authorities that vouch for it, in place of the public ones. */
  readonly caFile: string | null;
};

const GOOGLE_ISSUER = "https://accounts.google.com";
const GITHUB_ADDRESS = "https://github.com";
const MOST_PROVIDERS = 16;
const MOST_GROUPS = 500;
const KINDS = ["oidc", "google", "github"] as const;
type Refuse = RefuseOf<Key>;

const SEVERAL: Several = {
  setting: "providers",
  plural: "providers",
  most: MOST_PROVIDERS,
  example: '{"keycloak": {"kind": "oidc", "issuer": "https://…", "client_id": "mosis"}}',
  fault: faulty,
};

/** @throws Problem `config.provider` */
export function providers(text: string): readonly Provider[] {
  return tablesIn(text, SEVERAL).map(([id, table]) => provider(id, table));
}

function provider(id: string, table: Table): Provider {
  const refuse: Refuse = (key, expected) =>
    faulty(`providers.${id}.${key}`, `${expected} is expected; found ${shown(table[key])}`);
  refuseUnknown(table, KEYS, `providers.${id}`, faulty);
  const kind = KINDS.find((each) => each === table.kind);
  if (kind === undefined) throw refuse("kind", "oidc, google or github");
  const secretFile = textOf(table, "client_secret_file", refuse);
  // GitHub and Google know no public clients for what runs on a server.
  if (secretFile === null && kind !== "oidc")
    throw refuse("client_secret_file", "the file with the client's secret");
  const clientId = textOf(table, "client_id", refuse);
  if (clientId === null) throw refuse("client_id", "the id that the provider gave to this store");
  const groups = groupsOf(id, table, refuse);
  if (groups.length > 0 && kind === "google")
    throw refuse("groups", "nothing (Google tells no groups when people sign in)");
  return {
    id,
    kind,
    name: textOf(table, "name", refuse) ?? NAMES[kind],
    issuer: issuerOf(kind, table, refuse),
    clientId,
    clientSecretFile: secretFile,
    scopes: scopesOf(kind, groups, table, refuse),
    prompt: textOf(table, "prompt", refuse),
    accounts: truthOf(table, "accounts", refuse),
    domains: textsOf(
      table,
      "domains",
      refuse,
      (domain) => DOMAIN.test(domain),
      "domains such as example.com",
    ),
    groupsClaim: textOf(table, "groups_claim", refuse) ?? "groups",
    groups,
    secondFactor: textsOf(table, "second_factor", refuse, () => true, 'values of amr or acr such as "mfa"'),
    caFile: textOf(table, "ca", refuse),
  };
}

const KEYS = [
  "kind",
  "name",
  "issuer",
  "client_id",
  "client_secret_file",
  "scopes",
  "prompt",
  "accounts",
  "domains",
  "groups_claim",
  "groups",
  "second_factor",
  "ca",
] as const;
type Key = (typeof KEYS)[number];

const NAMES = { oidc: "Single sign-on", google: "Google", github: "GitHub" } as const;

/** Those whose files lie where the configuration file is. */
export const PROVIDER_PATHS: readonly Key[] = ["client_secret_file", "ca"];

function issuerOf(kind: Provider["kind"], table: Table, refuse: Refuse): string {
  const given = textOf(table, "issuer", refuse);
  if (kind === "google") {
    if (given !== null && given !== GOOGLE_ISSUER) throw refuse("issuer", `${GOOGLE_ISSUER}, or nothing,`);
    return GOOGLE_ISSUER;
  }
  if (given === null && kind === "github") return GITHUB_ADDRESS;
  if (given === null || !isSecureUrl(given) || (kind === "github" && new URL(given).pathname !== "/"))
    throw refuse("issuer", kind === "github" ? GITHUB_EXPECTED : ISSUER_EXPECTED);
  return kind === "github" ? new URL(given).origin : given;
}

const ISSUER_EXPECTED =
  "the issuer's address, exactly as the provider says it, https:// (or http:// on this machine), without a query,";
const GITHUB_EXPECTED = "the address of a GitHub Enterprise server such as https://github.example.com";

function scopesOf(
  kind: Provider["kind"],
  groups: readonly GroupGrant[],
  table: Table,
  refuse: Refuse,
): string {
  const given = textOf(table, "scopes", refuse);
  if (kind === "github") return given ?? (groups.length > 0 ? "user:email read:org" : "user:email");
  const scopes = given ?? "openid email profile";
  if (
    !/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(scopes) ||
    !scopes.split(" ").includes("openid")
  )
    throw refuse("scopes", "words with a space between them, one of which is openid,");
  return scopes;
}

function groupsOf(id: string, table: Table, refuse: Refuse): GroupGrant[] {
  const found = table.groups;
  if (found === undefined) return [];
  if (!Array.isArray(found) || found.length > MOST_GROUPS)
    throw refuse("groups", `a list of at most ${MOST_GROUPS} tables`);
  return found.map((entry: unknown, at) => {
    const place = `providers.${id}.groups[${at}]`;
    if (!isTable(entry)) throw faulty(place, `a table is expected; found ${shown(entry)}`);
    refuseUnknown(entry, ["group", "store_role", "organisation", "role"], place, faulty);
    const grant = groupGrant(entry, place);
    // GitHub tells names apart without their case.
    return table.kind === "github" ? { ...grant, group: grant.group.toLowerCase() } : grant;
  });
}

function groupGrant(entry: Table, place: string): GroupGrant {
  const { group, organisation } = entry;
  if (!isText(group)) throw faulty(`${place}.group`, `a group's name is expected; found ${shown(group)}`);
  if (entry.store_role !== undefined) {
    const storeRole = STORE_ROLES.find((each) => each === entry.store_role);
    if (storeRole === undefined || organisation !== undefined || entry.role !== undefined)
      throw faulty(
        `${place}.store_role`,
        `${STORE_ROLES.join(", ")} is expected, and no organisation beside it; found ${shown(entry.store_role)}`,
      );
    return { group, storeRole };
  }
  if (typeof organisation !== "string" || !isId("org", organisation))
    throw faulty(
      `${place}.organisation`,
      `an organisation's id (org-…) is expected, or a store_role; found ${shown(organisation)}`,
    );
  const role = ORGANISATION_ROLES.find((each) => each === entry.role);
  if (role === undefined)
    throw faulty(`${place}.role`, `${ORGANISATION_ROLES.join(", ")} is expected; found ${shown(entry.role)}`);
  return { group, organisation, role };
}

function textsOf(
  table: Table,
  key: Key,
  refuse: Refuse,
  isRight: (text: string) => boolean,
  expected: string,
): readonly string[] {
  const value = table[key];
  if (value === undefined) return [];
  const isList = Array.isArray(value) && value.length > 0 && value.length <= 100;
  if (!isList || !value.every((each: unknown) => isText(each) && isRight(each)))
    throw refuse(key, `a list of ${expected}`);
  return value as string[];
}

function truthOf(table: Table, key: Key, refuse: Refuse): boolean {
  const value = table[key];
  if (value === undefined) return true;
  if (typeof value !== "boolean") throw refuse(key, "true or false");
  return value;
}

function faulty(place: string, expected: string): Problem {
  return new Problem("usage", "config.provider", `${place}: ${expected}.`);
}
