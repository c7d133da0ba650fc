/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Badge } from "../components/badge.tsx";
import { Button, LinkButton } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { ErrorSummary, Select } from "../components/field.tsx";
import { GROUP_FIELD, GroupChoice, type GroupChoiceRow } from "../components/group-choice.tsx";
import { Notice } from "../components/notice.tsx";
import { Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

export type VisibilityName = "everyone" | "signed-in" | "groups";

export type VisibilityProps = {
  readonly app: { readonly id: string; readonly name: string };
  readonly visibility: VisibilityName;
  /** Those that it is for, by name. */
  readonly groups: readonly string[];
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

/** The two fields with which somebody says who may see an app; without groups to choose from, the first alone. */
export function VisibilityFields(props: {
  ctx: PageContext;
  /** What comes next. */
  hint: string;
  chosen: string;
  groups: readonly GroupChoiceRow[];
  errors: readonly FieldError[];
}): JSX.Element {
  const { ctx, groups } = props;
  const { t } = ctx;
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

function Head(props: { ctx: PageContext; app: VisibilityProps["app"]; below?: string }): JSX.Element {
  const { ctx, app, below } = props;
  const { t } = ctx;
  return (
    <PageHead
      ctx={ctx}
      title={below ?? t("visibility.title")}
      crumbs={[
        { label: t("nav.dashboard"), href: "/dashboard" },
        { label: app.name, href: `/apps/${app.id}` },
        ...(below === undefined
          ? []
          : [{ label: t("visibility.title"), href: `/apps/${app.id}/visibility` }]),
      ]}
      lead={below === undefined ? t("visibility.lead") : app.name}
    />
  );
}

/** `/apps/:appId/visibility`: who may see an app. */
export function visibilityPage(ctx: PageContext, props: VisibilityProps): JSX.Element {
  const { t } = ctx;
  const { app, choice, publicUntil } = props;
  return (
    <Page ctx={ctx} title={t("visibility.title_of", { app: app.name })}>
      <Head ctx={ctx} app={app} />
      <ErrorSummary ctx={ctx} errors={props.errors} fields={["visibility"]} />
      <Card title={t("visibility.now")}>
        <div class="stack">
          <Badge
            tone={props.visibility === "everyone" ? "good" : "accent"}
            label={visibilityLabel(ctx, props.visibility)}
          />
          {props.groups.length > 0 && (
            <ul class="stack-s">
              {props.groups.map((name) => (
                <li dir="auto" safe>
                  {name}
                </li>
              ))}
            </ul>
          )}
          <p class="muted" safe>
            {t(props.published ? `visibility.${KEYS[props.visibility]}_means` : "visibility.not_yet")}
          </p>
          {publicUntil !== null && (
            <p class="muted">
              <span safe>{t("visibility.was_public")}</span> <Time ctx={ctx} at={publicUntil} />
            </p>
          )}
        </div>
      </Card>
      {choice !== null && (
        <Card title={t("visibility.change")}>
          <form class="form" method="post" action={`/apps/${app.id}/visibility/preview`}>
            <VisibilityFields
              ctx={ctx}
              hint={t("visibility.who_hint")}
              chosen={props.chosen}
              groups={choice}
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

export type SizedGroupRow = {
  readonly id: string;
  readonly name: string;
  readonly people: number;
  readonly devices: number;
};

export type VisibilityPreviewProps = {
  readonly app: { readonly id: string; readonly name: string };
  readonly before: VisibilityName;
  readonly after: VisibilityName;
  readonly groups: readonly SizedGroupRow[];
  readonly joining: readonly SizedGroupRow[];
  readonly leaving: readonly SizedGroupRow[];
  readonly published: boolean;
  readonly versions: number;
  readonly changes: boolean;
  readonly scope: string;
  /** True when what was shown before is not so any more. */
  readonly stale: boolean;
};

function Groups(props: { ctx: PageContext; groups: readonly SizedGroupRow[] }): JSX.Element {
  const { ctx, groups } = props;
  return (
    <ul class="stack-s">
      {groups.map(({ name, people, devices }) => (
        <li>
          <span dir="auto" safe>
            {name}
          </span>{" "}
          <span class="meta" safe>
            {ctx.t("visibility.size", { people, devices })}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** `/apps/:appId/visibility/preview`: what a change means, before it. */
export function visibilityPreviewPage(ctx: PageContext, props: VisibilityPreviewProps): JSX.Element {
  const { t } = ctx;
  const { app, after, before } = props;
  const list = (groups: readonly SizedGroupRow[]) => <Groups ctx={ctx} groups={groups} />;
  return (
    <Page ctx={ctx} title={t("visibility.preview_of", { app: app.name })}>
      <div class="narrow">
        <Head ctx={ctx} app={app} below={t("visibility.preview")} />
        {props.stale && (
          <Notice ctx={ctx} tone="warn" title={t("visibility.stale_title")} live>
            <p safe>{t("visibility.stale")}</p>
          </Notice>
        )}
        <Card>
          <Facts
            items={[
              {
                term: t("visibility.from"),
                value: <span safe>{visibilityLabel(ctx, before)}</span>,
              },
              {
                term: t("visibility.to"),
                value: (
                  <>
                    <span safe>{visibilityLabel(ctx, after)}</span>
                    {props.groups.length > 0 && (
                      <bdi safe>{`: ${props.groups.map(({ name }) => name).join(", ")}`}</bdi>
                    )}
                  </>
                ),
              },
              ...(props.joining.length > 0
                ? [{ term: t("visibility.joining"), value: list(props.joining), long: true }]
                : []),
              ...(props.leaving.length > 0
                ? [{ term: t("visibility.leaving"), value: list(props.leaving), long: true }]
                : []),
            ]}
          />
          {props.changes ? (
            <ul class="stack-s">
              {!props.published && <li safe>{t("visibility.not_yet")}</li>}
              {props.published && after === "everyone" && (
                <li safe>{t("visibility.opens", { count: props.versions })}</li>
              )}
              {props.published && before === "everyone" && <li safe>{t("visibility.closes")}</li>}
              {props.published && after !== "everyone" && <li safe>{t("visibility.keeps")}</li>}
            </ul>
          ) : (
            <p class="muted" safe>
              {t("visibility.unchanged")}
            </p>
          )}
          <form class="row" method="post" action={`/apps/${app.id}/visibility`}>
            <input type="hidden" name="visibility" value={after} />
            <input type="hidden" name="scope" value={props.scope} />
            {props.groups.map(({ id }) => (
              <input type="hidden" name={`${GROUP_FIELD}${id}`} value="true" />
            ))}
            {props.changes && (
              <Button
                ctx={ctx}
                label={t(after === "everyone" ? "visibility.confirm_open" : "visibility.confirm")}
                kind={after === "everyone" && props.published ? "danger-fill" : "primary"}
              />
            )}
            <LinkButton
              ctx={ctx}
              href={`/apps/${app.id}/visibility`}
              label={t(props.changes ? "action.cancel" : "visibility.back")}
              kind="ghost"
            />
          </form>
        </Card>
      </div>
    </Page>
  );
}
