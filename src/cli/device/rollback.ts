import { rollback } from "../../device/installer.ts";
import { argument, type Context, defineCommand, type Result } from "../command.ts";
import { parseAppId } from "../values.ts";
import { deviceOptions, onDevice } from "./device-command.ts";
import { outcomeData, outcomeText } from "./outcome.ts";

const args = { app: argument("APP", "the app's id", parseAppId) };

export const deviceRollbackCommand = defineCommand({
  name: "rollback",
  summary: "Go back to the version that was installed before.",
  description: [
    "Works without a network. The app's data stays as it is; an update of everything does not bring the newer version again, until one above it is published or you update the app by name.",
  ],
  arguments: args,
  options: deviceOptions,
  examples: [
    { line: "mosis device rollback com.example.notes --home ~/device", does: "runs the version before" },
  ],
  run,
});

async function run(context: Context<typeof args, typeof deviceOptions>): Promise<Result> {
  const outcome = await onDevice(context, (device) => rollback(device, context.arguments.app));
  return { data: outcomeData(outcome), text: (style) => outcomeText(style, outcome) };
}
