/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Badge } from "../components/badge.tsx";
import { LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { actionsColumn } from "../components/columns.tsx";
import { PersonName } from "../components/people.tsx";
import { Table } from "../components/table.tsx";
import type { PageContext } from "../page.ts";
import type { AppProps, Team, TeamRow } from "./app-props.ts";

/** Who works on it: people by their roles, and build jobs. */
export function AppTeam(props: { ctx: PageContext } & AppProps): JSX.Element {
  const { ctx, app, team } = props;
  const { t } = ctx;
  return (
    <>
      {team !== null && <People ctx={ctx} team={team} />}
      {props.publishing !== null && (
        <Card title={t("publishers.title")}>
          <div class="split">
            <p class="muted" safe>
              {t(props.publishing.trustedOnly ? "app.trusted_only" : "app.trusted", {
                count: props.publishing.count,
              })}
            </p>
            <LinkButton ctx={ctx} href={`/apps/${app.id}/publishers`} label={t("app.trusted_open")} />
          </div>
        </Card>
      )}
    </>
  );
}

function People(props: { ctx: PageContext; team: Team }): JSX.Element {
  const { ctx, team } = props;
  const { t } = ctx;
  return (
    <Card
      title={t("app.team_people")}
      actions={<LinkButton ctx={ctx} href={team.href} label={t("app.team_all")} small />}
      flush
    >
      <Table
        caption={t("app.team_people")}
        rows={team.rows}
        columns={[
          {
            header: t("column.person"),
            cell: (row) => (
              <PersonName name={row.name} email={row.email}>
                <TeamMarks ctx={ctx} row={row} />
              </PersonName>
            ),
          },
          { header: t("column.role"), tight: true, cell: (row) => <span safe>{t(`role.${row.role}`)}</span> },
          {
            header: t("column.may"),
            cell: (row) => <span safe>{t(`app.team_may.${row.role}`)}</span>,
          },
          actionsColumn(ctx, (row: TeamRow) =>
            row.href === null ? (
              <></>
            ) : (
              <LinkButton ctx={ctx} href={row.href} label={t("members.apps")} context={row.name} small />
            ),
          ),
        ]}
      />
      {team.hasMore && (
        <p class="muted card-body" safe>
          {t("app.team_more")}
        </p>
      )}
    </Card>
  );
}

/** What of a role is not as usual. */
function TeamMarks(props: { ctx: PageContext; row: TeamRow }): JSX.Element {
  const { ctx, row } = props;
  if (!row.isNarrow && !row.disabled) return <></>;
  return (
    <span class="badges">
      {row.isNarrow && <Badge tone="neutral" label={ctx.t("app.team_narrow")} />}
      {row.disabled && <Badge tone="bad" label={ctx.t("people.disabled")} />}
    </span>
  );
}
