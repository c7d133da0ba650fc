import { initDevice } from "../../device/device.ts";
import { argument, type Context, defineCommand, type Result, requiredOption } from "../command.ts";
import { fields, LINE_END } from "../style.ts";
import { parseSha256 } from "../values.ts";
import { deviceOptions, strange, withDeviceOptions } from "./device-command.ts";

const args = { url: argument("URL", "the store's address, such as https://apps.example.com") };
const options = {
  rootSha256: requiredOption(
    "--root-sha256",
    "HEX",
    "SHA-256 of the store's first root: the store's page and `mosis serve` show it",
    parseSha256,
  ),
  ...deviceOptions,
};

export const deviceInitCommand = defineCommand({
  name: "init",
  summary: "Make an empty folder a device of a store.",
  description: [
    "The digest is what the device trusts first and for good: get it on another way than from the address itself.",
    "When the store has moved, run it again with the new address and the same digest: apps and data stay.",
  ],
  arguments: args,
  options,
  examples: [
    {
      line: "mosis device init https://apps.example.com --root-sha256 3b2c… --home ~/device",
      does: "binds ~/device to that store",
    },
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { home, url, storeId, rootSha256 } = await withDeviceOptions(context, (device) =>
    initDevice({ ...device, url: context.arguments.url, rootSha256: context.options.rootSha256 }),
  );
  return {
    data: { home, url, storeId, rootSha256 },
    text: (style) =>
      [
        `${style.good("Ready.")} This is a device of ${style.bold(strange(storeId))} now.`,
        fields(style, [
          ["folder", home],
          ["store", url],
          ["root", rootSha256],
        ]),
        style.dim(`See what the store offers: mosis device search --home ${home}`),
      ].join(LINE_END),
  };
}
