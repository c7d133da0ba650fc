/** What a provider says of a person, in one shape, whatever it calls things. Pure. */
import type { Provider } from "../../config.providers.ts";
import { domainOf, isEmail, plainEmail } from "../emails.ts";
import { cleanName } from "../name-rule.ts";

export type Shown = {
  /** The provider's name for the person, which never goes to somebody else (OpenID Connect Core §2, `sub`). */
  readonly subject: string;
  /** null: it says none, or none that is an address. */
  readonly email: string | null;
  /** Whether the provider has made sure that the person reads mail there. */
  readonly emailVerified: boolean;
  readonly name: string | null;
  /** Names of groups; null: it could not say, which is not the same as none. */
  readonly groups: readonly string[] | null;
  readonly secondFactor: boolean;
  /** When the person last showed the provider who they are, where it says so: it may have known them for long. */
  readonly shownAt: Date | null;
  /** The domain that a Google account belongs to as a whole. */
  readonly hostedDomain: string | null;
};

export type Claims = Readonly<Record<string, unknown>>;

const MOST_GROUPS = 5000;
const MOST_CHARACTERS = 500;
/** 255 in OpenID Connect Core §2. */
const SUBJECT_CHARACTERS = 255;
const NAME_CHARACTERS = 80;

/** null: there is no subject to know the person by. */
export function shownOf(provider: Provider, claims: Claims): Shown | null {
  const { sub, email } = claims;
  if (typeof sub !== "string" || sub === "" || sub.length > SUBJECT_CHARACTERS) return null;
  const address = typeof email === "string" && isEmail(email) ? plainEmail(email) : null;
  return {
    subject: sub,
    email: address,
    // Entra ID has no `email_verified`, and says with `xms_edov` that the domain's owner has proven it.
    emailVerified: address !== null && isTrue(claims.email_verified ?? claims.xms_edov),
    name: nameOf(claims.name),
    groups: groupsOf(provider, claims),
    secondFactor: saysSecondFactor(provider, claims),
    shownAt: typeof claims.auth_time === "number" ? new Date(claims.auth_time * 1000) : null,
    hostedDomain: typeof claims.hd === "string" ? claims.hd.toLowerCase() : null,
  };
}

const VERIFIED = ["email_verified", "xms_edov"] as const;

/**
 * The identity token's claims, and what it lacks of userinfo's. An address and the word that it is verified are of one and the
 * same place, or one place would vouch for what the other names: at several providers people choose either themselves.
 */
export function joinedClaims(token: Claims, userInfo: Claims): Claims {
  const has = (name: string) => Object.hasOwn(token, name);
  const isSame = typeof token.email === "string" && token.email === userInfo.email;
  const ofUserInfo = !has("email") || (isSame && !VERIFIED.some(has));
  const source = ofUserInfo ? userInfo : token;
  const joined: Record<string, unknown> = { ...userInfo, ...token };
  for (const name of ["email", ...VERIFIED]) joined[name] = source[name];
  return joined;
}

/** Some write their truths as texts or numbers. */
const isTrue = (value: unknown): boolean =>
  value === true || value === "true" || value === 1 || value === "1";

/** By the rule for those that people type: who is told of by nothing that can be read is called by their address. */
function nameOf(value: unknown): string | null {
  return (typeof value === "string" && cleanName(value, NAME_CHARACTERS)) || null;
}

/**
 * A claim that is not there means no groups: whoever leaves their last one must lose what rests on it. One that stands
 * elsewhere (OpenID Connect Core §5.6.2, which is how Entra ID says that there are too many) or has another form tells nothing.
 */
function groupsOf({ groupsClaim }: Provider, claims: Claims): readonly string[] | null {
  const found = claimAt(claims, groupsClaim);
  if (found === undefined) {
    const elsewhere = claims._claim_names;
    const isElsewhere =
      typeof elsewhere === "object" && elsewhere !== null && Object.hasOwn(elsewhere, groupsClaim);
    return isElsewhere || isTrue(claims.hasgroups) ? null : [];
  }
  const list = typeof found === "string" ? [found] : found;
  if (!Array.isArray(list) || list.length > MOST_GROUPS) return null;
  const isGroup = (each: unknown): each is string =>
    typeof each === "string" && each.length <= MOST_CHARACTERS;
  return list.every(isGroup) ? [...new Set(list)] : null;
}

/** By its whole name, else by the parts between dots: `realm_access.roles`. */
function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let at: unknown = claims;
  for (const part of name.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Claims)[part];
  }
  return at;
}

/** `amr` and `acr` (OpenID Connect Core §2), against the values that the configuration trusts. */
function saysSecondFactor({ secondFactor }: Provider, { amr, acr }: Claims): boolean {
  const said = [...(Array.isArray(amr) ? amr : []), acr];
  return said.some((value) => typeof value === "string" && secondFactor.includes(value));
}

/** Whether its address, and of Google the account as a whole, is in one of the domains that the provider is limited to. */
export function isInDomains(provider: Provider, shown: Shown): boolean {
  const { domains } = provider;
  if (domains.length === 0) return true;
  if (shown.email === null || !shown.emailVerified || !domains.includes(domainOf(shown.email))) return false;
  return provider.kind !== "google" || (shown.hostedDomain !== null && domains.includes(shown.hostedDomain));
}
