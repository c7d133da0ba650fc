import { argument, defineCommand } from "../command.ts";
import { withOperator } from "../operator.ts";
import { dataOptions } from "../store-options.ts";
import { LINE_END } from "../style.ts";

export const mailTestCommand = defineCommand({
  name: "test",
  summary: "Send a mail now, and say what the mail server answered.",
  description: [
    "The running server sends it, with its own settings; without one, those of MOSIS_SMTP and its like count, or those of the file of --config.",
    "The exit code is 0 when the mail server took it, 1 when it refuses it for good, and 3 when it takes it later, cannot be reached, or does not take the sign-in.",
  ],
  arguments: { address: argument("ADDRESS", "who gets it") },
  options: dataOptions,
  examples: [
    {
      line: "mosis admin mail test ada@example.com --data /srv/mosis",
      does: "sends a mail now, and says what the server answered",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { address } = context.arguments;
      const taken = await operator.call<{ answer: string; server: string }>("mail.test", { address });
      return {
        data: taken,
        text: (style) =>
          `${style.good("Taken")} by ${taken.server}: ${taken.answer}${LINE_END}It is on its way to ${address}; whether it arrives, only its reader can tell.`,
      };
    }),
});
