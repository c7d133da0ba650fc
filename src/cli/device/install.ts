import { install } from "../../device/installer.ts";
import { Problem } from "../../errors.ts";
import { argument, type Context, defineCommand, option, type Result } from "../command.ts";
import { parseAppOrLink, parseVersionCode } from "../values.ts";
import { deviceOptions, onDevice } from "./device-command.ts";
import { outcomeData, outcomeExitCode, outcomeText } from "./outcome.ts";

const args = {
  app: argument("APP", "the app's id, or the link of its QR code in the store", parseAppOrLink),
};
const options = {
  versionCode: option(
    "--version-code",
    "N",
    "this one of the versions on offer, not the newest",
    parseVersionCode,
  ),
  ...deviceOptions,
};

export const deviceInstallCommand = defineCommand({
  name: "install",
  summary: "Install an app, or bring it to the newest version.",
  description: [
    "Checks the catalogue, the package's digests, both signatures, the developer's key and the store's revocations before anything is installed. A download that was cut off goes on where it ended.",
    "When the app is installed already but its files were changed, they are written anew, and so are those of the version that is kept to go back to.",
  ],
  arguments: args,
  options,
  examples: [
    {
      line: "mosis device install com.example.notes --home ~/device",
      does: "installs the newest version for this device",
    },
    {
      line: "mosis device install com.example.notes --version-code 7 --home ~/device",
      does: "installs version code 7, if the store still offers it",
    },
  ],
  run,
});

/** By its root: its address may have changed since the link was made. */
function otherStore(): Problem {
  return new Problem(
    "unprocessable",
    "device.other_store",
    "The link is to an app of another store than the one that this device uses.",
  );
}

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { appId, rootSha256 } = context.arguments.app;
  const outcome = await onDevice(context, (device) => {
    if (rootSha256 !== null && rootSha256 !== device.rootSha256) throw otherStore();
    return install(device, appId, context.options.versionCode ?? null);
  });
  return {
    data: outcomeData(outcome),
    exitCode: outcomeExitCode(outcome),
    text: (style) => outcomeText(style, outcome),
  };
}
