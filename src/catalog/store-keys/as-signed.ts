/** Before the store's keys are changed, or a change of them is asked of another machine: what is in force as it was signed. */
import type { Store } from "../../context.ts";
import { mendNewerRoot, mustBeAsSigned } from "../tuf/mend.ts";
import { mustHaveCertificates } from "./mend-certificates.ts";
import { mendHolders } from "./mend-holders.ts";

/** @throws Problem `catalog.damaged` */
export async function keysAsSigned(
  store: Pick<Store, "db" | "vault" | "blobs" | "clock" | "log">,
): Promise<void> {
  mendHolders(store);
  await mendNewerRoot(store);
  await mustBeAsSigned(store, { roles: [], bodies: [] });
  await mustHaveCertificates(store);
}
