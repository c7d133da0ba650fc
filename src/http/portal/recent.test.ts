import { expect, test } from "bun:test";
import { rememberLast } from "./recent.ts";

test("each is made once as long as it is among the last that were asked for", () => {
  const made: string[] = [];
  const ask = rememberLast(2, (text) => {
    made.push(text);
    return { text };
  });
  const first = ask("a");
  ask("b");
  expect(ask("a")).toBe(first);
  ask("c");
  expect(ask("a")).toBe(first);
  ask("b");
  expect(made).toEqual(["a", "b", "c", "b"]);
});
