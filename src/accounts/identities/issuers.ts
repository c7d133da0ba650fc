/**
 * Which server an identity is of that was linked before that was kept, and has not signed anybody in since: taken to be the one
 * that stands under the provider's id at the start. It is the only one that the store knows of, and without it whichever server
 * comes to stand there later could call somebody else by the same number. Where it is the wrong one, as after a change of the
 * configuration together with the program, nobody gets in who would not have got in without it; and whom it keeps out, whose
 * right server comes back under the id, comes in by their verified address (`provider.moved`).
 */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { keepIssuer } from "./records.ts";

/** At a start, which is when the configuration of providers is read. */
export function keepIssuers(store: Store): void {
  for (const { id, issuer } of store.config.providers)
    write(store.db, (tx) => {
      const identities = keepIssuer(tx, id, issuer);
      if (identities > 0) store.log.info("identity.issuers_kept", { provider: id, issuer, identities });
    });
}
