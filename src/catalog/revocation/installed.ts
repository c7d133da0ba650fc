/**
 * On how many devices something is installed. Devices report nothing to the store, and who downloads from a cache or a
 * mirror is not seen either, so today the honest answer is that it is not known.
 *
 * This is the place where telemetry joins: it gives `known: true` with the devices that reported one of the versions
 * that `naming` means, and since when that is so. Everything that shows a blast radius takes what stands here.
 */
import type { Store } from "../../context.ts";
import type { Naming } from "./records.ts";

export type Installed =
  | { readonly known: false }
  | { readonly known: true; readonly devices: number; readonly reportedSince: Date };

export function installedOf(_store: Pick<Store, "db">, _naming: Naming): Installed {
  return { known: false };
}
