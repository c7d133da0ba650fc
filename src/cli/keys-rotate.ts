import { isProblem, Problem } from "../errors.ts";
import { sealEnvelope } from "../signing/dsse.ts";
import { buildKeyAddition } from "../signing/key-statements.ts";
import { fingerprintText, keyid } from "../signing/keys.ts";
import { localSigner, type Signer } from "../signing/signer.ts";
import { apiPath, type Client } from "./client.ts";
import { argument, type Context, defineCommand, option, type Result } from "./command.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { enrollKeyFile } from "./enrolment.ts";
import { exists, readText } from "./files.ts";
import { type KeyAnswer, readKeyAnswer, readLineageAnswer } from "./key-answers.ts";
import {
  KEY_OPTIONS,
  keyFilesFor,
  openChosenKey,
  openKey,
  PASSPHRASE_OPTIONS,
  readCertificate,
  readCertificateKeyId,
} from "./key-store.ts";
import { fields, LINE_END } from "./style.ts";
import { connect } from "./version-calls.ts";

const options = {
  key: option("--key", "PEM", "the key that signs for the new one (default: the one that keys new makes)"),
  cert: KEY_OPTIONS.cert,
  app: option("--app", "ID", "only this app (default: all that the key may sign)"),
  newPassphraseFile: option("--new-passphrase-file", "FILE", "the file that holds the new key's passphrase"),
  ...PASSPHRASE_OPTIONS,
  ...STORE_OPTIONS,
};
const args = {
  newKey: argument("NEW", "the new private key, as keys new -o makes it, or the certificate of one"),
};

export const keysRotateCommand = defineCommand({
  name: "rotate",
  summary: "Let another key sign your apps: the one that may now signs for it.",
  description: [
    "For each app the key signs a statement that the new key may sign as well; the store accepts and publishes it, and " +
      "devices follow at their next refresh. The new key is enrolled if it is not yet. Of a key that somebody else holds, such as an organisation that you have offered the app to, name the certificate. The old key still signs until you " +
      "revoke it. Running it again is harmless. A key that may sign nothing any more, be it the old or the new one, ends it with 1, and the same key in both places with 2; nothing is done then.",
  ],
  arguments: args,
  options,
  examples: [
    {
      line: "MOSIS_TOKEN_FILE=token mosis keys rotate next.pem --store https://store.example.com",
      does: "lets next.pem sign all apps that your key may sign",
    },
    {
      line: "MOSIS_TOKEN_FILE=token mosis keys rotate theirs.cert.pem --app com.example.notes --store https://store.example.com",
      does: "lets the key of that certificate sign the app, which you have offered to its organisation",
    },
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { io, options: given } = context;
  const client = await connect(context, given);
  const { files, keys } = await openChosenKey(context);
  const signer = localSigner(keys.privateKey, await readCertificate(files, keys));

  const old = readKeyAnswer(await client.get(apiPath("developer-keys", signer.keyid)));
  // All of it before the new key is enrolled: what comes to nothing leaves nothing behind.
  const { may, mayNot } = await wantedApps(client, old, given.app);
  const { keyid: next, enrol } = await nextKey(context, client, old, may);
  await enrol();
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
      ].join(LINE_END),
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
  if (old.developerRevokedAt !== null)
    throw signsNothing(
      "The organisation whose keys these are is revoked in this store.",
      "ask the store's administrator, who revoked it and can lift that",
    );
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

const ANOTHER_OLD_KEY =
  "rotate with a key that may sign; “mosis keys list” shows what each may sign, and when none is left the way back is “mosis keys recover”";

function signsNothing(why: string, todo = ANOTHER_OLD_KEY): Problem {
  return new Problem("conflict", "keys.signs_nothing", `${why} Nothing was done: ${todo}.`);
}

type NextKey = {
  readonly keyid: string;
  /** Where it has no certificate beside it: gets one. */
  readonly enrol: () => Promise<unknown>;
};

/**
 * The new key, and that it may sign what it is to be added to: nothing was done yet.
 * @throws Problem `keys.same_key` (usage), `keys.signs_nothing` (conflict)
 */
async function nextKey(
  context: Context<typeof args, typeof options>,
  client: Client,
  old: KeyAnswer,
  apps: readonly string[],
): Promise<NextKey> {
  const { io, path, note, options: given } = context;
  const named = path(context.arguments.newKey);
  const isCertificate = (await exists(named)) && /-----BEGIN CERTIFICATE-----/.test(await readText(named));
  const files = isCertificate ? { ...keyFilesFor(named), certificate: named } : keyFilesFor(named);
  const mustDiffer = (id: string) => {
    if (id !== old.keyid) return id;
    throw new Problem(
      "usage",
      "keys.same_key",
      `${named} is the key ${old.fingerprint}, which would sign for itself: nothing was done. Name another key, such as one of “mosis keys new -o next.pem”.`,
    );
  };
  if (await exists(files.certificate)) {
    const id = mustDiffer(await readCertificateKeyId(files));
    await mustBeGood(client, id, apps, { hasCertificate: true });
    return { keyid: id, enrol: async () => {} };
  }
  const passphraseFile = given.newPassphraseFile === undefined ? undefined : path(given.newPassphraseFile);
  const keys = await openKey(files, { io, passphraseFile, note });
  const id = mustDiffer(keyid(keys.publicKey));
  await mustBeGood(client, id, apps, { hasCertificate: false });
  return { keyid: id, enrol: () => enrollKeyFile(client, files, keys, old.developerId) };
}

/** @throws Problem `keys.signs_nothing` (conflict) */
async function mustBeGood(
  client: Client,
  id: string,
  apps: readonly string[],
  { hasCertificate }: { readonly hasCertificate: boolean },
): Promise<void> {
  const known = await findKey(client, id);
  if (known === null) return;
  const refused = (why: string) =>
    signsNothing(
      `The new key ${known.fingerprint} ${why}`,
      "name another one, of “mosis keys new -o next.pem”",
    );
  if (known.revokedAt !== null) throw refused("is revoked, and signs nothing more.");
  const isStale = known.certificateRevokedAt !== null || known.certificateDistrustedAt !== null;
  if (isStale && hasCertificate) {
    throw signsNothing(
      `The certificate of the new key ${known.fingerprint} does not count any more, and so does nothing that it would sign.`,
      "enrol that key again first, with “mosis keys enroll”",
    );
  }
  // Where its certificate is what does not count, the key itself may still be one of the app's.
  const lost = isStale ? [] : known.apps.filter((one) => !one.usable && apps.includes(one.appId));
  if (lost.length > 0) {
    throw refused(
      `may not sign ${lost.map(({ appId }) => appId).join(", ")} any more: a recovery has taken its place.`,
    );
  }
}

/** Null when the store has never certified it for an organisation of ours. */
async function findKey(client: Client, id: string): Promise<KeyAnswer | null> {
  try {
    return readKeyAnswer(await client.get(apiPath("developer-keys", id)));
  } catch (error) {
    if (isProblem(error) && error.code === "key.not_found") return null;
    throw error;
  }
}

/** False when it is in the lineage already, and may sign. */
async function addTo(
  client: Client,
  appId: string,
  next: string,
  signer: Signer,
  now: Date,
): Promise<boolean> {
  const lineagePath = apiPath("apps", appId, "lineage");
  const lineage = readLineageAnswer(await client.get(lineagePath));
  if (lineage.keys.some((key) => key.keyid === next && key.usable)) return false;
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
