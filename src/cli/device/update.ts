import { type UpdateOutcome, update } from "../../device/installer.ts";
import { type Context, defineCommand, optionalArgument, type Result } from "../command.ts";
import { LINE_END, type Style } from "../style.ts";
import { parseAppId } from "../values.ts";
import { deviceOptions, onDevice, strange } from "./device-command.ts";
import { outcomeData, outcomeExitCode, outcomeText } from "./outcome.ts";

const args = { app: optionalArgument("APP", "the app's id; without it all installed apps", parseAppId) };

export const deviceUpdateCommand = defineCommand({
  name: "update",
  summary: "Update one app, or all that are installed.",
  description: [
    "Without APP, a version that you went back from is not brought again, and an app whose update is refused does not keep the others from theirs: the exit code is 1 then.",
    "What the device has and does not replace, the version that is kept to go back to as well, is fetched once more when its files are not what was signed, or when the store's signature of it counts no more and there is another.",
  ],
  arguments: args,
  options: deviceOptions,
  examples: [
    { line: "mosis device update --home ~/device", does: "updates everything" },
    { line: "mosis device update com.example.notes --home ~/device", does: "updates one app" },
  ],
  run,
});

async function run(context: Context<typeof args, typeof deviceOptions>): Promise<Result> {
  const outcome = await onDevice(context, (device) => update(device, context.arguments.app ?? null));
  return {
    data: {
      apps: outcome.apps.map(outcomeData),
      failures: outcome.failures.map(({ appId, problem }) => ({
        id: appId,
        code: problem.code,
        message: problem.message,
        details: problem.details,
      })),
      enforced: outcome.enforced.map(({ appId, action, reason }) => ({ id: appId, action, reason })),
    },
    exitCode: outcome.failures.length === 0 ? (outcome.apps.map(outcomeExitCode).find(Boolean) ?? 0) : 1,
    text: (style) => updateText(style, outcome),
  };
}

function updateText(style: Style, { apps, failures }: UpdateOutcome): string {
  if (apps.length + failures.length === 0) return "Nothing is installed.";
  return [
    ...apps.map((app) => outcomeText(style, app)),
    ...failures.map(
      ({ appId, problem }) =>
        `${style.bad("Refused")} ${style.bold(appId)}: ${strange(problem.message)} ${style.dim(`[${problem.code}]`)}`,
    ),
  ].join(LINE_END);
}
