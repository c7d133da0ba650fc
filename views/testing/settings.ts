/** The pages of settings, in every state worth looking at. */
import { overlaid } from "../../src/config.page.ts";
import { type ToldSetting, toldSettings } from "../../src/config.told.ts";
import { loadConfig } from "../../src/config.ts";
import { STORE_ROLES } from "../../src/roles.ts";
import type { SettingForm } from "../components/setting-form.tsx";
import { type SettingProps, settingPage } from "../pages/setting.tsx";
import { settingsPage } from "../pages/settings.tsx";
import { ADMINISTRATOR, AUDITOR } from "./context.ts";
import { HOSTILE } from "./data.ts";
import type { Sample } from "./samples.ts";

export const SETTINGS_TOLD = toldSettings(
  overlaid(
    loadConfig(
      { dataDir: "/srv/mosis", port: "8470" },
      {
        MOSIS_PUBLIC_URL: "https://apps.northwind.example",
        MOSIS_SIGN_UP: "northwind.example, field.northwind.example",
        MOSIS_KEY_REQUESTS: "off",
        MOSIS_SMTP: "smtp://mail.northwind.example:587",
        MOSIS_MAIL_FROM: "Northwind Apps <apps@northwind.example>",
      },
    ),
    new Map([
      ["second_factor", "administrator,reviewer"],
      ["max_upload", "256MiB"],
      ["sign_up", "open"],
      ["account_deletion_days", "120"],
    ]),
  ),
);

const named = (name: string): ToldSetting => {
  const found = SETTINGS_TOLD.find(({ file }) => file === name);
  if (found === undefined) throw new Error(`no setting ${name}`);
  return found;
};

const filled = (value: string, changes: Partial<SettingForm> = {}): SettingForm => ({
  ...{ value, other: "", ticked: [] },
  ...changes,
});

const one = (setting: ToldSetting, changes: Partial<SettingProps> = {}): SettingProps => ({
  ...{ setting, form: filled(setting.value ?? ""), errors: [], roles: STORE_ROLES },
  ...{ manages: true, readsAudit: true },
  ...changes,
});

const open = (setting: ToldSetting): ToldSetting => ({ ...setting, origin: "default", isOpen: true });

const sample = (
  name: string,
  render: Sample["render"],
  viewer: Sample["viewer"] = ADMINISTRATOR,
): Sample => ({ name, path: "/admin/settings", viewer, render });

export const SETTING_SAMPLES: readonly Sample[] = [
  {
    ...sample("settings", (ctx) => settingsPage(ctx, { settings: SETTINGS_TOLD })),
    flash: "setting_changed",
  },
  sample(
    "settings-longest",
    (ctx) =>
      settingsPage(ctx, {
        settings: SETTINGS_TOLD.map((setting) => ({
          ...setting,
          value: setting.value === null ? null : "w".repeat(300),
          origin: "file",
          configFile: `/srv/${"very-long-folder/".repeat(20)}mosis.toml`,
        })),
      }),
    AUDITOR,
  ),
  sample("setting", (ctx) => settingPage(ctx, one(named("max_upload")))),
  sample("setting-refused", (ctx) =>
    settingPage(
      ctx,
      one(named("max_upload"), {
        form: filled("9".repeat(400)),
        errors: [
          {
            field: "value",
            message:
              "This is not what the setting takes: an upload limit is a number of bytes, or of MiB with that ending, up to 512MiB.",
          },
        ],
      }),
    ),
  ),
  sample("setting-choice", (ctx) =>
    settingPage(
      ctx,
      one(open(named("sign_up")), { form: filled("domains", { other: "northwind.example" }) }),
    ),
  ),
  sample("setting-roles", (ctx) =>
    settingPage(
      ctx,
      one(named("second_factor"), { form: filled("", { ticked: ["administrator", "reviewer"] }) }),
    ),
  ),
  sample("setting-organisation-makers", (ctx) => settingPage(ctx, one(named("organisation_makers")))),
  sample("setting-ratings", (ctx) => settingPage(ctx, one(named("ratings")))),
  sample("setting-restricted", (ctx) => settingPage(ctx, one(named("restricted")))),
  sample("setting-log-level", (ctx) => settingPage(ctx, one(named("log_level")))),
  sample("setting-said-elsewhere", (ctx) => settingPage(ctx, one(named("sign_up")))),
  sample("setting-unusable", (ctx) => settingPage(ctx, one(named("account_deletion_days")))),
  sample(
    "setting-at-start",
    (ctx) => settingPage(ctx, one(named("smtp"), { manages: false, readsAudit: true })),
    AUDITOR,
  ),
];

const hostile = (setting: ToldSetting): ToldSetting => ({
  ...setting,
  ...{ value: HOSTILE, fallback: HOSTILE, onPage: HOSTILE, fault: HOSTILE, configFile: HOSTILE },
});

export const HOSTILE_SETTING_SAMPLES: readonly Sample[] = [
  sample("settings", (ctx) => settingsPage(ctx, { settings: SETTINGS_TOLD.map(hostile) })),
  ...[named("max_upload"), open(named("sign_up"))].map((setting) =>
    sample(`setting-${setting.file}`, (ctx) =>
      settingPage(
        ctx,
        one(hostile(setting), {
          form: filled(HOSTILE, { other: HOSTILE }),
          errors: [{ field: "value", message: HOSTILE }],
        }),
      ),
    ),
  ),
];
