/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { SettingPart, ToldSetting } from "../../src/config.told.ts";
import { LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Origin, SettingValue } from "../components/settings.tsx";
import { type Column, Table } from "../components/table.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext } from "../page.ts";

export type SettingsProps = {
  /** By what they are about, in the order in which they are shown. */
  readonly settings: readonly ToldSetting[];
};

/** `/admin/settings`: what holds in this store, and where that was said. */
export function settingsPage(ctx: PageContext, props: SettingsProps): JSX.Element {
  const { t } = ctx;
  const columns: readonly Column<ToldSetting>[] = [
    {
      header: t("settings.column.setting"),
      long: true,
      cell: (setting) => <About ctx={ctx} setting={setting} />,
    },
    { header: t("settings.column.value"), cell: ({ value }) => <SettingValue ctx={ctx} value={value} /> },
    {
      header: t("settings.column.from"),
      cell: (setting) => <Origin ctx={ctx} setting={setting} />,
    },
    {
      header: t("settings.column.default"),
      cell: ({ fallback }) => <SettingValue ctx={ctx} value={fallback} />,
    },
  ];
  const parts = [...new Set(props.settings.map(({ part }) => part))];
  const title = (part: SettingPart) => t(`settings.part.${part}`);
  return (
    <Page ctx={ctx} title={t("settings.title")}>
      <PageHead
        ctx={ctx}
        title={t("settings.title")}
        lead={t("settings.lead")}
        actions={
          <LinkButton ctx={ctx} href="/docs/reference/configuration" label={t("settings.docs")} icon="docs" />
        }
      />
      <div class="settings stack">
        {parts.map((part) => (
          <Card title={title(part)} flush>
            <Table
              caption={title(part)}
              rows={props.settings.filter((setting) => setting.part === part)}
              columns={columns}
            />
          </Card>
        ))}
      </div>
    </Page>
  );
}

/** What it is, and whether and where it changes. */
function About(props: { ctx: PageContext; setting: ToldSetting }): JSX.Element {
  const { ctx, setting } = props;
  const { t } = ctx;
  const { key, file, isLive, isOpen, onPage, fault } = setting;
  return (
    <div>
      {isLive ? (
        <a class="mono" href={`/admin/settings/${file}`}>
          <strong dir="ltr" safe>
            {file}
          </strong>
        </a>
      ) : (
        <strong class="mono" dir="ltr" safe>
          {file}
        </strong>
      )}
      <p class="muted" safe>
        {t(`setting.meaning.${key}`)}
      </p>
      {fault !== null ? (
        <p class="meta" safe>
          {t("setting.fault")}
        </p>
      ) : (
        onPage !== null &&
        !isOpen && (
          <p class="meta" safe>
            {t("settings.overruled")}
          </p>
        )
      )}
      {!isLive && (
        <p class="meta" safe>
          {t("settings.at_start")}
        </p>
      )}
    </div>
  );
}
