/**
 * The settings that the page can change: which they are, what it may say, and how that is laid over what the start said. What
 * a flag, the environment or the file says goes before it. Pure.
 */
import { SETTINGS, type Setting, type Settings } from "./config.settings.ts";
import type { Config, SettingOrigin } from "./config.ts";
import { Unfit } from "./config.values.ts";
import { say, type Words } from "./say.ts";

/** What was set on the page. */
export type PageValue = {
  readonly text: string;
  /** Why this version cannot use it, so that it does not count; null: it can. */
  readonly fault: Words | null;
};

/** A list of domains that is longer belongs into mosis.toml. */
export const PAGE_VALUE_CHARACTERS = 2000;

/** Those that the page can change. */
export const LIVE_SETTINGS: readonly Setting[] = SETTINGS.filter(({ isLive }) => isLive === true);

/** Whether something goes before the page. */
export function isSaidAtStart(origin: SettingOrigin | undefined): boolean {
  return origin === "flag" || origin === "environment" || origin === "file";
}

/**
 * Reads what somebody wrote on the page, by the same rules as a flag.
 * @throws Unfit that says what is allowed
 */
export function parsePageValue(setting: Setting, text: string): Settings[keyof Settings] {
  if (text === "") throw new Unfit(say`a value is expected`);
  if (text.length > PAGE_VALUE_CHARACTERS)
    throw new Unfit(say`at most ${PAGE_VALUE_CHARACTERS} characters are expected`);
  return setting.parse(text);
}

/**
 * What counts in the running store. What the page said and this version cannot use, or no page can say any more, changes
 * nothing: a store starts whatever its database holds.
 * @param start What flags, environment and file say
 * @param said By the names in mosis.toml
 */
export function overlaid(start: Config, said: ReadonlyMap<string, unknown>): Config {
  const values: Record<string, unknown> = {};
  const origins = new Map(start.origins);
  const onPage = new Map<keyof Settings, PageValue>();
  for (const setting of LIVE_SETTINGS) {
    const text = said.get(setting.file);
    if (text === undefined) continue;
    const { value, fault } = readValue(setting, text);
    onPage.set(setting.key, { text: String(text), fault });
    if (fault !== null || isSaidAtStart(start.origins.get(setting.key))) continue;
    values[setting.key] = value;
    origins.set(setting.key, "page");
  }
  // Sound because each value was read by the rules of its own setting.
  return { ...start, ...(values as Partial<Settings>), origins, onPage };
}

type Read = { readonly value?: Settings[keyof Settings]; readonly fault: Words | null };

function readValue(setting: Setting, text: unknown): Read {
  try {
    if (typeof text !== "string") throw new Unfit(say`a text is expected`);
    return { value: parsePageValue(setting, text), fault: null };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { fault: error instanceof Unfit ? error.words : error.message };
  }
}
