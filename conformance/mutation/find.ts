/** Which case notices each check that is switched off. */
import { isVerdict, type KitCase, LATE } from "./cases.ts";
import { state } from "./hooks.ts";
import type { Place } from "./places.ts";
import { keyOf, readWitnesses } from "./witnesses.ts";

/** Cases that take longer are asked at the end, about what is left. */
const LONG_MS = 400;

/** `isLate`: its judging came to no end. */
export type Noticing = { readonly id: string; readonly isLate: boolean };

/**
 * Place → a case that tells something else when the check there is switched off. The case that is committed as its witness is
 * asked first. After that each case is judged as it is, to see which switches would make a difference to it.
 */
export async function findNoticed(
  places: readonly Place[],
  cases: readonly KitCase[],
  onNoticed: (noticed: ReadonlyMap<number, Noticing>) => void = () => {},
): Promise<ReadonlyMap<number, Noticing>> {
  const noticed = new Map<number, Noticing>();
  const tryAt = async (place: number, made: Judging): Promise<void> => {
    state.off = place;
    const told = await made.judge();
    if (!isVerdict(told, made.code)) {
      noticed.set(place, { id: made.id, isLate: told === LATE });
      onNoticed(noticed);
    }
    state.off = -1;
  };

  const byWitness = witnessed(places);
  for (const each of cases) {
    const own = byWitness.get(each.id);
    if (own === undefined) continue;
    const made = await opened(each);
    for (const place of own) await tryAt(place, made);
  }

  const long: KitCase[] = [];
  const ask = async (each: KitCase, mayWait: boolean): Promise<void> => {
    const made = await opened(each);
    state.hits = new Set();
    const start = performance.now();
    const usual = await made.judge();
    const isLong = performance.now() - start > LONG_MS;
    if (!isVerdict(usual, made.code))
      throw new Error(`${made.id}: ${usual} in the copy, with nothing switched off, not ${made.code}`);
    if (isLong && mayWait) {
      long.push(each);
      return;
    }
    const hits = [...state.hits].filter((place) => !noticed.has(place));
    const limits = hits.filter((place) => places[place]?.kind === "limit");
    for (const place of hits) if (places[place]?.kind !== "limit") await tryAt(place, made);
    // Most cases are not about a limit at all.
    if (limits.length > 0 && (await dependsOnLimits(limits, made)))
      for (const place of limits) await tryAt(place, made);
  };
  if (noticed.size === places.length) return noticed;
  for (const each of cases) await ask(each, true);
  for (const each of long) await ask(each, false);
  return noticed;
}

type Judging = {
  readonly id: string;
  readonly code: string | null;
  readonly judge: () => Promise<string>;
};

async function opened({ id, code, open }: KitCase): Promise<Judging> {
  return { id, code, judge: await open() };
}

async function dependsOnLimits(limits: readonly number[], made: Judging): Promise<boolean> {
  state.limitsOff = new Set(limits);
  const isOther = !isVerdict(await made.judge(), made.code);
  state.limitsOff = new Set();
  return isOther;
}

/** Case → the places that it noticed the last time. */
function witnessed(places: readonly Place[]): ReadonlyMap<string, readonly number[]> {
  const witnesses = readWitnesses();
  const byCase = new Map<string, number[]>();
  for (const [number, place] of places.entries()) {
    const id = witnesses.get(keyOf(place));
    if (id !== undefined) byCase.set(id, [...(byCase.get(id) ?? []), number]);
  }
  return byCase;
}
