/** Codes of authenticator apps against RFC 6238's own table, and which of them are taken. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { base32 } from "./base32.ts";
import { matchingStep, newTotpSecret, plainCode, stepOf, totpCode, totpUri } from "./totp.ts";

/** RFC 6238, appendix B, SHA-1: its codes have eight digits, of which ours are the last six. */
const RFC_SECRET = Buffer.from("12345678901234567890");
const RFC_CODES: readonly (readonly [seconds: number, code: string])[] = [
  [59, "94287082"],
  [1111111109, "07081804"],
  [1111111111, "14050471"],
  [1234567890, "89005924"],
  [2000000000, "69279037"],
  [20000000000, "65353130"],
];

test.each(RFC_CODES)("at %d seconds the code is that of the RFC", (seconds, code) => {
  expect(totpCode(RFC_SECRET, stepOf(new Date(seconds * 1000)))).toBe(code.slice(-6));
});

/** RFC 4648 §10, without the padding. */
test.each([
  ["", ""],
  ["f", "MY"],
  ["fo", "MZXQ"],
  ["foo", "MZXW6"],
  ["foob", "MZXW6YQ"],
  ["fooba", "MZXW6YTB"],
  ["foobar", "MZXW6YTBOI"],
])("base32 of %p", (text, expected) => {
  expect(base32(Buffer.from(text))).toBe(expected);
});

describe("a code", () => {
  const at = new Date("2026-11-27T09:00:10Z");
  const now = stepOf(at);
  const taken = (step: number, lastStep: number | null = null) =>
    matchingStep(RFC_SECRET, totpCode(RFC_SECRET, step), at, lastStep);

  test("is taken of the present step and of one to each side", () => {
    expect([-2, -1, 0, 1, 2].map((aside) => taken(now + aside))).toEqual([null, now - 1, now, now + 1, null]);
  });
  test("is not taken twice, nor one that is older than the last", () => {
    expect(taken(now, now)).toBeNull();
    expect(taken(now - 1, now)).toBeNull();
    expect(taken(now + 1, now)).toBe(now + 1);
  });
  test("of anything but six digits is none", () => {
    const code = totpCode(RFC_SECRET, now);
    for (const text of ["", code.slice(1), `${code}0`, ` ${code}`, `${code}\n`, "١٢٣٤٥٦", "1e5", "-12345"])
      expect([text, matchingStep(RFC_SECRET, text, at, null)]).toEqual([text, null]);
    expect(plainCode(`${code.slice(0, 3)} ${code.slice(3)}\u00a0`)).toBe(code);
  });
  test("that is not of the step is refused, whatever it is", () => {
    const right = new Set([-1, 0, 1].map((aside) => totpCode(RFC_SECRET, now + aside)));
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), (text) => {
        expect(matchingStep(RFC_SECRET, text, at, null) !== null).toBe(right.has(text));
      }),
    );
  });
});

test("the URI names the store and the account, whatever they are called", () => {
  const secret = newTotpSecret();
  expect(secret).toHaveLength(20);
  const uri = new URL(totpUri(secret, { store: "A&B: Apps ü", email: "me+x@example.org" }));
  expect(uri.protocol).toBe("otpauth:");
  expect(decodeURIComponent(uri.pathname)).toEndWith("A&B  Apps ü:me+x@example.org");
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    secret: base32(secret),
    issuer: "A&B  Apps ü",
    algorithm: "SHA1",
    digits: "6",
    period: "30",
  });
});
