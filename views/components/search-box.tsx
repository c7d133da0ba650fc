/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { Icon } from "./icon.tsx";
import { type Sorting, sortQuery } from "./sort-links.tsx";

/** More is no question, and is cut off. */
export const SEARCH_CHARACTERS = 100;

/** Of a field or a form that asks by itself, and whose answer fills the part `into` of the page; undefined: it does not. */
export function askedWhileTyping(href: string, into: string | undefined, trigger: string) {
  if (into === undefined) return {};
  return {
    "hx-get": href,
    "hx-trigger": trigger,
    // An answer that comes late does not stand over that of what was typed since.
    "hx-sync": "this:replace",
    "hx-target": `#${into}`,
    "hx-select": `#${into}`,
    "hx-swap": "outerHTML",
    "hx-replace-url": "true",
  };
}

/** Searches while one types, and by Enter without script: `action` answers with a page in which the part `into` is put in place. */
export function SearchBox(props: {
  ctx: PageContext;
  id: string;
  action: string;
  /** What is searched, as the label and the placeholder. */
  label: string;
  /** What was asked for. */
  query: string | null;
  /** The id of the part of the page that the answer fills; without it the answer is a page of its own, by Enter. */
  into?: string;
  /** The page that is asked while one types, where it is another than `action`. */
  live?: string;
  /** The order in which the list is without a search: it holds again once nothing is searched for. */
  sort?: Sorting["current"];
}): JSX.Element {
  const { ctx, id, action, label, query, into, sort = null } = props;
  const live = askedWhileTyping(
    `${props.live ?? action}${sortQuery(sort)}`,
    into,
    "input changed delay:200ms",
  );
  return (
    <form novalidate class="search" method="get" action={action} role="search" aria-label={label}>
      <Icon ctx={ctx} name="search" />
      <label class="visually-hidden" for={id} safe>
        {label}
      </label>
      <input
        class="input"
        id={id}
        type="search"
        name="q"
        value={query ?? ""}
        placeholder={label}
        maxlength={SEARCH_CHARACTERS}
        autocomplete="off"
        {...live}
      />
      {sort !== null && <input type="hidden" name="sort" value={sort} />}
    </form>
  );
}
