import { DEFAULT_CODE_HOURS, MOST_CODE_HOURS, MOST_CODE_USES } from "../../accounts/devices/codes.ts";
import { argument, defineCommand, option, repeatedOption } from "../command.ts";
import { withOperator } from "../operator.ts";
import { storeAddress } from "../server-address.ts";
import { commandConfig, dataOptions } from "../store-options.ts";
import { fields, formatTime, LINE_END, table } from "../style.ts";
import { everyItem } from "./pages.ts";

type Code = {
  id: string;
  label: string;
  state: string;
  uses: number;
  mostUses: number;
  expiresAt: string;
  revokedAt: string | null;
  groups: readonly { name: string }[];
};

function whole(most: number, of: string): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,6}$/.test(text) && number >= 1 && number <= most) return number;
    throw new Error(`${of} is a whole number from 1 to ${most}`);
  };
}

const groupsOf = ({ groups }: Code): string => groups.map(({ name }) => name).join(", ");

export const deviceCodeListCommand = defineCommand({
  name: "list",
  summary: "List the codes with which devices enrol, without the codes themselves.",
  arguments: {},
  options: dataOptions,
  examples: [{ line: "mosis admin device code list --data /srv/mosis", does: "prints each with its uses" }],
  run: (context) =>
    withOperator(context, async (operator) => {
      const items = await everyItem<Code>(operator, "device.code.list");
      return {
        data: { items },
        text: (style) =>
          items.length === 0
            ? "There are none."
            : table(
                style,
                [
                  { title: "Id" },
                  { title: "For" },
                  { title: "State" },
                  { title: "Devices", align: "end" },
                  { title: "Groups" },
                  { title: "Ends" },
                ],
                items.map((item) => [
                  item.id,
                  item.label,
                  item.state,
                  `${item.uses} of ${item.mostUses}`,
                  groupsOf(item),
                  formatTime(item.revokedAt ?? item.expiresAt),
                ]),
              ),
      };
    }),
});

export const deviceCodeAddCommand = defineCommand({
  name: "add",
  summary: "Make a code with which devices enrol, and print it, once.",
  arguments: { label: argument("LABEL", "what it is for, such as where the devices stand") },
  options: {
    ...dataOptions,
    uses: option(
      "--uses",
      "N",
      "how many devices can enrol with it; 1 without it",
      whole(MOST_CODE_USES, "the number of devices"),
    ),
    hours: option(
      "--hours",
      "N",
      `how long it works; ${DEFAULT_CODE_HOURS} hours without it`,
      whole(MOST_CODE_HOURS, "the number of hours"),
    ),
    groups: repeatedOption("--group", "GROUP", "put these devices into this group: its id or its name"),
  },
  examples: [
    {
      line: 'mosis admin device code add "Kiosks in Oslo" --uses 20 --group Kiosks --data /srv/mosis',
      does: "prints a code for twenty devices, and the link that a QR code of it holds",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { uses, hours, groups } = context.options;
      const made = await operator.call<Code & { code: string; link: string }>("device.code.add", {
        label: context.arguments.label,
        ...(uses === undefined ? {} : { uses }),
        ...(hours === undefined ? {} : { hours }),
        groups,
        origin: storeAddress(commandConfig(context)),
      });
      return {
        data: made,
        text: (style) =>
          [
            style.bold(made.code),
            fields(style, [
              ["link", made.link],
              ["devices", String(made.mostUses)],
              ["groups", groupsOf(made) === "" ? "none" : groupsOf(made)],
              ["ends", formatTime(made.expiresAt)],
            ]),
            `Shown once. Revoke it with “mosis admin device code revoke ${made.id}”.`,
          ].join(LINE_END),
      };
    }),
});

export const deviceCodeRevokeCommand = defineCommand({
  name: "revoke",
  summary: "Revoke a code: no other device enrols with it.",
  arguments: { id: argument("ID", "the code's id, enr-…") },
  options: dataOptions,
  examples: [
    {
      line: "mosis admin device code revoke enr-0190… --data /srv/mosis",
      does: "ends the code; devices stay",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const code = await operator.call<Code>("device.code.revoke", { id: context.arguments.id });
      return { data: code, text: () => `${code.id} (${code.label}) is revoked.` };
    }),
});
