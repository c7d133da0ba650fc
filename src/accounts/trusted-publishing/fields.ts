/** What an app's owner says of a build job that the app is to trust, as far as it can be judged without asking anybody. Pure. */
import { isClaimName, type TrustedIssuer } from "../../config.issuers.ts";
import { type Fault, Problem } from "../../errors.ts";
import { say, sayAll, sayList, type Words } from "../../say.ts";
import { unseenIn } from "../said.ts";
import { type Conditions, OF_EVERY_TOKEN, RULES, WORKFLOW } from "./conditions.ts";
import { neverSaid } from "./never.ts";

export const MOST_CLAIMS = 10;
export const CLAIM_CHARACTERS = 300;

export type AskedPublisher = {
  /** The issuer's id in the configuration. */
  readonly issuer: string;
  /** As members, or name by name as somebody wrote them, where a name may stand twice. */
  readonly claims: Conditions | readonly (readonly [name: string, value: string])[];
};

/** The claims in the order of their names. @throws Problem `publisher.invalid` with one detail for each fault */
export function checkPublisher(
  issuers: readonly TrustedIssuer[],
  asked: AskedPublisher,
): { readonly issuer: TrustedIssuer; readonly claims: Conditions } {
  const faults: Fault[] = [];
  const fault = (message: Words, claim?: string): void => {
    const pointer =
      claim === undefined ? "/claims" : `/claims/${claim.replace(/~/g, "~0").replace(/\//g, "~1")}`;
    faults.push({ code: "publisher.claims", pointer, message });
  };
  const issuer = issuers.find(({ id }) => id === asked.issuer);
  if (issuer === undefined)
    faults.push({ code: "publisher.issuer", pointer: "/issuer", message: issuerExpected(issuers) });
  const said = isList(asked.claims) ? asked.claims : Object.entries(asked.claims);
  const entries = said.map(([name, value]): [string, string] => [name.trim(), value.trim().normalize("NFC")]);
  if (entries.length === 0) fault(say`Say at least one claim that the job's identity token must have.`);
  if (entries.length > MOST_CLAIMS)
    fault(say`At most ${MOST_CLAIMS} claims are compared; found ${entries.length}.`);
  for (const [index, [name, value]] of entries.entries()) {
    const isTwice = entries.findIndex((each) => each[0] === name) < index;
    const wrong = isTwice ? say`${name} stands there twice.` : faultOfClaim(name, value, issuer);
    if (wrong !== null) fault(wrong, isClaimName(name) ? name : undefined);
  }
  const whose = issuer === undefined ? [] : RULES[issuer.kind].whose;
  if (issuer !== undefined && whose.length > 0 && !entries.some(([name]) => whose.includes(name)))
    fault(say`Say ${sayList(whose, " or ")}: without it every job at ${issuer.name} could publish.`);
  if (issuer === undefined || faults.length > 0)
    throw new Problem(
      "unprocessable",
      "publisher.invalid",
      sayAll(faults.map(({ message }) => message)),
      faults,
    );
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return { issuer, claims: Object.fromEntries(sorted) };
}

const isList = (claims: AskedPublisher["claims"]): claims is Exclude<typeof claims, Conditions> =>
  Array.isArray(claims);

function issuerExpected(issuers: readonly TrustedIssuer[]): Words {
  return issuers.length === 0
    ? say`This store trusts no CI server yet: its administrator names them in the setting trusted_issuers.`
    : say`Choose one of the CI servers that this store trusts: ${sayList(issuers.map(({ id }) => id))}.`;
}

function faultOfClaim(name: string, value: string, issuer: TrustedIssuer | undefined): Words | null {
  if (!isClaimName(name)) return say`${JSON.stringify(name.slice(0, 100))} is not the name of a claim.`;
  if (OF_EVERY_TOKEN.includes(name)) return say`${name} is judged of every token, and is not asked for here.`;
  if (name === WORKFLOW && issuer?.kind === "oidc")
    return say`${issuer.name} has no ${WORKFLOW}: say a claim that its tokens have.`;
  if (
    value === "" ||
    [...value].length > CLAIM_CHARACTERS ||
    /[\r\n\t]/.test(value) ||
    unseenIn(value) !== null
  )
    return say`${name} must be a text of 1 to ${CLAIM_CHARACTERS} characters in one line.`;
  return issuer === undefined ? null : neverSaid(issuer, name, value);
}
