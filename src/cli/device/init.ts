import { initDevice } from "../../device/device.ts";
import { Problem } from "../../errors.ts";
import { type Context, defineCommand, option, optionalArgument, type Result } from "../command.ts";
import { chosenTlsCa, STORE_OPTIONS } from "../connection.ts";
import { fields, LINE_END } from "../style.ts";
import { parseSha256 } from "../values.ts";
import { deviceOptions, strange, withDeviceOptions } from "./device-command.ts";
import { factsOf, linkOf, nameOption } from "./enrol-options.ts";

const args = {
  url: optionalArgument("URL", "the store's address, such as https://apps.example.com; a link has it too"),
};
const options = {
  rootSha256: option(
    "--root-sha256",
    "HEX",
    "SHA-256 of the store's first root: the store's page and `mosis serve` show it",
    parseSha256,
  ),
  enrol: option("--enrol", "CODE", "enrol with this code: what a restricted store needs"),
  enrolLink: option(
    "--enrol-link",
    "LINK",
    "the same, with the address and the digest, as the QR code has it: mosis://enrol?…",
  ),
  name: nameOption,
  storeCa: STORE_OPTIONS.storeCa,
  ...deviceOptions,
};

export const deviceInitCommand = defineCommand({
  name: "init",
  summary: "Make an empty folder a device of a store.",
  description: [
    "The digest is what the device trusts first and for good: get it on another way than from the address itself.",
    "A restricted store is for devices that enrol: an administrator makes a code, and its page shows it with a QR code. A set-up that was cut off is run again with the same code, and is the same device.",
    "When the store has moved, run it again with the new address and the same digest: apps and data stay. The CA that --store-ca names is kept with the device; when it changes, run it again with the new one.",
  ],
  arguments: args,
  options,
  examples: [
    {
      line: "mosis device init https://apps.example.com --root-sha256 3b2c… --home ~/device",
      does: "binds ~/device to that store",
    },
    {
      line: "mosis device init https://apps.example.com --root-sha256 3b2c… --enrol K7QF3-M2X9W-DP4TB --home ~/device",
      does: "the same with a restricted store",
    },
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { code, ...store } = storeOf(context);
  const tlsCa = await chosenTlsCa(context.options, context.io.environment, context.path);
  const enrol = code === undefined ? {} : { enrol: { code, facts: factsOf(context.options.name) } };
  const { home, url, storeId, rootSha256, enrolledAs } = await withDeviceOptions(context, (device) =>
    initDevice({ ...device, ...store, ...enrol, tlsCa }),
  );
  return {
    data: { home, url, storeId, rootSha256, enrolledAs },
    text: (style) =>
      [
        `${style.good("Ready.")} This is a device of ${style.bold(strange(storeId))} now.`,
        fields(style, [
          ["folder", home],
          ["store", url],
          ["root", rootSha256],
          ...(enrolledAs === null ? [] : ([["device", enrolledAs]] as const)),
        ]),
        style.dim(`See what the store offers: mosis device search --home ${home}`),
      ].join(LINE_END),
  };
}

/** @throws Problem `device.url_invalid`, `device.root_sha256_invalid`, `device.enrolment_link_invalid` (usage) */
function storeOf(context: Context<typeof args, typeof options>) {
  const { url } = context.arguments;
  const { rootSha256, enrol, enrolLink } = context.options;
  if (enrolLink !== undefined) {
    const link = linkOf(enrolLink);
    const differs = (said: string | undefined, of: string) =>
      said !== undefined && said.replace(/\/+$/, "") !== of;
    if (differs(url, link.storeUrl) || differs(rootSha256, link.rootSha256) || differs(enrol, link.code)) {
      throw new Problem(
        "usage",
        "device.enrolment_link_invalid",
        "The link names another store or code than the command line does: give the link alone.",
      );
    }
    return { url: link.storeUrl, rootSha256: link.rootSha256, code: link.code };
  }
  if (url === undefined) {
    throw new Problem("usage", "device.url_invalid", "Say which store: its address, or an --enrol-link.");
  }
  if (rootSha256 === undefined) {
    throw new Problem(
      "usage",
      "device.root_sha256_invalid",
      "Give --root-sha256: the store's page and “mosis serve” show it. It is what the device trusts first.",
    );
  }
  return { url, rootSha256, code: enrol };
}
