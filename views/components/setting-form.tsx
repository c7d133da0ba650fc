/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { ToldSetting } from "../../src/config.told.ts";
import type { StoreRole } from "../../src/roles.ts";
import type { FieldError, MessageKey, PageContext } from "../page.ts";
import { Button, LinkButton } from "./button.tsx";
import { Choice, Field, Ticks } from "./field.tsx";

/** What is filled in. */
export type SettingForm = {
  readonly value: string;
  /** Domains, where the choice is left to them. */
  readonly other: string;
  /** Roles. */
  readonly ticked: readonly string[];
};

/** Settings that are one out of a few words, and what each of those means. */
const CHOICES: Readonly<Partial<Record<ToldSetting["key"], readonly (readonly [string, MessageKey])[]>>> = {
  logLevel: [
    ["debug", "setting.log_level.debug"],
    ["info", "setting.log_level.info"],
    ["warn", "setting.log_level.warn"],
    ["error", "setting.log_level.error"],
  ],
  organisationMakers: [
    ["administrators", "setting.organisation_makers.administrators"],
    ["everyone", "setting.organisation_makers.everyone"],
  ],
  ratings: [
    ["true", "setting.ratings.true"],
    ["false", "setting.ratings.false"],
  ],
  restricted: [
    ["false", "setting.restricted.false"],
    ["true", "setting.restricted.true"],
  ],
  signUp: [
    ["invitation", "setting.sign_up.invitation"],
    ["open", "setting.sign_up.open"],
    ["domains", "setting.sign_up.domains"],
    ["closed", "setting.sign_up.closed"],
  ],
};

/** The form of one setting that can change while the store runs. Posts to the setting's page. */
export function SettingFields(props: {
  ctx: PageContext;
  setting: ToldSetting;
  form: SettingForm;
  errors: readonly FieldError[];
  /** All roles of the store. */
  roles: readonly StoreRole[];
  /** The set-up comes again once it is kept; the list of settings without it. */
  from?: "setup" | undefined;
}): JSX.Element {
  const { ctx, setting, form, errors, roles, from } = props;
  const { t } = ctx;
  const choices = CHOICES[setting.key];
  return (
    <form novalidate class="form" method="post" action={`/admin/settings/${setting.file}`} hx-boost="false">
      <input type="hidden" name="seen" value={setting.onPage ?? ""} />
      {from !== undefined && <input type="hidden" name="from" value={from} />}
      {setting.key === "secondFactor" ? (
        <Ticks
          ctx={ctx}
          legend={t("setting.roles")}
          prefix="role/"
          options={roles.map((role) => ({
            value: role,
            label: t(`store_role.${role}`),
            checked: form.ticked.includes(role),
          }))}
        />
      ) : choices === undefined ? (
        <Field
          ctx={ctx}
          name="value"
          label={t("setting.value")}
          value={form.value}
          maxlength={2000}
          spellcheck={false}
          mono
          errors={errors}
        />
      ) : (
        <Choice
          ctx={ctx}
          name="value"
          label={t("setting.value")}
          value={form.value}
          options={choices.map(([value, label]) => ({ value, label: t(label) }))}
          errors={errors}
        />
      )}
      {setting.key === "signUp" && (
        <Field
          ctx={ctx}
          name="other"
          label={t("setting.domains")}
          hint={t("setting.domains_hint")}
          value={form.other}
          maxlength={2000}
          spellcheck={false}
          mono
          filter
          errors={errors}
        />
      )}
      <div class="row">
        <Button ctx={ctx} label={t("setting.save")} kind="primary" />
        {from === undefined && (
          <LinkButton ctx={ctx} href="/admin/settings" label={t("action.cancel")} kind="ghost" />
        )}
      </div>
    </form>
  );
}
