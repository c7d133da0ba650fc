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
  {
    name: /^(?:application_default_credentials\.json|\.boto|\.s3cfg|\.dockercfg|kubeconfig|\.terraformrc|terraform\.tfstate(?:\.backup)?)$/,
    what: "credentials of a cloud",
  },
];

/** By the end of the whole path, in any case: names that mean something in their folder only. */
const PATH_RULES: readonly NameRule[] = [
  {
    name: /(?:^|\/)(?:\.aws\/(?:credentials|config)|\.docker\/config\.json|\.kube\/config|\.azure\/[^/]+|\.config\/gcloud\/.+|\.gnupg\/.+|\.ssh\/.+)$/,
    what: "credentials of a tool",
  },
];

/** How files of binary keys begin, as hexadecimal digits. */
const START_RULES: readonly NameRule[] = [
  // SEQUENCE { INTEGER 0, SEQUENCE { OID of RSA, of elliptic curves, or of the 1.3.101 family (Ed25519 and the like) } }
  {
    name: /^30(?:[0-7].|81..|82....)02010[01]30(?:[0-7].|81..)06(?:092a864886f70d01010.|072a8648ce3d0201|032b65..)/,
    what: "a private key (PKCS #8)",
  },
  // SEQUENCE { SEQUENCE { OID 1.2.840.113549.1.5 or .12: encrypted with a password } }
  {
    name: /^30(?:[0-7].|81..|82....)30(?:[0-7].|81..)06(?:092a864886f70d0105|0a2a864886f70d010c01)/,
    what: "an encrypted private key (PKCS #8)",
  },
  // SEQUENCE { INTEGER 3, SEQUENCE { OID of PKCS #7 data or signed data } }
  {
    name: /^30(?:[0-7].|81..|8[234](?:..){2,4})02010330(?:80|[0-7].|81..|8[234](?:..){2,4})06092a864886f70d01070[12]/,
    what: "a PKCS #12 file, which holds a private key",
  },
  { name: /^(?:feedfeed|cececece)/, what: "a Java key store" },
  { name: /^03d9a29a/, what: "a store of passwords" },
];
const START_BYTES = 64;

type ContentRule = { readonly mark: string; readonly pattern: RegExp; readonly what: string };

/** `mark` is looked for first, since a search for a plain string is cheap in large files. */
const CONTENT_RULES: readonly ContentRule[] = [
  {
    mark: "PRIVATE KEY",
    // The mark alone also stands in programs that read keys; a key has a body.
    pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,300}?[A-Za-z0-9+/]{32}/,
    what: "a private key",
  },
  {
    mark: "AKIA",
    pattern: /\bAKIA[0-9A-Z]{16}\b[\s\S]{0,200}?[^A-Za-z0-9+/][A-Za-z0-9+/]{40}(?![A-Za-z0-9+/])/,
    what: "an access key of AWS with its secret",
  },
  { mark: "_authToken", pattern: /_authToken\s*=\s*[^\s$]{8}/, what: "a token of a package registry" },
  { mark: "npm_", pattern: /\bnpm_[A-Za-z0-9]{36}\b/, what: "a token of a package registry" },
  { mark: "ghp_", pattern: /\bghp_[A-Za-z0-9]{36}\b/, what: "a token of GitHub" },
  { mark: "github_pat_", pattern: /\bgithub_pat_[A-Za-z0-9_]{50}/, what: "a token of GitHub" },
  { mark: "glpat-", pattern: /\bglpat-[A-Za-z0-9_-]{20}/, what: "a token of GitLab" },
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
  const lower = name.toLowerCase();
  const byPath = PATH_RULES.find((rule) => rule.name.test(lower));
  if (byPath !== undefined) return secret(name, byPath.what);
  const start = Buffer.from(bytes.subarray(0, START_BYTES)).toString("hex");
  const byStart = START_RULES.find((rule) => rule.name.test(start));
  if (byStart !== undefined) return { ...secret(name, byStart.what), offset: 0 };
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
