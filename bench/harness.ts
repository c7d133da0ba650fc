/**
 * Measures ours and a peer's side by side: both are warmed up, then they take turns, and whoever begins a round ends
 * the next, so that what else the machine does falls on both alike. What counts is each side's median.
 */

/** Less is better in all of them, so that a ratio below 1 always means that ours is ahead. */
export type Unit = "ms" | "µs" | "s" | "MiB";

export type Sides = {
  /** Does it once and gives the figure, in the measure's unit. */
  readonly ours: () => Promise<number>;
  readonly peer: () => Promise<number>;
  readonly close: () => Promise<void>;
};

export type Measure = {
  readonly name: string;
  /** What is measured, and what the peer is. */
  readonly about: string;
  readonly unit: Unit;
  readonly rounds: number;
  /** Ours must not be above this. */
  readonly limit?: number;
  /** Ours must be below so many times the peer's. */
  readonly ratioLimit?: number;
  /** Prepares both sides below an empty folder. */
  readonly open: (place: Place) => Promise<Sides>;
  /** Once all measures are taken: lets go of what they have in common. */
  readonly end?: () => Promise<void>;
};

export type Place = {
  readonly folder: string;
  /** The built executable. */
  readonly binary: string;
};

export type Figures = { readonly ours: readonly number[]; readonly peer: readonly number[] };

/** One figure of each side that is thrown away, then `rounds` of each. */
export async function takeTurns(sides: Pick<Sides, "ours" | "peer">, rounds: number): Promise<Figures> {
  const ours: number[] = [];
  const peer: number[] = [];
  await sides.ours();
  await sides.peer();
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) {
      ours.push(await sides.ours());
      peer.push(await sides.peer());
    } else {
      peer.push(await sides.peer());
      ours.push(await sides.ours());
    }
  }
  return { ours, peer };
}

/** @throws Error without figures */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new Error("there are no figures");
  return (upper + lower) / 2;
}

function amount(value: number, unit: Unit): string {
  return `${value.toFixed(unit === "s" ? 3 : 1)}${unit}`;
}

/** `NAME ours=… peer=… ratio=…` */
export function resultLine(measure: Pick<Measure, "name" | "unit">, figures: Figures): string {
  const ours = median(figures.ours);
  const peer = median(figures.peer);
  return `${measure.name} ours=${amount(ours, measure.unit)} peer=${amount(peer, measure.unit)} ratio=${(ours / peer).toFixed(2)}`;
}

/** Why the figures are not what they have to be; null when they are. */
export function aboveLimit(
  measure: Pick<Measure, "unit" | "limit" | "ratioLimit">,
  figures: Figures,
): string | null {
  const { limit, ratioLimit, unit } = measure;
  const ours = median(figures.ours);
  if (limit !== undefined && ours > limit) return `above the limit of ${limit}${unit}`;
  if (ratioLimit !== undefined && ours >= ratioLimit * median(figures.peer))
    return `not below ${ratioLimit} times the peer's`;
  return null;
}

/** How far the figures lie apart, for whoever doubts the medians. */
export function spreadLine(measure: Pick<Measure, "unit">, figures: Figures): string {
  const spread = (side: readonly number[]): string =>
    `${amount(Math.min(...side), measure.unit)}–${amount(Math.max(...side), measure.unit)}`;
  return `ours ${spread(figures.ours)}, peer ${spread(figures.peer)}, ${figures.ours.length} rounds`;
}

/** @throws Error that names what there is, for a name that is none */
export function chosen<T extends { readonly name: string }>(
  all: readonly T[],
  names: readonly string[],
): T[] {
  const means = (asked: string, name: string) =>
    asked.endsWith("*") ? name.startsWith(asked.slice(0, -1)) : asked === name;
  for (const asked of names) {
    if (!all.some(({ name }) => means(asked, name)))
      throw new Error(`there is no measure ${asked}; there are ${all.map((each) => each.name).join(", ")}`);
  }
  return all.filter(({ name }) => names.length === 0 || names.some((asked) => means(asked, name)));
}
