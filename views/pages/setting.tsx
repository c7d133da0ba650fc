/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { ToldSetting } from "../../src/config.told.ts";
import type { StoreRole } from "../../src/roles.ts";
import { Button, LinkButton, PostButton } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { Choice, ErrorSummary, Field, Ticks } from "../components/field.tsx";
import { Notice } from "../components/notice.tsx";
import { Origin, SettingValue } from "../components/settings.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, MessageKey, PageContext } from "../page.ts";

/** What is filled in. */
export type SettingForm = {
  readonly value: string;
  /** Domains, where the choice is left to them. */
  readonly other: string;
  /** Roles. */
  readonly ticked: readonly string[];
};

export type SettingProps = {
  readonly setting: ToldSetting;
  readonly form: SettingForm;
  readonly errors: readonly FieldError[];
  /** All roles of the store. */
  readonly roles: readonly StoreRole[];
  readonly manages: boolean;
  readonly readsAudit: boolean;
};

/** Settings that are one out of a few words, and what each of those means. */
const CHOICES: Readonly<Partial<Record<ToldSetting["key"], readonly (readonly [string, MessageKey])[]>>> = {
  logLevel: [
    ["debug", "setting.log_level.debug"],
    ["info", "setting.log_level.info"],
    ["warn", "setting.log_level.warn"],
    ["error", "setting.log_level.error"],
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

/** `/admin/settings/:settingName`: what a setting means, what holds, and how it is changed. */
export function settingPage(ctx: PageContext, props: SettingProps): JSX.Element {
  const { t } = ctx;
  const { setting, errors, manages } = props;
  const { file, key, value, fallback, isLive, isOpen, onPage, fault, origin } = setting;
  const path = `/admin/settings/${file}`;
  return (
    <Page ctx={ctx} title={file}>
      <div class="narrow">
        <PageHead
          ctx={ctx}
          title={file}
          crumbs={[{ href: "/admin/settings", label: t("settings.title") }]}
          lead={t(`setting.meaning.${key}`)}
        />
        <ErrorSummary ctx={ctx} errors={errors} fields={["value", "other"]} />
        {fault !== null && (
          <Notice ctx={ctx} tone="warn" title={t("setting.fault")}>
            <p safe>{t("setting.fault_lead", { reason: ctx.say(fault) })}</p>
          </Notice>
        )}
        <Card
          title={t("setting.present")}
          actions={
            props.readsAudit && isLive ? (
              <a href={`/admin/audit?subject=${file}`} safe>
                {t("setting.history")}
              </a>
            ) : undefined
          }
        >
          <Facts
            items={[
              { term: t("settings.column.value"), value: <SettingValue ctx={ctx} value={value} /> },
              { term: t("settings.column.from"), value: <Origin ctx={ctx} setting={setting} /> },
              { term: t("settings.column.default"), value: <SettingValue ctx={ctx} value={fallback} /> },
              ...(onPage !== null && origin !== "page"
                ? [{ term: t("setting.on_page"), value: <SettingValue ctx={ctx} value={onPage} /> }]
                : []),
            ]}
          />
        </Card>
        {!isOpen && (
          <Notice
            ctx={ctx}
            tone="neutral"
            title={t(isLive ? "setting.said_elsewhere" : "setting.at_start_title")}
          >
            <p safe>{t(isLive ? "setting.said_elsewhere_lead" : "setting.at_start_lead")}</p>
          </Notice>
        )}
        {manages && isOpen && <Change ctx={ctx} action={path} {...props} />}
        {manages && onPage !== null && (
          <Card title={t(isOpen ? "setting.reset_title" : "setting.on_page")}>
            <div class="split">
              <p class="muted" safe>
                {isOpen
                  ? t("setting.reset_lead", { value: fallback ?? t("settings.none") })
                  : t("setting.forget_lead")}
              </p>
              <PostButton ctx={ctx} action={`${path}/reset`} label={t("setting.reset")} />
            </div>
          </Card>
        )}
      </div>
    </Page>
  );
}

function Change(props: SettingProps & { ctx: PageContext; action: string }): JSX.Element {
  const { ctx, action, setting, form, errors, roles } = props;
  const { t } = ctx;
  const choices = CHOICES[setting.key];
  return (
    <Card title={t("setting.change_title")}>
      <form class="form" method="post" action={action} hx-boost="false">
        <input type="hidden" name="seen" value={setting.onPage ?? ""} />
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
          <LinkButton ctx={ctx} href="/admin/settings" label={t("action.cancel")} kind="ghost" />
        </div>
      </form>
    </Card>
  );
}
