/** What access tokens are for, and whom they are about: two closed sets. Pure but for the store's address. */
import { mailOrigin } from "../../config.mail.ts";
import type { Store } from "../../context.ts";
import { storeId } from "../../keys/authority.ts";

/** Whom a token can be about. Who each of them is at this moment, says `subjects.ts`. */
export const TOKEN_KINDS = ["device", "publisher"] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** Where a token is taken, and nowhere else: by what its audience ends in, after the issuer. */
const AUDIENCES = {
  /** The API. */
  api: "/api/v1",
  /** The store's files, for devices. */
  files: "/store/v1",
} as const;
export type Audience = keyof typeof AUDIENCES;

type Where = Pick<Store, "config" | "db">;

/**
 * Who issues a store's tokens: its address as the configuration has it, never as a request says it. A store whose address
 * nobody has said (a free port, every address of the machine) is named by its id.
 */
export function issuerOf(store: Where): string {
  return mailOrigin(store.config) ?? `urn:mosis:store:${storeId(store)}`;
}

export function audienceOf(store: Where, audience: Audience): string {
  return `${issuerOf(store)}${AUDIENCES[audience]}`;
}
