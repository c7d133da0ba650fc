/** The store's settings as administrators see them, and the changes of those that the page can change. */
import { recordChange } from "../../audit/record.ts";
import { isSaidAtStart, parsePageValue } from "../../config.page.ts";
import { SETTINGS, type Setting } from "../../config.settings.ts";
import { type ToldSetting, toldSetting, toldSettings, toldValue } from "../../config.told.ts";
import type { SettingOrigin } from "../../config.ts";
import { Unfit } from "../../config.values.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { presentState } from "../../db/preconditions.ts";
import { Problem } from "../../errors.ts";
import { say, type Words } from "../../say.ts";
import { type Actor, auditAuthor } from "../actor.ts";
import { authorise } from "../rights.ts";
import { readSetting, removeSetting, writeSetting } from "../settings.records.ts";
import { ON_PAGE, takeUp } from "./live.ts";

type SettingsStore = Pick<Store, "db" | "clock" | "config">;

/** @throws Problem `rights.forbidden` */
export function listSettings(store: Pick<Store, "config">, actor: Actor): readonly ToldSetting[] {
  authorise(actor, "settings.read");
  return toldSettings(store.config);
}

/** @param name As in mosis.toml. @throws Problem `setting.not_found`, `rights.forbidden` */
export function readOneSetting(store: Pick<Store, "config">, actor: Actor, name: string): ToldSetting {
  authorise(actor, "settings.read");
  return toldSetting(store.config, mustFind(name));
}

/**
 * Sets it for the running store; null takes back what the page said, also where that does not count. Again is no error.
 * @param seen What was set on the page when its caller looked, null: nothing; without it nothing is compared.
 * @throws Problem `setting.not_found`, `setting.at_start`, `setting.said_elsewhere`, `setting.invalid`, `precondition.failed`,
 *   `rights.forbidden`
 */
export function changeSetting(
  store: SettingsStore,
  actor: Actor,
  name: string,
  value: string | null,
  seen?: string | null,
): ToldSetting {
  authorise(actor, "settings.manage");
  const setting = mustFind(name);
  const text = value === null ? null : value.trim();
  refuseFixed(store, setting, text);
  if (text !== null) refuseUnfit(setting, text);
  const now = store.clock.now();
  const isChanged = write(store.db, (tx) => {
    const before = keptText(tx, name);
    if (seen !== undefined && seen !== before)
      throw new Problem(
        "precondition_failed",
        "precondition.failed",
        say`${name} was changed by somebody else meanwhile. Look at what holds now, then decide.`,
        [presentState(before)],
      );
    if (before === text) return false;
    if (text === null) removeSetting(tx, ON_PAGE + name);
    else writeSetting(tx, ON_PAGE + name, text, now);
    const facts = { before: factsOf(setting, before), after: factsOf(setting, text) };
    const subject = { type: "setting", id: name };
    recordChange(tx, auditAuthor(actor), { action: "setting.changed", subject, ...facts }, now);
    return true;
  });
  if (isChanged) takeUp(store);
  return toldSetting(store.config, setting);
}

/** What the page says of it by now; null: nothing. */
function keptText(tx: Tx, name: string): string | null {
  const kept = readSetting(tx, ON_PAGE + name);
  return kept === undefined ? null : String(kept);
}

function factsOf({ fallback, offAt }: Setting, text: string | null) {
  return text === null
    ? { value: toldValue(fallback, offAt), from: "default" }
    : { value: text, from: "page" };
}

function mustFind(name: string): Setting {
  const found = SETTINGS.find(({ file }) => file === name);
  if (found !== undefined) return found;
  throw new Problem("not_found", "setting.not_found", say`There is no such setting.`);
}

const SAID_BY: Readonly<Record<SettingOrigin, (setting: Setting) => Words>> = {
  flag: ({ flag }) => say`the flag ${flag}`,
  environment: ({ environment }) => say`the variable ${environment}`,
  file: ({ file }) => say`${file} in mosis.toml`,
  page: () => "",
  default: () => "",
};

/** What is set where the page does not reach can be taken back here, and not said. */
function refuseFixed({ config }: Pick<Store, "config">, setting: Setting, text: string | null): void {
  const origin = config.origins.get(setting.key) ?? "default";
  if (setting.isLive !== true) {
    throw new Problem(
      "conflict",
      "setting.at_start",
      say`${setting.file} changes with a start of the store alone: say it with ${setting.flag}, ${setting.environment} or in mosis.toml.`,
    );
  }
  if (text === null || !isSaidAtStart(origin)) return;
  throw new Problem(
    "conflict",
    "setting.said_elsewhere",
    say`${setting.file} is set by ${SAID_BY[origin](setting)}, which goes before this page. Take it out there and start the store again to set it here.`,
  );
}

function refuseUnfit(setting: Setting, text: string): void {
  try {
    parsePageValue(setting, text);
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    const message = say`This is not what the setting takes: ${error.words}.`;
    throw new Problem("unprocessable", "setting.invalid", message, [
      { code: "setting.invalid", pointer: "/value", message },
    ]);
  }
}
