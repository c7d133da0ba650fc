/** Bringing back which keys sign a role, and how many of them must, as it is signed. */
import { write } from "../../db/database.ts";
import type { TufRole } from "../../keys/key-sets.ts";
import { findSigningKey, findSigningKeyById, replaceRole, restoreSigningKey } from "../../keys/records.ts";
import { newestStoreKeyLeaves } from "../log/records.ts";
import type { MendStore } from "./mend-files.ts";
import { hasNewerRoot, mendRoots } from "./mend-roots.ts";
import { isNewestOfKeys, signedKeys } from "./signed-keys.ts";

/** What stands in the place of a private half that is gone with its row: no key opens with it, and it can be replaced. */
const LOST_HALF = Buffer.from([0]);

/** False when the log says that what is signed of the role is not the newest, or says nothing of one of its keys. */
export async function mendKeys(store: MendStore, role: TufRole): Promise<boolean> {
  // What the rows say may be what a root says whose own row is gone.
  if ((await hasNewerRoot(store)) && (await mendRoots(store)).length > 0) return true;
  return write(store.db, (tx) => {
    const all = signedKeys(store.db);
    const signed = all.signed.get(role);
    const isWrong = all.found.some((one) => one.of === "keys" && one.role === role);
    if (signed === undefined || !isWrong || !isNewestOfKeys(tx, all, role)) return false;
    const leaves = newestStoreKeyLeaves(
      tx,
      signed.keys.map(({ row }) => row.keyid),
    );
    const keyNames = signed.keys.map(({ row }) => {
      const logged = leaves.get(row.keyid)?.role ?? "";
      const known = findSigningKeyById(tx, row.keyid) ?? findSigningKey(tx, logged);
      const name = known?.name ?? logged;
      restoreSigningKey(tx, {
        ...(known ?? {
          holder: "here",
          command: null,
          sealedPrivateKey: LOST_HALF,
          createdAt: store.clock.now(),
        }),
        ...row,
        name,
        retiredAt: null,
      });
      return name;
    });
    replaceRole(tx, { role, threshold: signed.threshold, keyNames });
    return true;
  });
}
