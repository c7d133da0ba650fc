/** Parsers with faults, which the fuzzer must find: a harness that finds nothing would pass everything. */
import { Problem } from "../../src/errors.ts";
import { mutateBytes } from "./mutate/bytes.ts";
import { POOL_ITEM_BYTES } from "./pool.ts";
import { ACCEPTED, accepted, pickFrom, refusedBy, type Target } from "./target.ts";

/** How many inputs this process has judged. */
let judged = 0;
const TIRED_AFTER = 40;

function faulty(name: string, act: (bytes: Uint8Array) => void | Promise<void>): Target {
  return {
    name,
    layers: ["even"],
    growthBytes: 32 * 2 ** 20,
    open: async () => ({
      seeds: () => [Buffer.from("a harmless seed")],
      make: (random, corpus) => ({ bytes: mutateBytes(pickFrom(random, corpus), random), repaired: "none" }),
      judge: async (bytes) => {
        if ((bytes[0] ?? 0) % 7 === 3) await act(bytes);
        return ACCEPTED;
      },
    }),
  };
}

/** What a process does that has done much, and none that has done nothing. */
function tired(name: string, act: () => void): Target {
  return {
    name,
    layers: ["even"],
    open: async () => ({
      seeds: () => [Buffer.from("a harmless seed")],
      make: (random, corpus) => ({ bytes: mutateBytes(pickFrom(random, corpus), random), repaired: "none" }),
      judge: () => {
        judged += 1;
        if (judged > TIRED_AFTER) act();
        return ACCEPTED;
      },
    }),
  };
}

/** More of the processor's time than any input may take. */
function spend(): void {
  let spent = process.cpuUsage();
  const enough = spent.user + spent.system + 2_500_000;
  for (let turns = 1; spent.user + spent.system < enough; turns++)
    if (turns % 10_000_000 === 0) spent = process.cpuUsage();
}

export const TESTING_TARGETS: readonly Target[] = [
  faulty("testing-crash", () => {
    throw new TypeError("a fault of the parser");
  }),
  faulty("testing-hang", () => {
    for (;;);
  }),
  faulty("testing-slow", spend),
  faulty("testing-growth", () => {
    Buffer.alloc(64 * 2 ** 20, 1);
  }),
  faulty("testing-exit", () => process.exit(7)),
  faulty("testing-never", () => new Promise(() => {})),
  tired("testing-tired", () => {
    for (;;);
  }),
  tired("testing-late", spend),
  // Every input has an outcome of its own.
  {
    name: "testing-novel",
    layers: ["odd"],
    open: async () => ({
      seeds: () => [Buffer.from("a harmless seed")],
      make: (random) => {
        const bytes = new Uint8Array(POOL_ITEM_BYTES - random.int(4096));
        bytes.set(random.bytes(16));
        return { bytes, repaired: "none" };
      },
      judge: (bytes) => ({ code: null, layer: "odd", place: String(Bun.hash(bytes)) }),
    }),
  },
  {
    name: "testing-code",
    layers: ["odd"],
    open: async () => ({
      seeds: () => [Buffer.from("a harmless seed")],
      make: (random, corpus) => ({ bytes: mutateBytes(pickFrom(random, corpus), random), repaired: "none" }),
      judge: (bytes) => {
        try {
          if (bytes.length % 2 === 0) throw new Problem("invalid", "no code", "A refusal without a code.");
          return accepted(bytes);
        } catch (error) {
          return refusedBy(error, () => "odd");
        }
      },
    }),
  },
];
