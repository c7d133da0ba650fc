/**
 * Configuration: flags > MOSIS_* environment > mosis.toml > settings page > defaults. This file alone reads the
 * environment. Each setting is one row of SETTINGS; the docs and `--help` are made from it.
 */
import { readFileSync } from "node:fs";
import { parse as parseToml } from "smol-toml";
import { Problem } from "./errors.ts";
import type { LogLevel } from "./log.ts";

export type Config = {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  readonly tlsCert: string | null;
  readonly tlsKey: string | null;
  /** Where people and devices reach the store when a proxy stands before it; no slash at the end. */
  readonly publicUrl: string | null;
  readonly logLevel: LogLevel;
  readonly maxUploadBytes: number;
  readonly masterKeyFile: string | null;
};

export type Origin = "flag" | "environment" | "file" | "default";

type Setting = {
  readonly key: keyof Config;
  readonly flag: string;
  readonly environment: string;
  /** Key in mosis.toml. */
  readonly file: string;
  readonly meaning: string;
  readonly fallback: Config[keyof Config];
  /** @throws Error that says what is allowed. */
  readonly parse: (text: string) => Config[keyof Config];
};

const text = (value: string): string => value;

function port(value: string): number {
  const number = Number(value);
  if (!/^\d{1,5}$/.test(value) || number > 65_535)
    throw new Error("a port is a whole number from 0 to 65535");
  return number;
}

function bytes(value: string): number {
  const match = /^(\d+)(MiB)?$/.exec(value);
  const number = match ? Number(match[1]) * (match[2] ? 2 ** 20 : 1) : Number.NaN;
  if (!Number.isSafeInteger(number) || number < 1 || number > 512 * 2 ** 20)
    throw new Error("an upload limit is a number of bytes, or of MiB with that ending, up to 512MiB");
  return number;
}

function url(value: string): string {
  const parsed = URL.parse(value);
  if (
    !parsed ||
    !["https:", "http:"].includes(parsed.protocol) ||
    parsed.search ||
    parsed.hash ||
    parsed.pathname !== "/"
  )
    throw new Error("a public URL is https:// (or http://), a host, a port if need be, and no path");
  return parsed.origin;
}

function logLevel(value: string): LogLevel {
  if (value === "debug" || value === "info" || value === "warn" || value === "error") return value;
  throw new Error("a log level is debug, info, warn or error");
}

export const SETTINGS: readonly Setting[] = [
  {
    key: "dataDir",
    flag: "--data",
    environment: "MOSIS_DATA",
    file: "data",
    meaning: "The folder that holds everything: database, blobs, keys.",
    fallback: "",
    parse: text,
  },
  {
    key: "host",
    flag: "--host",
    environment: "MOSIS_HOST",
    file: "host",
    meaning: "The address to listen on.",
    fallback: "127.0.0.1",
    parse: text,
  },
  {
    key: "port",
    flag: "--port",
    environment: "MOSIS_PORT",
    file: "port",
    meaning: "The port to listen on; 0 takes a free one.",
    fallback: 8470,
    parse: port,
  },
  {
    key: "tlsCert",
    flag: "--tls-cert",
    environment: "MOSIS_TLS_CERT",
    file: "tls_cert",
    meaning: "The TLS certificate chain, a PEM file.",
    fallback: null,
    parse: text,
  },
  {
    key: "tlsKey",
    flag: "--tls-key",
    environment: "MOSIS_TLS_KEY",
    file: "tls_key",
    meaning: "The TLS certificate's private key, a PEM file.",
    fallback: null,
    parse: text,
  },
  {
    key: "publicUrl",
    flag: "--public-url",
    environment: "MOSIS_PUBLIC_URL",
    file: "public_url",
    meaning: "The store's address as people and devices use it, when a proxy with TLS stands before it.",
    fallback: null,
    parse: url,
  },
  {
    key: "logLevel",
    flag: "--log-level",
    environment: "MOSIS_LOG_LEVEL",
    file: "log_level",
    meaning: "The least grave log lines to write: debug, info, warn or error.",
    fallback: "info",
    parse: logLevel,
  },
  {
    key: "maxUploadBytes",
    flag: "--max-upload",
    environment: "MOSIS_MAX_UPLOAD",
    file: "max_upload",
    meaning: "The largest package that is taken, in bytes or MiB.",
    fallback: 512 * 2 ** 20,
    parse: bytes,
  },
  {
    key: "masterKeyFile",
    flag: "--master-key-file",
    environment: "MOSIS_MASTER_KEY_FILE",
    file: "master_key_file",
    meaning:
      "The file with the key that encrypts the store's private keys; without it one is made in the data folder.",
    fallback: null,
    parse: text,
  },
];

export type Flags = Readonly<Partial<Record<keyof Config, string>>> & { readonly configFile?: string };
export type Environment = Readonly<Record<string, string | undefined>>;
export type LoadedConfig = { readonly config: Config; readonly origins: ReadonlyMap<keyof Config, Origin> };

/**
 * Puts the configuration together.
 * @throws Problem `usage` (`config.invalid`, `config.tls_pair`, `config.data_missing`) or `unreachable` (`config.unreadable`).
 */
export function loadConfig(flags: Flags, environment: Environment = processEnvironment()): LoadedConfig {
  const fileName = flags.configFile ?? environment["MOSIS_CONFIG"];
  const file = fileName === undefined ? {} : readConfigFile(fileName);
  const values: Record<string, unknown> = {};
  const origins = new Map<keyof Config, Origin>();
  for (const setting of SETTINGS) {
    const [value, origin] = pick(setting, flags, environment, file);
    origins.set(setting.key, origin);
    values[setting.key] = value === undefined ? setting.fallback : parsed(setting, value, origin);
  }
  const config = values as Config;
  if ((config.tlsCert === null) !== (config.tlsKey === null)) {
    throw new Problem(
      "usage",
      "config.tls_pair",
      "TLS needs both --tls-cert and --tls-key; only one of them was given.",
    );
  }
  return { config, origins };
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
): [string | undefined, Origin] {
  const flag = flags[setting.key];
  if (flag !== undefined) return [flag, "flag"];
  const variable = environment[setting.environment];
  if (variable !== undefined && variable !== "") return [variable, "environment"];
  const entry = file[setting.file];
  return entry === undefined ? [undefined, "default"] : [entry, "file"];
}

function parsed(setting: Setting, value: string, origin: Origin): Config[keyof Config] {
  try {
    return setting.parse(value);
  } catch (error) {
    const where = {
      flag: setting.flag,
      environment: setting.environment,
      file: `${setting.file} in mosis.toml`,
      default: "",
    };
    const expected = error instanceof Error ? error.message : String(error);
    throw new Problem(
      "usage",
      "config.invalid",
      `${where[origin]}: ${expected}; found ${JSON.stringify(value)}.`,
    );
  }
}

function readConfigFile(path: string): Record<string, string> {
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch {
    throw new Problem("unreachable", "config.unreadable", `The configuration file ${path} cannot be read.`);
  }
  let table: Record<string, unknown>;
  try {
    table = parseToml(content);
  } catch (error) {
    throw new Problem(
      "usage",
      "config.invalid",
      `${path} is not TOML: ${error instanceof Error ? error.message.split("\n")[0] : ""}`,
    );
  }
  const values: Record<string, string> = {};
  for (const [key, value] of Object.entries(table)) {
    if (!SETTINGS.some((setting) => setting.file === key)) {
      throw new Problem(
        "usage",
        "config.invalid",
        `${path}: there is no setting ${JSON.stringify(key)}; known are ${SETTINGS.map((s) => s.file).join(", ")}.`,
      );
    }
    if (typeof value !== "string" && typeof value !== "number") {
      throw new Problem(
        "usage",
        "config.invalid",
        `${path}: ${key} is a text or a number, found ${typeof value}.`,
      );
    }
    values[key] = String(value);
  }
  return values;
}

/** The variables of this process that mosis may look at. */
export function processEnvironment(): Environment {
  return process.env;
}

/** A secret from NAME, or from the file that NAME_FILE names. @throws Problem `config.unreadable` */
export function environmentSecret(
  name: string,
  environment: Environment = processEnvironment(),
): string | null {
  const value = environment[name];
  if (value !== undefined && value !== "") return value;
  const path = environment[`${name}_FILE`];
  if (path === undefined || path === "") return null;
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    throw new Problem(
      "unreachable",
      "config.unreadable",
      `${name}_FILE names ${path}, which cannot be read.`,
    );
  }
}
