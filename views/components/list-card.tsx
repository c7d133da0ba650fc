/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { type Children, Html } from "@kitajs/html";
import type { PageContext, Pager } from "../page.ts";
import { Card } from "./card.tsx";
import { EmptyState } from "./empty.tsx";
import { type Column, PagerLinks, Table } from "./table.tsx";

/** A page of a list under its title; `none` is said in its place where nothing is in it, with a drawing and the next step where there is one. */
export function ListCard<Row>(props: {
  ctx: PageContext;
  title: string;
  none: string;
  art?: Children;
  step?: Children;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  pager: Pager;
}): JSX.Element {
  const { ctx, title, rows, art, step } = props;
  if (rows.length === 0) {
    return (
      <Card>
        <EmptyState
          sentence={props.none}
          {...(art === undefined ? {} : { art })}
          {...(step === undefined ? {} : { action: step })}
          small
        />
      </Card>
    );
  }
  return (
    <Card title={title} flush>
      <Table caption={title} rows={rows} columns={props.columns} />
      <PagerLinks ctx={ctx} pager={props.pager} />
    </Card>
  );
}
