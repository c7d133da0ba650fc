/** What a change of keys could not finish after it was made: it is done, and the person has to know. */
import type { Left } from "../../../catalog/store-keys/left.ts";

/** What a change gives beside its own outcome. */
export type WithLeft = { readonly left: readonly Left[] };

const WORDS: Readonly<Record<Left, string>> = {
  old_keys:
    "ATTENTION mosis.db-wal could not be emptied (the disk is full, or another process reads the database): what was overwritten, such as the sealed private halves of old keys, may be in it until that works. It is tried again each hour by a running server, at each start and at each end.",
  files:
    "ATTENTION the catalogue's files could not be written yet, as on a full disk: devices follow once they are. It is tried again by a running server, and at each start.",
};

export function leftLines({ left }: WithLeft): readonly string[] {
  return left.map((one) => WORDS[one]);
}
