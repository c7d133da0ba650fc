/** The option that names a store's own API manifest, for commands that go by one. */
import { apiWithFolder, builtInApi } from "../boot/platform-api.ts";
import type { PlatformApi } from "../format/api/platform-api.ts";
import { option } from "./command.ts";

export const API_OPTION = option(
  "--api",
  "DIR",
  "a folder with the store's own API manifest, beside the one that is built in",
);

/** @throws Problem `api.invalid`, `api.unreadable` */
export function chosenApi(folder: string | undefined, path: (relative: string) => string): PlatformApi {
  return folder === undefined ? builtInApi() : apiWithFolder(path(folder));
}
