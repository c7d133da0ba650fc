/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { ToldSetting } from "../../src/config.told.ts";
import type { PageContext } from "../page.ts";

/** A value as it would be written; null: there is none. */
export function SettingValue(props: { ctx: PageContext; value: string | null }): JSX.Element {
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
export function Origin(props: { ctx: PageContext; setting: ToldSetting }): JSX.Element {
  const { ctx, setting } = props;
  const { origin, flag, environment, file, configFile } = setting;
  const written = { flag, environment, file: configFile, page: null, default: null }[origin];
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
