import { defineCommand } from "../command.ts";
import { withOperator } from "../operator.ts";
import { storeAddress } from "../server-address.ts";
import { commandConfig, dataOptions } from "../store-options.ts";
import { formatTime, LINE_END } from "../style.ts";

export const setupLinkCommand = defineCommand({
  name: "setup-link",
  summary: "Make the one-time link that creates the first administrator.",
  description: ["The links before it stop working. Once there is an administrator, there are no more links."],
  arguments: {},
  options: dataOptions,
  examples: [
    { line: "mosis admin setup-link --data /srv/mosis", does: "prints a new link, valid for a day" },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const link = await operator.call<{ token: string; expiresAt: string }>("setup-link", {});
      const url = `${storeAddress(commandConfig(context))}/setup?token=${link.token}`;
      return {
        data: { url, expiresAt: link.expiresAt },
        text: () => `${url}${LINE_END}It works once, until ${formatTime(link.expiresAt)}.`,
      };
    }),
});
