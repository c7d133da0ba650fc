/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { ToldSetting } from "../../src/config.told.ts";
import type { StoreRole } from "../../src/roles.ts";
import { PostButton } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { ErrorSummary } from "../components/field.tsx";
import { Notice } from "../components/notice.tsx";
import { SettingFields, type SettingForm } from "../components/setting-form.tsx";
import { Origin, SettingValue } from "../components/settings.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

export type SettingProps = {
  readonly setting: ToldSetting;
  readonly form: SettingForm;
  readonly errors: readonly FieldError[];
  /** All roles of the store. */
  readonly roles: readonly StoreRole[];
  /** Where its form was before this page, when it was refused there. */
  readonly from?: "setup" | undefined;
  readonly manages: boolean;
  readonly readsAudit: boolean;
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
        {manages && isOpen && (
          <Card title={t("setting.change_title")}>
            <SettingFields ctx={ctx} {...props} />
          </Card>
        )}
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
