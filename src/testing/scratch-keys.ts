/** Certificates of a real authority for keys in a scratch folder, without a server. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Actor } from "../accounts/actor.ts";
import { enrollKey } from "../catalog/developer-keys.ts";
import { keyFilesFor } from "../cli/key-store.ts";
import { createCsr, keyid, privateKeyFromPem } from "../signing/keys.ts";
import type { TestStore } from "./store.ts";

/** Writes the certificate and the authority's beside the key, as `keys enroll` does; gives the key's id. */
export async function certify(
  store: TestStore,
  actor: Actor,
  keyFile: string,
  passphrase?: string,
): Promise<string> {
  const files = keyFilesFor(keyFile);
  const keys = privateKeyFromPem(readFileSync(keyFile, "utf8"), passphrase);
  const { certificatePem, caPem } = await enrollKey(store, actor, { csr: await createCsr(keys) });
  writeFileSync(files.certificate, certificatePem);
  writeFileSync(files.ca, caPem);
  return keyid(keys.publicKey);
}
