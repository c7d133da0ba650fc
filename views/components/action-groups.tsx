/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { ActionGroup } from "../../src/accounts/action-groups.ts";
import type { Words } from "../../src/say.ts";
import type { PageContext } from "../page.ts";
import { Ticks } from "./field.tsx";

/** An action of the table of rights, in words. */
export type ActionWords = {
  readonly name: string;
  readonly group: ActionGroup;
  readonly meaning: Words;
};

/** Each group that has any of them, in their order. */
function grouped(actions: readonly ActionWords[]) {
  return [...Map.groupBy(actions, ({ group }) => group)];
}

/** A checkbox for each of them, whose name is `prefix` and the action; a group is open where something of it is chosen. */
export function ActionTicks(props: {
  ctx: PageContext;
  legend: string;
  prefix: string;
  actions: readonly ActionWords[];
  chosen: readonly string[];
}): JSX.Element {
  const { ctx, legend, prefix, actions, chosen } = props;
  return (
    <div class="action-groups" role="group" aria-label={legend}>
      {grouped(actions).map(([group, own]) => (
        <details class="more" open={own.some(({ name }) => chosen.includes(name))}>
          <summary safe>{ctx.t(`actions.${group}`)}</summary>
          <Ticks
            ctx={ctx}
            legend={ctx.t(`actions.${group}`)}
            isNamedAbove
            prefix={prefix}
            options={own.map(({ name, meaning }) => ({
              value: name,
              label: ctx.say(meaning),
              hint: name,
              checked: chosen.includes(name),
            }))}
          />
        </details>
      ))}
    </div>
  );
}

/** What somebody or something may, to read. */
export function ActionList(props: { ctx: PageContext; actions: readonly ActionWords[] }): JSX.Element {
  const { ctx, actions } = props;
  return (
    <div class="action-groups">
      {grouped(actions).map(([group, own]) => (
        <section>
          <h3 class="label" safe>
            {ctx.t(`actions.${group}`)}
          </h3>
          <ul>
            {own.map(({ name, meaning }) => (
              <li>
                <span safe>{ctx.say(meaning)}</span>{" "}
                <code class="meta" safe>
                  {name}
                </code>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
