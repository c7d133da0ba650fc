/** What changes are made from: the seeds and what is kept in the tree, which stay, and what was found new, for which there is a bound. */
import type { Random } from "./random.ts";

/** Large ones are judged and not changed again: they would take all the time. */
export const POOL_ITEM_BYTES = 12 * 1024;
export const POOL_MOST = 2000;
export const POOL_BYTES = 8 * 2 ** 20;
/** So many outcomes are told apart: what is beyond is no new one any more. */
export const OUTCOMES_MOST = 5000;

export type Pool = {
  readonly items: readonly Uint8Array[];
  /** Of what was found alone. */
  foundBytes(): number;
  /** One that is too large is left out. Where there is no room, others go, by the draw. */
  add(bytes: Uint8Array, random: Random): void;
};

export function createPool(
  staying: readonly Uint8Array[],
  bounds: { readonly most: number; readonly bytes: number } = { most: POOL_MOST, bytes: POOL_BYTES },
): Pool {
  const items = [...staying];
  let held = 0;
  return {
    items,
    foundBytes: () => held,
    add(bytes, random) {
      if (bytes.length > Math.min(POOL_ITEM_BYTES, bounds.bytes)) return;
      for (;;) {
        const found = items.length - staying.length;
        if (found < bounds.most && held + bytes.length <= bounds.bytes) break;
        const at = staying.length + random.int(found);
        held -= items[at]?.length ?? 0;
        const last = items.pop();
        if (last !== undefined && at < items.length) items[at] = last;
      }
      // A copy: a part of something large would hold the whole.
      items.push(Uint8Array.from(bytes));
      held += bytes.length;
    },
  };
}

export type Outcomes = {
  /** The smallest input of each; null where all were too large to be kept, or there was no room. */
  readonly smallest: ReadonlyMap<string, Uint8Array | null>;
  /** Whether nothing like it was seen before. */
  see(signature: string, bytes: Uint8Array): boolean;
};

export function createOutcomes(
  bounds: { readonly most: number; readonly bytes: number } = { most: OUTCOMES_MOST, bytes: POOL_BYTES },
): Outcomes {
  const smallest = new Map<string, Uint8Array | null>();
  let held = 0;
  return {
    smallest,
    see(signature, bytes) {
      const known = smallest.get(signature);
      if (known === undefined && smallest.size >= bounds.most) return false;
      const before = known?.length ?? 0;
      const isSmaller = !known || bytes.length < before;
      if (isSmaller && bytes.length <= POOL_ITEM_BYTES && held - before + bytes.length <= bounds.bytes) {
        smallest.set(signature, Uint8Array.from(bytes));
        held += bytes.length - before;
      } else if (known === undefined) smallest.set(signature, null);
      return known === undefined;
    },
  };
}
