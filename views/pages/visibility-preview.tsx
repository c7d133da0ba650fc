/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, Hidden, LinkButton } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { GROUP_FIELD } from "../components/group-choice.tsx";
import { Notice } from "../components/notice.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext } from "../page.ts";
import { AppTabs, type TabbedApp } from "./app-tabs.tsx";
import { UNNAMED_FIELD, Unnamed, unnamedWords, type VisibilityName, visibilityLabel } from "./visibility.tsx";

export type SizedGroupRow = {
  readonly id: string;
  readonly name: string;
  readonly people: number;
  readonly devices: number;
};

export type VisibilityPreviewProps = {
  readonly app: TabbedApp;
  readonly before: VisibilityName;
  readonly after: VisibilityName;
  readonly groups: readonly SizedGroupRow[];
  readonly joining: readonly SizedGroupRow[];
  readonly leaving: readonly SizedGroupRow[];
  /** How many more there are that are not named to this person, and how many of them will not see it any more. */
  readonly unnamedGroups: number;
  readonly leavingUnnamed: number;
  readonly published: boolean;
  readonly versions: number;
  readonly changes: boolean;
  readonly scope: string;
  /** True when what was shown before is not so any more. */
  readonly stale: boolean;
};

function Groups(props: {
  ctx: PageContext;
  groups: readonly SizedGroupRow[];
  unnamed?: number;
}): JSX.Element {
  const { ctx, groups, unnamed = 0 } = props;
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
      <Unnamed ctx={ctx} count={unnamed} />
    </ul>
  );
}

/** `/apps/:appId/visibility/preview`: what a change means, before it. */
export function visibilityPreviewPage(ctx: PageContext, props: VisibilityPreviewProps): JSX.Element {
  const { t } = ctx;
  const { app, after, before, leavingUnnamed } = props;
  const names = [
    ...props.groups.map(({ name }) => name),
    ...(props.unnamedGroups === 0 ? [] : [unnamedWords(ctx, props.unnamedGroups)]),
  ];
  return (
    <Page ctx={ctx} title={t("visibility.preview_of", { app: app.name })}>
      <div class="narrow">
        <PageHead
          ctx={ctx}
          title={t("visibility.preview")}
          crumbs={[
            { label: t("nav.dashboard"), href: "/dashboard" },
            { label: app.name, href: `/apps/${app.id}` },
            { label: t("visibility.title"), href: `/apps/${app.id}/visibility` },
          ]}
          lead={app.name}
        />
        <AppTabs ctx={ctx} app={app} part="access" />
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
                    {names.length > 0 && (
                      <>
                        {": "}
                        <bdi safe>{names.join(", ")}</bdi>
                      </>
                    )}
                  </>
                ),
              },
              ...(props.joining.length > 0
                ? [
                    {
                      term: t("visibility.joining"),
                      value: <Groups ctx={ctx} groups={props.joining} />,
                      long: true,
                    },
                  ]
                : []),
              ...(props.leaving.length > 0 || leavingUnnamed > 0
                ? [
                    {
                      term: t("visibility.leaving"),
                      value: <Groups ctx={ctx} groups={props.leaving} unnamed={leavingUnnamed} />,
                      long: true,
                    },
                  ]
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
          <form novalidate class="row" method="post" action={`/apps/${app.id}/visibility`}>
            <input type="hidden" name="visibility" value={after} />
            <input type="hidden" name="scope" value={props.scope} />
            {props.groups.map(({ id }) => (
              <input type="hidden" name={`${GROUP_FIELD}${id}`} value="true" />
            ))}
            {leavingUnnamed > 0 && <Hidden pairs={[[UNNAMED_FIELD, "asked"]]} />}
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
