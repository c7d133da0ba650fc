/** Which names an app may have, beyond their form (package format, section 4, `id`). */
import { isAppId } from "../ids.ts";
import { isDeviceName } from "./zip/names.ts";

/** What is wrong with an id in the form of one: names that the platform keeps for itself, and such as no folder can have. */
export function reservedFault(id: string): string | undefined {
  const [first, second] = id.split(".");
  return first === "mosis" || (first === "dev" && second === "mosis")
    ? "an id outside of mosis.* and dev.mosis.*"
    : undefined;
}

/** The label that is a Windows device name, if one is. */
export function deviceLabel(id: string): string | undefined {
  return id.split(".").find(isDeviceName);
}

/** What is wrong with what should be the id of an app that can be published, or undefined. */
export function appIdFault(id: string): string | undefined {
  if (!isAppId(id)) return "an app id";
  if (deviceLabel(id) !== undefined) return "an app id without Windows device names";
  return reservedFault(id);
}
