import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isProblem } from "../errors.ts";
import { canonicalize, canonicalText, parseCanonical, parseStrictJson } from "./json.ts";

const LIMITS = { maxBytes: 2 ** 20 };
const utf8 = (text: string) => new TextEncoder().encode(text);
const bytes = (...values: number[]) => Uint8Array.from(values);

function refusalOf(run: () => unknown): { code: string; offset?: number; found?: string; expected?: string } {
  try {
    run();
  } catch (error) {
    if (isProblem(error)) return { ...error.details[0], code: error.code };
    throw error;
  }
  return { code: "accepted" };
}

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

/** What is refused, with its code and the byte at which. */
const MALFORMED: readonly (readonly [string, string, Uint8Array | string, number?])[] = [
  ["nothing", "MPK-J004", "", 0],
  ["white space only", "MPK-J004", " ", 1],
  ["a byte order mark", "MPK-J003", bytes(0xef, 0xbb, 0xbf, 0x7b, 0x7d), 0],
  ["UTF-16", "MPK-J002", bytes(0xff, 0xfe, 0x7b, 0x00), 0],
  ["an overlong slash", "MPK-J002", bytes(0x22, 0xc0, 0xaf, 0x22), 1],
  ["an overlong NUL in three bytes", "MPK-J002", bytes(0x22, 0xe0, 0x80, 0x80, 0x22), 1],
  ["a surrogate in UTF-8", "MPK-J002", bytes(0x22, 0xed, 0xa0, 0x80, 0x22), 1],
  ["a code point above U+10FFFF", "MPK-J002", bytes(0x22, 0xf4, 0x90, 0x80, 0x80, 0x22), 1],
  ["a character that is cut off", "MPK-J002", bytes(0x22, 0x61, 0xe2, 0x82), 2],
  ["a continuation byte alone", "MPK-J002", bytes(0x22, 0x80, 0x22), 1],
  ["two documents", "MPK-J004", "{}{}", 2],
  ["a trailing comma in an array", "MPK-J004", "[1,]", 3],
  ["a trailing comma in an object", "MPK-J004", '{"a":1,}', 7],
  ["a missing colon", "MPK-J004", '{"a" 1}', 5],
  ["a bare key", "MPK-J004", "{a:1}", 1],
  ["single quotes", "MPK-J004", "{'a':1}", 1],
  ["a comment", "MPK-J004", "[1/**/]", 2],
  ["NaN", "MPK-J004", "[NaN]", 1],
  ["Infinity", "MPK-J004", "[-Infinity]", 1],
  ["True", "MPK-J004", "[True]", 1],
  ["a leading zero", "MPK-J004", "[01]", 2],
  ["a plus sign", "MPK-J004", "[+1]", 1],
  ["a bare fraction", "MPK-J004", "[.5]", 1],
  ["a fraction without digits", "MPK-J004", "[1.]", 2],
  ["hexadecimal", "MPK-J004", "[0x10]", 2],
  ["a raw control character", "MPK-J004", bytes(0x22, 0x09, 0x22), 1],
  ["a raw NUL", "MPK-J004", bytes(0x22, 0x00, 0x22), 1],
  ["an unknown escape", "MPK-J004", '"\\x41"', 1],
  ["a short escape", "MPK-J004", '"\\u12"', 1],
  ["an open string", "MPK-J004", '"abc', 4],
  ["an open array", "MPK-J004", "[1", 2],
  ["a form feed between values", "MPK-J004", "[\f1]", 1],
  ["a no-break space between values", "MPK-J004", "[\u00a01]", 1],
  ["17 levels", "MPK-J005", nested(17), 16],
  ["16 levels and a number inside", "MPK-J005", `${"[".repeat(16)}1${"]".repeat(16)}`, 16],
  ["a hundred thousand levels", "MPK-J005", "[".repeat(100_000), 16],
  ["a key twice", "MPK-J006", '{"a":1,"a":1}', 7],
  ["a key twice, once escaped", "MPK-J006", '{"a":1,"\\u0061":2}', 7],
  ["a key twice, not side by side", "MPK-J006", '{"a":1,"b":2,"a":3}', 13],
  ["an empty key twice", "MPK-J006", '{"":1,"":2}', 6],
  ["__proto__ twice", "MPK-J006", '{"__proto__":1,"__proto__":2}', 15],
  ["a key twice, deep inside", "MPK-J006", '{"x":[{"k":{},"k":{}}]}', 14],
  ["a lone high surrogate", "MPK-J007", '["\\ud800"]', 1],
  ["a lone low surrogate", "MPK-J007", '["\\udc00"]', 1],
  ["surrogates the wrong way round", "MPK-J007", '["\\udc00\\ud800"]', 1],
  ["a lone surrogate in a key", "MPK-J007", '{"\\ud800":1}', 1],
  ["U+FFFE", "MPK-J007", '"\ufffe"', 0],
  ["U+FFFF escaped", "MPK-J007", '"\\uffff"', 0],
  ["U+FDD0", "MPK-J007", '"\ufdd0"', 0],
  ["U+1FFFE", "MPK-J007", '"\u{1fffe}"', 0],
  ["U+10FFFF", "MPK-J007", '"\u{10ffff}"', 0],
  ["-0", "MPK-J008", "[-0]", 1],
  ["-0.0", "MPK-J008", "[-0.0]", 1],
  ["-0e5", "MPK-J008", "[-0e5]", 1],
  ["a negative number that vanishes", "MPK-J008", "[-1e-999]", 1],
  ["a number beyond doubles", "MPK-J008", "[1e999]", 1],
  ["2^53", "MPK-J008", "[9007199254740992]", 1],
  ["2^53 + 1", "MPK-J008", "[9007199254740993]", 1],
  ["a space", "MPK-J009", '{"a": 1}', 5],
  ["a line's end", "MPK-J009", "{}\n", 2],
  ["keys out of order", "MPK-J009", '{"b":1,"a":2}', 2],
  ["keys in the order of code points, not of UTF-16", "MPK-J009", '{"\ufb33":1,"\u{1f600}":2}', 2],
  ["1.0", "MPK-J009", "[1.0]", 2],
  ["1e3", "MPK-J009", "[1e3]", 2],
  ["1E+21", "MPK-J009", "[1E+21]", 2],
  ["a number that vanishes", "MPK-J009", "[1e-999]", 1],
  ["more digits than a double holds", "MPK-J009", "[0.1000000000000000055]", 4],
  ["an escaped slash", "MPK-J009", '"\\/"', 1],
  ["an escaped letter", "MPK-J009", '"\\u0061"', 1],
  ["an escaped letter beyond ASCII", "MPK-J009", '"\\u00e4"', 1],
  ["an escaped pair of surrogates", "MPK-J009", '"\\ud83d\\ude00"', 1],
  ["\\u000a for \\n", "MPK-J009", '"\\u000a"', 2],
  ["an escape in capitals", "MPK-J009", '"\\u001F"', 6],
  ["a raw DEL that is escaped", "MPK-J009", '"\\u007f"', 1],
];

describe("a JSON document is refused", () => {
  test.each(MALFORMED)("%s: %s", (...[, code, document, offset]) => {
    const input = typeof document === "string" ? utf8(document) : document;
    const found = refusalOf(() => parseCanonical(input, LIMITS));
    expect(found).toMatchObject({ code, ...(offset === undefined ? {} : { offset }) });
    expect(found.found ?? "").not.toBe("");
    expect(found.expected ?? "").not.toBe("");
  });

  test("by its last byte after 6 MiB, at once: MPK-J002", () => {
    const long = Buffer.concat([Buffer.alloc(6 * 2 ** 20 - 1, "a"), Buffer.of(0xff)]);
    const before = process.cpuUsage();
    expect(refusalOf(() => parseCanonical(long, { maxBytes: long.length }))).toMatchObject({
      code: "MPK-J002",
      offset: long.length - 1,
    });
    const { user, system } = process.cpuUsage(before);
    // It took 2 s of the processor when each byte was looked at in an array of its own.
    expect((user + system) / 1000).toBeLessThan(1000);
  });

  test("one byte above its limit: MPK-J001, and at it not", () => {
    const text = utf8(`"${"a".repeat(98)}"`);
    expect(refusalOf(() => parseCanonical(text, { maxBytes: 99 })).code).toBe("MPK-J001");
    expect(parseCanonical(text, { maxBytes: 100 })).toBe("a".repeat(98));
  });
});

describe("a JSON document is accepted", () => {
  test.each([
    nested(16),
    '{"":1,"A":2,"a":3,"ä":4,"😀":5,"ﬡ":6}',
    '"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\"\\\\/\u007f\u2028"',
    "[9007199254740991,-9007199254740991,0.1,1e+21,1e-7,5e-324,1.7976931348623157e+308]",
    '{"a":{"__proto__":null,"constructor":1}}',
  ])("%s", (text) => {
    expect(canonicalText(parseCanonical(utf8(text), LIMITS))).toBe(text);
  });

  test("with __proto__ as a key like any other", () => {
    const value = parseCanonical(utf8('{"__proto__":{"polluted":true}}'), LIMITS);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value ?? {})).toEqual(["__proto__"]);
    expect("polluted" in {}).toBe(false);
  });
});

/** RFC 8785, appendix B: the bits of a double and its text. */
test.each([
  ["0000000000000000", "0"],
  ["0000000000000001", "5e-324"],
  ["7fefffffffffffff", "1.7976931348623157e+308"],
  ["ffefffffffffffff", "-1.7976931348623157e+308"],
  ["4340000000000000", "9007199254740992"],
  ["44b52d02c7e14af5", "9.999999999999997e+22"],
  ["44b52d02c7e14af6", "1e+23"],
  ["44b52d02c7e14af7", "1.0000000000000001e+23"],
  ["444b1ae4d6e2ef4e", "999999999999999700000"],
  ["444b1ae4d6e2ef4f", "999999999999999900000"],
  ["444b1ae4d6e2ef50", "1e+21"],
  ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
  ["3eb0c6f7a0b5ed8d", "0.000001"],
  ["41b3de4355555553", "333333333.3333332"],
  ["41b3de4355555557", "333333333.33333343"],
  ["becbf647612f3696", "-0.0000033333333333333333"],
  ["43143ff3c1cb0959", "1424953923781206.2"],
])("the number of bits %s is written %s", (bits, text) => {
  expect(canonicalText(Buffer.from(bits, "hex").readDoubleBE(0))).toBe(text);
});

/** RFC 8785 §3.2 once more, from its text: literals, numbers and strings as ECMAScript writes them, keys by UTF-16 units. */
function rfc8785(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(rfc8785).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const units = (text: string) => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  const compare = (a: string, b: string) => {
    const [left, right] = [units(a), units(b)];
    const at = left.findIndex((unit, index) => unit !== right[index]);
    return at === -1 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1);
  };
  const members = Object.entries(value).sort(([a], [b]) => compare(a, b));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${rfc8785(member)}`).join()}}`;
}

const isTaken = (text: string) => !/[\ufdd0-\ufdef]|[\ufffe\uffff]|\p{Cs}/u.test(text) && text.isWellFormed();
const text = fc.string({ unit: "binary" }).filter((value) => isTaken(value) && !/\p{Cn}/u.test(value));
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    text,
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .filter((n) => !Object.is(n, -0) && Math.abs(n) < 2 ** 53),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("tree"), { maxLength: 5 }),
    fc.dictionary(fc.oneof(text, fc.constantFrom("__proto__", "constructor")), tie("tree"), { maxKeys: 5 }),
  ),
}));

describe("properties", () => {
  test("what is no UTF-8 is told where the runtime's own decoder puts its first replacement", () => {
    const piece = fc.oneof(
      fc.constantFrom("a", "é", "€", "😀").map((letter) => utf8(letter)),
      fc.uint8Array({ minLength: 1, maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const document = new Uint8Array(Buffer.concat(pieces));
        const loose = new TextDecoder("utf-8", { ignoreBOM: true }).decode(document);
        const at = loose.indexOf("\ufffd");
        // One that stands there itself is no replacement.
        fc.pre(!Buffer.from(document).includes("\ufffd"));
        const { code, offset } = refusalOf(() => parseCanonical(document, LIMITS));
        expect(code === "MPK-J002").toBe(at !== -1);
        if (at !== -1) expect(offset).toBe(Buffer.byteLength(loose.slice(0, at)));
      }),
      { numRuns: 1000 },
    );
  });

  test("what is canonicalised is RFC 8785, and parsing it gives it back", () => {
    fc.assert(
      fc.property(tree, (value) => {
        const canonical = canonicalize(value);
        expect(new TextDecoder().decode(canonical)).toBe(rfc8785(value));
        expect(canonicalize(parseCanonical(canonical, LIMITS))).toEqual(canonical);
      }),
    );
  });

  test("white space and the order of keys change nothing that is written by hand", () => {
    fc.assert(
      fc.property(tree, (value) => {
        const pretty = utf8(JSON.stringify(value, undefined, 2));
        expect(canonicalize(parseStrictJson(pretty, LIMITS))).toEqual(canonicalize(value));
      }),
    );
  });

  test("a document is taken exactly when it is what its value comes to, however it is written", () => {
    const number = fc.constantFrom(
      "1",
      "1.0",
      "1e2",
      "1E2",
      "100",
      "0.5",
      "5e-1",
      "1e21",
      "1e+21",
      "0",
      "-1",
      "-0.5",
      "9007199254740991",
    );
    const quotedText = fc
      .tuple(
        fc.constantFrom("a", "b", "\u20ac", "10", "9", "\u{1f600}", '"', "\\", "/", "\n", "\u007f", "\u2028"),
        fc.nat({ max: 2 }),
      )
      .map(([of, how]) => {
        const plain = JSON.stringify(of);
        const units = [...of].flatMap((point) => point.split(""));
        const code = (unit: string) => unit.charCodeAt(0).toString(16).padStart(4, "0");
        if (how === 0) return plain;
        const hex = units.map((unit) => `\\u${how === 1 ? code(unit) : code(unit).toUpperCase()}`).join("");
        return of === "/" && how === 2 ? '"\\/"' : `"${hex}"`;
      });
    const blank = fc.constantFrom("", "", "", "", " ", "\n");
    const { written } = fc.letrec<{ written: string }>((tie) => ({
      written: fc.oneof(
        { maxDepth: 3 },
        number,
        quotedText,
        fc.constantFrom("true", "null"),
        fc
          .tuple(blank, fc.array(tie("written"), { maxLength: 3 }))
          .map(([b, items]) => `[${b}${items.join(`,${b}`)}]`),
        fc
          .tuple(
            blank,
            fc.uniqueArray(fc.tuple(quotedText, tie("written")), {
              maxLength: 3,
              selector: ([key]) => JSON.parse(key),
            }),
          )
          .map(([b, members]) => `{${members.map(([key, value]) => `${key}${b}:${value}`).join(",")}${b}}`),
      ),
    }));
    let [taken, refused] = [0, 0];
    fc.assert(
      fc.property(written, (document) => {
        const bytes = utf8(document);
        const isCanonical = Buffer.compare(canonicalize(parseStrictJson(bytes, LIMITS)), bytes) === 0;
        let code = "none";
        try {
          parseCanonical(bytes, LIMITS);
        } catch (error) {
          if (!isProblem(error)) throw error;
          code = error.code;
        }
        expect([document, code]).toEqual([document, isCanonical ? "none" : "MPK-J009"]);
        if (isCanonical) taken++;
        else refused++;
      }),
      { numRuns: 5000 },
    );
    expect(Math.min(taken, refused)).toBeGreaterThan(300);
  });

  test("any bytes are parsed or refused with a code", () => {
    const pieces = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"',
      "\\",
      "u",
      "d800",
      "1",
      "-0",
      "e",
      ".",
      " ",
      "true",
      "ä",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.array(pieces, { maxLength: 40 }).map((all) => utf8(all.join(""))),
        ),
        (input) => {
          expect(refusalOf(() => parseCanonical(input, LIMITS)).code).toMatch(/^(?:MPK-J00[2-9]|accepted)$/);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
