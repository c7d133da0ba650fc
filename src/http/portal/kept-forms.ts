/** Forms that are not carried out yet: kept in a page, from which they are sent once more. */
import { hasPassword } from "../../accounts/own.ts";
import { isRecent } from "../../accounts/proof.ts";
import { grantOf } from "../../accounts/rights.ts";
import { formPairs, readBody } from "../body.ts";
import type { CallBase, Route } from "../route.ts";

/** Before the names of what the page that asks for a proof adds to the form that it keeps. */
export const OURS = "proof.";
/** Never sent back in a page: they are typed again. */
const SECRETS = ["password", "addressPassword", "current"];
/** These count once, were made by the store, or are sealed: nobody has typed them, or they are not to be read. */
const NOT_TYPED = ["code", "codes", "token", "offer", "response"];

export type Pairs = readonly (readonly [name: string, value: string])[];

/** Whether the route is for who has shown of late who they are, and who asks has not. */
export function asksForProof(route: Route, { session, store, actor }: CallBase): boolean {
  if (route.method === "GET" || session === null || route.access === "public") return false;
  if (grantOf(route.access).proof !== true || isRecent(session.provedAt, store.clock.now())) return false;
  return !(route.provesItself === true && actor.kind === "account" && hasPassword(store, actor.accountId));
}

/** Whether what is sent there can be kept: files cannot. */
export const takesForm = ({ body }: Route): boolean => body === null || body.kind === "form";

/** @throws Problem of who may not read the form: `request.media_type`, `request.too_large` */
export const sentPairs = (
  { body }: Route,
  { request, store, arrival }: Pick<CallBase, "request" | "store" | "arrival">,
): Promise<Pairs> => {
  const pairs = formPairs();
  return readBody({ ...pairs, maxBytes: body?.maxBytes ?? pairs.maxBytes }, request, store, arrival);
};

/** What the page keeps of it. */
export const keptOf = (pairs: Pairs): Pairs =>
  pairs.filter(([name]) => !name.startsWith(OURS) && !SECRETS.includes(name));

/** Whether something stands in it that a page of what went wrong does not send back, be it to who sent it. */
export const holdsSecret = (pairs: Pairs): boolean =>
  pairs.some(([name]) => [...SECRETS, ...NOT_TYPED].includes(name.replace(OURS, "")));
