/**
 * Configuration: flags > MOSIS_* environment > mosis.toml > settings page > defaults. This file alone reads the
 * environment.
 */
import { readTextAtMost } from "./config.files.ts";
import { refuseHalfMail } from "./config.mail.ts";
import type { PageValue } from "./config.page.ts";
import { SETTINGS, type Setting, type Settings } from "./config.settings.ts";
import { invalid, readConfigFile } from "./config.toml.ts";
import { isProblem, Problem } from "./errors.ts";

export type Config = Settings & {
  /** What external commands see of this process's environment: all of it but MOSIS_*. */
  readonly commandEnvironment: Readonly<Record<string, string>>;
  /** Where each setting was said. */
  readonly origins: ReadonlyMap<keyof Settings, SettingOrigin>;
  /** What was set on the page, also where something else goes before it. */
  readonly onPage: ReadonlyMap<keyof Settings, PageValue>;
  /** The mosis.toml that was read; null: none was named. */
  readonly configFile: string | null;
};

export type SettingOrigin = "flag" | "environment" | "file" | "page" | "default";

export type Flags = Readonly<Partial<Record<keyof Settings, string>>> & { readonly configFile?: string };
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Puts together what the start says; what the page says is laid over it by `overlaid` once the database is open.
 * @throws Problem `usage` (`config.invalid`, `config.provider`, `config.issuer`, `config.tls_pair`, `config.mail_incomplete`, `config.mail_address`) or `unreachable` (`config.unreadable`).
 */
export function loadConfig(flags: Flags, environment: Environment = processEnvironment()): Config {
  const fileName = flags.configFile ?? (environment.MOSIS_CONFIG || undefined);
  const file = fileName === undefined ? {} : readConfigFile(fileName);
  const values: Record<string, unknown> = {};
  const origins = new Map<keyof Settings, SettingOrigin>();
  for (const setting of SETTINGS) {
    const [value, origin] = pick(setting, flags, environment, file);
    origins.set(setting.key, origin);
    values[setting.key] = value === undefined ? setting.fallback : parsed(setting, value, origin);
  }
  const config: Config = {
    ...(values as Settings),
    commandEnvironment: forCommands(environment),
    origins,
    onPage: new Map(),
    configFile: fileName ?? null,
  };
  if ((config.tlsCert === null) !== (config.tlsKey === null)) {
    throw new Problem(
      "usage",
      "config.tls_pair",
      "TLS needs both --tls-cert and --tls-key; only one of them was given.",
    );
  }
  refuseHalfMail(config);
  return config;
}

function forCommands(environment: Environment): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined && !name.startsWith("MOSIS_")) passed[name] = value;
  return passed;
}

/** The data folder, which every command on a store needs. @throws Problem `config.data_missing` */
export function requireDataDir(config: Config): string {
  if (config.dataDir === "") {
    throw new Problem(
      "usage",
      "config.data_missing",
      "Say which folder holds the store: --data DIR, or MOSIS_DATA.",
    );
  }
  return config.dataDir;
}

function pick(
  setting: Setting,
  flags: Flags,
  environment: Environment,
  file: Readonly<Record<string, string>>,
): [string | undefined, SettingOrigin] {
  const flag = flags[setting.key];
  if (flag !== undefined) return [flag, "flag"];
  const variable = environment[setting.environment];
  if (variable !== undefined && variable !== "") return [variable, "environment"];
  const entry = file[setting.file];
  return entry === undefined ? [undefined, "default"] : [entry, "file"];
}

function parsed(setting: Setting, value: string, origin: SettingOrigin): Settings[keyof Settings] {
  try {
    if (value === "") throw new Error("a value is expected");
    return setting.parse(value);
  } catch (error) {
    if (isProblem(error)) throw error;
    const where = {
      flag: setting.flag,
      environment: setting.environment,
      file: `${setting.file} in mosis.toml`,
      page: "",
      default: "",
    };
    const expected = error instanceof Error ? error.message : String(error);
    throw invalid(
      `${where[origin]}: ${expected}; found ${JSON.stringify(setting.sayable?.(value) ?? value)}.`,
    );
  }
}

const SECRET_MAX_BYTES = 64 * 1024;

/** The variables of this process that mosis may look at. */
export function processEnvironment(): Environment {
  return process.env;
}

/**
 * A secret from NAME, or from the file that NAME_FILE names; there one line feed at the end is the editor's.
 * @throws Problem `config.unreadable`, `config.secret_twice` when both are set
 */
export function environmentSecret(
  name: string,
  environment: Environment = processEnvironment(),
): string | null {
  const value = environment[name];
  const path = environment[`${name}_FILE`];
  const hasPath = path !== undefined && path !== "";
  if (value !== undefined && value !== "") {
    if (!hasPath) return value;
    throw new Problem(
      "usage",
      "config.secret_twice",
      `Both ${name} and ${name}_FILE are set. Unset one of them, so that it is clear which counts.`,
    );
  }
  if (!hasPath) return null;
  const refused = (why: string) =>
    new Problem("unreachable", "config.unreadable", `${name}_FILE names ${path}, which ${why}.`);
  let text: string | null;
  try {
    text = readTextAtMost(path, SECRET_MAX_BYTES);
  } catch {
    throw refused("cannot be read");
  }
  if (text === null) throw refused(`has more than ${SECRET_MAX_BYTES} bytes`);
  return text.replace(/\r?\n$/, "");
}
