/** Secrets in texts: marks that are looked for in ASCII and UTF-16, and keys as Base64 or hexadecimal digits. */
import { derKeyAt, type FoundDer } from "./der.ts";

type Rule = {
  /** Looked for first, since a search for a plain string is cheap in large files. */
  readonly mark: string;
  /** On the text around the mark, in which it begins at the index. */
  readonly matches: (around: string, index: number) => boolean;
  readonly what: string;
};

const rule = (mark: string, pattern: RegExp, what: string): Rule => ({
  mark,
  matches: (around, index) => pattern.test(around.slice(Math.max(0, index - 64), index + 512)),
  what,
});

const RULES: readonly Rule[] = [
  rule(
    "PRIVATE KEY",
    // The mark alone also stands in programs that read keys; a key has a body.
    /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,300}?[A-Za-z0-9+/]{32}/,
    "a private key",
  ),
  { mark: '"kty', matches: isPrivateJwk, what: "a private key (JWK)" },
  rule("private-key", /\((?:11:private-key|21:protected-private-key)\(/, "a private key of GnuPG"),
  rule("private-key", /^Key: \((?:protected-)?private-key\b/m, "a private key of GnuPG"),
  rule("openssh-key-v1\0", /openssh-key-v1\0/, "a private SSH key"),
  rule("b3BlbnNzaC1rZXktdjEA", /b3BlbnNzaC1rZXktdjEA[A-Za-z0-9+/]{30}/, "a private SSH key"),
  rule(
    "AKIA",
    /\bAKIA[0-9A-Z]{16}\b[\s\S]{0,200}?[^A-Za-z0-9+/][A-Za-z0-9+/]{40}(?![A-Za-z0-9+/])/,
    "an access key of AWS with its secret",
  ),
  rule("_authToken", /_authToken\s*=\s*[^\s$]{8}/, "a token of a package registry"),
  rule("npm_", /\bnpm_[A-Za-z0-9]{36}\b/, "a token of a package registry"),
  rule("ghp_", /\bghp_[A-Za-z0-9]{36}\b/, "a token of GitHub"),
  rule("github_pat_", /\bgithub_pat_[A-Za-z0-9_]{50}/, "a token of GitHub"),
  rule("glpat-", /\bglpat-[A-Za-z0-9_-]{20}/, "a token of GitLab"),
  rule("PuTTY-User-Key-File-", /PuTTY-User-Key-File-\d/, "a private SSH key"),
  rule("AGE-SECRET-KEY-1", /AGE-SECRET-KEY-1[0-9A-Z]{50}/, "a private key of age"),
  rule("mosis_", /\bmosis_(?:org|usr)_[A-Za-z0-9-]+_[A-Za-z0-9_-]{20}/, "an API key of a Mosis store"),
];

/** Characters around a mark that may be looked at. */
const AROUND = 6000;

type Encoding = {
  readonly unit: 1 | 2;
  readonly encode: (text: string) => Buffer;
  readonly decode: (bytes: Buffer) => string;
};

const BYTES: Encoding = {
  unit: 1,
  encode: (text) => Buffer.from(text, "latin1"),
  decode: (bytes) => bytes.toString("latin1"),
};
const LITTLE: Encoding = {
  unit: 2,
  encode: (text) => Buffer.from(text, "utf16le"),
  decode: (bytes) => bytes.toString("utf16le"),
};
const BIG: Encoding = {
  unit: 2,
  encode: (text) => Buffer.from(text, "utf16le").swap16(),
  decode: (bytes) =>
    Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString("utf16le"),
};

/** The first secret by a mark. */
export function findByMark(bytes: Buffer): FoundDer | null {
  // Without a byte of zero there is no ASCII in UTF-16.
  for (const encoding of bytes.includes(0) ? [BYTES, LITTLE, BIG] : [BYTES]) {
    for (const { mark, matches, what } of RULES) {
      const wanted = encoding.encode(mark);
      for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + 1)) {
        const before = Math.min(AROUND, Math.floor(at / encoding.unit));
        const start = at - before * encoding.unit;
        const around = encoding.decode(bytes.subarray(start, at + AROUND * encoding.unit));
        if (matches(around, before)) return { offset: at, what };
      }
    }
  }
  return null;
}

/** The object of JSON around a member `kty`, as it stands or within a text (RFC 7518 §6): a private member, or a symmetric key. */
function isPrivateJwk(around: string, index: number): boolean {
  const start = around.lastIndexOf("{", index);
  const end = around.indexOf("}", index);
  const object = around.slice(start + 1, end === -1 ? undefined : end).replaceAll("\\", "");
  const kind = /"kty"\s*:\s*"(RSA|EC|OKP|oct)"/.exec(object)?.[1];
  if (kind === undefined) return false;
  const member =
    kind === "oct" ? /"k"\s*:\s*"[A-Za-z0-9_-]{16}/ : /"(?:d|p|q|dp|dq|qi)"\s*:\s*"[A-Za-z0-9_-]{20}/;
  return member.test(object);
}

/** The beginning of a word that may be a SEQUENCE in Base64, a PEM block in Base64, or a SEQUENCE in hexadecimal digits. */
const WORDS =
  /(?<![A-Za-z0-9+/_-])(?:M[A-P][A-Za-z0-9+/_-]{40}|LS0tLS1CRUdJTi[A-Za-z0-9+/_-]{28}|30[0-9A-Fa-f]{46})/g;
/** The longest key that is decoded: RSA with 16384 bits has 9.3 KiB. */
const WORD_CHARACTERS = 16_384;

/** The first private key that is written as Base64 (also of URLs, also over several lines) or as hexadecimal digits. */
export function findEncodedKey(bytes: Buffer): FoundDer | null {
  const text = bytes.toString("latin1");
  for (const { 0: word, index } of text.matchAll(WORDS)) {
    const what = encodedKey(word, text, index);
    if (what !== null) return { offset: index, what };
  }
  return null;
}

function encodedKey(word: string, text: string, index: number): string | null {
  if (word.startsWith("LS0")) {
    const begin = Buffer.from(word, "base64").toString("latin1");
    return /^-----BEGIN (?:[A-Z0-9]+ )*PRIVATE /.test(begin) ? "a private key, in Base64" : null;
  }
  const isHex = word.startsWith("30");
  const encoding = isHex ? "hex" : "base64";
  // Whether it can be one shows at its start: not every word is decoded whole.
  if (!/^30(?:[0-7].|81..|82....)(?:0201|30)/.test(Buffer.from(word, encoding).toString("hex"))) return null;
  // Line ends, as they are and as JSON and programs write them.
  const tail = text.slice(index, index + WORD_CHARACTERS * (isHex ? 2 : 1)).replaceAll(/\\[nr]|[\s\\]/g, "");
  const digits = (isHex ? /^[0-9A-Fa-f]+/ : /^[A-Za-z0-9+/_-]+/).exec(tail)?.[0] ?? "";
  const key = derKeyAt(Buffer.from(digits, encoding), 0);
  return key === null ? null : `${key}, in ${isHex ? "hexadecimal digits" : "Base64"}`;
}
