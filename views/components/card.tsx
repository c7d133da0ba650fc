/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { type Children, Html, type PropsWithChildren } from "@kitajs/html";
import type { PageContext, WrittenIn } from "../page.ts";
import { Count } from "./text.tsx";

/** A surface with an optional heading. `flush` leaves out the padding, for tables and lists. */
export function Card(
  props: PropsWithChildren<{
    title?: string;
    /** Where the title is in another language than the page. */
    titleIn?: WrittenIn;
    /** A number beside the title; needs `ctx`. */
    count?: { ctx: PageContext; value: number };
    actions?: Children;
    flush?: boolean;
    id?: string;
  }>,
): JSX.Element {
  const { actions, children } = props;
  return (
    <section class="card" id={props.id}>
      {!!props.title && (
        <div class="card-head">
          <h2>
            <span lang={props.titleIn?.lang} dir={props.titleIn?.dir} safe>
              {props.title}
            </span>
            {!!props.count && <Count {...props.count} />}
          </h2>
          {actions}
        </div>
      )}
      {props.flush ? children : <div class="card-body">{children}</div>}
    </section>
  );
}

/** Names and values. The values are elements, so that each is escaped where it is made. */
export function Facts(props: {
  wide?: boolean;
  /** Side by side, for a few facts across a page. */
  strip?: boolean;
  items: readonly {
    term: string;
    value: JSX.Element;
    /** The value is long (a digest): it stands below its name. */
    long?: boolean;
  }[];
}): JSX.Element {
  return (
    <dl class={["facts", props.wide && "is-wide", props.strip && "is-strip"]}>
      {props.items.map(({ term, value, long }) => (
        <div class={[long && "is-long"]}>
          <dt safe>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
