/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { PostButton } from "./button.tsx";

/** The id of the row of a thing in a list that is put in order: where its page goes on after a move. */
export function rowId(id: string): string {
  return `row-${id}`;
}

/** Puts a thing of a list one place earlier or later; the focus stays with it. */
export function MoveButtons(props: {
  ctx: PageContext;
  /** Of the thing, in the list. */
  id: string;
  name: string;
  /** 1 is the first. */
  place: number;
  last: number;
  action: string;
  revision: number;
}): JSX.Element {
  const { ctx, id, name, place, last, action, revision } = props;
  const [earlier, later] = [`${rowId(id)}-earlier`, `${rowId(id)}-later`];
  const common = { ctx, action, revision, context: name, kind: "ghost", small: true } as const;
  return (
    <>
      {place > 1 && (
        <PostButton
          {...common}
          id={earlier}
          focusNext={later}
          hidden={{ place: String(place - 1) }}
          label={ctx.t("categories.earlier")}
          icon="move-up"
        />
      )}
      {place < last && (
        <PostButton
          {...common}
          id={later}
          focusNext={earlier}
          hidden={{ place: String(place + 1) }}
          label={ctx.t("categories.later")}
          icon="move-down"
        />
      )}
    </>
  );
}
