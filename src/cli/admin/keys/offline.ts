/** The other machine: it makes the keys, shows what it is asked to sign, and signs. It has no store. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  buildDocuments,
  missingSignatures,
  type RequestDocuments,
  signRequest,
} from "../../../catalog/store-keys/documents.ts";
import { withKept } from "../../../catalog/store-keys/kept.ts";
import {
  buildKnown,
  KNOWN_MAX_BYTES,
  type Known,
  parseKnown,
  remembered,
} from "../../../catalog/store-keys/known.ts";
import {
  buildOfflineKeys,
  OFFLINE_ALGORITHMS,
  OFFLINE_PURPOSES,
  type OfflinePurpose,
} from "../../../catalog/store-keys/offline-keys.ts";
import { judgeTime } from "../../../catalog/store-keys/plausible.ts";
import {
  buildRequest,
  parseRequest,
  REQUEST_MAX_BYTES,
  REQUEST_ROLES,
  type SigningRequest,
} from "../../../catalog/store-keys/request.ts";
import { signedStateOf } from "../../../catalog/store-keys/shown.ts";
import { type RequestSummary, summarise } from "../../../catalog/store-keys/summary.ts";
import { isProblem, Problem } from "../../../errors.ts";
import type { KeyId } from "../../../ids.ts";
import { type KeySigner, keyPairSigner } from "../../../signing/key-signer.ts";
import { fingerprintText, generateKeyPair, keyid, privateKeyToPem } from "../../../signing/keys.ts";
import { argument, defineCommand, flag, option, repeatedOption } from "../../command.ts";
import { exists, readSmallFile, withFile } from "../../files.ts";
import { givenNewPassphrase, keyFilesFor, openKey, PASSPHRASE_OPTIONS } from "../../key-store.ts";
import { fillFolder } from "../../new-folder.ts";
import { LINE_END } from "../../style.ts";
import { parseTime } from "../../values.ts";
import { alreadyThere, fillFileAtomic, writeFileAtomic, writeFlushed, writing } from "../../write-files.ts";
import { missingLine, nextAfter } from "./unsigned.ts";

const KEYS_FILE = "public-keys.json";
/** What was shown and signed before. */
const KNOWN_FILE = "signed-before.json";
const MAX_ROOT_KEYS = 9;

function purposes(text: string): readonly OfflinePurpose[] {
  const found = text.split(",").map((part) => OFFLINE_PURPOSES.find((purpose) => purpose === part.trim()));
  const known = found.filter((purpose) => purpose !== undefined);
  if (known.length === 0 || known.length !== found.length || new Set(known).size !== known.length)
    throw new Error(`keys are for ${OFFLINE_PURPOSES.join(", ")}, with commas between them`);
  return known;
}

function rootKeys(text: string): number {
  const count = Number(text);
  if (!/^[1-9]$/.test(text)) throw new Error(`a number from 1 to ${MAX_ROOT_KEYS}`);
  return count;
}

const initOptions = {
  offline: option("--offline", "DIR", "the folder for the keys; it is made, and must be empty"),
  only: option("--only", "LIST", "which keys: ca-root, root, targets, apps (default: all)", purposes),
  rootKeys: option("--root-keys", "N", "how many keys of the catalogue's root (default: 3)", rootKeys),
  ...PASSPHRASE_OPTIONS,
};

export const keysInitCommand = defineCommand({
  name: "init",
  summary: "Make the keys that are to be held on this other machine.",
  description: [
    "Run it on a machine that never is on the network. The folder gets one PKCS #8 file for each key, readable by you only, encrypted when you give a passphrase (--passphrase-file or MOSIS_KEY_PASSPHRASE), and public-keys.json, which is all that leaves the machine.",
    "The folder is there with all of them or not at all: where the disk is full, nothing is left. A process that is killed may leave a folder .NAME.….tmp beside it, with keys that nothing uses: delete it.",
  ],
  arguments: {},
  options: initOptions,
  examples: [
    { line: "mosis admin keys init --offline ./mosis-keys", does: "makes all of them" },
    {
      line: "mosis admin keys init --offline ./mosis-root --only root --root-keys 1",
      does: "makes one of the root's keys, for one of several machines",
    },
  ],
  async run({ options, path, io }) {
    const folder = path(offlineFolder(options.offline));
    const passphrase = await givenNewPassphrase(io.environment, options.passphraseFile);
    const isThere = await exists(folder);
    if (isThere && (await withFile("read", folder, () => readdir(folder))).length > 0) {
      throw new Problem(
        "conflict",
        "keys.offline_not_empty",
        `${folder} holds something already: name an empty folder.`,
      );
    }
    const wanted = options.only ?? OFFLINE_PURPOSES;
    const how = { isThere, mode: 0o700, last: KEYS_FILE };
    const made = await writing(folder, () =>
      fillFolder(folder, how, async (at) => {
        const value: { purpose: OfflinePurpose; signer: KeySigner; file: string }[] = [];
        const names: string[] = [];
        for (const purpose of wanted) {
          const count = purpose === "root" ? (options.rootKeys ?? 3) : 1;
          for (let number = 1; number <= count; number += 1) {
            const keys = generateKeyPair(OFFLINE_ALGORITHMS[purpose]);
            const name = `${purpose}${purpose === "root" ? `-${number}` : ""}.pem`;
            const pem = privateKeyToPem(keys.privateKey, passphrase ?? undefined);
            await writeFlushed(join(at, name), [new TextEncoder().encode(pem)], 0o600, true);
            value.push({ purpose, signer: keyPairSigner(keys), file: join(folder, name) });
            names.push(name);
          }
        }
        // It says that the keys are there.
        await writeFlushed(join(at, KEYS_FILE), [await buildOfflineKeys(value)], 0o644);
        return { value, names };
      }),
    );
    const keys = made.map(({ purpose, signer, file }) => ({ purpose, keyid: keyid(signer.publicKey), file }));
    return {
      data: { keys, publicKeys: join(folder, KEYS_FILE), encrypted: passphrase !== null },
      text: () =>
        [
          ...keys.map((key) => `${fingerprintText(key.keyid)}  ${key.purpose}`),
          "",
          ...(passphrase === null ? ["The keys have no passphrase: whoever has the folder has them."] : []),
          "Keep copies in safe places. Next, on the store's machine, with the file public-keys.json:",
          "mosis admin keys export-request --offline-keys public-keys.json --out request.json",
        ].join(LINE_END),
    };
  },
});

const signArguments = { file: argument("FILE", "the request, as export-request wrote it") };
const signOptions = {
  offline: option("--offline", "DIR", "the folder with the keys"),
  out: option("--out", "FILE", "where the signed request goes (default: over the request)"),
  yes: flag("--yes", "sign what was shown"),
  now: option("--now", "TIME", "the present time, when this machine's clock is wrong", parseTime),
  versionOf: repeatedOption(
    "--version-of",
    "NAME=N",
    "the version of a role, or the number of the list of a root's key, that comes next, when other machines signed those in between; repeat it for several",
  ),
  ...PASSPHRASE_OPTIONS,
};

export const keysSignRequestCommand = defineCommand({
  name: "sign-request",
  summary: "Show what a store asks to have signed and, with --yes, sign it with the keys that are here.",
  description: [
    "It shows all that becomes signed. NEW is what this machine has not signed before, and GONE what it had signed last and is not there any more: the folder remembers it (signed-before.json), whatever the request says of itself. AGAIN is what it had signed out before: such a key was replaced or distrusted, and a store asks for it only when that request was cancelled.",
    "A request that was made more than a day ahead of this machine's clock is refused, and so is a version, or the number of a list of revoked certificates, that does not follow the one that was signed here last.",
  ],
  arguments: signArguments,
  options: signOptions,
  examples: [
    {
      line: "mosis admin keys sign-request request.json --offline ./mosis-keys",
      does: "shows what it asks for",
    },
    {
      line: "mosis admin keys sign-request request.json --offline ./mosis-keys --yes --out signed.json",
      does: "signs it",
    },
  ],
  async run({ arguments: words, options, path, io, note }) {
    const folder = path(offlineFolder(options.offline));
    const file = path(words.file);
    const given = parseRequest(await readSmallFile(file, REQUEST_MAX_BYTES));
    const keys = new Map<KeyId, KeySigner>();
    const names = await withFile("read", folder, () => readdir(folder));
    for (const name of names.filter((one) => one.endsWith(".pem"))) {
      const open = { io, passphraseFile: options.passphraseFile, note };
      const pair = await openKey(keyFilesFor(join(folder, name)), open);
      keys.set(keyid(pair.publicKey) as KeyId, keyPairSigner(pair));
    }
    const knownFile = join(folder, KNOWN_FILE);
    const known: Known = (await exists(knownFile))
      ? parseKnown(await readSmallFile(knownFile, KNOWN_MAX_BYTES))
      : new Map();
    const now = options.now ?? io.clock.now();
    judgeTime(given, now);
    const { request, kept } = await withKept(given, known, keys);
    const summary = await summarise(request, {
      own: new Set(keys.keys()),
      known,
      now,
      versions: versionsOf(options.versionOf, request),
    });
    if (!options.yes) {
      return {
        data: { ...summary, signed: [] },
        text: () =>
          [
            ...summaryLines(summary),
            "",
            "Nothing was signed. If this is what you expect, run it again with --yes.",
          ].join(LINE_END),
      };
    }
    const { request: signed, signed: fresh } = await signRequest(request, keys);
    const parts = [...kept, ...fresh];
    if (parts.length === 0) {
      throw new Problem(
        "conflict",
        "keys.nothing_to_sign",
        "None of the keys in the folder has anything to sign in this request: they signed already, are none of its keys, or certificates have to be signed first on another machine.",
      );
    }
    const documents = await buildDocuments(signed);
    const missing = missingSignatures(documents, signed);
    const state = signedStateOf(signed, documents, new Set(keys.keys()));
    const out = options.out === undefined ? file : path(options.out);
    // By it a request is judged here; nothing else has what it says.
    if (await isSameFile(out, knownFile)) throw alreadyThere(out);
    // Remembered before any signature leaves: what was given away and forgotten could be asked for again as something else.
    await fillFileAtomic(out, async (handle) => {
      await remember(knownFile, remembered(known, signed.storeId, state), note);
      await handle.writeFile(buildRequest(signed));
    });
    return {
      data: { ...summary, signed: parts, missing, file: out },
      text: () =>
        [
          ...summaryLines(summary),
          "",
          ...parts.map(({ what, keyid: id }) => `signed ${what} with ${fingerprintText(id)}`),
          ...missing.map(missingLine),
          `Wrote ${out}. ${nextAfter(missing, new Set([...keys.keys()].map((id) => nameOfKey(documents, id))))}`,
        ].join(LINE_END),
    };
  },
});

/** Whether both names, by whatever links, are of one file that is there. */
async function isSameFile(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([one, other].map((path) => stat(path).catch(() => null)));
  return !!first && !!second && first.dev === second.dev && first.ino === second.ino;
}

async function remember(file: string, known: Known, note: (text: string) => void): Promise<void> {
  try {
    await writeFileAtomic(file, [buildKnown(known)], 0o600);
  } catch (error) {
    // Keys may lie on something that cannot be written.
    if (!isProblem(error)) throw error;
    note(`What was signed could not be remembered, so it is NEW again next time: ${error.message}`);
  }
}

function nameOfKey(documents: RequestDocuments, id: KeyId): string {
  return [...documents.rows.values()].find((row) => row.keyid === id)?.name ?? "";
}

function summaryLines(summary: RequestSummary): string[] {
  return [
    `Request ${summary.id} of ${summary.storeId}`,
    ...summary.lines,
    ...summary.warnings.map((warning) => `ATTENTION ${warning}`),
    newsOf(summary),
  ];
}

function newsOf({ isFirst, news, gone }: RequestSummary): string {
  if (isFirst)
    return "Nothing was signed here for this store before, so everything is NEW: compare every fingerprint with what you know.";
  if (news + gone === 0) return "Everything in it was signed here before.";
  return `${news} NEW, ${gone} GONE since this machine signed last: compare them with what you know and asked for.`;
}

/** @throws Problem `usage.invalid_value` */
function versionsOf(
  texts: readonly string[],
  request: Pick<SigningRequest, "lists">,
): ReadonlyMap<string, number> {
  const names = [...REQUEST_ROLES, ...request.lists.map(({ issuer }) => issuer)];
  return new Map(
    texts.map((text) => {
      const [, given, version] = /^([a-z0-9-]+)=([1-9]\d{0,9})$/.exec(text) ?? [];
      const name = names.find((one) => one === given);
      if (name !== undefined) return [name, Number(version)];
      throw new Problem(
        "usage",
        "usage.invalid_value",
        `--version-of takes one of ${names.join(", ")} and a version, such as root=7; found ${JSON.stringify(text)}.`,
      );
    }),
  );
}

function offlineFolder(given: string | undefined): string {
  if (given !== undefined) return given;
  throw new Problem("usage", "keys.offline_folder", "Say which folder holds the keys: --offline DIR.");
}
