/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";

export type Sorting = {
  /** Address of the list, without a query. */
  readonly path: string;
  /** Null: in the list's own order. */
  readonly current: "newest" | "updated" | "installs" | null;
  /** What that is: without it by ids, which say nothing to most people. */
  readonly own?: "arranged";
};

/** What an address is followed by, so that the order holds there, too. */
export function sortQuery(order: Sorting["current"] | undefined): string {
  return order ? `?sort=${order}` : "";
}

/** The same with what is searched for: once nothing is any more, the order holds again. */
export function searchQuery(query: string, order?: Sorting["current"] | undefined): string {
  return `?${new URLSearchParams({ q: query, ...(order ? { sort: order } : {}) })}`;
}

const SORTS = [
  { sort: null, words: null },
  { sort: "newest", words: "sort.newest" },
  { sort: "updated", words: "sort.updated" },
  { sort: "installs", words: "sort.installs" },
] as const;

/** In which orders a list of the store can be had: each begins it anew. */
export function SortLinks(props: { ctx: PageContext; sorting: Sorting }): JSX.Element {
  const { ctx, sorting } = props;
  const id = `sort-label-${sorting.current ?? "id"}`;
  return (
    <nav class="sort-links" aria-labelledby={id}>
      <span class="meta" id={id} safe>
        {ctx.t("sort.label")}
      </span>
      <ul>
        {SORTS.map(({ sort, words }) => (
          <li>
            <a
              href={`${sorting.path}${sortQuery(sort)}`}
              aria-current={sort === sorting.current ? "true" : undefined}
              safe
            >
              {ctx.t(words ?? (sorting.own === "arranged" ? "sort.arranged" : "sort.usual"))}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
