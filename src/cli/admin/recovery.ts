import { readPage } from "../answers.ts";
import { argument, defineCommand, option, type Result, requiredOption } from "../command.ts";
import { readRecoveryAnswer, recoveryText } from "../key-answers.ts";
import { withOperator } from "../operator.ts";
import { dataOptions } from "../store-options.ts";
import { formatTime, table } from "../style.ts";

const reference = { recovery: argument("RECOVERY", "the recovery's id") };

export const recoveryListCommand = defineCommand({
  name: "list",
  summary: "List the newest requests to replace lost signing keys.",
  arguments: {},
  options: dataOptions,
  examples: [{ line: "mosis admin recovery list --data /srv/mosis", does: "prints them with their states" }],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { items } = readPage(await operator.call("recovery.list", {}), readRecoveryAnswer);
      return {
        data: { items: items.map(({ raw }) => raw) },
        text: (style) =>
          items.length === 0
            ? "Nobody has asked for a recovery."
            : table(
                style,
                [
                  { title: "Recovery" },
                  { title: "State" },
                  { title: "Organisation" },
                  { title: "Apps" },
                  { title: "Waits until" },
                ],
                items.map((item) => [
                  item.id,
                  item.state === "waiting" && item.waited ? "waited" : item.state,
                  item.organisationName,
                  item.apps.join(", "),
                  formatTime(item.waitingUntil),
                ]),
              ),
      };
    }),
});

export const recoveryShowCommand = defineCommand({
  name: "show",
  summary: "Show a recovery.",
  arguments: reference,
  options: dataOptions,
  examples: [
    {
      line: "mosis admin recovery show rcv-0190… --data /srv/mosis",
      does: "prints the reason, the new key's fingerprint and the waiting time",
    },
  ],
  run: (context) => call(context, { ...context.arguments, operation: "recovery.show" }),
});

export const recoveryApproveCommand = defineCommand({
  name: "approve",
  summary: "Approve a recovery whose waiting time is over.",
  description: [
    "Compare the fingerprint of the new key with an owner of the organisation by another way than the store, before you approve.",
  ],
  arguments: reference,
  options: { ...dataOptions, reason: option("--reason", "TEXT", "a word to the owners") },
  examples: [
    {
      line: "mosis admin recovery approve rcv-0190… --data /srv/mosis",
      does: "lets the new key take the place of the lost ones",
    },
  ],
  run: (context) => {
    const { reason } = context.options;
    const input = reason === undefined ? {} : { reason };
    return call(context, { ...context.arguments, operation: "recovery.approve", input });
  },
});

export const recoveryRefuseCommand = defineCommand({
  name: "refuse",
  summary: "Refuse a recovery, with the reason.",
  arguments: reference,
  options: { ...dataOptions, reason: requiredOption("--reason", "TEXT", "why, for the owners") },
  examples: [
    {
      line: 'mosis admin recovery refuse rcv-0190… --reason "No owner could confirm it." --data /srv/mosis',
      does: "refuses it",
    },
  ],
  run: (context) => {
    const { reason } = context.options;
    return call(context, { ...context.arguments, operation: "recovery.refuse", input: { reason } });
  },
});

type Call = {
  readonly recovery: string;
  readonly operation: string;
  readonly input?: Readonly<Record<string, unknown>>;
};

async function call(
  context: Parameters<typeof withOperator>[0],
  { recovery: id, operation, input }: Call,
): Promise<Result> {
  return withOperator(context, async (operator) => {
    const recovery = readRecoveryAnswer(await operator.call(operation, { id, ...input }));
    return { data: recovery.raw, text: (style) => recoveryText(style, recovery) };
  });
}
