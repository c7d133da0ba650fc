/** Finds what must not be published with an app: private keys and files of credentials. */
import type { ProblemDetail } from "../errors.ts";

type NameRule = { readonly name: RegExp; readonly what: string };

/** By the last part of the path, in any case. */
const NAME_RULES: readonly NameRule[] = [
  { name: /^\.env(?:\..*)?$/, what: "environment variables, which hold passwords as a rule" },
  { name: /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/, what: "a private SSH key" },
  { name: /\.(?:p12|pfx)$/, what: "a PKCS #12 file, which holds a private key" },
  { name: /\.(?:jks|keystore|kdbx|ppk)$/, what: "a store of keys or passwords" },
  {
    name: /^(?:\.npmrc|\.pypirc|[._]netrc|\.git-credentials|\.htpasswd|\.pgpass)$/,
    what: "credentials of a tool",
  },
];

type ContentRule = { readonly mark: string; readonly pattern: RegExp; readonly what: string };

/** `mark` is looked for first, since a search for a plain string is cheap in large files. */
const CONTENT_RULES: readonly ContentRule[] = [
  {
    mark: "PRIVATE KEY",
    // The mark alone also stands in programs that read keys; a key has a body.
    pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,300}?[A-Za-z0-9+/]{32}/,
    what: "a private key",
  },
  { mark: "PuTTY-User-Key-File-", pattern: /PuTTY-User-Key-File-\d/, what: "a private SSH key" },
  { mark: "AGE-SECRET-KEY-1", pattern: /AGE-SECRET-KEY-1[0-9A-Z]{50}/, what: "a private key of age" },
  {
    mark: "mosis_",
    pattern: /\bmosis_(?:org|usr)_[A-Za-z0-9-]+_[A-Za-z0-9_-]{20}/,
    what: "an API key of a Mosis store",
  },
];

/**
 * Says why a file looks like a secret, or null. What is found is never repeated in the words.
 *
 * @param name Path of the file inside the app's folder, with `/`.
 */
export function findSecret(name: string, bytes: Uint8Array): ProblemDetail | null {
  const last = name.slice(name.lastIndexOf("/") + 1).toLowerCase();
  const byName = NAME_RULES.find((rule) => rule.name.test(last));
  if (byName !== undefined) return secret(name, byName.what);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const rule of CONTENT_RULES) {
    for (let at = buffer.indexOf(rule.mark); at !== -1; at = buffer.indexOf(rule.mark, at + 1)) {
      const around = buffer.toString("latin1", Math.max(0, at - 64), at + 512);
      if (rule.pattern.test(around)) return { ...secret(name, rule.what), offset: at };
    }
  }
  return null;
}

function secret(entry: string, what: string): ProblemDetail {
  return { code: "pack.secret", entry, message: `It looks like ${what}.` };
}
