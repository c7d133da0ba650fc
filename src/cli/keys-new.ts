import { dirname } from "node:path";
import { Problem } from "../errors.ts";
import { fingerprintText, generateKeyPair, keyid, privateKeyToPem } from "../signing/keys.ts";
import { type Context, defineCommand, flag, option, type Result } from "./command.ts";
import { exists } from "./files.ts";
import { defaultKeyFiles, givenNewPassphrase, keyFilesFor, mustBeLong } from "./key-store.ts";
import { withFolder } from "./new-folder.ts";
import { askNewSecret } from "./prompt.ts";
import { fields, LINE_END } from "./style.ts";
import { alreadyThere, writeNewSecret } from "./write-files.ts";

const options = {
  ed25519: flag("--ed25519", "make an Ed25519 key instead of ECDSA P-256"),
  output: option(
    "-o, --output",
    "FILE",
    "where the private key goes (default: developer.pem in your configuration folder)",
  ),
  passphrase: flag("--passphrase", "encrypt the key with a passphrase that you are asked for"),
  passphraseFile: option("--passphrase-file", "FILE", "encrypt the key with the passphrase in this file"),
};

export const keysNewCommand = defineCommand({
  name: "new",
  summary: "Make the key pair that signs your packages.",
  description: [
    "The private key stays on this machine, readable by you only. A key that is there already is never overwritten: " +
      "who loses it cannot sign updates of their apps. Keep a copy in a safe place.",
  ],
  arguments: {},
  options,
  examples: [
    { line: "mosis keys new", does: "makes the key that sign and enroll use when none is named" },
    { line: "mosis keys new --passphrase -o team.pem", does: "asks for a passphrase, and makes team.pem" },
  ],
  run,
});

async function run(context: Context<Record<string, never>, typeof options>): Promise<Result> {
  const { io, path, options: given } = context;
  const files =
    given.output === undefined ? defaultKeyFiles(io.environment) : keyFilesFor(path(given.output));
  if (await exists(files.key)) {
    throw alreadyThere(files.key);
  }
  const file = given.passphraseFile === undefined ? undefined : path(given.passphraseFile);
  const passphrase = await newPassphrase(given.passphrase, file, io);
  const keys = generateKeyPair(given.ed25519 ? "ed25519" : "ecdsa-p256");
  const write = () => writeNewSecret(files.key, privateKeyToPem(keys.privateKey, passphrase ?? undefined));
  await (given.output === undefined ? withFolder(dirname(files.key), 0o700, write) : write());
  const id = keyid(keys.publicKey);
  return {
    data: {
      file: files.key,
      keyid: id,
      fingerprint: fingerprintText(id),
      algorithm: keys.algorithm,
      encrypted: passphrase !== null,
    },
    text: (style) =>
      [
        `${style.good("Made")} ${style.bold(files.key)}`,
        fields(style, [
          ["key id", fingerprintText(id)],
          ["algorithm", keys.algorithm],
          ["passphrase", passphrase === null ? "none" : "yes"],
        ]),
        "",
        "Keep a copy in a safe place. Next: mosis keys enroll --store URL",
      ].join(LINE_END),
  };
}

async function newPassphrase(
  ask: boolean,
  file: string | undefined,
  io: Context["io"],
): Promise<string | null> {
  const given = await givenNewPassphrase(io.environment, file);
  if (given !== null) return given;
  if (!ask) return null;
  if (io.askSecret === null) {
    throw new Problem(
      "usage",
      "keys.passphrase_needed",
      "There is no terminal to ask for the passphrase: use --passphrase-file.",
    );
  }
  const typed = await askNewSecret(io.askSecret);
  mustBeLong(typed);
  return typed;
}
