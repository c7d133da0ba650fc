import { beforeAll, describe, expect, test } from "bun:test";
import { bytesSource } from "./source.ts";
import {
  createTestAuthorities,
  NOW,
  releasedPackage,
  sampleFiles,
  signedPackage,
  type TestAuthorities,
} from "./testing.ts";
import { type Policy, type Verdict, verifyPackage } from "./verify.ts";

/**
 * Every bit that can be flipped in a small package. A released one is refused, whichever it is; a signed one is refused or still is
 * what it was. `MOSIS_MEASURE=1` flips every bit of every byte and tries random values besides; otherwise every bit of
 * the directory, of the last envelope and of a part of the rest.
 */
const COMPLETE = process.env.MOSIS_MEASURE === "1";
const STRIDE = COMPLETE ? 1 : 7;

let authorities: TestAuthorities;
let policy: Policy;
let signed: Uint8Array;
let released: Uint8Array;

beforeAll(async () => {
  authorities = await createTestAuthorities();
  policy = { now: NOW, roots: [authorities.root], developerCas: [authorities.developerCa] };
  signed = await signedPackage(authorities, sampleFiles());
  released = await releasedPackage(authorities, signed);
});

const judge = (bytes: Uint8Array) => verifyPackage(bytesSource(bytes), policy);

/** Calls `check` with each changed copy; the copy is one array, changed back afterwards. */
async function eachFlip(
  bytes: Uint8Array,
  from: number,
  check: (changed: Uint8Array, place: string) => Promise<void>,
): Promise<number> {
  const copy = Uint8Array.from(bytes);
  let flips = 0;
  for (let at = 0; at < copy.length; at++) {
    if (at < from && at % STRIDE !== 0) continue;
    const original = copy[at] ?? 0;
    for (const value of valuesBeside(original, at)) {
      copy[at] = value;
      await check(copy, `byte ${at}: ${original} → ${value}`);
      flips++;
    }
    copy[at] = original;
  }
  return flips;
}

/** All single-bit flips; in a complete run two other values too, which depend on the place only. */
function valuesBeside(original: number, at: number): number[] {
  const flipped = Array.from({ length: 8 }, (_, bit) => original ^ (1 << bit));
  const others = COMPLETE ? [(original + 1 + ((at * 31) % 255)) & 0xff, 255 - original] : [];
  return COMPLETE ? [...flipped, ...others] : [flipped[at % 8] ?? 0, 255 - original];
}

const isSame = (a: Verdict, b: Verdict) =>
  a.ok && a.contentDigest === b.contentDigest && a.developer?.keyid === b.developer?.keyid;

describe("a byte that is changed", () => {
  test("in a released package is found", async () => {
    expect((await judge(released)).ok).toBe(true);
    const accepted: string[] = [];
    // From the store's envelope on nothing but the container's rules and its own signature vouch for the bytes.
    const from = Buffer.from(released).indexOf("META-MOSIS/store.dsse") - 30;
    const flips = await eachFlip(released, from, async (changed, place) => {
      if ((await judge(changed)).ok) accepted.push(place);
    });
    expect(accepted).toEqual([]);
    expect(flips).toBeGreaterThan(released.length / STRIDE);
  }, 600_000);

  test("in a signed package is found, or changes nothing", async () => {
    const whole = await judge(signed);
    expect(whole.ok).toBe(true);
    const other: string[] = [];
    await eachFlip(signed, signed.length, async (changed, place) => {
      const verdict = await judge(changed);
      if (verdict.ok && !isSame(verdict, whole)) other.push(place);
    });
    expect(other).toEqual([]);
  }, 600_000);
});
