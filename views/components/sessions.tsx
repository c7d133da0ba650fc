/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { PostButton } from "./button.tsx";
import { actionsColumn, timeColumn } from "./columns.tsx";
import { Table } from "./table.tsx";

export type SessionRow = {
  readonly id: string;
  /** As far as the browser says; null for what does not. */
  readonly browser: string | null;
  readonly system: string | null;
  readonly address: string;
  readonly at: Date;
  readonly endsAt: Date;
  /** The one that this page was asked for with. */
  readonly current: boolean;
};

function browserOf(ctx: PageContext, { browser, system }: Pick<SessionRow, "browser" | "system">): string {
  if (browser === null) return system ?? ctx.t("account.browser_unknown");
  return system === null ? browser : ctx.t("account.browser", { browser, system });
}

/** Where somebody is signed in, each with a button that ends it: `action` gets the session's id; null: who looks may end none. */
function SessionTable(props: {
  ctx: PageContext;
  sessions: readonly SessionRow[];
  action: string | null;
}): JSX.Element {
  const { ctx, sessions, action } = props;
  const { t } = ctx;
  return (
    <Table
      caption={t("account.sessions")}
      rows={sessions}
      columns={[
        {
          header: t("column.browser"),
          cell: (row) => (
            <div class="cell-main">
              <strong safe>{browserOf(ctx, row)}</strong>
            </div>
          ),
        },
        { header: t("column.address"), cell: (row) => <bdi safe>{row.address}</bdi> },
        timeColumn(ctx, t("column.signed_in"), (row: SessionRow) => row.at),
        timeColumn(ctx, t("column.ends"), (row: SessionRow) => row.endsAt),
        ...(action === null
          ? []
          : [
              actionsColumn(ctx, (row: SessionRow) =>
                row.current ? (
                  <span class="muted" safe>
                    {t("account.this")}
                  </span>
                ) : (
                  <PostButton
                    ctx={ctx}
                    action={action}
                    hidden={{ session: row.id }}
                    label={t("account.end")}
                    context={browserOf(ctx, row)}
                    small
                    inRow
                  />
                ),
              ),
            ]),
      ]}
    />
  );
}

/** More of them make a page that is too long to find anything on. */
const SEEN = 5;

/** The first of them, and the others on demand. `older`: how many there are besides. */
export function SessionList(props: {
  ctx: PageContext;
  sessions: readonly SessionRow[];
  older: number;
  action: string | null;
}): JSX.Element {
  const { ctx, sessions, older, action } = props;
  const rest = sessions.slice(SEEN);
  return (
    <>
      <SessionTable ctx={ctx} sessions={sessions.slice(0, SEEN)} action={action} />
      {rest.length > 0 && (
        <details class="more rest-of-table">
          <summary safe>{ctx.t("account.sessions_more", { count: rest.length })}</summary>
          <SessionTable ctx={ctx} sessions={rest} action={action} />
        </details>
      )}
      {older > 0 && (
        <p class="card-body muted" safe>
          {ctx.t("account.sessions_older", { count: older })}
        </p>
      )}
    </>
  );
}

export type BrowserRow = Omit<SessionRow, "endsAt">;

/** Browsers that an account knows, each with a button that lets it be forgotten: `action` gets its id. */
export function BrowserTable(props: {
  ctx: PageContext;
  browsers: readonly BrowserRow[];
  action: string;
}): JSX.Element {
  const { ctx, browsers, action } = props;
  const { t } = ctx;
  return (
    <Table
      caption={t("account.browsers")}
      rows={browsers}
      columns={[
        {
          header: t("column.browser"),
          cell: (row) => (
            <div class="cell-main">
              <strong safe>{browserOf(ctx, row)}</strong>
              {row.current && (
                <span class="meta" safe>
                  {t("account.this_browser")}
                </span>
              )}
            </div>
          ),
        },
        { header: t("column.address"), cell: (row) => <bdi safe>{row.address}</bdi> },
        timeColumn(ctx, t("column.signed_in"), (row: BrowserRow) => row.at),
        actionsColumn(ctx, (row: BrowserRow) => (
          <PostButton
            ctx={ctx}
            action={action}
            hidden={{ browser: row.id }}
            label={t("account.forget_browser")}
            context={browserOf(ctx, row)}
            small
            inRow
          />
        )),
      ]}
    />
  );
}
