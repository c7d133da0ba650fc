/**
 * Signatures of certificates that were given before: ECDSA gives other bytes each time, and two certificates of one serial
 * number would be two authorities to whoever compares them. Pure.
 */
import type { KeyId } from "../../ids.ts";
import { type KeySigner, keySignatureFault } from "../../signing/key-signer.ts";
import { sha256 } from "../tuf/metadata.ts";
import { buildDocuments, type SignedPart } from "./documents.ts";
import { type Known, NOTHING_KNOWN } from "./known.ts";
import type { SigningRequest } from "./request.ts";

/**
 * The request with the signatures that these keys gave to the very same certificates before, and which those are.
 * @throws Problem `keys.request_refused`
 */
export async function withKept(
  request: SigningRequest,
  known: Known,
  keys: ReadonlyMap<KeyId, KeySigner>,
): Promise<{ readonly request: SigningRequest; readonly kept: readonly SignedPart[] }> {
  const { certificates: before } = known.get(request.storeId) ?? NOTHING_KNOWN;
  const documents = await buildDocuments(request);
  const kept: SignedPart[] = [];
  const certificates = documents.certificates.map(({ asked, tbs }) => {
    const keyid = documents.rows.get(asked.issuer)?.keyid;
    const signer = keyid && keys.get(keyid);
    const one = before.get(asked.serial);
    if (asked.signature !== null || !keyid || !signer || one?.sha256 !== sha256(tbs)) return asked;
    // A file that was damaged gives none that counts.
    if (keySignatureFault(signer, tbs, one.signature) !== undefined) return asked;
    kept.push({ what: `certificate ${asked.kind}`, keyid });
    return { ...asked, signature: one.signature };
  });
  return { request: { ...request, certificates }, kept };
}
