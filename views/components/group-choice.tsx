/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { Ticks } from "./field.tsx";

/** What the name of each checkbox begins with; the group's id follows. */
export const GROUP_FIELD = "in.";

/** Stands in the place of the id of groups that are not named to who chooses: one checkbox for all of them. */
export const UNNAMED_GROUPS = "unnamed";

export type GroupChoiceRow = {
  readonly id: string;
  readonly name: string;
  readonly in: boolean;
  readonly hint?: string;
};

/** Groups of which any number can be chosen. */
export function GroupChoice(props: {
  ctx: PageContext;
  legend: string;
  hint?: string;
  groups: readonly GroupChoiceRow[];
}): JSX.Element {
  const { groups, ...words } = props;
  return (
    <Ticks
      {...words}
      prefix={GROUP_FIELD}
      options={groups.map(({ id, name, in: checked, hint }) => ({
        ...(hint === undefined ? {} : { hint }),
        value: id,
        label: name,
        checked,
      }))}
    />
  );
}
