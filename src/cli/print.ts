/** Prints what a command gives, for a person or as JSON. In pieces: what very many files come to never stands in memory as one text. */

import { isPlainObject } from "../signing/json.ts";
import type { Result } from "./command.ts";
import type { Io } from "./io.ts";
import { createStyle, safeForTerminal, safeInJson } from "./style.ts";

const PIECE_LENGTH = 64 * 1024;
/** A longer list is written in parts of as many items. */
const ITEMS = 256;

export function print(result: Result, io: Io, json: boolean): void {
  if (json) {
    write(jsonPieces(result.data), safeInJson, io);
    return;
  }
  const style = createStyle(io.color, io.isTerminal ? io.columns : Number.POSITIVE_INFINITY);
  const text = result.text(style);
  write(typeof text === "string" ? [text] : text, safeForTerminal, io);
}

/** One line feed follows; nothing is printed where there is nothing. */
function write(pieces: Iterable<string>, safe: (text: string) => string, io: Io): void {
  let held = "";
  for (const piece of pieces) {
    // A long one is not joined with what is before it: that would be one more copy of it.
    if (held !== "" && held.length + piece.length > PIECE_LENGTH) {
      io.stdout(safe(held));
      held = piece;
    } else held += piece;
  }
  if (held !== "") io.stdout(`${safe(held)}\n`);
}

/** What `JSON.stringify` makes of a value, piece by piece. */
export function* jsonPieces(value: unknown): Generator<string> {
  if (Array.isArray(value) && value.length > ITEMS) {
    for (let at = 0; at < value.length; at += ITEMS) {
      yield at === 0 ? "[" : ",";
      yield JSON.stringify(value.slice(at, at + ITEMS)).slice(1, -1);
    }
    yield "]";
  } else if (isPlainObject(value)) {
    let before = "{";
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue;
      yield `${before}${JSON.stringify(key)}:`;
      yield* jsonPieces(member);
      before = ",";
    }
    yield before === "{" ? "{}" : "}";
  } else yield JSON.stringify(value);
}
