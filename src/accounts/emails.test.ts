/** Which addresses are taken: those that every mail server takes, so that none waits in the outbox for good. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { emailFaults, isEmail, knownEmailFaults, looksLikeEmail, plainEmail } from "./emails.ts";

describe("is taken", () => {
  test.each([
    "ada@example.org",
    " Ada.Lovelace+store@Example.ORG ",
    "o'neil@example.org",
    "a@b",
    "root@localhost",
    "!#$%&'*+/=?^_`{|}~-@example.org",
    `${"l".repeat(64)}@example.org`,
    "ada@bücher.example",
    "ada@例え.jp",
    "ada@xn--bcher-kva.example",
    "ada@3com.example",
    "ada@[192.0.2.1]",
    "ada@[IPv6:2001:db8::1]",
    `ada@${"d".repeat(63)}.${"d".repeat(63)}.${"d".repeat(56)}`,
  ])("%s", (email) => {
    expect(emailFaults(email)).toEqual([]);
    expect(isEmail(email)).toBe(true);
  });
});

describe("is refused", () => {
  test.each([
    ["", /looks like/],
    ["ada", /looks like/],
    ["a b@example.org", /looks like/],
    ["ada@example.org@example.com", /looks like/],
    ["<ada@example.org>", /looks like/],
    ['"ada"@example.org', /looks like/],
    ["ada\u0000@example.org", /looks like/],
    ["ada\r\nRCPT TO:<eve@example.org>", /looks like/],
    ["ada,eve@example.org", /^One address .* comma/],
    ["ada@example.org,eve@example.org", /^One address .* comma/],
    ["ada@example.org; eve@example.org", /^One address .* comma/],
    ["jürgen@example.org", /^Before the @ .* found ü\.$/],
    ["ju\u0308rgen@example.org", /found ü\.$/],
    ["аda@example.org", /found а\.$/],
    ["😀@example.org", /found 😀\.$/],
    ["a(b)@example.org", /found \(\.$/],
    ["a\\b@example.org", /found \\\.$/],
    ["a:b@example.org", /found :\.$/],
    ["[a]@example.org", /found \[\.$/],
    [".ada@example.org", /no dot at an end/],
    ["ada.@example.org", /no dot at an end/],
    ["a..b@example.org", /no dot at an end/],
    ["ada@example..org", /name of a domain/],
    ["ada@example.org.", /name of a domain/],
    ["ada@-example.org", /name of a domain/],
    ["ada@exam_ple.org", /name of a domain/],
    ["ada@exa%6dple.org", /name of a domain/],
    ["ada@example.org/x", /name of a domain/],
    ["ada@example.org:25", /name of a domain/],
    ["ada@ｅxample.org", /name of a domain/],
    ["ada@example。org", /name of a domain/],
    ["ada@xn--a", /name of a domain/],
    ["ada@192.0.2.1", /name of a domain/],
    ["ada@0x7f.1", /name of a domain/],
    ["ada@[192.0.2]", /name of a domain/],
    ["ada@[example.org]", /name of a domain/],
    [`ada@${"d".repeat(64)}.org`, /name of a domain/],
    [`${"l".repeat(64)}@${`${"äöü".repeat(6)}.`.repeat(7)}org`, /at most 254/],
  ] as const)("%j, and said why", (email, expected) => {
    const [fault, ...others] = emailFaults(email);
    expect(fault).toMatchObject({ code: "account.email", pointer: "/email" });
    expect(String(fault?.message)).toMatch(expected);
    expect(others).toEqual([]);
    expect(isEmail(email)).toBe(false);
  });

  test("an account that has another address already can still say it", () => {
    for (const email of ["jürgen@example.org", "a,b@example.org"])
      expect(knownEmailFaults(email)).toEqual([]);
    expect(knownEmailFaults("ada")).toHaveLength(1);
  });
});

test("what is taken is one path of an envelope, and of the shape that accounts have", () => {
  const part = fc.string({ unit: "grapheme", maxLength: 70 });
  const email = fc.oneof(
    fc.emailAddress(),
    fc.tuple(part, part).map((parts) => parts.join("@")),
    fc.tuple(fc.constantFrom("ada", "a.b", "a,b", "ö"), fc.domain()).map((parts) => parts.join("@")),
    fc.string({ unit: "binary", maxLength: 90 }),
  );
  fc.assert(
    fc.property(email, (text) => {
      if (!isEmail(text)) return;
      expect(looksLikeEmail(text)).toBe(true);
      const kept = plainEmail(text);
      expect(kept.split("@")[0]).toMatch(/^[\x21-\x7e]{1,64}$/);
      expect(kept).not.toMatch(/[\s,;<>"()\\]/);
    }),
    // Spaces around an address are not of it.
    { numRuns: 2000, examples: [[" A@\u303b"]] },
  );
});
