import { fingerprintText, keyid } from "../signing/keys.ts";
import { type Context, defineCommand, option, type Result } from "./command.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { enrollKeyFile } from "./enrolment.ts";
import { KEY_OPTIONS, openChosenKey, PASSPHRASE_OPTIONS } from "./key-store.ts";
import { fields, formatTime, LINE_END } from "./style.ts";
import { connect } from "./version-calls.ts";

const options = {
  key: KEY_OPTIONS.key,
  cert: option("--cert", "PEM", "where the certificate goes (default: beside the key)"),
  organisation: option("--organisation", "ID", "whose developer you are, when you are in several"),
  ...PASSPHRASE_OPTIONS,
  ...STORE_OPTIONS,
};

export const keysEnrollCommand = defineCommand({
  name: "enroll",
  summary: "Have the store certify your key.",
  description: [
    "Sends a request that proves that you hold the key; the key itself never leaves this machine. The certificate is " +
      "written beside it, with the store's own certificates for mosis verify --ca. Run it again to renew.",
  ],
  arguments: {},
  options,
  examples: [
    {
      line: "MOSIS_TOKEN_FILE=token mosis keys enroll --store https://store.example.com",
      does: "gets the certificate for your key",
    },
  ],
  run,
});

async function run(context: Context<Record<string, never>, typeof options>): Promise<Result> {
  const { options: given } = context;
  const { files, keys } = await openChosenKey(context);
  const client = await connect(context, given);
  const { certificate, developerId } = await enrollKeyFile(client, files, keys, given.organisation);
  const own = keyid(keys.publicKey);
  const notAfter = certificate.notAfter.toISOString();
  return {
    data: {
      keyid: own,
      fingerprint: fingerprintText(own),
      developerId,
      file: files.key,
      certFile: files.certificate,
      caFile: files.ca,
      notBefore: certificate.notBefore.toISOString(),
      notAfter,
    },
    text: (style) =>
      [
        `${style.good("Enrolled")} at ${client.origin}`,
        fields(style, [
          ["certificate", files.certificate],
          ["store's CAs", files.ca],
          ["developer", developerId],
          ["key id", fingerprintText(own)],
          ["valid until", formatTime(notAfter)],
        ]),
      ].join(LINE_END),
  };
}
