/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Badge } from "../components/badge.tsx";
import { Button, Hidden, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { ErrorSummary, Select } from "../components/field.tsx";
import { GroupChoice, type GroupChoiceRow, UNNAMED_GROUPS } from "../components/group-choice.tsx";
import { DateOf } from "../components/text.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";
import { AppHead } from "./app.tsx";
import type { AppHeadProps } from "./app-props.ts";

export type VisibilityName = "everyone" | "signed-in" | "groups";

export type VisibilityProps = {
  readonly page: AppHeadProps;
  readonly visibility: VisibilityName;
  /** Those that it is for, by name. */
  readonly groups: readonly string[];
  /** How many more it is for, which are not named to this person; and whether they stay, as far as the form says. */
  readonly unnamedGroups: number;
  readonly keepsUnnamed: boolean;
  /** False: nobody sees anything of it yet. */
  readonly published: boolean;
  /** Until when it was public; null: it is, or never was. */
  readonly publicUntil: Date | null;
  /** All there are, to choose from; null for who may not change it. */
  readonly choice: readonly GroupChoiceRow[] | null;
  readonly chosen: string;
  readonly errors: readonly FieldError[];
};

const NAMES = ["everyone", "signed-in", "groups"] as const satisfies readonly VisibilityName[];
const KEYS = { everyone: "everyone", "signed-in": "signed_in", groups: "groups" } as const;

export function visibilityLabel(ctx: PageContext, name: VisibilityName): string {
  return ctx.t(`visibility.${KEYS[name]}`);
}

const NO_UNNAMED = { count: 0, stay: true } as const;

/** The field that tells of a form which groups were asked about, ticked or not. */
export const UNNAMED_FIELD = "unnamed";

/** Groups that an administrator chose, to whom they are not named. */
export function unnamedWords(ctx: PageContext, count: number): string {
  return ctx.t("visibility.unnamed", { count });
}

/** The two fields with which somebody says who may see an app; without groups to choose from, the first alone. */
export function VisibilityFields(props: {
  ctx: PageContext;
  /** What comes next. */
  hint: string;
  chosen: string;
  groups: readonly GroupChoiceRow[];
  /** Groups that it is for and that are not named to this person. */
  unnamed?: { readonly count: number; readonly stay: boolean };
  errors: readonly FieldError[];
}): JSX.Element {
  const { ctx, unnamed = NO_UNNAMED } = props;
  const { t } = ctx;
  const groups: readonly GroupChoiceRow[] = [
    ...props.groups,
    ...(unnamed.count === 0
      ? []
      : [
          {
            id: UNNAMED_GROUPS,
            name: unnamedWords(ctx, unnamed.count),
            in: unnamed.stay,
            hint: t("visibility.unnamed_hint", { count: unnamed.count }),
          },
        ]),
  ];
  return (
    <>
      <Select
        ctx={ctx}
        name="visibility"
        label={t("visibility.who")}
        hint={props.hint}
        value={props.chosen}
        options={NAMES.filter((name) => name !== "groups" || groups.length > 0).map((name) => ({
          value: name,
          label: visibilityLabel(ctx, name),
        }))}
        errors={props.errors}
      />
      {unnamed.count > 0 && <Hidden pairs={[[UNNAMED_FIELD, "asked"]]} />}
      {groups.length > 0 ? (
        <GroupChoice
          ctx={ctx}
          legend={t("visibility.which_groups")}
          hint={t("visibility.which_groups_hint")}
          groups={groups}
        />
      ) : (
        <p class="muted" safe>
          {t("visibility.no_groups")}
        </p>
      )}
    </>
  );
}

/** `/apps/:appId/visibility`: who may see an app. */
export function visibilityPage(ctx: PageContext, props: VisibilityProps): JSX.Element {
  const { t } = ctx;
  const { page, choice, publicUntil } = props;
  const { app } = page;
  return (
    <Page ctx={ctx} title={t("visibility.title_of", { app: app.name })}>
      <AppHead ctx={ctx} {...page} />
      <ErrorSummary ctx={ctx} errors={props.errors} fields={["visibility"]} />
      <Card title={t("visibility.title")}>
        <div class="stack">
          <p class="muted" safe>
            {t("visibility.lead")}
          </p>
          <Badge
            tone={props.visibility === "everyone" ? "good" : "accent"}
            label={visibilityLabel(ctx, props.visibility)}
          />
          {(props.groups.length > 0 || props.unnamedGroups > 0) && (
            <ul class="stack-s">
              {props.groups.map((name) => (
                <li dir="auto" safe>
                  {name}
                </li>
              ))}
              <Unnamed ctx={ctx} count={props.unnamedGroups} />
            </ul>
          )}
          <p class="muted" safe>
            {t(props.published ? `visibility.${KEYS[props.visibility]}_means` : "visibility.not_yet")}
          </p>
          {publicUntil !== null && (
            <p class="muted">
              <span safe>{t("visibility.was_public")}</span> <DateOf ctx={ctx} at={publicUntil} />
            </p>
          )}
        </div>
      </Card>
      {choice !== null && (
        <Card title={t("visibility.change")}>
          <form novalidate class="form" method="post" action={`/apps/${app.id}/visibility/preview`}>
            <VisibilityFields
              ctx={ctx}
              hint={t("visibility.who_hint")}
              chosen={props.chosen}
              groups={choice}
              unnamed={{ count: props.unnamedGroups, stay: props.keepsUnnamed }}
              errors={props.errors}
            />
            <div class="row">
              <Button ctx={ctx} label={t("visibility.look")} kind="primary" />
              <LinkButton ctx={ctx} href={`/apps/${app.id}`} label={t("action.cancel")} kind="ghost" />
            </div>
          </form>
        </Card>
      )}
    </Page>
  );
}

/** The last of a list of groups. */
export function Unnamed(props: { ctx: PageContext; count: number }): JSX.Element {
  const { ctx, count } = props;
  if (count === 0) return <></>;
  return <li safe>{unnamedWords(ctx, count)}</li>;
}
