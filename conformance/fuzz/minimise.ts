/** What is worth keeping: for each outcome that no seed shows one input, made small, as long as there is room. */
import { signatureOf } from "./loop.ts";
import type { Opened, Target } from "./target.ts";

const KEEP_BYTES = 24_000;
const MOST_ITEMS = 120;
const TRIES = 120;
const LONGEST_MS = 15_000;

export async function smallestOf(
  target: Target,
  opened: Opened,
  smallest: ReadonlyMap<string, Uint8Array | null>,
  progress: () => void,
): Promise<Uint8Array[]> {
  const signature = async (bytes: Uint8Array) => {
    progress();
    return signatureOf(await opened.judge(bytes));
  };
  const seeds = new Set<string>();
  for (const seed of await opened.seeds()) seeds.add(await signature(seed).catch(() => ""));
  const end = performance.now() + LONGEST_MS;
  const found = [...smallest]
    .flatMap(([known, bytes]) => (bytes === null || seeds.has(known) ? [] : [[known, bytes] as const]))
    .sort(([, a], [, b]) => a.length - b.length);
  const kept: Uint8Array[] = [];
  let room = target.keepBytes ?? KEEP_BYTES;
  for (const [known, bytes] of found) {
    if (kept.length >= MOST_ITEMS || bytes.length > 4 * room) break;
    const isSame = async (smaller: Uint8Array) => (await signature(smaller).catch(() => "")) === known;
    const small = performance.now() > end ? bytes : await minimise(bytes, isSame);
    if (small.length > room) continue;
    room -= small.length;
    kept.push(small);
  }
  return kept;
}

/** Takes away halves, quarters and so on, as long as the outcome stays. */
async function minimise(
  bytes: Uint8Array,
  isSame: (bytes: Uint8Array) => Promise<boolean>,
): Promise<Uint8Array> {
  let small = bytes;
  let tries = TRIES;
  for (let length = Math.ceil(bytes.length / 2); length >= 1 && tries > 0; length = Math.floor(length / 2)) {
    for (let at = 0; at < small.length && tries > 0; ) {
      const without = new Uint8Array(Buffer.concat([small.subarray(0, at), small.subarray(at + length)]));
      tries -= 1;
      if (await isSame(without)) small = without;
      else at += length;
    }
  }
  return small;
}
