/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
/** What a reviewer compares: the package's own words and pictures, and what it changes. */
import { type Children, Html } from "@kitajs/html";
import type { Change } from "../../src/catalog/comparison/manifest-changes.ts";
import type { MessageKey, PageContext, Permission } from "../page.ts";
import { Badge } from "./badge.tsx";
import { Card } from "./card.tsx";
import { type Screenshot, Screenshots } from "./screenshots.tsx";
import { Table } from "./table.tsx";
import { Bytes } from "./text.tsx";

/** Name and summary in one locale of the manifest. */
export type Listing = {
  readonly locale: string;
  readonly name: string | null;
  readonly summary: string | null;
};

export type Changes = {
  readonly rows: readonly Change[];
  /** What the permissions that are new or gone mean, by name. */
  readonly permissions: readonly Permission[];
  readonly sizeBefore: number;
  readonly sizeAfter: number;
};

const LABELS = {
  name: "changes.name",
  summary: "changes.summary",
  permissions_added: "changes.permissions_added",
  permissions_removed: "changes.permissions_removed",
  hosts_added: "changes.hosts_added",
  hosts_removed: "changes.hosts_removed",
  locales_added: "changes.locales_added",
  locales_removed: "changes.locales_removed",
  events_added: "changes.events_added",
  events_removed: "changes.events_removed",
  icons_added: "changes.icons_added",
  icons_removed: "changes.icons_removed",
  screenshots_added: "changes.screenshots_added",
  screenshots_removed: "changes.screenshots_removed",
  ui_added: "changes.ui_added",
  ui_removed: "changes.ui_removed",
  runtime: "review.runtime",
  entry: "review.entry",
  category: "review.category",
  author: "review.author",
  default_locale: "changes.default_locale",
  data_version: "changes.data_version",
  signing_key: "version.developer_key",
} as const satisfies Record<Change["what"], MessageKey>;

/** Texts that people wrote or read run as their words do; the rest is code. */
const WORDS: readonly Change["what"][] = [
  "name",
  "summary",
  "author",
  "screenshots_added",
  "screenshots_removed",
];

function Values(props: {
  ctx: PageContext;
  values: readonly string[];
  mono: boolean;
  meanings: readonly Permission[];
}): JSX.Element {
  const { ctx, values, mono, meanings } = props;
  if (values.length === 0) return <span class="muted">–</span>;
  return (
    <div class="stack-s">
      {values.map((value) => {
        // One that is optional is called so behind its name.
        const known = meanings.find(({ name }) => name === value.split(" ")[0]);
        return (
          <div>
            <div class={["whole", mono && "mono"]} dir={mono ? "ltr" : "auto"} safe>
              {value}
            </div>
            {known !== undefined && <Meaning ctx={ctx} permission={known} />}
          </div>
        );
      })}
    </div>
  );
}

function Meaning(props: { ctx: PageContext; permission: Permission }): JSX.Element {
  const { title, meaning, dangerous } = props.permission;
  return (
    <>
      {dangerous && <Badge tone="bad" label={props.ctx.t("permissions.dangerous")} />}
      <p class="meta" dir="auto" safe>
        {[title, meaning].filter((words) => words !== null).join(" – ")}
      </p>
    </>
  );
}

/** What a version changes against another one. */
export function ChangesCard(props: {
  ctx: PageContext;
  title: string;
  changes: Changes;
  actions?: Children;
}): JSX.Element {
  const { ctx, title, changes, actions } = props;
  const { t } = ctx;
  const isPermission = ({ what }: Change) => what === "permissions_added" || what === "permissions_removed";
  const values = (row: Change, side: "before" | "after") => (
    <div class="cell-name">
      <Values
        ctx={ctx}
        values={row[side]}
        mono={!WORDS.includes(row.what)}
        meanings={isPermission(row) ? changes.permissions : []}
      />
    </div>
  );
  return (
    <Card title={title} actions={actions} flush>
      {changes.rows.length === 0 && (
        <p class="card-body muted" safe>
          {t("changes.none")}
        </p>
      )}
      <Table<Change | "size">
        caption={title}
        rows={[...changes.rows, "size"]}
        columns={[
          {
            header: t("changes.what"),
            tight: true,
            cell: (row) => (
              <span safe>
                {row === "size"
                  ? t("column.size")
                  : row.locale === null
                    ? t(LABELS[row.what])
                    : t("changes.in_locale", { what: t(LABELS[row.what]), locale: row.locale })}
              </span>
            ),
          },
          {
            header: t("changes.before"),
            cell: (row) =>
              row === "size" ? <Bytes ctx={ctx} value={changes.sizeBefore} /> : values(row, "before"),
          },
          {
            header: t("changes.after"),
            cell: (row) =>
              row === "size" ? <Bytes ctx={ctx} value={changes.sizeAfter} /> : values(row, "after"),
          },
        ]}
      />
    </Card>
  );
}

/** What people are going to read and see of the app. */
export function ListingCard(props: {
  ctx: PageContext;
  listing: readonly Listing[];
  screenshots: readonly Screenshot[];
}): JSX.Element {
  const { ctx, listing, screenshots } = props;
  const { t } = ctx;
  const words = (text: string | null) =>
    text === null ? (
      <span class="muted">–</span>
    ) : (
      <span class="whole" dir="auto" safe>
        {text}
      </span>
    );
  return (
    <Card title={t("review.shown_title")} flush>
      <Table
        caption={t("review.shown_title")}
        rows={listing}
        columns={[
          { header: t("listing.locale"), tight: true, cell: ({ locale }) => <span safe>{locale}</span> },
          { header: t("changes.name"), cell: ({ name }) => <div class="cell-name">{words(name)}</div> },
          { header: t("changes.summary"), cell: ({ summary }) => words(summary) },
        ]}
      />
      {screenshots.length === 0 ? (
        <p class="card-foot" safe>
          {t("listing.no_screenshots")}
        </p>
      ) : (
        <div class="card-body">
          <Screenshots ctx={ctx} screenshots={screenshots} />
        </div>
      )}
    </Card>
  );
}
