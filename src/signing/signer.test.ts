import { expect, test } from "bun:test";
import { isProblem } from "../errors.ts";
import { createTestAuthorities } from "../format/testing.ts";
import { generateKeyPair } from "./keys.ts";
import { localSigner } from "./signer.ts";

test("a key signs with its own certificate only", async () => {
  const { developer, store } = await createTestAuthorities();
  const stranger = generateKeyPair();
  for (const { certificateDer, keyid } of [developer, store]) {
    let refused: unknown;
    try {
      localSigner(stranger.privateKey, certificateDer);
    } catch (error) {
      refused = error;
    }
    if (!isProblem(refused)) throw refused ?? new Error("the key was taken");
    expect(refused.code).toBe("MPK-K003");
    expect(refused.details[0]?.found).toContain(keyid);
  }
});
