/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from "@kitajs/html";
import type { PageContext, Pager } from "../page.ts";
import { LinkButton } from "./button.tsx";

export type Column<Row> = {
  readonly header: string;
  readonly cell: (row: Row) => JSX.Element;
  /** Numbers stand at the end, in tabular figures. */
  readonly end?: boolean;
  /** As narrow as its content. */
  readonly tight?: boolean;
  /** In a narrow card its value stands below its name, on the whole width: a fingerprint. */
  readonly long?: boolean;
  /** The header is for those who hear the table only (a column of actions). */
  readonly quiet?: boolean;
};

/**
 * A table whose first column names the row. In a narrow card each row becomes a small sheet; the roles are written
 * out because `display: block` would otherwise take them away.
 */
export function Table<Row>(props: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** Where the page is followed: a row is found again by it, so that what has the focus there keeps it when others come before. */
  rowId?: (row: Row) => string;
}): JSX.Element {
  const classes = (column: Column<Row>) => [
    column.end && "is-end",
    column.tight && "is-tight",
    column.long && "is-long",
  ];
  return (
    <table class="table" role="table">
      <caption class="visually-hidden" safe>
        {props.caption}
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          {props.columns.map((column) => (
            <th role="columnheader" scope="col" class={classes(column)}>
              {column.quiet ? (
                <span class="visually-hidden" safe>
                  {column.header}
                </span>
              ) : (
                <span safe>{column.header}</span>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {props.rows.map((row) => (
          <tr role="row" id={props.rowId?.(row)}>
            {props.columns.map((column, index) =>
              index === 0 ? (
                <th role="rowheader" scope="row" class={classes(column)}>
                  {column.cell(row)}
                </th>
              ) : (
                <td role="cell" class={classes(column)} data-label={column.quiet ? undefined : column.header}>
                  {column.cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What a row is of, by the name that people gave it; what is to be known besides stands below. */
export function RowName(props: PropsWithChildren<{ name: string; href?: string }>): JSX.Element {
  const { name, href, children } = props;
  const strong = (
    <strong dir="auto" safe>
      {name}
    </strong>
  );
  return (
    <div>
      {href === undefined ? strong : <a href={href}>{strong}</a>}
      {children}
    </div>
  );
}

/** Links to the neighbouring pages of a list; nothing when there is only one page. */
export function PagerLinks(props: { ctx: PageContext; pager: Pager }): JSX.Element {
  const { ctx, pager } = props;
  if (!pager.previousHref && !pager.nextHref) return <></>;
  return (
    <nav class="pager" aria-label={ctx.t("pager.label")}>
      <span>
        {!!pager.previousHref && (
          <LinkButton
            ctx={ctx}
            href={pager.previousHref}
            label={ctx.t("pager.previous")}
            icon="arrow-previous"
            small
          />
        )}
      </span>
      <span>
        {!!pager.nextHref && (
          <LinkButton
            ctx={ctx}
            href={pager.nextHref}
            label={ctx.t("pager.next")}
            icon="arrow-next"
            iconEnd
            small
          />
        )}
      </span>
    </nav>
  );
}
