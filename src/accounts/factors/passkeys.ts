/**
 * Passkeys (Web Authentication Level 3): the one file that knows @simplewebauthn/server, which is loaded when somebody
 * uses one. User verification is asked for always, so that a passkey is two factors by itself: the device, and what
 * unlocks it. What vouches for a device's make (attestation) is not asked for.
 */
import { isIP } from "node:net";
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/server";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { asideRow } from "../../db/watch.ts";
import type { AccountId } from "../../ids.ts";
import { authenticationRequired } from "../rights.ts";
import { storeName } from "../store-name.ts";
import { type FactorRow, factorByCredential, factorsOf, notePasskeyUse } from "./records.ts";
import { openOffer, sealOffer } from "./sealed.ts";

/** Loaded late: a start does not pay for what few requests need. */
const library = () => import("@simplewebauthn/server");

const CHALLENGE_BYTES = 32;
const TIMEOUT_MS = 5 * 60_000;

/**
 * The host that passkeys of a store at this address are made for (the RP id); null where browsers make none: an address
 * of numbers has no name that one could be bound to.
 */
export function passkeyHost(origin: string): string | null {
  const { hostname, protocol } = new URL(origin);
  const isSecure = protocol === "https:" || hostname === "localhost" || hostname.endsWith(".localhost");
  if (!isSecure || isIP(hostname.replace(/^\[|\]$/g, "")) !== 0) return null;
  return hostname;
}

/** For the browser: what to ask the authenticator, as JSON, and what has to come back with its answer. */
export type PasskeyOffer = { readonly options: string; readonly offer: string };

const registering = (accountId: AccountId) => `passkey registration ${accountId}`;
/** null: whoever it turns out to be. */
const using = (accountId: AccountId | null) => `passkey use ${accountId ?? "anybody"}`;

const newChallenge = () => crypto.getRandomValues(new Uint8Array(CHALLENGE_BYTES));

/** @param host As `passkeyHost` gives it. */
export async function offerRegistration(
  store: Store,
  account: { readonly id: AccountId; readonly email: string; readonly name: string },
  host: string,
): Promise<PasskeyOffer> {
  const { generateRegistrationOptions } = await library();
  const challenge = newChallenge();
  const options = await generateRegistrationOptions({
    rpName: storeName(store),
    rpID: host,
    // Not the address: an authenticator keeps it for ever, and tells it to whoever unlocks it.
    userID: new TextEncoder().encode(account.id),
    userName: account.email,
    userDisplayName: account.name,
    challenge,
    timeout: TIMEOUT_MS,
    attestationType: "none",
    excludeCredentials: passkeysOf(store.db.orm, account.id, host),
    authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
  });
  return {
    options: JSON.stringify(options),
    offer: sealOffer(store, registering(account.id), challenge),
  };
}

/** What every answer must hold (Web Authentication §7.1 and §7.2): our challenge, where it was given, and that the person was verified. */
const expected = (challenge: Uint8Array, origin: string, host: string) => ({
  expectedChallenge: Buffer.from(challenge).toString("base64url"),
  expectedOrigin: origin,
  expectedRPID: host,
  requireUserVerification: true,
});

export type NewPasskey = Pick<FactorRow, "credentialId" | "publicKey" | "signCount" | "transports" | "rpId">;

/** null when the answer is no answer to what was offered, or is too late. With when it was offered. */
export async function verifyRegistration(
  store: Store,
  accountId: AccountId,
  answer: { readonly offer: string; readonly response: string; readonly origin: string },
): Promise<{ readonly made: NewPasskey; readonly offeredAt: Date } | null> {
  const host = passkeyHost(answer.origin);
  const opened = openOffer(store, registering(accountId), answer.offer);
  const response = parsed(answer.response);
  if (host === null || opened === null || response === null) return null;
  const { verifyRegistrationResponse } = await library();
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: response as unknown as RegistrationResponseJSON,
      ...expected(opened.bytes, answer.origin, host),
    });
    if (!verified) return null;
    const { id, publicKey, counter, transports } = registrationInfo.credential;
    const made = {
      credentialId: id,
      publicKey: Buffer.from(publicKey),
      signCount: counter,
      transports: (transports ?? []).join(","),
      rpId: host,
    };
    return { made, offeredAt: opened.at };
  } catch {
    // The library throws for whatever does not fit: it is one answer for the browser.
    return null;
  }
}

/** @param accountId Whose passkeys will do; null: anybody's, by those that the browser knows for this host. */
export function offerUse(store: Store, accountId: AccountId | null, host: string): PasskeyOffer {
  const challenge = newChallenge();
  // By hand: the page for signing in is asked for too often to load the library for it.
  const options: PublicKeyCredentialRequestOptionsJSON = {
    rpId: host,
    challenge: Buffer.from(challenge).toString("base64url"),
    timeout: TIMEOUT_MS,
    userVerification: "required",
    allowCredentials:
      accountId === null
        ? []
        : passkeysOf(store.db.orm, accountId, host).map((each) => ({ ...each, type: "public-key" })),
  };
  return { options: JSON.stringify(options), offer: sealOffer(store, using(accountId), challenge) };
}

/**
 * Whose passkey answered, and notes its use; null when it is no answer to what was offered. One that was used since the
 * offer was made is refused: so no answer counts twice.
 */
export async function verifyUse(
  store: Store,
  accountId: AccountId | null,
  answer: { readonly offer: string; readonly response: string; readonly origin: string },
): Promise<FactorRow | null> {
  const opened = openOffer(store, using(accountId), answer.offer);
  const response = parsed(answer.response);
  const host = passkeyHost(answer.origin);
  if (host === null || opened === null || response === null || typeof response.id !== "string") return null;
  const row = factorByCredential(store.db.orm, response.id);
  if (row === undefined || row.publicKey === null || row.credentialId === null || row.rpId !== host)
    return null;
  if (!isOf(row, accountId, response)) return null;
  const { verifyAuthenticationResponse } = await library();
  let newCounter: number;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: response as unknown as AuthenticationResponseJSON,
      ...expected(opened.bytes, answer.origin, host),
      credential: {
        id: row.credentialId,
        publicKey: new Uint8Array(row.publicKey),
        counter: row.signCount ?? 0,
      },
    });
    if (!verified) return null;
    newCounter = authenticationInfo.newCounter;
  } catch {
    return null;
  }
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const present = factorByCredential(tx, response.id as string);
    if (present === undefined || (present.lastUsedAt !== null && opened.at <= present.lastUsedAt))
      return null;
    notePasskeyUse(tx, row.id, newCounter, now);
    asideRow();
    return present;
  });
}

/** For the transaction that makes a session by a passkey: it was not removed meanwhile. @throws Problem `auth.required` */
export function stillPasskey({ id, accountId }: FactorRow): (tx: Tx) => void {
  return (tx) => {
    if (!factorsOf(tx, accountId).some((each) => each.id === id)) throw authenticationRequired();
  };
}

/** §7.2, step 6: of whom it was asked, or else whom the authenticator itself names. */
function isOf(row: FactorRow, accountId: AccountId | null, { response }: Readonly<Record<string, unknown>>) {
  if (accountId !== null) return row.accountId === accountId;
  if (typeof response !== "object" || response === null || !("userHandle" in response)) return false;
  return response.userHandle === Buffer.from(row.accountId).toString("base64url");
}

/** Whether the account has one that works at this host. */
export function hasPasskeyAt(tx: Tx, accountId: AccountId, host: string | null): boolean {
  return host !== null && passkeysOf(tx, accountId, host).length > 0;
}

function passkeysOf(tx: Tx, accountId: AccountId, host: string) {
  return factorsOf(tx, accountId).flatMap(({ credentialId, rpId, transports }) =>
    credentialId === null || rpId !== host
      ? []
      : [{ id: credentialId, transports: (transports ?? "").split(",").filter(isTransport) }],
  );
}

const TRANSPORTS = ["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"] as const;
const isTransport = (text: string): text is (typeof TRANSPORTS)[number] =>
  (TRANSPORTS as readonly string[]).includes(text);

/** What a browser sent, as an object; null for what is none. Its parts are for the library to judge. */
function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
