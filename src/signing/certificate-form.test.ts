/** Certificates in nearly the one form; whole packages with them are in the conformance kit. Keys that are no points. */
import { describe, expect, test } from "bun:test";
import { createPublicKey, verify } from "node:crypto";
import fc from "fast-check";
import { isProblem } from "../errors.ts";
import { algorithmOf, isWeak } from "./algorithms.ts";
import { readCertificateForm } from "./certificate-form.ts";
import { certificatesFromPem, createRootCa, readCertificateRequest } from "./certificates.ts";
import { derNode } from "./der.ts";
import { isDecodable, isSmallOrder } from "./edwards.ts";
import { generateKeyPair } from "./keys.ts";
import { parseCertificate } from "./leaf.ts";
import { pemCertificates } from "./pem.ts";

const keys = generateKeyPair();
const root = await createRootCa(keys, {
  commonName: "Root",
  notBefore: new Date("2026-01-01T00:00:00Z"),
  notAfter: new Date("2049-12-31T23:59:59Z"),
});
const der = new Uint8Array(root.rawData);

function codeOf(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    if (!isProblem(error)) throw error;
    return error.code;
  }
}

describe("a certificate", () => {
  test("that our own issuer made has the form, and says the same to it and to the library", () => {
    const form = readCertificateForm(der);
    expect([form.notBefore, form.notAfter]).toEqual([root.notBefore, root.notAfter]);
    expect(Buffer.from(form.spki).equals(Buffer.from(root.publicKey.rawData))).toBe(true);
    expect(form.extensions).toMatchObject({
      basicConstraints: { ca: true, pathLength: 1 },
      keyUsage: 0x06,
      extendedKeyUsage: null,
      subjectAltNames: null,
    });
  });

  test("with a bit changed in any byte is refused as one, or read as another, and nothing else is thrown", () => {
    for (let at = 0; at < der.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = der.slice();
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        expect(codeOf(() => parseCertificate(changed))).toBeOneOf([null, "MPK-X001", "MPK-X005"]);
      }
    }
  });

  test("whose form is taken is one that the library can show", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }).map((value) => derNode(0x0c, Buffer.from(value))),
      fc.uint8Array({ maxLength: 40 }).map((value) => derNode(0x14, value)),
      fc.uint8Array({ maxLength: 10 }).map((value) => derNode(0x1e, Buffer.concat([value, value]))),
      fc
        .uint8Array({ maxLength: 10 })
        .map((value) => derNode(0x1c, Buffer.concat([value, value, value, value]))),
      fc.uint8Array({ maxLength: 40 }).map((value) =>
        derNode(
          0x16,
          value.map((byte) => byte & 0x7f),
        ),
      ),
    );
    const arc = fc.uint8Array({ minLength: 1, maxLength: 30 }).map((bytes) => {
      const groups = bytes.map((byte) => (byte % 0x7f) + 0x81);
      groups[groups.length - 1] = (groups.at(-1) ?? 0) & 0x7f;
      return derNode(0x06, Buffer.concat([Buffer.of(0x55), groups]));
    });
    fc.assert(
      fc.property(arc, text, fc.uint8Array({ maxLength: 60 }), (id, value, inside) => {
        const name = derNode(0x30, derNode(0x31, derNode(0x30, Buffer.concat([id, value]))));
        const extension = derNode(0x30, Buffer.concat([id, derNode(0x04, inside)]));
        const made = withParts(name, extension);
        const shown = parseCertificate(made);
        expect([typeof shown.subject, typeof shown.issuer, shown.serialNumber]).toEqual([
          "string",
          "string",
          root.serialNumber,
        ]);
        expect([shown.notBefore, shown.notAfter]).toEqual([root.notBefore, root.notAfter]);
      }),
      { numRuns: 500 },
    );
  });
});

/** The root with another subject and one extension alone; its signature then does not fit, which is not a matter of form. */
function withParts(subject: Uint8Array, extension: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  const header = (at: number) => ((der[at + 1] ?? 0) < 0x80 ? 2 : 2 + ((der[at + 1] ?? 0) & 0x7f));
  const end = (at: number) => {
    const size = header(at) === 2 ? (der[at + 1] ?? 0) : Buffer.from(der).readUIntBE(at + 2, header(at) - 2);
    return at + header(at) + size;
  };
  const tbsAt = header(0);
  for (let at = tbsAt + header(tbsAt); at < end(tbsAt); at = end(at)) parts.push(der.subarray(at, end(at)));
  const list = derNode(0xa3, derNode(0x30, extension));
  const tbs = derNode(0x30, Buffer.concat([...parts.slice(0, 5), subject, parts[6] ?? Buffer.of(), list]));
  return derNode(0x30, Buffer.concat([tbs, der.subarray(end(tbsAt))]));
}

const pem = `${root.toString("pem")}\n`;
const body = pem.split("\n").slice(1, -2);

describe("a file of certificates", () => {
  test.each([
    ["one block", pem],
    ["two blocks", pem + pem],
    ["CR LF", pem.replaceAll("\n", "\r\n")],
    ["no line end at its end", pem.trimEnd()],
    ["other lines before, between and after", `Subject: Root\n\n${pem} \n- -\n----\n${pem}end`],
  ])("may have %s", (_what, text) => expect(certificatesFromPem(text).length).toBeGreaterThan(0));

  test("has at most 64 blocks, and the line that begins one more is where it ends", () => {
    expect(certificatesFromPem(pem.repeat(64))).toHaveLength(64);
    const fault = { offset: 64 * pem.length, found: "certificate 65", expected: "at most 64 certificates" };
    expect(pemCertificates(pem.repeat(65))).toEqual(fault);
    // Before what stands in any of them, or after.
    expect(
      pemCertificates(`${pem.repeat(64)}${pem.replace(/[A-Za-z0-9]/, "*")}-----BEGIN X-----\n`),
    ).toMatchObject({
      offset: 64 * pem.length,
    });
  });

  test.each([
    ["nothing", ""],
    ["no block", "Root\n"],
    ["a space after the first line", pem.replace("CERTIFICATE-----\n", "CERTIFICATE----- \n")],
    ["a space after the last line", pem.replace(/-----\n$/, "----- \n")],
    ["a space after a line", pem.replace(`${body[0]}`, `${body[0]} `)],
    ["a blank line in a block", pem.replace(`${body[0]}\n`, `${body[0]}\n\n`)],
    [
      "a line of 63 characters",
      pem.replace(`${body[0]}\n${body[1]}`, `${body[0]?.slice(0, 63)}\n${body[0]?.slice(63)}${body[1]}`),
    ],
    ["all in one line", pem.replace(body.join("\n"), body.join(""))],
    [
      "no padding",
      pem
        .replace(/=+\n/, "\n")
        .replace(/([A-Za-z0-9+/])\n-----END/, (all, last) =>
          pem.includes("=") ? all : `${last}=\n-----END`,
        ),
    ],
    ["Base64 for URLs", pem.replace(body[0] ?? "", (body[0] ?? "").replace(/[A-Z]/, "-"))],
    ["a header", pem.replace("\n", "\nProc-Type: 4\n\n")],
    ["a block that does not end", pem.replace(/-----END.*\n/, "")],
    ["an end alone", `${pem}-----END CERTIFICATE-----\n`],
    ["a block in a block", pem.replace(`${body[0]}`, `-----BEGIN CERTIFICATE-----\n${body[0]}`)],
    ["another label", pem.replaceAll("CERTIFICATE", "TRUSTED CERTIFICATE")],
    ["another block beside", `${pem}-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n`],
    ["six hyphens", pem.replace("-----BEGIN", "------BEGIN")],
    ["lone CRs", pem.replaceAll("\n", "\r")],
    ["an empty block", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"],
    ["an empty line as a block", "-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----\n"],
  ])("may not have %s", (_what, text) =>
    expect(pemCertificates(text)).toEqual({
      offset: expect.any(Number),
      found: expect.stringMatching(/./),
      expected: expect.stringMatching(/./),
    }),
  );

  test("is its bytes: what stands outside of blocks is in no encoding", () => {
    const latin = Buffer.concat([Buffer.from("CA of \xe9t\xe9\n", "latin1"), Buffer.from(pem)]);
    expect(certificatesFromPem(latin)).toHaveLength(1);
    expect(
      certificatesFromPem(Buffer.concat([latin, Buffer.from([0xff, 0x0a]), Buffer.from(pem)])),
    ).toHaveLength(2);
  });

  test("a byte order mark before the first line makes that line none that begins a block", () => {
    const fault = { offset: 0, found: "no block CERTIFICATE", expected: "-----BEGIN CERTIFICATE-----" };
    expect(pemCertificates(`\ufeff${pem.replace(/-----END.*\n/, "")}`)).toEqual(fault);
    const end = { ...fault, offset: 3 + pem.indexOf("-----END"), found: "-----END CERTIFICATE-----" };
    expect(pemCertificates(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(pem)]))).toEqual(end);
    expect(pemCertificates(`\ufeff\n${pem}`)).toHaveLength(1);
  });

  test("the place of what is wrong is the byte at which its line or block begins", () => {
    const before = Buffer.from("\u00fc\r\n");
    const at = (text: string) => pemCertificates(Buffer.concat([before, Buffer.from(text)]));
    expect(at(`${pem}-----BEGIN X-----\n`)).toMatchObject({
      offset: 4 + pem.length,
      found: "-----BEGIN X-----",
    });
    expect(at(pem + pem.replace("\n", "\n!\n"))).toMatchObject({
      offset: 4 + pem.length,
      found: "a block of other lines",
    });
    expect(at(pem.replace(/-----END.*\n/, ""))).toMatchObject({
      offset: 4,
      found: "a block that does not end",
    });
  });

  test.each([
    ["a block that is no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
  ])("with %s is unusable as a whole", (_what, block) => {
    expect(codeOf(() => certificatesFromPem(pem + block))).toBe("MPK-X001");
    expect(codeOf(() => certificatesFromPem(block + pem))).toBe("MPK-X001");
    const place = {
      code: "MPK-X001",
      offset: pem.length,
      found: expect.any(String),
      expected: expect.any(String),
    };
    expect(() => certificatesFromPem(pem + block)).toThrow(
      expect.objectContaining({ details: [expect.objectContaining(place)] }),
    );
  });
});

const P = 2n ** 255n - 19n;
const encode = (y: bigint, sign = 0) => {
  const bytes = Buffer.from(y.toString(16).padStart(64, "0"), "hex").reverse();
  bytes[31] = (bytes[31] ?? 0) | (sign << 7);
  return new Uint8Array(bytes);
};
const ORDER_8 = Buffer.from("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "hex");
const spkiOfEd25519 = (key: Uint8Array) =>
  new Uint8Array(Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key]));

describe("an Ed25519 key", () => {
  test.each([
    ["y of 0", encode(0n), true],
    ["y of 0 with the sign bit", encode(0n, 1), true],
    ["y of 1", encode(1n), true],
    ["y of −1", encode(P - 1n), true],
    ["y of 1 with the sign bit: x is 0", encode(1n, 1), false],
    ["y of −1 with the sign bit: x is 0", encode(P - 1n, 1), false],
    ["y of 2, which has no x", encode(2n), false],
    ["y of p", encode(P), false],
    ["y of p + 1", encode(P + 1n), false],
    ["y of 2²⁵⁵ − 1", encode(2n ** 255n - 1n), false],
    ["a point of order 8", new Uint8Array(ORDER_8), true],
  ])("with %s", (_what, key, isPoint) => {
    expect(isDecodable(key)).toBe(isPoint);
    expect(algorithmOf(spkiOfEd25519(key))).toBe(isPoint ? "ed25519" : undefined);
  });

  test("that the runtime makes is a point, and none of small order", () => {
    for (let round = 0; round < 20; round++) {
      const { publicKey } = generateKeyPair("ed25519");
      const spki = new Uint8Array(publicKey.export({ format: "der", type: "spki" }));
      expect([algorithmOf(spki), isWeak({ algorithm: "ed25519", spki })]).toEqual(["ed25519", false]);
    }
  });

  test("of small order verifies signatures of everything, and is certified by nobody", async () => {
    const points = [encode(0n), encode(0n, 1), encode(1n), encode(P - 1n), new Uint8Array(ORDER_8)];
    expect(points.map(isSmallOrder)).toEqual(points.map(() => true));
    // R of 1 and S of 0: holds for the identity as the key, whatever the message.
    const spki = spkiOfEd25519(encode(1n));
    const key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
    const signature = Buffer.concat([encode(1n), Buffer.alloc(32)]);
    expect(verify(null, Buffer.from("any message"), key, signature)).toBe(true);
    const info = derNode(
      0x30,
      Buffer.concat([Buffer.from("0201003000", "hex"), spki, Buffer.from("a000", "hex")]),
    );
    const request = derNode(
      0x30,
      Buffer.concat([
        info,
        Buffer.from("300506032b6570", "hex"),
        derNode(0x03, Buffer.concat([Buffer.of(0), signature])),
      ]),
    );
    await expect(readCertificateRequest(request)).rejects.toMatchObject({
      code: "MPK-X010",
      details: [{ found: "an Ed25519 key of small order, whose signatures say nothing" }],
    });
  });
});
