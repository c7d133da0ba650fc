/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { Ticks } from "./field.tsx";

/** What the name of each checkbox begins with; the group's id follows. */
export const GROUP_FIELD = "in.";

export type GroupChoiceRow = { readonly id: string; readonly name: string; readonly in: boolean };

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
      options={groups.map((group) => ({ value: group.id, label: group.name, checked: group.in }))}
    />
  );
}
