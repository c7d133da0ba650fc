import { remove } from "../../device/installer.ts";
import { argument, type Context, defineCommand, flag, type Result } from "../command.ts";
import { parseAppId } from "../values.ts";
import { deviceOptions, onDevice } from "./device-command.ts";

const args = { app: argument("APP", "the app's id", parseAppId) };
const options = {
  purge: flag("--purge", "also delete the app's data, and forget which keys it was signed with"),
  ...deviceOptions,
};

export const deviceRemoveCommand = defineCommand({
  name: "remove",
  summary: "Take an app off the device.",
  description: [
    "Its data stays, and the device goes on knowing the keys that may sign it: whoever installs it again finds both. With --purge both go, also those of an app that was removed before.",
  ],
  arguments: args,
  options,
  examples: [
    { line: "mosis device remove com.example.notes --home ~/device", does: "removes it and keeps its data" },
    {
      line: "mosis device remove com.example.notes --purge --home ~/device",
      does: "removes it and deletes its data",
    },
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { appId, dataDeleted } = await onDevice(context, (device) =>
    remove(device, context.arguments.app, { purge: context.options.purge }),
  );
  return {
    data: { id: appId, dataDeleted },
    text: (style) =>
      `${style.good("Removed")} ${style.bold(appId)}. Its data ${dataDeleted ? "was deleted" : "stays"}.`,
  };
}
