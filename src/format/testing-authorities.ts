/** Real authorities of a store and signers below them, as many as a test wants. Not imported by the product. */
import {
  createDeveloperCa,
  createRootCa,
  issueDeveloperCertificate,
  issueReleaseCertificate,
  readCertificateRequest,
} from "../signing/certificates.ts";
import type { TrustAnchors } from "../signing/chain.ts";
import { createCsr, generateKeyPair } from "../signing/keys.ts";
import { localSigner, type Signer } from "../signing/signer.ts";
import { DAY_MS } from "../time.ts";

export type Authorities = {
  readonly anchors: TrustAnchors;
  /** The release key of `store-1`. */
  readonly release: Signer;
  releaseOf(storeId: string): Promise<Signer>;
  developer(developerId: string): Promise<Signer>;
};

/** Certificates are valid from a hundred days before `now` to a hundred days after. */
export async function makeAuthorities(now: Date): Promise<Authorities> {
  const validity = {
    notBefore: new Date(now.getTime() - 100 * DAY_MS),
    notAfter: new Date(now.getTime() + 100 * DAY_MS),
  };
  const rootKeys = generateKeyPair("ecdsa-p384");
  const root = await createRootCa(rootKeys, { commonName: "Test Root", ...validity });
  const authority = { certificate: root, keys: rootKeys };
  const caKeys = generateKeyPair();
  const ca = await createDeveloperCa(authority, caKeys.publicKey, { commonName: "Test CA", ...validity });
  const releaseOf = async (storeId: string) => {
    const keys = generateKeyPair();
    const certificate = await issueReleaseCertificate(authority, keys.publicKey, { storeId, ...validity });
    return localSigner(keys.privateKey, new Uint8Array(certificate.rawData));
  };
  return {
    anchors: { roots: [root], developerCas: [ca] },
    release: await releaseOf("store-1"),
    releaseOf,
    async developer(developerId) {
      const keys = generateKeyPair();
      const request = await readCertificateRequest(await createCsr(keys));
      const certificate = await issueDeveloperCertificate({ certificate: ca, keys: caKeys }, request, {
        developerId,
        commonName: developerId,
        ...validity,
      });
      return localSigner(keys.privateKey, new Uint8Array(certificate.rawData));
    },
  };
}
