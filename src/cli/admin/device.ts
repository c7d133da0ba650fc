import { argument, defineCommand, option, requiredOption } from "../command.ts";
import { withOperator } from "../operator.ts";
import { dataOptions } from "../store-options.ts";
import { fields, formatTime, table } from "../style.ts";
import { everyItem } from "./pages.ts";

type Device = {
  id: string;
  name: string;
  platform: string;
  model: string;
  runtime: string;
  keyid: string;
  groups: readonly { name: string }[];
  createdAt: string;
  lastSeenAt: string | null;
  lastSeenAddress: string | null;
  revokedAt: string | null;
  revocationReason: string | null;
};

const ID = argument("ID", "the device's id, dev-…");

const seen = ({ lastSeenAt }: Device): string => (lastSeenAt === null ? "never" : formatTime(lastSeenAt));
const groupsOf = ({ groups }: Device): string => groups.map(({ name }) => name).join(", ");

export const deviceListCommand = defineCommand({
  name: "list",
  summary: "List the devices that have enrolled.",
  arguments: {},
  options: {
    ...dataOptions,
    search: option("--search", "TEXT", "those whose name begins so, or the one with this id"),
    group: option("--group", "GROUP", "those of this group: its id or its name"),
  },
  examples: [
    { line: "mosis admin device list --data /srv/mosis", does: "prints each with when it was last seen" },
    { line: "mosis admin device list --group Kiosks --data /srv/mosis", does: "prints those of a group" },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { search, group } = context.options;
      const items = await everyItem<Device>(operator, "device.list", {
        ...(search === undefined ? {} : { search }),
        ...(group === undefined ? {} : { group }),
      });
      return {
        data: { items },
        text: (style) =>
          items.length === 0
            ? "There are none."
            : table(
                style,
                [
                  { title: "Id" },
                  { title: "Name" },
                  { title: "Platform" },
                  { title: "Program" },
                  { title: "Groups" },
                  { title: "Last seen" },
                ],
                items.map((item) => [
                  item.id,
                  item.name,
                  item.platform,
                  item.runtime,
                  groupsOf(item),
                  item.revokedAt === null ? seen(item) : `revoked ${formatTime(item.revokedAt)}`,
                ]),
              ),
      };
    }),
});

export const deviceShowCommand = defineCommand({
  name: "show",
  summary: "Show a device.",
  arguments: { id: ID },
  options: dataOptions,
  examples: [
    { line: "mosis admin device show dev-0190… --data /srv/mosis", does: "prints what is known of it" },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const device = await operator.call<Device>("device.show", { id: context.arguments.id });
      const { revokedAt, revocationReason } = device;
      return {
        data: device,
        text: (style) =>
          fields(style, [
            ["device", device.id],
            ["name", device.name],
            ["platform", device.platform],
            ["model", device.model],
            ["program", device.runtime],
            ["groups", groupsOf(device)],
            ["key", device.keyid],
            ["enrolled", formatTime(device.createdAt)],
            ["last seen", `${seen(device)} ${device.lastSeenAddress ?? ""}`.trim()],
            ...(revokedAt === null
              ? []
              : ([["revoked", `${formatTime(revokedAt)}: ${revocationReason ?? ""}`]] as const)),
          ]),
      };
    }),
});

export const deviceRenameCommand = defineCommand({
  name: "rename",
  summary: "Give a device another name.",
  arguments: { id: ID, name: argument("NAME", "how it is called from now on") },
  options: dataOptions,
  examples: [
    { line: 'mosis admin device rename dev-0190… "Kiosk at gate 4" --data /srv/mosis', does: "renames it" },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { id, name } = context.arguments;
      const device = await operator.call<Device>("device.rename", { id, name });
      return { data: device, text: () => `${device.id} is called ${device.name}.` };
    }),
});

export const deviceRevokeCommand = defineCommand({
  name: "revoke",
  summary: "Revoke a device: it gets nothing new any more, at once and for good.",
  description: [
    "Its tokens are refused from now on, and its key never enrols again. What is installed on it goes on working.",
  ],
  arguments: { id: ID },
  options: { ...dataOptions, reason: requiredOption("--reason", "TEXT", "why, for those who look later") },
  examples: [
    {
      line: 'mosis admin device revoke dev-0190… --reason "Stolen from the hall." --data /srv/mosis',
      does: "ends its access",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { reason } = context.options;
      const device = await operator.call<Device>("device.revoke", { id: context.arguments.id, reason });
      return { data: device, text: () => `${device.id} (${device.name}) is revoked.` };
    }),
});
