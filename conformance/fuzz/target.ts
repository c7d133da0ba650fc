/** What a parser is to the fuzzer. */
import { isProblem, type ProblemDetail } from "../../src/errors.ts";
import { mutateJson } from "./mutate/json.ts";
import type { Random } from "./random.ts";
import { headOf, isName } from "./words.ts";

/** What became of one input. */
export type Outcome = {
  /** null: it was accepted. */
  readonly code: string | null;
  /** The one of the target's layers that refused it, or `accepted`. */
  readonly layer: string;
  /** Where, without numbers and names of the input's own: what is new in it makes the input worth keeping. */
  readonly place: string;
};

export type Made = {
  readonly bytes: Uint8Array;
  /** Up to where the input was made right again after the change. */
  readonly repaired: string;
};

export type Opened = {
  /** Made when they are asked for: replaying what is kept needs none. */
  seeds(): readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** `corpus` holds the seeds, what is kept in the tree, and what was found new in this run. */
  make(random: Random, corpus: readonly Uint8Array[]): Made | Promise<Made>;
  /** Parses. What it throws is a fault of the parser's, as is an accepted input that does not come out as it went in. */
  judge(bytes: Uint8Array): Outcome | Promise<Outcome>;
  close?(): void;
};

export type Target = {
  readonly name: string;
  /** In the order in which an input comes to them; `accepted` follows by itself. */
  readonly layers: readonly string[];
  /** What is kept of it in the tree, in bytes. */
  readonly keepBytes?: number;
  /** How much the process may grow by one input. */
  readonly growthBytes?: number;
  open(): Promise<Opened>;
};

export const ACCEPTED: Outcome = { code: null, layer: "accepted", place: "" };

/** One of the corpus; there is always one. */
export function pickFrom(random: Random, corpus: readonly Uint8Array[]): Uint8Array {
  return random.some(corpus) ?? new Uint8Array(0);
}

/** What lies deeper is one class. */
const TOKENS_MOST = 6;

/**
 * The class of a refusal's place: names and words of the program's own stay, and what the input itself says does not. With it
 * every other value would be a new outcome.
 */
export function placeOf({
  pointer,
  entry,
  expected,
  found,
}: Pick<ProblemDetail, "pointer" | "entry" | "expected" | "found">): string {
  const shape = (path: string) => {
    const tokens = path.split("/");
    const shown = tokens
      .slice(0, TOKENS_MOST)
      .map((token) => (token === "" || isName(token) ? token : /^\d+$/.test(token) ? "#" : "?"))
      .join("/");
    return tokens.length > TOKENS_MOST ? `${shown}/…` : shown;
  };
  const words = `${headOf(found ?? "")} ${headOf(expected ?? "")}`;
  return `${entry === undefined ? "" : shape(entry)} ${pointer === undefined ? "" : shape(pointer)} ${words}`;
}

/** The outcome of a refusal; anything else that was thrown is thrown again. */
export function refusedBy(error: unknown, layerOf: (code: string) => string): Outcome {
  if (!isProblem(error)) throw error;
  const [detail] = error.details;
  if (!/^(?:MPK-[A-Z]\d{3}|[a-z]+\.[a-z_]+)$/.test(error.code))
    throw new Error(`a refusal has no documented code: ${error.code}`, { cause: error });
  // What stands behind a document's own code says whether the JSON or its shape was refused.
  let inner = error.code;
  for (let cause = error.cause; isProblem(cause); cause = cause.cause) inner = cause.code;
  return {
    code: error.code,
    layer: layerOf(inner),
    place: `${inner} ${detail ? placeOf(detail) : ""}`,
  };
}

export const jsonOrShape = (code: string): string => (code.startsWith("MPK-J") ? "json" : "shape");

/** A target that is one JSON document with a parser; `build` makes its bytes again. */
export function documentTarget(plan: {
  readonly name: string;
  readonly seeds: () => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  readonly parse: (bytes: Uint8Array) => Uint8Array | undefined | Promise<Uint8Array | undefined>;
  readonly layers?: readonly string[];
  readonly layerOf?: (code: string) => string;
}): Target {
  return {
    name: plan.name,
    layers: plan.layers ?? ["json", "shape"],
    open: async () => ({
      seeds: plan.seeds,
      make: (random, corpus) => mutateJson(pickFrom(random, corpus), random, pickFrom(random, corpus)),
      judge: async (bytes) => {
        let again: Uint8Array | undefined;
        try {
          again = await plan.parse(bytes);
        } catch (error) {
          return refusedBy(error, plan.layerOf ?? jsonOrShape);
        }
        mustEqual(bytes, again);
        return accepted(bytes);
      },
    }),
  };
}

export function accepted(bytes: Uint8Array): Outcome {
  return { ...ACCEPTED, place: String(Math.floor(Math.log2(bytes.length + 1))) };
}

/** @throws Error when what was accepted is not what is written for it */
export function mustEqual(bytes: Uint8Array, again: Uint8Array | undefined): void {
  if (again !== undefined && !Buffer.from(bytes).equals(again))
    throw new Error(
      `it was accepted, and is written as ${Buffer.from(again).toString("utf8").slice(0, 300)}`,
    );
}
