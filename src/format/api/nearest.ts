/** Names longer than this are not compared: the work grows with the product of two lengths. */
const MAX_LENGTH = 64;

/**
 * The name that somebody most likely meant: one that is a part of the other at a `.` or `_`, else the one with the
 * fewest edits (Levenshtein), if those are at most a third of its letters. Undefined when none is near.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  let best: { readonly name: string; readonly cost: number } | undefined;
  for (const candidate of known) {
    const cost = isPart(name, candidate) || isPart(candidate, name) ? 1 : distance(name, candidate);
    if (cost > 1 && cost > Math.floor(candidate.length / 3)) continue;
    if (best === undefined || cost < best.cost) best = { name: candidate, cost };
  }
  return best?.name;
}

function isPart(part: string, whole: string): boolean {
  return whole.startsWith(`${part}.`) || whole.startsWith(`${part}_`) || whole.endsWith(`.${part}`);
}

function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
