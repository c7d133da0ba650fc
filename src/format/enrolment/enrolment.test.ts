import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Sha256 } from "../../ids.ts";
import { generateKeyPair, keyid, spkiOf } from "../../signing/keys.ts";
import {
  audienceOfRoot,
  DEVICE_TYPE,
  type DeviceClaims,
  ENROLMENT_TYPE,
  isSignedBy,
  isTimely,
  LONGEST_SECONDS,
  readAssertion,
  readDeviceKey,
  signAssertion,
} from "./assertion.ts";
import { makeCode, parseCode } from "./code.ts";
import { formatLink, parseLink } from "./link.ts";

const ROOT = "3f2a".repeat(16) as Sha256;
const bytes = fc.uint8Array({ minLength: 14, maxLength: 14 });
const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

describe("a code", () => {
  test("has three groups of five symbols", () => {
    expect(makeCode(new Uint8Array(14))).toBe("00000-00000-00000");
    expect(makeCode(Uint8Array.from({ length: 14 }, (_, n) => n * 19 + 7))).toMatch(
      /^[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){2}$/,
    );
    expect(() => makeCode(new Uint8Array(13))).toThrow(RangeError);
  });

  test("is read as it is typed", () => {
    fc.assert(
      fc.property(bytes, (random) => {
        const code = makeCode(random);
        expect(parseCode(code)).toBe(code);
        expect(parseCode(code.toLowerCase().replaceAll("-", ""))).toBe(code);
        expect(parseCode(` ${code.replaceAll("-", " ")}\n`)).toBe(code);
        expect(parseCode(code.replaceAll("1", "l").replaceAll("0", "o"))).toBe(code);
        expect(parseCode(code.replaceAll("1", "I").replaceAll("0", "O"))).toBe(code);
      }),
    );
  });

  test("with any one symbol wrong, or any two swapped, is none", () => {
    fc.assert(
      fc.property(bytes, fc.nat(14), fc.nat(14), fc.nat(31), (random, at, other, value) => {
        const code = makeCode(random).replaceAll("-", "");
        const wrong = SYMBOLS[value] ?? "";
        const changed = code.slice(0, at) + wrong + code.slice(at + 1);
        if (changed !== code) expect(parseCode(changed)).toBeNull();
        const swapped = [...code];
        [swapped[at], swapped[other]] = [swapped[other] ?? "", swapped[at] ?? ""];
        if (swapped.join("") !== code) expect(parseCode(swapped.join(""))).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  test.each(["", "K7QF3", "U0000-00000-00000", "00000-00000-0000", "0".repeat(200), "００000-00000-00000"])(
    "is not %j",
    (text) => expect(parseCode(text)).toBeNull(),
  );
});

describe("a link", () => {
  const code = makeCode(Uint8Array.from({ length: 14 }, (_, n) => n * 7));
  const link = { storeUrl: "https://apps.example.com:8443", rootSha256: ROOT, code };

  test("is written and read again, whatever the order", () => {
    expect(parseLink(formatLink(link))).toEqual(link);
    expect(formatLink(link)).toBe(
      `mosis://enrol?store=https%3A%2F%2Fapps.example.com%3A8443&root=${ROOT}&code=${code}`,
    );
    expect(
      parseLink(
        ` mosis://enrol?code=${code.toLowerCase()}&root=${ROOT.toUpperCase()}&store=http://a.example/ `,
      ),
    ).toEqual({ storeUrl: "http://a.example", rootSha256: ROOT, code });
  });

  test.each([
    "",
    "https://apps.example.com/",
    formatLink(link).replace("mosis:", "https:"),
    formatLink(link).replace("&root=", "&root=0&root="),
    formatLink(link).replace("&root=", "&roots="),
    `${formatLink(link)}&more=1`,
    formatLink({ ...link, storeUrl: "javascript:alert(1)" }),
    formatLink({ ...link, storeUrl: "file:///etc" }),
    formatLink({ ...link, rootSha256: "3f" as Sha256 }),
    formatLink({ ...link, code: "00000-00000-00001" }),
    formatLink({ ...link, storeUrl: `https://${"a".repeat(2000)}.example` }),
  ])("is not %j", (text) => expect(parseLink(text)).toBeNull());
});

describe("an assertion", () => {
  const claims = (changes: Partial<DeviceClaims> = {}): DeviceClaims => ({
    aud: audienceOfRoot(ROOT),
    exp: 1_800_000_060,
    iat: 1_800_000_000,
    iss: "dev-1",
    jti: "0123456789abcdef",
    sub: "dev-1",
    ...changes,
  });

  for (const algorithm of ["ecdsa-p256", "ed25519"] as const) {
    const pair = generateKeyPair(algorithm);
    const signer = { algorithm, privateKey: pair.privateKey };
    const key = readDeviceKey(spkiOf(pair.publicKey));

    test(`by ${algorithm} is read as it was signed, and with nothing changed`, () => {
      const text = signAssertion(signer, DEVICE_TYPE, claims());
      const read = readAssertion(text, DEVICE_TYPE);
      if (read === null || key === null) throw new Error("it is none");
      expect(read.claims).toEqual(claims());
      expect(key.keyid).toBe(keyid(pair.publicKey));
      expect(isSignedBy(key, read)).toBe(true);
      const other = readDeviceKey(spkiOf(generateKeyPair(algorithm).publicKey));
      expect(other !== null && isSignedBy(other, read)).toBe(false);
      // Any byte of it.
      for (let at = 0; at < text.length; at += 1) {
        const changed = text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
        const again = readAssertion(changed, DEVICE_TYPE);
        expect([at, again !== null && isSignedBy(key, again)]).toEqual([at, false]);
      }
    });

    test(`by ${algorithm} is for one thing`, () => {
      const text = signAssertion(signer, DEVICE_TYPE, claims());
      expect(readAssertion(text, ENROLMENT_TYPE)).toBeNull();
    });
  }

  const encode = (value: unknown) =>
    Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
  const written = (header: unknown, body: unknown) => `${encode(header)}.${encode(body)}.AAAA`;
  const HEADER = { alg: "ES256", typ: DEVICE_TYPE };

  test("that is whole is read", () => {
    expect(readAssertion(written(HEADER, claims()), DEVICE_TYPE)).not.toBeNull();
  });

  test.each([
    ["no parts", "abc"],
    ["two parts", "e30.e30"],
    ["four parts", `${written(HEADER, claims())}.AAAA`],
    ["no signature", `${encode(HEADER)}.${encode(claims())}.`],
    ["padding", `${written(HEADER, claims())}==`],
    ["another type", written({ ...HEADER, typ: "JWT" }, claims())],
    ["no type", written({ alg: "ES256" }, claims())],
    ["a key beside", written({ ...HEADER, jwk: {} }, claims())],
    ["what must be understood", written({ ...HEADER, crit: ["exp"] }, claims())],
    ["an algorithm that is no text", written({ ...HEADER, alg: 1 }, claims())],
    ["a list", written(HEADER, [])],
    ["one name twice", written(HEADER, JSON.stringify(claims()).replace("{", '{"iss":"dev-2",'))],
    ["a member too many", written(HEADER, { ...claims(), nbf: 1 })],
    ["a member too few", written(HEADER, { ...claims(), sub: undefined })],
    ["a time with a fraction", written(HEADER, claims({ iat: 1.5 }))],
    ["a time as a text", written(HEADER, { ...claims(), iat: "1800000000" })],
    ["a time before all", written(HEADER, claims({ iat: -1 }))],
    ["a short name", written(HEADER, claims({ jti: "short" }))],
    ["a long name", written(HEADER, claims({ jti: "x".repeat(65) }))],
    ["several audiences", written(HEADER, { ...claims(), aud: [audienceOfRoot(ROOT)] })],
    ["more bytes than it may have", written(HEADER, claims({ aud: "x".repeat(2048) }))],
  ])("with %s is none", (_, text) => expect(readAssertion(text, DEVICE_TYPE)).toBeNull());

  test("none of no algorithm, and none of the other key's", () => {
    const pair = generateKeyPair("ed25519");
    const key = readDeviceKey(spkiOf(pair.publicKey));
    if (key === null) throw new Error("it is a key");
    for (const alg of ["none", "ES256", "HS256", "eddsa"]) {
      const read = readAssertion(written({ ...HEADER, alg }, claims()), DEVICE_TYPE);
      expect([alg, read !== null && isSignedBy(key, read)]).toEqual([alg, false]);
    }
  });

  test("is of its time", () => {
    const now = 1_800_000_000;
    const timely = (iat: number, exp?: number) =>
      isTimely({ iat, ...(exp === undefined ? {} : { exp }) }, now);
    expect(timely(now, now + 60)).toBe(true);
    expect(timely(now + 60, now + 100)).toBe(true);
    expect(timely(now + 61, now + 100)).toBe(false);
    expect(timely(now - 299, now + 1)).toBe(true);
    expect(timely(now - 60, now)).toBe(false);
    expect(timely(now, now + LONGEST_SECONDS + 1)).toBe(false);
    expect(timely(now, now - 1)).toBe(false);
    expect(timely(now - 299)).toBe(true);
    expect(timely(now - 300)).toBe(false);
  });

  test("keys that are none a device has", () => {
    expect(readDeviceKey(spkiOf(generateKeyPair("ecdsa-p384").publicKey))).toBeNull();
    expect(readDeviceKey(new Uint8Array(44))).toBeNull();
    const ed25519 = spkiOf(generateKeyPair("ed25519").publicKey);
    // The neutral element: every signature of it holds.
    expect(
      readDeviceKey(Buffer.concat([ed25519.subarray(0, 12), Buffer.from([1]), Buffer.alloc(31)])),
    ).toBeNull();
    const p256 = spkiOf(generateKeyPair().publicKey);
    expect(readDeviceKey(Buffer.concat([p256.subarray(0, 27), Buffer.alloc(64, 1)]))).toBeNull();
  });
});
