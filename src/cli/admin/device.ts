import { MOST_UNSEEN_DAYS } from "../../config.values.ts";
import { argument, option, requiredOption } from "../command.ts";
import { fields, formatTime } from "../style.ts";
import { parseCount } from "../values.ts";
import { callCommand, listCommand } from "./operation-command.ts";

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

export const deviceListCommand = listCommand<Device>({
  summary: "List the devices that have enrolled.",
  operation: "device.list",
  options: {
    search: option("--search", "TEXT", "those whose name begins so, or the one with this id"),
    group: option("--group", "GROUP", "those of this group: its id or its name"),
    unseenDays: option(
      "--unseen-days",
      "N",
      "those in use that have not come for so many days, the one that stays away longest first",
      parseCount(MOST_UNSEEN_DAYS),
    ),
  },
  columns: [
    ["Id", ({ id }) => id],
    ["Name", ({ name }) => name],
    ["Platform", ({ platform }) => platform],
    ["Program", ({ runtime }) => runtime],
    ["Groups", groupsOf],
    ["Last seen", (item) => (item.revokedAt === null ? seen(item) : `revoked ${formatTime(item.revokedAt)}`)],
  ],
  examples: [
    { line: "mosis admin device list --data /srv/mosis", does: "prints each with when it was last seen" },
    { line: "mosis admin device list --group Kiosks --data /srv/mosis", does: "prints those of a group" },
    {
      line: "mosis admin device list --unseen-days 30 --data /srv/mosis",
      does: "prints those that may be lost",
    },
  ],
});

export const deviceShowCommand = callCommand({
  name: "show",
  summary: "Show a device.",
  operation: "device.show",
  arguments: { id: ID },
  examples: [
    { line: "mosis admin device show dev-0190… --data /srv/mosis", does: "prints what is known of it" },
  ],
  says: (device: Device, _, style) => {
    const { revokedAt, revocationReason } = device;
    return fields(style, [
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
    ]);
  },
});

export const deviceRenameCommand = callCommand({
  name: "rename",
  summary: "Give a device another name.",
  operation: "device.rename",
  arguments: { id: ID, name: argument("NAME", "how it is called from now on") },
  examples: [
    { line: 'mosis admin device rename dev-0190… "Kiosk at gate 4" --data /srv/mosis', does: "renames it" },
  ],
  says: ({ id, name }: Device) => `${id} is called ${name}.`,
});

export const deviceRevokeCommand = callCommand({
  name: "revoke",
  summary: "Revoke a device: it gets nothing new any more, at once and for good.",
  description: [
    "Its tokens are refused from now on, and its key never enrols again. What is installed on it goes on working. The codes that it enrolled with end, also for other devices that are still to enrol.",
  ],
  operation: "device.revoke",
  arguments: { id: ID },
  options: { reason: requiredOption("--reason", "TEXT", "why, for those who look later") },
  examples: [
    {
      line: 'mosis admin device revoke dev-0190… --reason "Stolen from the hall." --data /srv/mosis',
      does: "ends its access",
    },
  ],
  says: ({ id, name }: Device) => `${id} (${name}) is revoked, and the codes that it enrolled with are over.`,
});
