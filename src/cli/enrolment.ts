/** Having a store certify a key, and keeping what it sends beside the key. */
import { randomUUID } from "node:crypto";
import { Problem } from "../errors.ts";
import { certificateFromPem } from "../signing/certificates.ts";
import { createCsr, type KeyPair, keyid } from "../signing/keys.ts";
import type { X509Certificate } from "../signing/x509.ts";
import { object, text } from "./answers.ts";
import { apiPath, type Client } from "./client.ts";
import type { KeyFiles } from "./key-store.ts";
import { writeFileAtomic } from "./write-files.ts";

/**
 * Sends a request that proves possession of the key, and writes the certificate and the store's CAs.
 * @throws Problem `keys.certificate_other`, those of the store, `file.…`
 */
export async function enrollKeyFile(
  client: Client,
  files: KeyFiles,
  keys: KeyPair,
  organisationId: string | undefined,
): Promise<{ readonly certificate: X509Certificate; readonly developerId: string }> {
  const { json } = await client.call({
    method: "POST",
    path: apiPath("developer-keys"),
    json: { csr: await createCsr(keys), ...(organisationId === undefined ? {} : { organisationId }) },
    idempotencyKey: randomUUID(),
  });
  const answer = object(json, "the certificate");
  const certificatePem = text(answer, "certificatePem");
  const certificate = certificateFromPem(certificatePem);
  if (keyid(new Uint8Array(certificate.publicKey.rawData)) !== keyid(keys.publicKey)) {
    throw new Problem(
      "unreachable",
      "keys.certificate_other",
      `${client.origin} sent a certificate for another key. It was not kept.`,
    );
  }
  await writeFileAtomic(files.ca, [new TextEncoder().encode(text(answer, "caPem"))]);
  await writeFileAtomic(files.certificate, [new TextEncoder().encode(certificatePem)]);
  return { certificate, developerId: text(answer, "developerId") };
}
