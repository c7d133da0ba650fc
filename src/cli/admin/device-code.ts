import { DEFAULT_CODE_HOURS, MOST_CODE_HOURS, MOST_CODE_USES } from "../../accounts/devices/codes.ts";
import { argument, option, repeatedOption } from "../command.ts";
import { storeAddress } from "../server-address.ts";
import { commandConfig } from "../store-options.ts";
import { fields, formatTime, LINE_END } from "../style.ts";
import { parseCount } from "../values.ts";
import { callCommand, listCommand } from "./operation-command.ts";

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

const groupsOf = ({ groups }: Code): string => groups.map(({ name }) => name).join(", ");

export const deviceCodeListCommand = listCommand<Code>({
  summary: "List the codes with which devices enrol, without the codes themselves.",
  operation: "device.code.list",
  columns: [
    ["Id", ({ id }) => id],
    ["For", ({ label }) => label],
    ["State", ({ state }) => state],
    ["Devices", ({ uses, mostUses }) => `${uses} of ${mostUses}`, "end"],
    ["Groups", groupsOf],
    ["Ends", ({ revokedAt, expiresAt }) => formatTime(revokedAt ?? expiresAt)],
  ],
  examples: [{ line: "mosis admin device code list --data /srv/mosis", does: "prints each with its uses" }],
});

export const deviceCodeAddCommand = callCommand({
  name: "add",
  summary: "Make a code with which devices enrol, and print it, once.",
  operation: "device.code.add",
  arguments: { label: argument("LABEL", "what it is for, such as where the devices stand") },
  options: {
    uses: option(
      "--uses",
      "N",
      "how many devices can enrol with it; 1 without it",
      parseCount(MOST_CODE_USES),
    ),
    hours: option(
      "--hours",
      "N",
      `how long it works; ${DEFAULT_CODE_HOURS} hours without it`,
      parseCount(MOST_CODE_HOURS),
    ),
    groups: repeatedOption("--group", "GROUP", "put these devices into this group: its id or its name"),
  },
  input: (context) => ({ origin: storeAddress(commandConfig(context)) }),
  examples: [
    {
      line: 'mosis admin device code add "Kiosks in Oslo" --uses 20 --group Kiosks --data /srv/mosis',
      does: "prints a code for twenty devices, and the link that a QR code of it holds",
    },
  ],
  says: (made: Code & { code: string; link: string }, _, style) =>
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
});

export const deviceCodeRevokeCommand = callCommand({
  name: "revoke",
  summary: "Revoke a code: no other device enrols with it.",
  operation: "device.code.revoke",
  arguments: { id: argument("ID", "the code's id, enr-…") },
  examples: [
    {
      line: "mosis admin device code revoke enr-0190… --data /srv/mosis",
      does: "ends the code; devices stay",
    },
  ],
  says: ({ id, label }: Code) => `${id} (${label}) is revoked.`,
});
