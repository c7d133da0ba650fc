/** What is done to a device while it is killed, by name: for the child that dies of it and the test that does it again. */
import { systemClock } from "../../clock.ts";
import { type DeviceOptions, initDevice, withDevice } from "../../device/device.ts";
import { install, remove, rollback, update } from "../../device/installer.ts";
import { APP_ID } from "../device-world.ts";

export const OPERATIONS = ["init", "install", "update", "rollback", "repair", "remove", "purge"] as const;
export type Operation = (typeof OPERATIONS)[number];

export type Target = { readonly home: string; readonly url: string; readonly rootSha256: string };

export async function operate(
  operation: Operation,
  { home, url, rootSha256 }: Target,
  onDurableWrite: (step: string) => void = () => {},
): Promise<void> {
  const options: DeviceOptions = { home, clock: systemClock, onDurableWrite };
  switch (operation) {
    case "init":
      await initDevice({ ...options, url, rootSha256 });
      return;
    case "install":
    case "repair":
      await withDevice(options, (device) => install(device, APP_ID));
      return;
    case "update":
      await withDevice(options, (device) => update(device, null));
      return;
    case "rollback":
      await withDevice(options, (device) => rollback(device, APP_ID));
      return;
    case "remove":
    case "purge":
      await withDevice(options, (device) => remove(device, APP_ID, { purge: operation === "purge" }));
      return;
  }
}
