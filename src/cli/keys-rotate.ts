import { Problem } from "../errors.ts";
import { sealEnvelope } from "../signing/dsse.ts";
import { buildKeyAddition } from "../signing/key-statements.ts";
import { fingerprintText, keyid } from "../signing/keys.ts";
import { localSigner, type Signer } from "../signing/signer.ts";
import { apiPath, type Client } from "./client.ts";
import { argument, type Context, defineCommand, option, type Result } from "./command.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { enrollKeyFile } from "./enrolment.ts";
import { exists } from "./files.ts";
import { type KeyAnswer, readKeyAnswer, readLineageAnswer } from "./key-answers.ts";
import {
  chosenKeyFiles,
  keyFilesFor,
  openKey,
  PASSPHRASE_OPTIONS,
  readCertificate,
  readCertificateKeyId,
} from "./key-store.ts";
import { fields } from "./style.ts";
import { connect } from "./version-calls.ts";

const options = {
  key: option("--key", "PEM", "the key that signs for the new one (default: the one that keys new makes)"),
  cert: option("--cert", "PEM", "its certificate (default: the file beside the key)"),
  app: option("--app", "ID", "only this app (default: all that the key may sign)"),
  newPassphraseFile: option("--new-passphrase-file", "FILE", "the file that holds the new key's passphrase"),
  ...PASSPHRASE_OPTIONS,
  ...STORE_OPTIONS,
};
const args = { newKey: argument("NEW", "the new private key, as keys new -o makes it") };

export const keysRotateCommand = defineCommand({
  name: "rotate",
  summary: "Let another key sign your apps: the one that may now signs for it.",
  description: [
    "For each app the key signs a statement that the new key may sign as well; the store accepts and publishes it, and " +
      "devices follow at their next refresh. The new key is enrolled if it is not yet. The old key still signs until you " +
      "revoke it. Running it again is harmless. A key that may sign nothing any more ends it with 1, and the same key in both places with 2; nothing is done then.",
  ],
  arguments: args,
  options,
  examples: [
    {
      line: "MOSIS_TOKEN_FILE=token mosis keys rotate next.pem --store https://store.example.com",
      does: "lets next.pem sign all apps that your key may sign",
    },
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { io, path, note, options: given } = context;
  const client = await connect(context, given);
  const files = chosenKeyFiles(io.environment, path, given.key, given.cert);
  const passphraseFile = given.passphraseFile === undefined ? undefined : path(given.passphraseFile);
  const keys = await openKey(files, { io, passphraseFile, note });
  const signer = localSigner(keys.privateKey, await readCertificate(files, keys));

  const old = readKeyAnswer(await client.get(apiPath("developer-keys", signer.keyid)));
  // All of it before the new key is enrolled: what comes to nothing leaves nothing behind.
  const { may, mayNot } = await wantedApps(client, old, given.app);
  const next = await enrolledKeyId(context, client, old);
  const apps: { appId: string; changed: boolean }[] = [];
  for (const appId of may) {
    apps.push({ appId, changed: await addTo(client, appId, next, signer, io.clock.now()) });
  }
  return {
    data: { keyid: next, fingerprint: fingerprintText(next), signedBy: signer.keyid, apps, left: mayNot },
    text: (style) =>
      [
        apps.length === 0
          ? "The key signs no published app yet, so nothing was rotated: any enrolled key begins a new app's lineage."
          : `${style.good("Rotated")} at ${client.origin}`,
        fields(style, [
          ["new key", fingerprintText(next)],
          ["signed by", old.fingerprint],
          ...apps.map(({ appId, changed }) => ["may sign", changed ? appId : `${appId} (already)`] as const),
          ...mayNot.map(
            (appId) => ["not added to", `${appId}, which the old key may not sign any more`] as const,
          ),
        ]),
        ...(apps.length === 0
          ? []
          : [
              "",
              `The old key still signs${mayNot.length === 0 ? "" : " these"}. When it is not needed any more: mosis keys revoke`,
            ]),
      ].join("\n"),
  };
}

/**
 * The apps that the new key is to sign, and those of the old key's that it cannot add one to.
 * @throws Problem `keys.signs_nothing` (conflict)
 */
async function wantedApps(
  client: Client,
  old: KeyAnswer,
  app: string | undefined,
): Promise<{ readonly may: readonly string[]; readonly mayNot: readonly string[] }> {
  const key = `The key ${old.fingerprint}`;
  if (old.revokedAt !== null) throw signsNothing(`${key} is revoked, and adds no other key.`);
  if (old.certificateRevokedAt !== null) {
    throw signsNothing(
      `The certificate of ${old.fingerprint} is revoked, and what it signs does not count: enrol the key again first, with “mosis keys enroll”.`,
    );
  }
  if (old.certificateDistrustedAt !== null) {
    throw signsNothing(
      `The certificate of ${old.fingerprint} was issued by an authority that the store does not trust any more, and what it signs does not count: enrol the key again first, with “mosis keys enroll”.`,
    );
  }
  if (app !== undefined) {
    const lineage = readLineageAnswer(await client.get(apiPath("apps", app, "lineage")));
    const place = lineage.keys.find((one) => one.keyid === old.keyid);
    // Nothing is published of it yet: the store says so.
    if (lineage.keys.length === 0 || place?.usable) return { may: [app], mayNot: [] };
    throw signsNothing(
      place === undefined
        ? `${key} is none of those that may sign ${app}.`
        : `${key} may not sign ${app} any more: a recovery has taken its place.`,
    );
  }
  const named = (usable: boolean) => old.apps.flatMap((one) => (one.usable === usable ? [one.appId] : []));
  const [may, mayNot] = [named(true), named(false)];
  if (may.length === 0 && mayNot.length > 0) {
    throw signsNothing(`${key} may not sign ${mayNot.join(", ")} any more: a recovery has taken its place.`);
  }
  return { may, mayNot };
}

function signsNothing(why: string): Problem {
  return new Problem(
    "conflict",
    "keys.signs_nothing",
    `${why} Nothing was done: rotate with a key that may sign; “mosis keys list” shows what each may sign, and when none is left the way back is “mosis keys recover”.`,
  );
}

/** The new key's id, once the store has certified it. @throws Problem `keys.same_key` (usage) */
async function enrolledKeyId(
  context: Context<typeof args, typeof options>,
  client: Client,
  old: KeyAnswer,
): Promise<string> {
  const { io, path, note, options: given } = context;
  const files = keyFilesFor(path(context.arguments.newKey));
  const mustDiffer = (id: string) => {
    if (id !== old.keyid) return id;
    throw new Problem(
      "usage",
      "keys.same_key",
      `${files.key} is the key ${old.fingerprint}, which would sign for itself: nothing was done. Name another key, such as one of “mosis keys new -o next.pem”.`,
    );
  };
  if (await exists(files.certificate)) return mustDiffer(await readCertificateKeyId(files));
  const passphraseFile = given.newPassphraseFile === undefined ? undefined : path(given.newPassphraseFile);
  const keys = await openKey(files, { io, passphraseFile, note });
  const id = mustDiffer(keyid(keys.publicKey));
  await enrollKeyFile(client, files, keys, old.developerId);
  return id;
}

/** False when it is in the lineage already. */
async function addTo(
  client: Client,
  appId: string,
  next: string,
  signer: Signer,
  now: Date,
): Promise<boolean> {
  const lineagePath = apiPath("apps", appId, "lineage");
  const lineage = readLineageAnswer(await client.get(lineagePath));
  if (lineage.keys.some((key) => key.keyid === next)) return false;
  const statement = buildKeyAddition({
    appId,
    developerId: lineage.developerId,
    keyId: next,
    position: Math.max(1, lineage.keys.length),
    addedAt: now,
  });
  const addition = Buffer.from(await sealEnvelope(statement, signer)).toString("base64");
  await client.call({ method: "POST", path: lineagePath, json: { addition } });
  return true;
}
