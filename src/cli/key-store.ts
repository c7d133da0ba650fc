/**
 * Where a developer's key pair lies and how it is opened. Three files stand beside each other: `NAME.pem` (private key,
 * 0600), `NAME.cert.pem` (the store's certificate for it) and `NAME.ca.pem` (the store's CAs).
 */
import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Environment, environmentSecret } from "../config.ts";
import { Problem } from "../errors.ts";
import { certificateFromPem } from "../signing/certificates.ts";
import { type KeyPair, keyid, privateKeyFromPem } from "../signing/keys.ts";
import { option } from "./command.ts";
import { configFolder } from "./config-folder.ts";
import { exists, readText, withFile } from "./files.ts";
import type { Io } from "./io.ts";

export type KeyFiles = { readonly key: string; readonly certificate: string; readonly ca: string };

export const PASSPHRASE_OPTIONS = {
  passphraseFile: option(
    "--passphrase-file",
    "FILE",
    "the file that holds the key's passphrase (else MOSIS_KEY_PASSPHRASE, or you are asked)",
  ),
};

export const KEY_OPTIONS = {
  key: option("--key", "PEM", "the private key (default: the one that keys new makes)"),
  cert: option("--cert", "PEM", "its certificate (default: the file beside the key)"),
};

/** The three files that go with a private key's file. */
export function keyFilesFor(keyFile: string): KeyFiles {
  const stem = join(dirname(keyFile), basename(keyFile).replace(/\.(?:pem|key)$/, ""));
  return { key: keyFile, certificate: `${stem}.cert.pem`, ca: `${stem}.ca.pem` };
}

/**
 * The pair that is used when none is named: in the person's configuration folder.
 * @throws Problem `keys.no_home`
 */
export function defaultKeyFiles(environment: Environment): KeyFiles {
  return keyFilesFor(join(configFolder(environment), "keys", "developer.pem"));
}

/** The files that a command is to use: the named ones, or the default pair. */
export function chosenKeyFiles(
  environment: Environment,
  path: (relative: string) => string,
  key: string | undefined,
  certificate?: string,
): KeyFiles {
  const files = key === undefined ? defaultKeyFiles(environment) : keyFilesFor(path(key));
  return certificate === undefined ? files : { ...files, certificate: path(certificate) };
}

export type OpenOptions = {
  readonly io: Io;
  readonly passphraseFile: string | undefined;
  readonly note: (line: string) => void;
};

/**
 * Reads a private key, with its passphrase where it has one.
 * @throws Problem `keys.missing`, `keys.passphrase_needed`, `file.…`, and MPK-K… for a malformed key or a wrong passphrase
 */
export async function openKey(files: KeyFiles, options: OpenOptions): Promise<KeyPair> {
  if (!(await exists(files.key))) {
    throw new Problem(
      "unreachable",
      "keys.missing",
      `There is no key at ${files.key}. Make one with: mosis keys new`,
    );
  }
  const pem = await readText(files.key);
  await noteOpenPermissions(files.key, options.note);
  const encrypted = /ENCRYPTED/.test(pem);
  return privateKeyFromPem(pem, encrypted ? await findPassphrase(files.key, options) : undefined);
}

/** The key that a command's options name, opened. @throws Problem as `openKey` */
export async function openChosenKey({
  io,
  path,
  note,
  options: given,
}: {
  readonly io: Io;
  readonly path: (relative: string) => string;
  readonly note: (line: string) => void;
  readonly options: {
    readonly key?: string | undefined;
    readonly cert?: string | undefined;
    readonly passphraseFile?: string | undefined;
  };
}): Promise<{ readonly files: KeyFiles; readonly keys: KeyPair }> {
  const files = chosenKeyFiles(io.environment, path, given.key, given.cert);
  const passphraseFile = given.passphraseFile === undefined ? undefined : path(given.passphraseFile);
  return { files, keys: await openKey(files, { io, passphraseFile, note }) };
}

async function findPassphrase(keyFile: string, options: OpenOptions): Promise<string> {
  const given = await givenPassphrase(options.io.environment, options.passphraseFile);
  if (given !== null) return given;
  if (options.io.askSecret !== null) return options.io.askSecret(`Passphrase of ${keyFile}: `);
  throw new Problem(
    "usage",
    "keys.passphrase_needed",
    `The key ${keyFile} has a passphrase: give it with --passphrase-file, MOSIS_KEY_PASSPHRASE or MOSIS_KEY_PASSPHRASE_FILE.`,
  );
}

/**
 * From --passphrase-file or the environment; null when neither is given.
 * @throws Problem `file.…`, `passphrase.empty`, `passphrase.exposed`
 */
async function givenPassphrase(environment: Environment, file: string | undefined): Promise<string | null> {
  const name = "MOSIS_KEY_PASSPHRASE";
  const from = file ?? environment[`${name}_FILE`];
  if (from !== undefined && from !== "") await refuseExposed(from);
  // One line feed at the end is the editor's; the rest belongs to the passphrase.
  const given =
    file === undefined ? environmentSecret(name, environment) : (await readText(file)).replace(/\r?\n$/, "");
  if (given !== "") return given;
  throw new Problem("invalid", "passphrase.empty", `The passphrase file ${from} is empty.`);
}

/** As the master key's; a pipe of a shell has no readers but this one. */
async function refuseExposed(path: string): Promise<void> {
  if (process.platform === "win32" || !(await exists(path))) return;
  const facts = await withFile("look at", path, () => stat(path));
  if (!facts.isFile() || (facts.mode & 0o007) === 0) return;
  throw new Problem(
    "invalid",
    "passphrase.exposed",
    `The passphrase file ${path} can be read or changed by everyone on this machine (mode ${(facts.mode & 0o777).toString(8)}): chmod 600 it.`,
  );
}

/** Whoever copies a key's file can try passphrases for as long as he likes. */
const PASSPHRASE_LEAST_CHARACTERS = 12;

/** The same for a key that is made: it has a least length. @throws Problem `passphrase.short`, and as givenPassphrase */
export async function givenNewPassphrase(
  environment: Environment,
  file: string | undefined,
): Promise<string | null> {
  const given = await givenPassphrase(environment, file);
  if (given !== null) mustBeLong(given);
  return given;
}

/** @throws Problem `passphrase.short` */
export function mustBeLong(passphrase: string): void {
  if ([...passphrase].length >= PASSPHRASE_LEAST_CHARACTERS) return;
  throw new Problem(
    "invalid",
    "passphrase.short",
    `A passphrase has at least ${PASSPHRASE_LEAST_CHARACTERS} characters, such as five words chosen by dice: whoever copies the key's file can try passphrases for as long as they like.`,
  );
}

async function noteOpenPermissions(path: string, note: (line: string) => void): Promise<void> {
  if (process.platform === "win32") return;
  const facts = await withFile("look at", path, () => stat(path));
  const { mode } = facts;
  // What a shell hands over as a pipe is nobody else's.
  if (facts.isFile() && (mode & 0o077) !== 0) {
    note(
      `warning: others on this machine can read ${path} (mode ${(mode & 0o777).toString(8)}). Run: chmod 600 ${path}`,
    );
  }
}

/**
 * The id of a key whose certificate is there; the private key is not opened.
 * @throws Problem `keys.not_enrolled`, `file.…`, and MPK-… for a malformed certificate
 */
export async function readCertificateKeyId(files: KeyFiles): Promise<string> {
  if (!(await exists(files.certificate))) throw notEnrolled(files);
  const certificate = certificateFromPem(await readText(files.certificate));
  return keyid(new Uint8Array(certificate.publicKey.rawData));
}

function notEnrolled(files: KeyFiles): Problem {
  return new Problem(
    "unreachable",
    "keys.not_enrolled",
    `There is no certificate at ${files.certificate}. Have a store issue it with: mosis keys enroll --store URL`,
  );
}

/**
 * The certificate of a key, checked to be for that key.
 * @throws Problem `keys.not_enrolled`, `keys.certificate_other`, `file.…`, and MPK-… for a malformed certificate
 */
export async function readCertificate(files: KeyFiles, keys: KeyPair): Promise<string> {
  if (!(await exists(files.certificate))) throw notEnrolled(files);
  const pem = await readText(files.certificate);
  const certified = keyid(new Uint8Array(certificateFromPem(pem).publicKey.rawData));
  const own = keyid(keys.publicKey);
  if (certified !== own) {
    throw new Problem(
      "invalid",
      "keys.certificate_other",
      `The certificate ${files.certificate} is for another key (${certified}) than ${files.key} (${own}).`,
    );
  }
  return pem;
}
