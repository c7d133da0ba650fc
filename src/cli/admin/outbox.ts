import type { MessageView } from "../../accounts/messages/outbox.ts";
import { defineCommand } from "../command.ts";
import { withOperator } from "../operator.ts";
import { dataOptions } from "../store-options.ts";
import { formatTime } from "../style.ts";

type MessageJson = Pick<MessageView, "id" | "address" | "subject" | "body" | "path"> & {
  readonly createdAt: string;
  readonly sentAt: string | null;
};

export const outboxCommand = defineCommand({
  name: "outbox",
  summary: "Show the newest messages that the store has written to people.",
  description: [
    "They are kept until they can be sent by mail. Their readers also see them on their dashboard; until there is mail, tell " +
      "them yourself where it matters.",
  ],
  arguments: {},
  options: dataOptions,
  examples: [{ line: "mosis admin outbox --data /srv/mosis", does: "prints the messages, newest first" }],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { items } = await operator.call<{ items: MessageJson[] }>("outbox.list", {});
      return {
        data: { items },
        text: (style) =>
          items.length === 0
            ? "The store has written no messages."
            : items
                .map((message) =>
                  [
                    `${style.bold(message.subject)}`,
                    `to ${message.address}, ${formatTime(message.createdAt)}, ${message.sentAt === null ? "not sent by mail" : `sent ${formatTime(message.sentAt)}`}`,
                    "",
                    ...message.body.split("\n").map((line) => (line === "" ? "" : `  ${line}`)),
                  ].join("\n"),
                )
                .join("\n\n"),
      };
    }),
});
