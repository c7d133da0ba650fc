import { randomUUID } from "node:crypto";
import { fingerprintText } from "../signing/keys.ts";
import { apiPath } from "./client.ts";
import { type Context, defineCommand, option, type Result, requiredOption } from "./command.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { readRecoveryAnswer, recoveryText } from "./key-answers.ts";
import { chosenKeyFiles, KEY_OPTIONS, readCertificateKeyId } from "./key-store.ts";
import { LINE_END } from "./style.ts";
import { connect } from "./version-calls.ts";

const options = {
  key: option("--key", "PEM", "the new, enrolled key (default: the one that keys new makes)"),
  cert: KEY_OPTIONS.cert,
  app: option("--app", "ID", "only this app (default: all published apps of the organisation)"),
  reason: requiredOption(
    "--reason",
    "TEXT",
    "what happened to the keys, for the owners and the administrator",
  ),
  ...STORE_OPTIONS,
};

export const keysRecoverCommand = defineCommand({
  name: "recover",
  summary: "Ask that a new key takes the place of lost ones.",
  description: [
    "For owners, when no key of an app is left that could sign for another. Every owner is told and can object; after the " +
      "waiting time an administrator of the store can approve. Then the keys before sign nothing more.",
  ],
  arguments: {},
  options,
  examples: [
    {
      line: 'MOSIS_TOKEN_FILE=owner-token mosis keys recover --key new.pem --reason "The laptop was stolen." --store https://store.example.com',
      does: "asks for new.pem to replace all keys",
    },
  ],
  run,
});

async function run(context: Context<Record<string, never>, typeof options>): Promise<Result> {
  const { io, path, options: given } = context;
  const files = chosenKeyFiles(io.environment, path, given.key, given.cert);
  const keyid = await readCertificateKeyId(files);
  const client = await connect(context, given);
  const { json } = await client.call({
    method: "POST",
    path: apiPath("key-recoveries"),
    json: { keyid, reason: given.reason, ...(given.app === undefined ? {} : { appId: given.app }) },
    idempotencyKey: randomUUID(),
  });
  const recovery = readRecoveryAnswer(json);
  return {
    data: recovery.raw,
    text: (style) =>
      [
        `${style.good("Requested")} for the key ${fingerprintText(keyid)}`,
        recoveryText(style, recovery),
        "",
        "When the waiting time is over, an administrator of the store can approve it.",
      ].join(LINE_END),
  };
}
