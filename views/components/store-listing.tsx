/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
/** What the store says of an app, as its page and the preview beside its form show it. */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";

export const LINK_KINDS = ["homepage", "source", "issues", "support", "privacy"] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

export type ListingLinks = readonly { readonly kind: LinkKind; readonly href: string }[];

/** Several lines of text that was Markdown. `safeHtml` is markup that the server made and cleaned. */
export function Prose(props: {
  safeHtml: string;
  /** Its tag, where it is known. */
  language?: string;
}): JSX.Element {
  const { safeHtml, language } = props;
  return (
    <div class="prose" lang={language} dir="auto">
      {safeHtml}
    </div>
  );
}

export function Tags(props: { ctx: PageContext; tags: readonly string[] }): JSX.Element {
  const { ctx, tags } = props;
  if (tags.length === 0) return <></>;
  return (
    <ul class="tags" aria-label={ctx.t("store_listing.tags")}>
      {tags.map((tag) => (
        <li>
          <a href={`/catalog?q=${encodeURIComponent(tag)}`} dir="auto" safe>
            {tag}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Where else there is something of the app; each says to which host it leads. */
export function Links(props: { ctx: PageContext; links: ListingLinks }): JSX.Element {
  const { ctx, links } = props;
  return (
    <ul class="stack-s">
      {links.map(({ kind, href }) => (
        <li>
          <a href={href} rel="nofollow noopener noreferrer ugc" hx-boost="false" safe>
            {ctx.t(`store_listing.link.${kind}`)}
          </a>
          <br />
          <span class="meta" dir="ltr" safe>
            {URL.parse(href)?.hostname ?? ""}
          </span>
        </li>
      ))}
    </ul>
  );
}
