/** What `init` and `enrol` share: the device's name, what it says of itself, and codes and links. */
import { hostname } from "node:os";
import { version } from "../../../package.json" with { type: "json" };
import type { DeviceFacts, EnrolOutcome } from "../../device/enrol.ts";
import { Problem } from "../../errors.ts";
import { type EnrolmentLink, parseLink } from "../../format/enrolment/link.ts";
import { option } from "../command.ts";
import { fields, type Style } from "../style.ts";
import { strange } from "./device-command.ts";

export const nameOption = option(
  "--name",
  "NAME",
  "what the store's people will call the device (default: this machine's name)",
);

export function factsOf(name: string | undefined): DeviceFacts {
  return {
    name: name ?? (hostname().slice(0, 80) || "Device"),
    platform: `${process.platform}-${process.arch}`,
    model: "",
    runtime: `mosis ${version}`,
  };
}

/** @throws Problem `device.enrolment_link_invalid` */
export function linkOf(text: string): EnrolmentLink {
  const link = parseLink(text);
  if (link !== null) return link;
  throw new Problem(
    "usage",
    "device.enrolment_link_invalid",
    "This is no enrolment link: it begins with mosis://enrol? and has the store's address, its root's digest and a code, each once.",
  );
}

/** A group by its name where the store tells it, and by its id otherwise. */
export function enrolledText(style: Style, { deviceId, name, groups, namedGroups }: EnrolOutcome): string {
  const names = groups.map((id) => namedGroups.find((group) => group.id === id)?.name ?? id);
  return fields(style, [
    ["device", deviceId],
    ["name", strange(name)],
    ["groups", names.length === 0 ? "none" : names.map(strange).join(", ")],
  ]);
}
