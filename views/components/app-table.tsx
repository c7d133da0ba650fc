/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { ShownAppState } from "../../src/catalog/app-state.ts";
import type { PageContext } from "../page.ts";
import { AppIcon } from "./app-icon.tsx";
import { AppStates } from "./badge.tsx";
import { Installs } from "./installs.tsx";
import { type NamedOrganisation, OrganisationName } from "./organisation.tsx";
import { Table } from "./table.tsx";
import { Time } from "./text.tsx";

export type AppRow = {
  readonly id: string;
  readonly name: string;
  readonly organisation: NamedOrganisation;
  readonly iconUrl: string | null;
  /** As its own page says them. */
  readonly states: readonly ShownAppState[];
  /** How often devices fetched it; null while nothing of it was published. */
  readonly installs: number | null;
  /** The version that devices get; null: none. */
  readonly offered: string | null;
  /** Null while nothing was uploaded. */
  readonly newest: {
    readonly id: string;
    readonly version: string;
    readonly code: number;
    readonly at: Date;
  } | null;
};

/** Apps as those see them who make or look after them. */
export function AppTable(props: { ctx: PageContext; apps: readonly AppRow[] }): JSX.Element {
  const { ctx, apps } = props;
  const { t } = ctx;
  return (
    <Table
      caption={t("dashboard.apps")}
      rows={apps}
      rowId={({ id }) => `row-${id}`}
      columns={[
        {
          header: t("column.app"),
          cell: (app) => (
            <div class="cell-main">
              <AppIcon src={app.iconUrl} name={app.name} seed={app.id} />
              <div>
                <a href={`/apps/${app.id}`} dir="auto" safe>
                  {app.name}
                </a>
                <p class="meta" safe>
                  {app.id}
                </p>
              </div>
            </div>
          ),
        },
        { header: t("column.organisation"), cell: (app) => <OrganisationName of={app.organisation} /> },
        {
          header: t("app.on_devices"),
          cell: (app) => <bdi safe>{app.offered ?? "–"}</bdi>,
        },
        {
          header: t("column.newest"),
          cell: (app) =>
            app.newest ? (
              <span class="badges">
                <bdi safe>{app.newest.version}</bdi>
                <AppStates ctx={ctx} states={app.states} />
              </span>
            ) : app.states.length > 0 ? (
              <AppStates ctx={ctx} states={app.states} />
            ) : (
              <span class="muted" safe>
                {t("dashboard.no_version")}
              </span>
            ),
        },
        {
          header: t("column.installs"),
          end: true,
          tight: true,
          cell: (app) => <Installs ctx={ctx} installs={app.installs} />,
        },
        {
          header: t("column.changed"),
          end: true,
          tight: true,
          cell: (app) => (app.newest ? <Time ctx={ctx} at={app.newest.at} /> : <span>–</span>),
        },
      ]}
    />
  );
}
