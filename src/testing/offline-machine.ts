/** For tests: a machine that holds keys of the store and signs requests, as `mosis admin keys sign-request` does there. */
import { signRequest } from "../catalog/store-keys/documents.ts";
import {
  buildOfflineKeys,
  OFFLINE_ALGORITHMS,
  type OfflinePurpose,
  parseOfflineKeys,
} from "../catalog/store-keys/offline-keys.ts";
import { buildRequest, parseRequest } from "../catalog/store-keys/request.ts";
import type { KeyId } from "../ids.ts";
import { type KeySigner, keyPairSigner } from "../signing/key-signer.ts";
import { generateKeyPair, keyid } from "../signing/keys.ts";

export async function offlineMachine(...purposes: OfflinePurpose[]) {
  const keys = purposes.map((purpose) => ({
    purpose,
    signer: keyPairSigner(generateKeyPair(OFFLINE_ALGORITHMS[purpose])),
  }));
  const signers = new Map<KeyId, KeySigner>(
    keys.map(({ signer }) => [keyid(signer.publicKey) as KeyId, signer]),
  );
  return {
    signers,
    published: parseOfflineKeys(await buildOfflineKeys(keys)),
    async sign(body: Uint8Array): Promise<Uint8Array> {
      return buildRequest((await signRequest(parseRequest(body), signers)).request);
    },
  };
}
