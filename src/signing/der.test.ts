import { describe, expect, test } from "bun:test";
import { sign, verify } from "node:crypto";
import fc from "fast-check";
import { signatureFault } from "./algorithms.ts";
import { isStrictDer } from "./der.ts";
import { generateKeyPair } from "./keys.ts";

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));

describe("DER", () => {
  test.each([
    "3000",
    "0201 00",
    "0201 7f",
    "0202 0080",
    "0201 80",
    "0101 ff",
    "0500",
    "0603 551d13",
    "0302 0780",
    "0301 00",
    "a003 020102",
    `0481 80${"00".repeat(128)}`,
    "8000",
  ])("%s is strict", (bytes) => expect(isStrictDer(hex(bytes))).toBe(true));

  test.each([
    ["", "nothing"],
    ["30", "no length"],
    ["3001", "no content"],
    ["3080 0000", "an indefinite length"],
    ["308100", "a long form of a short length"],
    [`308101 05`, "a long form of a short length"],
    [`04820080${"00".repeat(128)}`, "a length with a zero in front"],
    ["3084 00000000", "a length of four bytes"],
    ["3000 00", "a byte after the end"],
    ["3003 0201", "a child that goes on past its parent"],
    ["1f8100 00", "a tag of two bytes"],
    ["0200", "an empty integer"],
    ["0202 007f", "a zero in front of an integer"],
    ["0202 ff80", "ones in front of a negative integer"],
    ["0101 01", "TRUE as 01"],
    ["0102 ffff", "a boolean of two bytes"],
    ["0501 00", "NULL with content"],
    ["0600", "an empty object identifier"],
    ["0602 8001", "an object identifier with a zero group"],
    ["0602 5581", "an object identifier that is cut off"],
    ["0300", "a bit string without its first byte"],
    ["0302 0800", "eight unused bits"],
    ["0302 0781", "unused bits that are set"],
    ["0301 01", "unused bits of nothing"],
    ["2403 040100", "an octet string of parts"],
    ["2304 03020000", "a bit string of parts"],
    ["1000", "a primitive sequence"],
    ["2203 020100", "a constructed integer"],
  ])("%s is not: %s", (bytes) => expect(isStrictDer(hex(bytes))).toBe(false));

  test("nothing makes the reader throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => typeof isStrictDer(bytes) === "boolean"),
    );
  });

  test("deep nesting ends", () => expect(isStrictDer(hex("3080".repeat(10_000)))).toBe(false));
});

const P256 = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const ED = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
const less = (order: string) => (BigInt(`0x${order}`) - 1n).toString(16);

describe("a P-256 signature's form", () => {
  test.each([
    ["3006 020101 020101", "the least"],
    [`3026 020101 022100${less(P256)}`, "s of n − 1: high S is taken"],
    ["3007 020101 02020080", "a zero in front that is needed"],
  ])("%s is taken: %s", (bytes) => expect(signatureFault("ecdsa-p256", hex(bytes))).toBeUndefined());

  test.each([
    ["", "nothing"],
    ["3006 020101 020101 00", "a byte after the end"],
    ["3007 020101 020101 00", "a byte after s"],
    ["3009 020101 020101 020101", "three numbers"],
    ["3003 020101", "one number"],
    ["3006 020100 020101", "r of 0"],
    ["3006 020101 020100", "s of 0"],
    ["3006 020181 020101", "a negative r"],
    ["3007 02020001 020101", "a zero in front of r"],
    ["3007 020101 02020001", "a zero in front of s"],
    ["308106 020101 020101", "a long form of the length"],
    ["3080 020101 020101 0000", "an indefinite length"],
    ["3106 020101 020101", "a set"],
    ["3006 020101 040101", "an octet string for s"],
    ["3005 0200 020101", "an empty r"],
    [`3026 022100${P256} 020101`, "r of n"],
    [`3026 020101 022100${P256}`, "s of n"],
    [`3027 020101 02220100${P256}`, "s far above n"],
  ])("%s is refused: %s", (bytes) => expect(signatureFault("ecdsa-p256", hex(bytes))).toBeString());

  test("of real signatures is taken, and of their high-S twins, which verify too", () => {
    const { privateKey, publicKey } = generateKeyPair();
    const order = BigInt(`0x${P256}`);
    for (let round = 0; round < 64; round++) {
      const message = Buffer.from(`message ${round}`);
      const signature = sign("sha256", message, privateKey);
      expect(signatureFault("ecdsa-p256", signature)).toBeUndefined();
      const raw = sign("sha256", message, { key: privateKey, dsaEncoding: "ieee-p1363" });
      const integer = (value: bigint) => {
        const digits = value.toString(16);
        const even = Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
        const content = (even[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), even]) : even;
        return Buffer.concat([Buffer.of(2, content.length), content]);
      };
      const r = integer(BigInt(`0x${raw.toString("hex", 0, 32)}`));
      const s = integer(order - BigInt(`0x${raw.toString("hex", 32)}`));
      const twin = Buffer.concat([Buffer.of(0x30, r.length + s.length), r, s]);
      expect(signatureFault("ecdsa-p256", twin)).toBeUndefined();
      expect(verify("sha256", message, publicKey, twin)).toBe(true);
    }
  });
});

describe("an Ed25519 signature's form", () => {
  const signature = (s: string) => hex(`${"11".repeat(32)}${s}`);
  test("S of 0 and of L − 1 are taken", () => {
    expect(signatureFault("ed25519", signature("00".repeat(32)))).toBeUndefined();
    expect(signatureFault("ed25519", signature(ED.replace(/^ed/, "ec")))).toBeUndefined();
  });
  test("S of L and above, 63 and 65 bytes are refused", () => {
    expect(signatureFault("ed25519", signature(ED))).toBeString();
    expect(signatureFault("ed25519", signature("ff".repeat(32)))).toBeString();
    expect(signatureFault("ed25519", new Uint8Array(63))).toBeString();
    expect(signatureFault("ed25519", new Uint8Array(65))).toBeString();
  });
  test("S + L, which is the same point, is refused", () => {
    const { privateKey } = generateKeyPair("ed25519");
    const real = sign(null, Buffer.from("x"), privateKey);
    const little = (bytes: Buffer) => BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
    const sum = little(real.subarray(32)) + little(Buffer.from(ED, "hex"));
    const s = Buffer.from(sum.toString(16).padStart(64, "0"), "hex").reverse();
    expect(signatureFault("ed25519", real)).toBeUndefined();
    expect(signatureFault("ed25519", Buffer.concat([real.subarray(0, 32), s]))).toBeString();
  });
});
