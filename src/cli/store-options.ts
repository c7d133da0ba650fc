/** The options of commands that work on a data folder, and the configuration that they lead to. */
import { SETTINGS, type Settings } from "../config.settings.ts";
import { type Config, type Flags, loadConfig } from "../config.ts";
import { type Context, option } from "./command.ts";
import { resolvePath } from "./files.ts";

export const dataOptions = {
  data: option("--data", "DIR", "the store's data folder (or MOSIS_DATA)"),
  configFile: option("--config", "FILE", "a mosis.toml (or MOSIS_CONFIG)"),
};
export type DataOptions = typeof dataOptions;

/** The options of `serve`: one for each setting. */
export const serverOptions = {
  ...dataOptions,
  host: option("--host", "H", meaningOf("host")),
  port: option("--port", "N", meaningOf("port")),
  tlsCert: option("--tls-cert", "PEM", meaningOf("tlsCert")),
  tlsKey: option("--tls-key", "PEM", meaningOf("tlsKey")),
  publicUrl: option("--public-url", "URL", meaningOf("publicUrl")),
  trustedProxies: option("--trusted-proxies", "LIST", meaningOf("trustedProxies")),
  logLevel: option("--log-level", "LEVEL", meaningOf("logLevel")),
  maxUploadBytes: option("--max-upload", "BYTES", meaningOf("maxUploadBytes")),
  addressRequests: option("--address-requests", "N", meaningOf("addressRequests")),
  accountRequests: option("--account-requests", "N", meaningOf("accountRequests")),
  keyRequests: option("--key-requests", "N", meaningOf("keyRequests")),
  masterKeyFile: option("--master-key-file", "FILE", meaningOf("masterKeyFile")),
  signers: option("--signers", "JSON", meaningOf("signers")),
  recoveryWaitingDays: option("--recovery-waiting-days", "N", meaningOf("recoveryWaitingDays")),
  appDeletionDays: option("--app-deletion-days", "N", meaningOf("appDeletionDays")),
  accountDeletionDays: option("--account-deletion-days", "N", meaningOf("accountDeletionDays")),
  signUp: option("--sign-up", "WHO", meaningOf("signUp")),
  signUpMessages: option("--sign-up-messages", "N", meaningOf("signUpMessages")),
  organisationMakers: option("--organisation-makers", "WHO", meaningOf("organisationMakers")),
  providers: option("--providers", "JSON", meaningOf("providers")),
  trustedIssuers: option("--trusted-issuers", "JSON", meaningOf("trustedIssuers")),
  groupPauseHours: option("--group-pause-hours", "N", meaningOf("groupPauseHours")),
  timeZone: option("--time-zone", "ZONE", meaningOf("timeZone")),
  deviceUnseenDays: option("--device-unseen-days", "N", meaningOf("deviceUnseenDays")),
  ratings: option("--ratings", "BOOLEAN", meaningOf("ratings")),
  restricted: option("--restricted", "BOOLEAN", meaningOf("restricted")),
  secondFactor: option("--second-factor", "ROLES", meaningOf("secondFactor")),
  smtp: option("--smtp", "URL", meaningOf("smtp")),
  smtpPasswordFile: option("--smtp-password-file", "FILE", meaningOf("smtpPasswordFile")),
  smtpCa: option("--smtp-ca", "PEM", meaningOf("smtpCa")),
  mailFrom: option("--mail-from", "SENDER", meaningOf("mailFrom")),
} satisfies Record<Exclude<keyof Settings, "dataDir"> | keyof DataOptions, unknown>;

type Values = { readonly [K in keyof Flags]?: string | undefined } & { readonly data?: string | undefined };

/** Flags, environment and file put together; paths of flags start at the command's folder. */
export function commandConfig(context: { readonly options: Values; readonly io: Context["io"] }): Config {
  const { data, ...rest } = context.options;
  const flags: Record<string, string> = {};
  for (const [key, value] of Object.entries({ ...rest, dataDir: data })) {
    if (typeof value === "string") flags[key] = isPath(key) ? resolvePath(context.io.cwd, value) : value;
  }
  return loadConfig(flags as Flags, context.io.environment);
}

function isPath(key: string): boolean {
  return key === "configFile" || SETTINGS.some((setting) => setting.key === key && setting.isPath);
}

function meaningOf(key: keyof Config): string {
  const setting = SETTINGS.find((candidate) => candidate.key === key);
  if (!setting) throw new Error(`no setting ${key}`);
  const { meaning, environment } = setting;
  // An abbreviation stays as it is.
  const start = /^[A-Z]{2}/.test(meaning) ? meaning.charAt(0) : meaning.charAt(0).toLowerCase();
  const words = `${start}${meaning.slice(1).replace(/\.$/, "")}`;
  return `${words} (or ${environment})`;
}
