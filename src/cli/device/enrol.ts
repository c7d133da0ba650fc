import { enrol } from "../../device/enrol.ts";
import { Problem } from "../../errors.ts";
import { argument, type Context, defineCommand, flag, type Result } from "../command.ts";
import { LINE_END } from "../style.ts";
import { deviceOptions, onDevice } from "./device-command.ts";
import { enrolledText, factsOf, linkOf, nameOption } from "./enrol-options.ts";

const args = { code: argument("CODE", "the code, or the link that its QR code holds, in quotes") };
const options = {
  name: nameOption,
  newKey: flag("--new-key", "take a new key: for a device that was revoked, or whose key is lost"),
  ...deviceOptions,
};

export const deviceEnrolCommand = defineCommand({
  name: "enrol",
  summary: "Make this device known to its store, with a code.",
  description: [
    "A restricted store gives its catalogue and packages to enrolled devices alone; in an open one a device that has enrolled is known by its name and is in its groups. A device that is to be set up in a restricted store enrols with `mosis device init --enrol CODE`.",
    "The device's own key stays in its folder. Enrolling again with the same code is no error and takes no second use of it; another code puts the device into its groups as well.",
  ],
  arguments: args,
  options,
  examples: [
    {
      line: "mosis device enrol K7QF3-M2X9W-DP4TB --home ~/device",
      does: "enrols with the code that an administrator made",
    },
    {
      line: 'mosis device enrol K7QF3-M2X9W-DP4TB --new-key --name "Kiosk 4" --home ~/device',
      does: "comes back as a new device after it was revoked",
    },
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { name, newKey } = context.options;
  const text = context.arguments.code;
  const link = text.trim().startsWith("mosis:") ? linkOf(text) : null;
  const outcome = await onDevice(context, (device) => {
    if (link !== null && link.rootSha256 !== device.rootSha256) {
      throw new Problem(
        "unprocessable",
        "device.other_store",
        "The link is of another store than this device belongs to: its root is another one.",
      );
    }
    return enrol(device, { code: link?.code ?? text, facts: factsOf(name), newKey });
  });
  return {
    data: outcome,
    text: (style) =>
      [`${style.good("Enrolled.")} The store knows this device now.`, enrolledText(style, outcome)].join(
        LINE_END,
      ),
  };
}
