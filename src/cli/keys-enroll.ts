import { randomUUID } from "node:crypto";
import { Problem } from "../errors.ts";
import { certificateFromPem } from "../signing/certificates.ts";
import { createCsr, keyid } from "../signing/keys.ts";
import { object, text } from "./answers.ts";
import { apiPath } from "./client.ts";
import { type Context, defineCommand, option, type Result } from "./command.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { writeFileAtomic } from "./files.ts";
import { chosenKeyFiles, openKey, PASSPHRASE_OPTIONS } from "./key-store.ts";
import { fields, formatTime } from "./style.ts";
import { connect } from "./version-calls.ts";

const options = {
  key: option("--key", "PEM", "the private key (default: the one that keys new makes)"),
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
  const { io, path, note, options: given } = context;
  const files = chosenKeyFiles(io.environment, path, given.key, given.cert);
  const passphraseFile = given.passphraseFile === undefined ? undefined : path(given.passphraseFile);
  const keys = await openKey(files, { io, passphraseFile, note });
  const client = await connect(context, given);
  const { json } = await client.call({
    method: "POST",
    path: apiPath("developer-keys"),
    json: {
      csr: await createCsr(keys),
      ...(given.organisation === undefined ? {} : { organisationId: given.organisation }),
    },
    idempotencyKey: randomUUID(),
  });
  const answer = object(json, "the certificate");
  const certificatePem = text(answer, "certificatePem");
  const certificate = certificateFromPem(certificatePem);
  const own = keyid(keys.publicKey);
  if (keyid(new Uint8Array(certificate.publicKey.rawData)) !== own) {
    throw new Problem(
      "unreachable",
      "keys.certificate_other",
      `${client.origin} sent a certificate for another key. It was not kept.`,
    );
  }
  await writeFileAtomic(files.ca, [new TextEncoder().encode(text(answer, "caPem"))]);
  await writeFileAtomic(files.certificate, [new TextEncoder().encode(certificatePem)]);
  const notAfter = certificate.notAfter.toISOString();
  return {
    data: {
      keyid: own,
      developerId: text(answer, "developerId"),
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
          ["developer", text(answer, "developerId")],
          ["key id", own],
          ["valid until", formatTime(notAfter)],
        ]),
      ].join("\n"),
  };
}
