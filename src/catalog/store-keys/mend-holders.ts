/** Who holds each of the store's keys as the master key sealed it, before anything is decided by what the rows say of it. */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { whileUnchanged } from "../../db/unchanged.ts";
import { isProblem } from "../../errors.ts";
import { type HolderColumns, openHolder, rightHolder } from "../../keys/holders.ts";
import { findSigningKey, listSigningKeys, setHolder } from "../../keys/records.ts";
import { withCommandSealed } from "../../keys/signing-keys.ts";
import { type Difference, tellMended } from "../tuf/differences.ts";
import { mustSign } from "./new-key.ts";

type HolderStore = Pick<Store, "db" | "vault">;

function wrongHolders({ db, vault }: HolderStore): ReadonlyMap<string, HolderColumns> {
  return whileUnchanged(
    db,
    "holders",
    0,
    () =>
      new Map(
        listSigningKeys(db.orm).flatMap((row) => {
          const right = rightHolder(vault, row);
          return right === null ? [] : [[row.name, right] as const];
        }),
      ),
  );
}

export function holderDifferences(store: HolderStore): readonly Difference[] {
  return [...wrongHolders(store).keys()].map((name) => ({ of: "holder", name }));
}

export function mendHolders(store: HolderStore & Pick<Store, "log">): readonly Difference[] {
  const wrong = wrongHolders(store);
  if (wrong.size === 0) return [];
  write(store.db, (tx) => {
    for (const [name, columns] of wrong) setHolder(tx, name, columns);
  });
  const mended = [...wrong.keys()].map((name): Difference => ({ of: "holder", name }));
  for (const one of mended) tellMended(store, one);
  return mended;
}

/**
 * Of keys whose rows an older program wrote, or whose seal went with another master key: once the command has shown that it
 * signs with the key, that it is this one is sealed.
 */
export async function sealCommands(store: Store): Promise<void> {
  const isOpen = (row: ReturnType<typeof listSigningKeys>[number]) => {
    const { holder } = openHolder(store.vault, row);
    return row.holder === "command" && row.retiredAt === null && holder !== "here" && holder !== "command";
  };
  for (const row of listSigningKeys(store.db.orm).filter(isOpen)) {
    try {
      await mustSign(store, row);
    } catch (error) {
      // It is told where the key has to sign.
      if (!isProblem(error)) throw error;
      continue;
    }
    write(store.db, (tx) => {
      const now = findSigningKey(tx, row.name);
      if (now === null || now.command !== row.command || !isOpen(now)) return;
      const { sealedPrivateKey } = withCommandSealed(store.vault, now);
      setHolder(tx, row.name, { sealedPrivateKey });
    });
  }
}
