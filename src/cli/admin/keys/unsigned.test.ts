import { expect, test } from "bun:test";
import { missingLine, nextAfter } from "./unsigned.ts";

const targets = { what: "targets version 4", keys: ["targets-1"], count: 1 };
const certificate = { what: "certificate developer-ca", keys: ["ca-root-1"], count: 1 };
const root = { what: "root version 2", keys: ["root-1", "root-2"], count: 2 };

test("says what lacks whose signature", () => {
  expect(missingLine(root)).toBe("not signed yet: root version 2, which lacks 2 of root-1, root-2");
});

const cases: readonly (readonly [what: string, ...Parameters<typeof nextAfter>, RegExp])[] = [
  ["nothing is missing", [], new Set(["targets-1"]), /^Next, on the store's machine/],
  [
    "what this machine signs rests on certificates that another one signs first",
    [certificate, targets],
    new Set(["targets-1"]),
    /the keys of the certificates signs this file.*sign it here once more/,
  ],
  [
    "only others' signatures are missing",
    [root],
    new Set(["targets-1"]),
    /^Next, machines with the keys that lack/,
  ],
  [
    "a certificate of this machine's own",
    [certificate],
    new Set(["ca-root-1"]),
    /^Next, machines with the keys/,
  ],
];
test.each(cases)("%s", (_, missing, here, words) => {
  expect(nextAfter(missing, here)).toMatch(words);
});
