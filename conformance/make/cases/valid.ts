/** Packages that every reader accepts: the ground that the hostile ones stand on, and the edges of what is allowed. */
import { utf8 } from "../../../src/format/testing.ts";
import { type PackageCase, valid } from "../case.ts";
import { DEVELOPER, day, RELEASE } from "../certificates.ts";
import { storedBlocks } from "../deflate.ts";
import { inFolders } from "../folders.ts";
import { testKey } from "../keys.ts";
import { entryOf } from "../packages.ts";

const developer = (algorithm: "ecdsa-p256" | "ed25519") => ({
  certificate: { ...DEVELOPER, key: testKey("developer-1", algorithm) },
});
const release = (algorithm: "ecdsa-p256" | "ed25519") => ({
  certificate: { ...RELEASE, key: testKey("release-1", algorithm) },
});

/** High S: n − s signs the same (ECDSA is malleable). */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
export function otherS(signature: Uint8Array): Uint8Array {
  const rLength = signature[3] ?? 0;
  const r = signature.subarray(2, 4 + rLength);
  const sLength = signature[5 + rLength] ?? 0;
  const s = BigInt(
    `0x${Buffer.from(signature.subarray(6 + rLength, 6 + rLength + sLength)).toString("hex")}`,
  );
  const hex = (P256_ORDER - s).toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  const content = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  return Buffer.concat([
    Buffer.of(0x30, r.length + 2 + content.length),
    r,
    Buffer.of(0x02, content.length),
    content,
  ]);
}

const deflated = (name: string, bytes: Uint8Array) => ({
  ...entryOf(name, bytes),
  method: 8,
  data: storedBlocks(bytes),
});

export const VALID: readonly PackageCase[] = [
  valid(
    "valid/released",
    "1",
    "A small app, signed by its developer and approved by its store, all in P-256.",
  ),
  valid(
    "valid/signed",
    "1",
    "The same app as its developer uploads it: nobody has approved it yet, so it is judged now.",
    { store: null },
  ),
  valid("valid/ed25519", "3", "Both envelopes are signed with Ed25519.", {
    developer: developer("ed25519"),
    store: release("ed25519"),
  }),
  valid("valid/developer-ed25519", "3", "An Ed25519 developer and a P-256 store.", {
    developer: developer("ed25519"),
  }),
  valid(
    "valid/p384-authorities",
    "3",
    "Root and Developer CA are P-384, which authorities may be; what they signed carries SHA-384.",
    {
      developer: { certificate: { ...DEVELOPER, signer: testKey("developer-ca", "ecdsa-p384") } },
      store: { certificate: { ...RELEASE, signer: testKey("root", "ecdsa-p384") } },
    },
    { ca: "p384" },
  ),
  valid(
    "valid/ed25519-authorities",
    "3",
    "Root and Developer CA are Ed25519.",
    {
      developer: { certificate: { ...DEVELOPER, signer: testKey("developer-ca", "ed25519") } },
      store: { certificate: { ...RELEASE, signer: testKey("root", "ed25519") } },
    },
    { ca: "ed25519" },
  ),
  valid(
    "valid/high-s",
    "3",
    "The developer's ECDSA signature has the other S (n − s), which is as good: nothing may be keyed on signature bytes.",
    { developer: { signature: otherS } },
  ),
  valid(
    "valid/all-stored",
    "1",
    "No entry is compressed: packing rules bind packers only, and readers take either method.",
    {
      archive: (archive) => {
        archive.entries = archive.entries.map((entry) =>
          entry.method === 8 ? { ...entry, method: 0, data: inflated(entry.data) } : entry,
        );
      },
    },
  ),
  valid(
    "valid/deflated-picture",
    "1",
    "A PNG that a packer would have stored is deflated, in stored blocks of deflate: any valid stream will do.",
    {
      archive: (archive) => {
        archive.entries = archive.entries.map((entry) =>
          entry.name === "icons/64.png" ? deflated(entry.name, entry.data) : entry,
        );
      },
    },
  ),
  valid("valid/deflated-empty", "1", "The empty file is deflated: two bytes that inflate to nothing.", {
    archive: (archive) => {
      archive.entries = archive.entries.map((entry) =>
        entry.name === "data/empty" ? { ...entry, method: 8, data: Uint8Array.of(3, 0) } : entry,
      );
    },
  }),
  valid(
    "valid/names-at-limits",
    "1",
    "A name of 200 bytes, one of 16 segments, and every character that is allowed.",
    {
      files: {
        [`${"n".repeat(190)}/${"x".repeat(9)}`]: utf8("200 bytes"),
        [`${"d/".repeat(15)}e`]: utf8("16 segments"),
        "AZaz09._-x": utf8("every kind of character"),
        "-": utf8("one character"),
        "con-sole.lua": utf8("no device"),
        com10: utf8("no device either"),
        "a.con": utf8("a device's name after a dot is none"),
        "META-MOSISX/x": utf8("another folder"),
      },
    },
  ),
  valid("valid/order-of-bytes", "1", "Names sorted by their bytes: - before ., . before /.", {
    files: {
      "a-b/c": utf8("1"),
      "a.b": utf8("2"),
      "a/b": utf8("3"),
      B: utf8("4"),
      Z: utf8("5"),
      _: utf8("6"),
    },
  }),
  valid(
    "valid/inflates-to-1-mib",
    "1",
    "An entry of 1 MiB of zeros, a thousand times smaller when compressed: the ratio holds only above 1 MiB.",
    {
      files: { "zeros.bin": new Uint8Array(2 ** 20) },
    },
  ),
  valid(
    "valid/ratio-199",
    "1",
    "An entry of more than 1 MiB that inflates to 199 times its compressed size.",
    {
      files: { "zeros.bin": new Uint8Array(2 ** 20 + 1) },
      archive: (archive) => {
        archive.entries = archive.entries.map((entry) =>
          entry.name === "zeros.bin"
            ? { ...entry, data: padded(entry.data, Math.ceil((2 ** 20 + 1) / 199)) }
            : entry,
        );
      },
    },
  ),
  valid("valid/20000-entries", "1", "20,000 entries, all counted: the most that a package has.", {
    files: Object.fromEntries(
      Array.from({ length: 20_000 - 10 }, (_, index) => [
        `f/${String(index).padStart(5, "0")}`,
        new Uint8Array(0),
      ]),
    ),
  }),
  valid("valid/20000-folders", "1", "Names that need 20,000 folders, META-MOSIS among them.", {
    files: inFolders(20_000),
  }),
  valid(
    "valid/approved-within-24-h",
    "3",
    "Approved exactly 24 h after the reader's clock: clocks differ.",
    {},
    { at: "2026-02-27T10:00:00Z" },
  ),
  valid(
    "valid/signed-24-h-after-approval",
    "3",
    "The developer's clock was exactly 24 h ahead of the store's.",
    {
      developer: {
        statement: (s) => ({ ...s, predicate: { ...s.predicate, signedAt: "2026-03-01T10:00:00Z" } }),
      },
    },
  ),
  valid(
    "valid/approved-in-first-second",
    "3",
    "Approved in the first second of the developer's certificate: bounds are inclusive.",
    {
      developer: { certificate: { ...DEVELOPER, notBefore: new Date("2026-02-28T10:00:00Z") } },
    },
  ),
  valid("valid/approved-in-last-second", "3", "Approved in the last second of the developer's certificate.", {
    developer: { certificate: { ...DEVELOPER, notAfter: new Date("2026-02-28T10:00:00Z") } },
  }),
  valid(
    "valid/expired-since",
    "3",
    "All certificates ran out long ago: both chains are judged at approvedAt.",
    {},
    { at: "2060-01-01T00:00:00Z" },
  ),
  valid(
    "valid/signed-in-last-second",
    "3",
    "A signed package is judged now, in the last second of its certificate.",
    { store: null },
    { at: "2027-06-01T00:00:00Z" },
  ),
  valid(
    "valid/long-lived-certificate",
    "3",
    "A developer certificate of ten years: the 825 days bind the issuer only.",
    {
      developer: { certificate: { ...DEVELOPER, notBefore: day("2025-06-01"), notAfter: day("2035-01-01") } },
    },
  ),
  valid("valid/no-checks", "3", "A store whose review ran no checks and saw no people.", {
    store: {
      statement: (s) => ({
        ...s,
        predicate: { ...s.predicate, review: { ...s.predicate.review, checks: [], people: 0 } },
      }),
    },
  }),
  valid(
    "valid/two-generations",
    "3",
    "The authorities' file holds two roots and two Developer CAs of the same names, the newest first; the package was made with the older.",
    {},
    { ca: "two-generations" },
  ),
  valid(
    "valid/two-generations-reversed",
    "3",
    "Two roots and two Developer CAs of the same names; the package was made with those that stand first, and signed by neither of the others.",
    {},
    { ca: "two-generations-reversed" },
  ),
  valid(
    "valid/developer-ca-renewed",
    "3",
    "The Developer CA was certified twice with the same key; the newer certificate began after the approval, the older one counts.",
    {},
    { ca: "renewed-developer-ca" },
  ),
];

function inflated(data: Uint8Array): Uint8Array {
  return Bun.inflateSync(new Uint8Array(data));
}

/** A deflate stream that is longer by empty stored blocks before it. */
function padded(data: Uint8Array, sizeBytes: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = data.length;
  while (length < sizeBytes) {
    // Not the last block, stored, empty: five bytes.
    parts.push(Uint8Array.of(0x00, 0x00, 0x00, 0xff, 0xff));
    length += 5;
  }
  return Buffer.concat([...parts, data]);
}
