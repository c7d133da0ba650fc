/**
 * What the switches in a copy of the sources call: each says whether it is on, and notes where it would have changed something.
 * One of them is off at a time.
 */

/** `off` is the place that is switched off; −1 for none. `hits`: where a switch would have changed what happened. */
export const state = { off: -1, limitsOff: new Set<number>(), hits: new Set<number>(), refusals: 0 };

const isLimitOff = (place: number): boolean => state.off === place || state.limitsOff.has(place);

type Raw = (() => unknown) | undefined;

const hooks = {
  off: () => state.off,
  /** A refusal: it happens, or not. */
  isOn(place: number): boolean {
    state.hits.add(place);
    state.refusals += 1;
    return state.off !== place;
  },
  /** An operand of `||`: off, it is false, and the others decide. */
  or(place: number, value: unknown): unknown {
    if (state.off === place) return false;
    if (value) state.hits.add(place);
    return value;
  },
  /** An operand of `&&`: off, it is true. */
  and(place: number, value: unknown): unknown {
    if (state.off === place) return true;
    if (!value) state.hits.add(place);
    return value;
  },
  /** The condition of a way out. */
  guard(place: number, value: unknown): unknown {
    if (state.off === place) return false;
    if (value) state.hits.add(place);
    return value;
  },
  /** The whole of what is said of yes and no: always yes, and at the next place always no. */
  is(place: number, value: unknown): unknown {
    if (state.off === place) return true;
    if (state.off === place + 1) return false;
    state.hits.add(value ? place + 1 : place);
    return value;
  },
  /** A condition of which one outcome refuses: off, it is always the other. */
  choose(place: number, good: boolean, value: unknown): unknown {
    if (state.off === place) return good;
    if (Boolean(value) !== good) state.hits.add(place);
    return value;
  },
  /** A call that refuses by itself: off, what it read counts as it is; a statement is left out. */
  call(place: number, act: () => unknown, raw: Raw): unknown {
    if (state.off === place && raw === undefined) return undefined;
    const before = state.refusals;
    try {
      const value = act();
      if (state.refusals !== before) state.hits.add(place);
      if (!(value instanceof Promise)) return value;
      return value.catch((error: unknown) => {
        state.hits.add(place);
        throw error;
      });
    } catch (error) {
      if (state.off === place) return raw?.();
      state.hits.add(place);
      throw error;
    }
  },
  async wait(place: number, act: () => Promise<unknown>): Promise<unknown> {
    if (state.off === place) return undefined;
    const before = state.refusals;
    try {
      const value = await act();
      if (state.refusals !== before) state.hits.add(place);
      return value;
    } catch (error) {
      state.hits.add(place);
      throw error;
    }
  },
  /** A limit. Whether it matters is not known here. */
  most(place: number, value: number): number {
    state.hits.add(place);
    return isLimitOff(place) ? Number.POSITIVE_INFINITY : value;
  },
  least(place: number, value: number): number {
    state.hits.add(place);
    return isLimitOff(place) ? Number.NEGATIVE_INFINITY : value;
  },
  /** The rows of a table that is gone through until one refuses. */
  *rows(place: number, table: Iterable<unknown>): Generator<unknown> {
    const before = state.refusals;
    let at = place;
    let isDone = false;
    try {
      for (const row of table) {
        at += 1;
        if (state.off !== at - 1) yield row;
      }
      isDone = true;
    } finally {
      if (!isDone) state.hits.add(at - 1);
      else if (state.refusals !== before) for (let row = place; row < at; row++) state.hits.add(row);
    }
  },
  /** The rows of a table of what is refused. */
  has(place: number, table: ReadonlySet<unknown>, value: unknown): boolean {
    const row = [...table].indexOf(value);
    if (row === -1 || state.off === place + row) return false;
    state.hits.add(place + row);
    return true;
  },
};

/** Before any copy is imported: its switches look for it. */
export function putHooks(): void {
  Object.assign(globalThis, { mutant: hooks });
}
