/**
 * Reading a restricted store with an API key, in the place of an enrolment: for whoever checks its catalogue or log. It is
 * sent as it is, and shows the catalogue of an audience that is named.
 */
import { Problem } from "../errors.ts";
import type { AudienceId } from "../ids.ts";
import type { Access } from "./context.ts";
import { refuseInsecure } from "./store-answers.ts";

/** @param catalogues Of the audiences whose apps are looked at, beside the public ones. */
export function keyAccess(url: string, token: string, catalogues: readonly AudienceId[] = []): Access {
  return {
    files: `${url}/store/v1/`,
    token: async () => {
      refuseInsecure(url);
      return token;
    },
    renewed: async () => {
      throw new Problem(
        "unauthenticated",
        "device.token_refused",
        `${url} does not take this token: it has expired, was revoked, or is none of this store. Sign in again with “mosis login”, or make another API key.`,
      );
    },
    catalogues: async () => catalogues,
    named: catalogues,
    forbidden: new Problem(
      "forbidden",
      "device.token_forbidden",
      `${url} knows the token, and does not give it its files: the store is restricted, and whose token it is, or what it is narrowed to, lacks the right storefiles.read. Administrators, reviewers, support and auditors of the store have it.`,
    ),
  };
}
