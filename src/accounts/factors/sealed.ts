/**
 * What a page hands out and takes back a moment later, sealed, so that nothing of it has to be kept: for whom and what it
 * was made is authenticated with it, and it ends soon.
 */

import type { Store } from "../../context.ts";
import { isProblem } from "../../errors.ts";

const MINUTES = 10;

type Sealed = { readonly bytes: string; readonly at: number };

/** @param purpose For what, and for whom. */
export function sealOffer(store: Store, purpose: string, bytes: Uint8Array): string {
  const sealed: Sealed = { bytes: Buffer.from(bytes).toString("base64url"), at: store.clock.now().getTime() };
  return Buffer.from(store.vault.seal(purpose, Buffer.from(JSON.stringify(sealed)))).toString("base64url");
}

/** null for what was made for something else, was changed, or is too old. */
export function openOffer(
  store: Store,
  purpose: string,
  text: string,
): { readonly bytes: Uint8Array; readonly at: Date } | null {
  // Nonce and tag have 28 bytes.
  if (!/^[A-Za-z0-9_-]{40,1000}$/.test(text)) return null;
  let plain: Uint8Array;
  try {
    plain = store.vault.unseal(purpose, Buffer.from(text, "base64url"));
  } catch (error) {
    if (isProblem(error)) return null;
    throw error;
  }
  const { bytes, at } = JSON.parse(Buffer.from(plain).toString("utf8")) as Sealed;
  const age = store.clock.now().getTime() - at;
  if (age < 0 || age > MINUTES * 60_000) return null;
  return { bytes: Buffer.from(bytes, "base64url"), at: new Date(at) };
}
