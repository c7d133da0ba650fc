/** Where this person's keys and logins lie on this machine. */
import { join } from "node:path";
import type { Environment } from "../config.ts";
import { Problem } from "../errors.ts";

/** The folder may not be there yet. @throws Problem `keys.no_home` */
export function configFolder(environment: Environment): string {
  const given = (name: string) => {
    const value = environment[name];
    return value === undefined || value === "" ? undefined : value;
  };
  const own = given("XDG_CONFIG_HOME") ?? given("APPDATA");
  if (own !== undefined) return join(own, "mosis");
  const home = given("HOME") ?? given("USERPROFILE");
  if (home !== undefined) return join(home, ".config", "mosis");
  throw new Problem(
    "usage",
    "keys.no_home",
    "There is no home folder to keep keys and logins in (HOME is not set). Name the key's file, or the token's, instead.",
  );
}
