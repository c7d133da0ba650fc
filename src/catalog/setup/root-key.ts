/** What a backup of the root's keys is about: which keys they are, where they lie, and what they are sealed with. */
import { createHash } from "node:crypto";
import { join, resolve, sep } from "node:path";
import type { Store } from "../../context.ts";
import { readKeyState } from "../store-keys/state.ts";
import type { SetupNote } from "./steps.ts";

export type RootKey = {
  readonly name: string;
  /** Who has its private half. */
  readonly holder: "here" | "command" | "offline";
  /** Of a key that a command signs with. */
  readonly command: string | null;
};

export type RootKeys = {
  /** Of the catalogue's root and of the certificates' root. */
  readonly keys: readonly RootKey[];
  readonly keyids: readonly string[];
  /** Changes with the keys, with where they are, and with the master key that they are sealed with. */
  readonly mark: string;
  readonly notes: readonly SetupNote[];
  readonly dataDir: string;
  readonly masterKeyFile: string;
};

export function readRootKeys({ db, config }: Pick<Store, "db" | "config">): RootKeys {
  const { sets, certificateKeys } = readKeyState(db.orm);
  const rows = [...(sets.get("root")?.keys ?? []), certificateKeys.root];
  const dataDir = resolve(config.dataDir);
  const masterKeyFile = resolve(config.masterKeyFile ?? join(config.dataDir, "master.key"));
  const hash = createHash("sha256");
  for (const { keyid, holder, sealedPrivateKey } of rows.toSorted((a, b) => (a.keyid < b.keyid ? -1 : 1))) {
    const sealed = createHash("sha256")
      .update(sealedPrivateKey ?? "")
      .digest("hex");
    hash.update(`${keyid} ${holder} ${sealed}\n`);
  }
  const isHere = rows.some(({ holder }) => holder === "here");
  const isBeside = masterKeyFile.startsWith(dataDir + sep);
  return {
    keys: rows.map(({ name, holder, command }) => ({ name, holder, command })),
    keyids: rows.map(({ keyid }) => keyid),
    mark: hash.digest("hex"),
    notes: [...(isHere ? ["root_here" as const] : []), ...(isBeside ? ["master_beside" as const] : [])],
    dataDir,
    masterKeyFile,
  };
}
