/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { FieldError, PageContext } from "../page.ts";
import { Choice, Field, Ticks } from "./field.tsx";

/** What the name of each checkbox begins with; the app's id follows. */
export const APP_FIELD = "app.";

const ROLE_REACHES = ["all", "some"] as const;
export type RoleReach = (typeof ROLE_REACHES)[number];

/** What of an organisation a role is for, as a form was filled in. */
export type RoleApps = {
  readonly reach: RoleReach;
  /** Ids of the chosen apps. */
  readonly chosen: readonly string[];
  /** Ids that were typed, where there are more apps than are listed. */
  readonly more: string;
};

export type OfferedApps = {
  readonly apps: readonly { readonly id: string; readonly name: string }[];
  /** Whether the organisation has others besides. */
  readonly hasMore: boolean;
};

export const ALL_APPS: RoleApps = { reach: "all", chosen: [], more: "" };

/** The fields that narrow a role to apps; an organisation without any has nothing to choose. */
export function RoleAppsFields(props: {
  ctx: PageContext;
  value: RoleApps;
  offered: OfferedApps;
  errors: readonly FieldError[];
}): JSX.Element {
  const { ctx, value, offered, errors } = props;
  const { t } = ctx;
  if (offered.apps.length === 0 && value.reach === "all") return <></>;
  return (
    <>
      <Choice
        ctx={ctx}
        name="reach"
        label={t("role_apps.reach")}
        value={value.reach}
        options={ROLE_REACHES.map((reach) => ({
          value: reach,
          label: t(`role_apps.reach.${reach}`),
          hint: t(`role_apps.reach_hint.${reach}`),
        }))}
        errors={errors}
      />
      <div class="form when-chosen">
        <Ticks
          ctx={ctx}
          legend={t("role_apps.apps")}
          prefix={APP_FIELD}
          options={offered.apps.map(({ id, name }) => ({
            value: id,
            label: name,
            hint: id,
            checked: value.chosen.includes(id),
          }))}
        />
        {offered.hasMore && (
          <Field
            ctx={ctx}
            name="more"
            label={t("role_apps.more")}
            hint={t("role_apps.more_hint")}
            value={value.more}
            optional
            spellcheck={false}
            mono
            errors={errors}
          />
        )}
      </div>
    </>
  );
}
