import { apiPath } from "./client.ts";
import { argument, type Context, defineCommand, option, type Result, requiredOption } from "./command.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { readKeyAnswer } from "./key-answers.ts";
import { fields } from "./style.ts";
import { connect } from "./version-calls.ts";

const args = { key: argument("KEY", "the key id, with or without the spaces of its fingerprint", keyId) };
const options = {
  reason: requiredOption("--reason", "TEXT", "why, shown to people on their devices"),
  action: option(
    "--action",
    "WHAT",
    "block (default): nothing more is installed; disable: installed copies do not start either; remove: they are taken away",
  ),
  ...STORE_OPTIONS,
};

function keyId(text: string): string {
  const id = text.replaceAll(/\s/g, "").toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(id))
    throw new Error("a key id has 64 hexadecimal digits; mosis keys list shows it");
  return id;
}

export const keysRevokeCommand = defineCommand({
  name: "revoke",
  summary: "Revoke a signing key: devices take nothing more that it signed.",
  description: [
    "For owners and administrators. It takes effect at each device's next refresh, also for versions that were published " +
      "before, and cannot be undone by a developer: let another key sign first (mosis keys rotate). Keys that it added stay.",
  ],
  arguments: args,
  options,
  examples: [
    {
      line: 'MOSIS_TOKEN_FILE=owner-token mosis keys revoke 3f2a…91bc --reason "It was stolen." --store https://store.example.com',
      does: "revokes that key",
    },
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { options: given } = context;
  const client = await connect(context, given);
  const { json } = await client.call({
    method: "POST",
    path: apiPath("developer-keys", context.arguments.key, "revoke"),
    json: { reason: given.reason, ...(given.action === undefined ? {} : { action: given.action }) },
  });
  const key = readKeyAnswer(json);
  return {
    data: key.raw,
    text: (style) =>
      [
        `${style.good("Revoked")} at ${client.origin}`,
        fields(style, [
          ["key", key.fingerprint],
          ["may not sign", key.apps.map(({ appId }) => appId).join(", ") || "anything"],
        ]),
      ].join("\n"),
  };
}
