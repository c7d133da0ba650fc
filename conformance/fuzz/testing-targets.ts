/** Parsers with faults, which the fuzzer must find: a harness that finds nothing would pass everything. */
import { Problem } from "../../src/errors.ts";
import { mutateBytes } from "./mutate/bytes.ts";
import { ACCEPTED, accepted, pickFrom, refusedBy, type Target } from "./target.ts";

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

export const TESTING_TARGETS: readonly Target[] = [
  faulty("testing-crash", () => {
    throw new TypeError("a fault of the parser");
  }),
  faulty("testing-hang", () => {
    for (;;);
  }),
  faulty("testing-slow", () => {
    let spent = process.cpuUsage();
    const enough = spent.user + spent.system + 2_500_000;
    for (let turns = 1; spent.user + spent.system < enough; turns++)
      if (turns % 10_000_000 === 0) spent = process.cpuUsage();
  }),
  faulty("testing-growth", () => {
    Buffer.alloc(64 * 2 ** 20, 1);
  }),
  faulty("testing-exit", () => process.exit(7)),
  faulty("testing-never", () => new Promise(() => {})),
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
