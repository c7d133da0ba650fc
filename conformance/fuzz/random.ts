/** Numbers that look random and are the same for the same seed and place: an execution can be repeated by itself. */

export type Random = {
  /** From 0 to `below` − 1. */
  int(below: number): number;
  /** True in one of `times` cases. */
  oneIn(times: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** One of a list that may be empty. */
  some<Item>(items: readonly Item[]): Item | undefined;
  bytes(length: number): Uint8Array;
};

/** splitmix32 over the seed, the place and the parser's name. */
export function randomAt(seed: number, place: number, name: string): Random {
  let state = (seed ^ Math.imul(place + 1, 0x9e3779b1)) >>> 0;
  for (const letter of name) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const int = (below: number) => Math.floor((next() / 2 ** 32) * Math.max(1, below));
  return {
    int,
    oneIn: (times) => int(times) === 0,
    pick: (items) => items[int(items.length)] ?? items[0],
    some: (items) => items[int(items.length)],
    bytes: (length) => Uint8Array.from({ length }, () => int(256)),
  };
}
