/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
/** Columns that many tables have. */
import { Html } from "@kitajs/html";
import { formatNumber } from "../format.ts";
import type { PageContext } from "../page.ts";
import type { Column } from "./table.tsx";
import { DateOf, Time } from "./text.tsx";

export const timeColumn = <Row,>(ctx: PageContext, header: string, at: (row: Row) => Date): Column<Row> => ({
  header,
  end: true,
  tight: true,
  cell: (row) => <Time ctx={ctx} at={at(row)} />,
});

/** Below a header that says until, since or from. */
export const dateColumn = <Row,>(ctx: PageContext, header: string, at: (row: Row) => Date): Column<Row> => ({
  header,
  end: true,
  tight: true,
  cell: (row) => <DateOf ctx={ctx} at={at(row)} />,
});

export const numberColumn = <Row,>(
  ctx: PageContext,
  header: string,
  value: (row: Row) => number,
): Column<Row> => ({
  header,
  end: true,
  tight: true,
  cell: (row) => <span safe>{formatNumber(ctx.locale, value(row))}</span>,
});

/** What can be done with a row; its name is only for those who hear the table. */
export const actionsColumn = <Row,>(ctx: PageContext, cell: (row: Row) => JSX.Element): Column<Row> => ({
  header: ctx.t("column.actions"),
  quiet: true,
  end: true,
  tight: true,
  cell,
});
