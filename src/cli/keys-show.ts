import { createHash } from "node:crypto";
import { certificateFromPem } from "../signing/certificates.ts";
import { fingerprintText, keyid } from "../signing/keys.ts";
import { apiPath } from "./client.ts";
import { type Context, defineCommand, type Result } from "./command.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { exists } from "./files.ts";
import { keyState, readKeyAnswer } from "./key-answers.ts";
import { KEY_OPTIONS, openChosenKey, PASSPHRASE_OPTIONS, readCertificate } from "./key-store.ts";
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
  ],
  arguments: {},
  options,
  examples: [
    { line: "mosis keys show", does: "shows the id of your key, and until when its certificate is valid" },
  ],
  run,
});

async function run(context: Context<Record<string, never>, typeof options>): Promise<Result> {
  const { io, options: given } = context;
  const { files, keys } = await openChosenKey(context);
  const certificate =
    given.cert !== undefined || (await exists(files.certificate))
      ? certificateFromPem(await readCertificate(files, keys))
      : null;
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
  const id = keyid(keys.publicKey);
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
      algorithm: keys.algorithm,
      certificate: facts,
      ...(there === null ? {} : { atStore: there.raw }),
    },
    text: (style) =>
      fields(style, [
        ["key", files.key],
        ["key id", fingerprintText(id)],
        ["algorithm", keys.algorithm],
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
