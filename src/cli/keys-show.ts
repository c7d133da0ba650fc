import { createHash, type KeyObject } from "node:crypto";
import { algorithmOf } from "../signing/algorithms.ts";
import { certificateFromPem } from "../signing/certificates.ts";
import { fingerprintText, keyid } from "../signing/keys.ts";
import type { X509Certificate } from "../signing/x509.ts";
import { apiPath } from "./client.ts";
import { type Context, defineCommand, type Result } from "./command.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { exists, readText } from "./files.ts";
import { keyState, readKeyAnswer } from "./key-answers.ts";
import {
  chosenKeyFiles,
  KEY_OPTIONS,
  openChosenKey,
  PASSPHRASE_OPTIONS,
  readCertificate,
} from "./key-store.ts";
import { fields, formatTime, shortened } from "./style.ts";
import { connect } from "./version-calls.ts";

const options = {
  ...KEY_OPTIONS,
  ...PASSPHRASE_OPTIONS,
  ...STORE_OPTIONS,
};

export const keysShowCommand = defineCommand({
  name: "show",
  summary: "Show a key's id and its certificate.",
  description: [
    "From the files alone, unless --store names a store: then what that says of the key is shown too, such as that the key or its certificate is revoked.",
    "With --cert and without --key it shows that certificate alone, of whomever it is: such as one that you were sent, to compare its key id before you let it sign.",
  ],
  arguments: {},
  options,
  examples: [
    { line: "mosis keys show", does: "shows the id of your key, and until when its certificate is valid" },
    {
      line: "mosis keys show --cert harbour.cert.pem",
      does: "shows the key id of a certificate that you have",
    },
  ],
  run,
});

async function run(context: Context<Record<string, never>, typeof options>): Promise<Result> {
  const { io, options: given } = context;
  const { files, publicKey, algorithm, certificate } = await chosen(context);
  const facts =
    certificate === null
      ? null
      : {
          file: files.certificate,
          subject: certificate.subject,
          issuer: certificate.issuer,
          serialNumber: certificate.serialNumber,
          sha256: createHash("sha256").update(new Uint8Array(certificate.rawData)).digest("hex"),
          notBefore: certificate.notBefore.toISOString(),
          notAfter: certificate.notAfter.toISOString(),
          expired: certificate.notAfter < io.clock.now(),
        };
  const id = keyid(publicKey);
  // Only when it is named: what is set for other commands makes no call of this one.
  const there =
    given.store === undefined
      ? null
      : readKeyAnswer(await (await connect(context, given)).get(apiPath("developer-keys", id)));
  return {
    data: {
      file: files.key,
      keyid: id,
      fingerprint: fingerprintText(id),
      algorithm,
      certificate: facts,
      ...(there === null ? {} : { atStore: there.raw }),
    },
    text: (style) =>
      fields(style, [
        ...(files.key === null ? [] : [["key", files.key] as const]),
        ["key id", fingerprintText(id)],
        ["algorithm", algorithm],
        ...(there === null ? [] : [["at the store", keyState(style, there)] as const]),
        ...(facts === null
          ? [["certificate", "none yet: mosis keys enroll --store URL"] as const]
          : ([
              ["certificate", facts.file],
              ["for", shortened(facts.subject)],
              ["issued by", shortened(facts.issuer)],
              ["SHA-256", fingerprintText(facts.sha256)],
              ["valid until", `${formatTime(facts.notAfter)}${facts.expired ? style.bad(" (expired)") : ""}`],
            ] as const)),
      ]),
  };
}

type Chosen = {
  readonly files: { readonly key: string | null; readonly certificate: string };
  readonly publicKey: KeyObject | Uint8Array;
  readonly algorithm: string;
  readonly certificate: X509Certificate | null;
};

/** A key and its certificate, or a certificate by itself, which may be another's. */
async function chosen(context: Context<Record<string, never>, typeof options>): Promise<Chosen> {
  const { io, path, options: given } = context;
  if (given.cert !== undefined && given.key === undefined) {
    const files = chosenKeyFiles(io.environment, path, undefined, given.cert);
    const certificate = certificateFromPem(await readText(files.certificate));
    const publicKey = new Uint8Array(certificate.publicKey.rawData);
    const algorithm = algorithmOf(publicKey) ?? "another";
    return { files: { ...files, key: null }, publicKey, algorithm, certificate };
  }
  const { files, keys } = await openChosenKey(context);
  const isThere = given.cert !== undefined || (await exists(files.certificate));
  const certificate = isThere ? certificateFromPem(await readCertificate(files, keys)) : null;
  return { files, publicKey: keys.publicKey, algorithm: keys.algorithm, certificate };
}
