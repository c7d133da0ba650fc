/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
/** What a reviewer compares: the package's own words and pictures, and what it changes. */
import { Html } from "@kitajs/html";
import type { Change } from "../../src/review/changes.ts";
import { formatNumber } from "../format.ts";
import type { MessageKey, PageContext } from "../page.ts";
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
  readonly version: string;
  readonly code: number;
  readonly rows: readonly Change[];
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
  runtime: "review.runtime",
} as const satisfies Record<Change["what"], MessageKey>;

function Values(props: { values: readonly string[]; mono: boolean }): JSX.Element {
  if (props.values.length === 0) return <span class="muted">–</span>;
  return (
    <>
      {props.values.map((value) => (
        <div class={["whole", props.mono && "mono"]} dir={props.mono ? "ltr" : "auto"} safe>
          {value}
        </div>
      ))}
    </>
  );
}

/** What this version changes against what devices have. */
export function ChangesCard(props: { ctx: PageContext; changes: Changes }): JSX.Element {
  const { ctx, changes } = props;
  const { t } = ctx;
  const title = t("changes.title", {
    version: changes.version,
    code: formatNumber(ctx.locale, changes.code),
  });
  const isText = ({ what }: Change) => what === "name" || what === "summary";
  return (
    <Card title={title} flush>
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
              row === "size" ? (
                <Bytes ctx={ctx} value={changes.sizeBefore} />
              ) : (
                <Values values={row.before} mono={!isText(row)} />
              ),
          },
          {
            header: t("changes.after"),
            cell: (row) =>
              row === "size" ? (
                <Bytes ctx={ctx} value={changes.sizeAfter} />
              ) : (
                <Values values={row.after} mono={!isText(row)} />
              ),
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
          { header: t("changes.name"), cell: ({ name }) => words(name) },
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
