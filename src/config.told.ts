/** What the store tells of its settings: which value holds, and where that was said. Nothing of it is a secret. */

import { isSaidAtStart } from "./config.page.ts";
import { SETTINGS, type Setting, type Settings } from "./config.settings.ts";
import type { Config, SettingOrigin } from "./config.ts";
import type { Words } from "./say.ts";

export const SETTING_PARTS = ["store", "network", "limits", "people", "apps", "devices", "mail"] as const;
export type SettingPart = (typeof SETTING_PARTS)[number];

/** What each is about, in the order in which they are shown. */
const PART_OF: Readonly<Record<keyof Settings, SettingPart>> = {
  dataDir: "store",
  publicUrl: "store",
  masterKeyFile: "store",
  signers: "store",
  logLevel: "store",
  timeZone: "store",
  host: "network",
  port: "network",
  tlsCert: "network",
  tlsKey: "network",
  trustedProxies: "network",
  maxUploadBytes: "limits",
  addressRequests: "limits",
  accountRequests: "limits",
  keyRequests: "limits",
  signUp: "people",
  signUpMessages: "people",
  organisationMakers: "people",
  secondFactor: "people",
  providers: "people",
  trustedIssuers: "people",
  groupPauseHours: "people",
  accountDeletionDays: "people",
  appDeletionDays: "apps",
  recoveryWaitingDays: "apps",
  ratings: "apps",
  restricted: "devices",
  deviceUnseenDays: "devices",
  smtp: "mail",
  smtpPasswordFile: "mail",
  smtpCa: "mail",
  mailFrom: "mail",
};

export type ToldSetting = Pick<Setting, "key" | "flag" | "environment" | "file" | "meaning"> & {
  readonly part: SettingPart;
  /** As it would be written; null: there is none. Of a table the names of its entries. */
  readonly value: string | null;
  readonly fallback: string | null;
  readonly origin: SettingOrigin;
  /** Which mosis.toml, where that is the origin. */
  readonly configFile: string | null;
  /** Whether the page can change it, at once; else a start does. */
  readonly isLive: boolean;
  /** Whether the page may change it now: nothing goes before it. */
  readonly isOpen: boolean;
  /** What was set on the page, also where that does not count. */
  readonly onPage: string | null;
  /** Why what was set on the page cannot be used by this version, and does not count. */
  readonly fault: Words | null;
};

/** All settings that are in force, by what they are about. */
export function toldSettings(config: Config): readonly ToldSetting[] {
  const places = Object.keys(PART_OF);
  return [...SETTINGS]
    .sort((a, b) => places.indexOf(a.key) - places.indexOf(b.key))
    .map((setting) => toldSetting(config, setting));
}

/** One of them. */
export function toldSetting(config: Config, setting: Setting): ToldSetting {
  const { key, flag, environment, file, meaning, fallback, offAt, isLive = false } = setting;
  const origin = config.origins.get(key) ?? "default";
  const page = config.onPage.get(key);
  return {
    ...{ key, flag, environment, file, meaning, origin, isLive },
    part: PART_OF[key],
    value: toldValue(config[key], offAt),
    fallback: toldValue(fallback, offAt),
    configFile: origin === "file" ? config.configFile : null,
    isOpen: isLive && !isSaidAtStart(origin),
    onPage: page?.text ?? null,
    fault: page?.fault ?? null,
  };
}

const MIB = 2 ** 20;

/** A value as it would be written; null for none. @param offAt The number that is written `off` */
export function toldValue(value: Settings[keyof Settings], offAt?: number): string | null {
  if (value === null || value === "") return null;
  if (typeof value === "number") {
    if (value === offAt) return "off";
    return value >= MIB && value % MIB === 0 ? `${value / MIB}MiB` : String(value);
  }
  if (typeof value !== "object") return String(value);
  const names = Array.isArray(value)
    ? value.map((each: unknown) => (isNamed(each) ? each.id : String(each)))
    : Object.keys(value);
  return names.length === 0 ? null : names.join(", ");
}

const isNamed = (value: unknown): value is { readonly id: string } =>
  typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";
