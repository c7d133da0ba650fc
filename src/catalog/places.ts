/** Lists that an administrator puts in order. Pure. */

/**
 * The list with one of it, or one more, at a place: 1 is the first, a place beyond the last is the last.
 * @param isIt Whether one of the list is that one.
 */
export function placed<T>(list: readonly T[], one: T, place: number, isIt: (other: T) => boolean): T[] {
  return list.filter((other) => !isIt(other)).toSpliced(Math.max(0, place - 1), 0, one);
}

/** Those of a list whose kept position is not their place in it, with the one that it is from now on. */
export function renumbered<T extends { readonly position: number }>(list: readonly T[]): T[] {
  return list
    .map((one, at) => ({ ...one, position: at + 1 }))
    .filter(({ position }, at) => position !== list[at]?.position);
}

/** What changes when one of a list, by its id, comes to another place of it: the place, and what is kept of which. */
export function moved<T extends { readonly id: string; readonly position: number }>(
  list: readonly T[],
  one: T,
  place: number,
) {
  const isIt = ({ id }: T) => id === one.id;
  const after = placed(list, one, place, isIt);
  return {
    before: { place: list.findIndex(isIt) + 1 },
    after: { place: after.findIndex(isIt) + 1 },
    renumbered: renumbered(after),
  };
}
