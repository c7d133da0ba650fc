/**
 * What GitHub says of a person. It has no identity token: who the access token belongs to is asked for with it, and such
 * a token came from GitHub itself for a code that was bound to this browser.
 */

import type { Provider } from "../../config.providers.ts";
import { isTable } from "../../config.tables.ts";
import { say } from "../../say.ts";
import type { Claims } from "./claims.ts";
import { answerProblem, askProvider, codeProblem } from "./outward.ts";

const GITHUB = "https://github.com";
const PER_PAGE = 100;
/** Whoever is in more than a thousand teams is told of the first thousand by no means: it counts as not told. Addresses are never so many. */
const MOST_PAGES = 10;
/** RFC 6750 §2.1 has fewer characters yet. */
const HEADER_TEXT = /^[\x21-\x7e]+$/;

/** Of github.com, and of a company's own place at ghe.com, it has a host of its own; an Enterprise server has it below its address. */
export function githubApi({ issuer }: Provider): string {
  const { host } = new URL(issuer);
  return issuer === GITHUB || host.endsWith(".ghe.com") ? `https://api.${host}` : `${issuer}/api/v3`;
}

/**
 * As claims of OpenID Connect: `sub` is the number of the account, which stays when it gets another name; of its addresses
 * only the primary one counts, when it is verified; `groups` are organisations (`acme`) and teams (`acme/devs`), and the same by
 * their numbers (`org:9919`, `team:77`).
 * @throws Problem `provider.unreachable`, `provider.answer`, `provider.client`
 */
export async function githubClaims(provider: Provider, accessToken: string): Promise<Claims> {
  if (!HEADER_TEXT.test(accessToken)) throw answerProblem(provider, say`its token fits into no header`);
  const api = githubApi(provider);
  const get = (path: string) => getJson(provider, `${api}${path}`, accessToken);
  const user = await get("/user");
  const { id, login, name } = isTable(user) ? user : {};
  if (typeof id !== "number" || !Number.isSafeInteger(id) || id < 1)
    throw answerProblem(provider, say`it names no account`);
  const addresses = (await allOf(provider, get, "/user/emails?")) ?? [];
  const primary = addresses.filter(isTable).find((each) => each.primary === true && each.verified === true);
  const email = typeof primary?.email === "string" ? primary.email : null;
  return {
    sub: String(id),
    name: typeof name === "string" && name.trim() !== "" ? name : login,
    ...(email === null ? {} : { email, email_verified: true }),
    ...(provider.groups.length === 0 ? {} : { [provider.groupsClaim]: await groupsOf(provider, get) }),
  };
}

async function groupsOf(
  provider: Provider,
  get: (path: string) => Promise<unknown>,
): Promise<string[] | null> {
  const memberships = await allOf(provider, get, "/user/memberships/orgs?state=active");
  const teams = await allOf(provider, get, "/user/teams?");
  if (memberships === null || teams === null) return null;
  if (!memberships.every(isTable) || !teams.every(isTable)) throw noName(provider);
  return [
    ...memberships.flatMap(({ organization }) => [
      loginOf(provider, organization),
      ...numberOf("org", organization),
    ]),
    ...teams.flatMap((team) => {
      const { slug, organization } = team;
      if (typeof slug !== "string") throw noName(provider);
      return [`${loginOf(provider, organization)}/${slug}`, ...numberOf("team", team)];
    }),
  ];
}

/** A name that was given up is somebody else's to take, and the number is not. No login has a colon. */
function numberOf(kind: "org" | "team", thing: unknown): string[] {
  return isTable(thing) && Number.isSafeInteger(thing.id) ? [`${kind}:${thing.id}`] : [];
}

/** Names are told apart without their case, so the store has them in lower case. */
function loginOf(provider: Provider, organization: unknown): string {
  if (!isTable(organization) || typeof organization.login !== "string") throw noName(provider);
  return organization.login.toLowerCase();
}

/** To pass it over would take away what rests on that group. */
function noName(provider: Provider) {
  return answerProblem(provider, say`it names a group by no name`);
}

function noList(provider: Provider) {
  return answerProblem(provider, say`it gives no list where one is expected`);
}

async function allOf(
  provider: Provider,
  get: (path: string) => Promise<unknown>,
  path: string,
): Promise<unknown[] | null> {
  const found: unknown[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const rows = await get(`${path}&per_page=${PER_PAGE}&page=${page}`);
    if (!Array.isArray(rows)) throw noList(provider);
    found.push(...rows);
    if (rows.length < PER_PAGE) return found;
  }
  return null;
}

async function getJson(provider: Provider, url: string, accessToken: string): Promise<unknown> {
  const response = await askProvider(provider, url, {
    method: "GET",
    headers: {
      Accept: "application/vnd.github+json",
      Authorization: `Bearer ${accessToken}`,
      // GitHub answers nobody who does not say what they are.
      "User-Agent": "mosis",
      "X-GitHub-Api-Version": "2022-11-28",
    },
  });
  if (response.status === 401) throw codeProblem(provider);
  if (response.status !== 200)
    throw answerProblem(provider, say`${new URL(url).pathname} answers with ${response.status}`);
  try {
    return await response.json();
  } catch (error) {
    throw answerProblem(provider, say`it is not JSON`, error);
  }
}
