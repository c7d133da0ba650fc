/** Finds what must not be published with an app: private keys and files of credentials. The guide for developers says what. */
import { createGunzip } from "node:zlib";
import type { ProblemDetail } from "../../errors.ts";
import { findDerKey } from "./der.ts";
import { startsWithSecretKey } from "./openpgp.ts";
import { findByMark, findEncodedKey } from "./texts.ts";

type NameRule = { readonly name: RegExp; readonly what: string };

/** By the last part of the path, in any case. */
const NAME_RULES: readonly NameRule[] = [
  {
    name: /^\.?env\.(?:local|dev|development|test|testing|stage|staging|prod|production)(?:\.local)?$|^\.env(?:\..*)?$|\.env$/,
    what: "environment variables, which hold passwords as a rule",
  },
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

/** `credentials-prod.json`, `prod.secrets.yaml`: of one place where a program runs, as those of environment variables are. */
const PLACE = "(?:local|dev|development|test|testing|stage|staging|prod|production)";
const OF_A_PLACE = "(?:credentials?|secrets?|service[_-]?account(?:[_-]?key)?)";

/** The same, where nothing is found in the file, which would say more. */
const LATE_NAME_RULES: readonly NameRule[] = [
  {
    name: /^(?:\.?credentials(?:\.(?:json|ya?ml|toml|ini|csv|txt))?|client_secrets?(?:[_.-].*)?\.json|service[_-]?account(?:[_-]?key)?\.json)$/,
    what: "credentials",
  },
  {
    name: new RegExp(
      `^\\.?(?:${PLACE}[._-]${OF_A_PLACE}|${OF_A_PLACE}[._-]${PLACE})\\.(?:json|ya?ml|toml|ini|csv|txt)$`,
    ),
    what: "credentials or secrets",
  },
  {
    name: /^(?:\.?secrets?|\.?token|(?:access|api|auth|bearer|refresh)[_-]?token)(?:\.(?:json|ya?ml|toml|ini|txt))?$/,
    what: "a secret or a token",
  },
  {
    name: /^(?!.*pub).*(?:\.key|(?:^|[-_.])(?:key|privkey|private)\.pem)$/,
    what: "a private key, which its name says",
  },
];

/** By the end of the whole path, in any case: names that mean something in their folder only. */
const PATH_RULES: readonly NameRule[] = [
  {
    name: /(?:^|\/)(?:\.aws\/(?:credentials|config)|\.docker\/config\.json|\.kube\/config|\.azure\/[^/]+|\.config\/gcloud\/.+|\.gnupg\/.+|\.ssh\/.+)$/,
    what: "credentials of a tool",
  },
];

/** How other binary files begin, as hexadecimal digits. */
const START_RULES: readonly NameRule[] = [
  // As DER, which has no length of 80, does not: SEQUENCE { INTEGER 3, SEQUENCE { OID of PKCS #7 data or signed data } }
  {
    name: /^30(?:80|[0-7].|81..|8[234](?:..){2,4})02010330(?:80|[0-7].|81..|8[234](?:..){2,4})06092a864886f70d01070[12]/,
    what: "a PKCS #12 file, which holds a private key",
  },
  { name: /^(?:feedfeed|cececece)/, what: "a Java key store" },
  { name: /^03d9a29a/, what: "a store of passwords" },
];
const START_BYTES = 64;

/**
 * Says why a file looks like a secret, or null. What is found is never repeated in the words.
 *
 * @param name Path of the file inside the app's folder, with `/`.
 * @param chunks Its bytes, of which a window at a time is looked at, so that its size does not matter.
 */
export async function findSecret(
  name: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<ProblemDetail | null> {
  const last = name.slice(name.lastIndexOf("/") + 1).toLowerCase();
  const byName = NAME_RULES.find((rule) => rule.name.test(last));
  if (byName !== undefined) return secret(name, byName.what);
  const lower = name.toLowerCase();
  const byPath = PATH_RULES.find((rule) => rule.name.test(lower));
  if (byPath !== undefined) return secret(name, byPath.what);
  const found = await scanned(chunks);
  if (found !== null) return { ...secret(name, found.what), offset: found.offset };
  const late = LATE_NAME_RULES.find((rule) => rule.name.test(last));
  return late === undefined ? null : secret(name, late.what);
}

function secret(entry: string, what: string): ProblemDetail {
  return { code: "pack.secret", entry, message: `It looks like ${what}.` };
}

type Found = { readonly offset: number; readonly what: string };

async function scanned(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Found | null> {
  const scan = createScan();
  let inner: Gunzipped | null = null;
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst && chunk[0] === 0x1f && chunk[1] === 0x8b && chunk[2] === 8) inner = createGunzipped();
    isFirst = false;
    scan.push(chunk);
    await inner?.push(chunk);
    const found = scan.found() ?? inner?.found();
    if (found) {
      inner?.end();
      return found;
    }
  }
  scan.end();
  return scan.found() ?? inner?.end() ?? null;
}

/** A window, of which the last part is looked at again with the next: no secret is cut in two. */
const WINDOW_BYTES = 1024 * 1024;
const OVERLAP_BYTES = 64 * 1024;

type Scan = { push(chunk: Uint8Array): void; end(): void; found(): Found | null };

function createScan(): Scan {
  const window = Buffer.alloc(WINDOW_BYTES);
  let filled = 0;
  let start = 0;
  let found: Found | null = null;
  const look = () => {
    const bytes = window.subarray(0, filled);
    const here = (start === 0 ? findAtStart(bytes) : null) ?? findAnywhere(bytes);
    if (here !== null) found = { offset: start + here.offset, what: here.what };
  };
  return {
    push(chunk) {
      for (let at = 0; at < chunk.length && found === null; ) {
        if (filled === window.length) {
          look();
          window.copyWithin(0, filled - OVERLAP_BYTES, filled);
          start += filled - OVERLAP_BYTES;
          filled = OVERLAP_BYTES;
        }
        const piece = chunk.subarray(at, at + window.length - filled);
        window.set(piece, filled);
        filled += piece.length;
        at += piece.length;
      }
    },
    end() {
      if (found === null) look();
    },
    found: () => found,
  };
}

function findAtStart(bytes: Buffer): Found | null {
  const start = bytes.toString("hex", 0, START_BYTES);
  const byStart = START_RULES.find((rule) => rule.name.test(start));
  if (byStart !== undefined) return { offset: 0, what: byStart.what };
  return startsWithSecretKey(bytes) ? { offset: 0, what: "a private OpenPGP key" } : null;
}

function findAnywhere(bytes: Buffer): Found | null {
  return findDerKey(bytes) ?? findByMark(bytes) ?? findEncodedKey(bytes);
}

/** So much of what a gzip file inflates to is looked at. */
const INFLATED_BYTES = 64 * 2 ** 20;

type Gunzipped = { push(chunk: Uint8Array): Promise<void>; found(): Found | null; end(): Found | null };

/** One level deep. Where the secret lies in the file that is packed is not known: its start stands for it. */
function createGunzipped(): Gunzipped {
  const scan = createScan();
  const inflate = createGunzip();
  let inflatedBytes = 0;
  let over = false;
  const stop = () => {
    over = true;
    inflate.destroy();
  };
  inflate.on("data", (bytes: Uint8Array) => {
    inflatedBytes += bytes.length;
    scan.push(bytes);
    if (inflatedBytes >= INFLATED_BYTES) stop();
  });
  // What is no gzip after all has been looked at as it is.
  inflate.on("error", stop);
  const found = () => {
    const inside = scan.found();
    return inside === null ? null : { offset: 0, what: `${inside.what}, in gzip` };
  };
  return {
    found,
    push: (chunk) =>
      over
        ? Promise.resolve()
        : new Promise((resolve) => {
            inflate.once("close", resolve);
            inflate.write(chunk, () => {
              inflate.off("close", resolve);
              resolve();
            });
          }),
    end() {
      stop();
      scan.end();
      return found();
    },
  };
}
