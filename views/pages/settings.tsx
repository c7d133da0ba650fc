/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { SettingPart, ToldSetting } from "../../src/config.told.ts";
import { LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { type Column, Table } from "../components/table.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext } from "../page.ts";

export type SettingsProps = {
  /** By what they are about, in the order in which they are shown. */
  readonly settings: readonly ToldSetting[];
};

function Value(props: { ctx: PageContext; value: string | null }): JSX.Element {
  const { ctx, value } = props;
  if (value !== null)
    return (
      <code dir="ltr" safe>
        {value}
      </code>
    );
  return (
    <span class="muted" safe>
      {ctx.t("settings.none")}
    </span>
  );
}

/** What is written where, to find it again and change it. */
function Origin(props: { ctx: PageContext; setting: ToldSetting }): JSX.Element {
  const { ctx, setting } = props;
  const { origin, flag, environment, file, configFile } = setting;
  const written = { flag, environment, file: configFile, default: null }[origin];
  return (
    <div>
      <p class={[origin === "default" && "muted"]} safe>
        {ctx.t(`settings.from.${origin}`)}
      </p>
      {written !== null && (
        <p class="meta mono prewrap" dir="ltr" safe>
          {origin === "file" ? `${written}: ${file}` : written}
        </p>
      )}
    </div>
  );
}

/** `/admin/settings`: what holds in this store, and where that was said. */
export function settingsPage(ctx: PageContext, props: SettingsProps): JSX.Element {
  const { t } = ctx;
  const columns: readonly Column<ToldSetting>[] = [
    {
      header: t("settings.column.setting"),
      long: true,
      cell: ({ key, file }) => (
        <div>
          <strong class="mono" dir="ltr" safe>
            {file}
          </strong>
          <p class="muted" safe>
            {t(`setting.meaning.${key}`)}
          </p>
        </div>
      ),
    },
    { header: t("settings.column.value"), cell: ({ value }) => <Value ctx={ctx} value={value} /> },
    {
      header: t("settings.column.from"),
      cell: (setting) => <Origin ctx={ctx} setting={setting} />,
    },
    { header: t("settings.column.default"), cell: ({ fallback }) => <Value ctx={ctx} value={fallback} /> },
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
