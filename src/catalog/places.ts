/** Lists that an administrator puts in order. Pure. */

/**
 * The list with one of it, or one more, at a place: 1 is the first, a place beyond the last is the last.
 * @param isIt Whether one of the list is that one.
 */
export function placed<T>(list: readonly T[], one: T, place: number, isIt: (other: T) => boolean): T[] {
  return list.filter((other) => !isIt(other)).toSpliced(Math.max(0, place - 1), 0, one);
}
