/** The one key of a CI server that an identity token names, and what is said when that key is of no use. */

import { type CryptoKey, createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import type { TrustedIssuer } from "../../config.issuers.ts";
import type { Store } from "../../context.ts";
import { describeError, Problem } from "../../errors.ts";
import { say } from "../../say.ts";

/** RFC 7518 §3.3 and §3.5. */
const LEAST_RSA_BITS = 2048;

/** Names of keys that the log has already, of each set: who has no credentials could ask again and again. */
const loggedOf = new WeakMap<JSONWebKeySet, Set<string>>();

/**
 * Finds a key for jose, whose own errors say that there is none or more than one. Of one that is of no use jose tells some
 * faults by errors of its own, and leaves the others to the exceptions of WebCrypto: here all are one.
 * What it gives throws Problem `trusted.key_unusable`.
 */
export function usableKeys(
  store: Pick<Store, "log">,
  issuer: TrustedIssuer,
  set: JSONWebKeySet,
): JWTVerifyGetKey {
  const find = createLocalJWKSet(set);
  return async (header, token) => {
    const refuse = (cause: unknown): Problem => {
      const kid = typeof header.kid === "string" ? header.kid.slice(0, 200) : null;
      const logged = loggedOf.get(set) ?? new Set();
      loggedOf.set(set, logged);
      if (!logged.has(String(kid)))
        store.log.warn("trusted.key_unusable", { issuer: issuer.id, kid, error: describeError(cause) });
      logged.add(String(kid));
      return unusable(issuer, kid);
    };
    const key = await find(header, token).catch((error: unknown) => {
      const isToldApart =
        error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
      throw isToldApart ? error : refuse(error);
    });
    const bits = modulusBits(key);
    if (bits !== null && bits < LEAST_RSA_BITS)
      throw refuse(`an RSA key of ${bits} bits, and ${LEAST_RSA_BITS} are the least`);
    return key;
  };
}

function modulusBits({ algorithm }: CryptoKey): number | null {
  return "modulusLength" in algorithm && typeof algorithm.modulusLength === "number"
    ? algorithm.modulusLength
    : null;
}

function unusable({ name, issuer }: TrustedIssuer, kid: string | null): Problem {
  const which = kid === null ? say`The key` : say`The key ${JSON.stringify(kid)}`;
  return new Problem(
    "forbidden",
    "trusted.key_unusable",
    say`${which} that ${name} (${issuer}) publishes for this identity token cannot be used: it is malformed, too short, or no public key. The fault is that server's; whoever runs it must publish the key anew. The store's log says what is wrong with it.`,
  );
}
