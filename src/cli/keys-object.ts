import { apiPath } from "./client.ts";
import { argument, type Context, defineCommand, type Result, requiredOption } from "./command.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { readRecoveryAnswer, recoveryText } from "./key-answers.ts";
import { LINE_END } from "./style.ts";
import { parseRecoveryId } from "./values.ts";
import { connect } from "./version-calls.ts";

const args = {
  recovery: argument("RECOVERY", "the recovery's id, as keys list and the message give it", parseRecoveryId),
};
const options = {
  reason: requiredOption("--reason", "TEXT", "why, for the other owners"),
  ...STORE_OPTIONS,
};

export const keysObjectCommand = defineCommand({
  name: "object",
  summary: "Stop a recovery of your organisation's keys.",
  description: ["Any owner can, until it is decided."],
  arguments: args,
  options,
  examples: [
    {
      line: 'MOSIS_TOKEN_FILE=owner-token mosis keys object rcv-0190… --reason "It is in the safe." --store https://store.example.com',
      does: "stops that recovery",
    },
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { recovery: id } = context.arguments;
  const client = await connect(context, context.options);
  const path = apiPath("key-recoveries", id);
  const { revision } = readRecoveryAnswer(await client.get(path));
  const { json } = await client.call({
    method: "POST",
    path: `${path}/object`,
    json: { reason: context.options.reason },
    ifMatch: revision,
  });
  const recovery = readRecoveryAnswer(json);
  return {
    data: recovery.raw,
    text: (style) => [`${style.good("Stopped")}`, recoveryText(style, recovery)].join(LINE_END),
  };
}
