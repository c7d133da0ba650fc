/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";

export type Sorting = {
  /** Address of the list, without a query. */
  readonly path: string;
  /** Null: by id. */
  readonly current: "newest" | "updated" | "installs" | null;
};

const SORTS = [
  { sort: null, words: "catalog.app_id" },
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
              href={sort === null ? sorting.path : `${sorting.path}?sort=${sort}`}
              aria-current={sort === sorting.current ? "true" : undefined}
              safe
            >
              {ctx.t(words)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
