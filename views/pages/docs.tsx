/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { NotFoundArt } from "../components/art.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty.tsx";
import { Icon } from "../components/icon.tsx";
import { LinkRow } from "../components/link-row.tsx";
import { SearchBox } from "../components/search-box.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext } from "../page.ts";

export type DocsNavGroup = {
  readonly title: string;
  /** That its pages are shown at once: those around the page that is read. */
  readonly open: boolean;
  readonly items: readonly { readonly title: string; readonly href: string }[];
};

export type DocsHit = { readonly title: string; readonly href: string; readonly excerpt: string };

export type DocsProps = {
  readonly nav: readonly DocsNavGroup[];
  readonly title: string;
  readonly lead: string | null;
  /** Rendered and sanitised by the server; it goes into the page as it is. Without its first heading. */
  readonly safeHtml: string;
  /** What a long page has, to go to; empty for a short one. */
  readonly sections: readonly { readonly id: string; readonly title: string }[];
  /** The same as Markdown; null for results. */
  readonly markdownHref: string | null;
  /** What was searched for; null when the page itself is read. */
  readonly query: string | null;
  readonly hits: readonly DocsHit[];
};

/** The documentation is in English, whatever the language of what stands around it. */
const ENGLISH = { lang: "en", dir: "ltr" } as const;

function Hits(props: { ctx: PageContext; query: string; hits: readonly DocsHit[] }): JSX.Element {
  const { ctx, query, hits } = props;
  return (
    <>
      <PageHead ctx={ctx} title={ctx.t("docs.results", { count: hits.length, query })} />
      <Card flush>
        {hits.length === 0 ? (
          <EmptyState art={<NotFoundArt />} sentence={ctx.t("docs.no_results")} />
        ) : (
          <ul class="list">
            {hits.map((hit) => (
              <LinkRow ctx={ctx} href={hit.href} title={hit.title} named>
                <br />
                <bdi class="meta" lang={ENGLISH.lang} safe>
                  {hit.excerpt}
                </bdi>
              </LinkRow>
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}

function Sections(props: { ctx: PageContext; sections: DocsProps["sections"] }): JSX.Element {
  if (props.sections.length === 0) return <></>;
  return (
    <details class="docs-sections">
      <summary lang={props.ctx.locale} safe>
        {props.ctx.t("docs.sections")}
      </summary>
      <ul>
        {props.sections.map(({ id, title }) => (
          <li>
            <a href={`#${id}`} safe>
              {title}
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** What assets/js/code-blocks.js puts beside each code block of the page. */
function CopyTemplate(props: { ctx: PageContext }): JSX.Element {
  const { t } = props.ctx;
  return (
    <template data-copy-template>
      <button
        class="button is-secondary is-small"
        type="button"
        title={t("code.copy")}
        data-copy-block
        data-copied={t("code.copied")}
        data-failed={t("code.copy_failed")}
      >
        <Icon ctx={props.ctx} name="copy" />
        <span aria-live="polite" safe>
          {t("code.copy")}
        </span>
      </button>
    </template>
  );
}

/** `/docs`, `/docs/:path*` and `/docs/search?q=`. */
export function docsPage(ctx: PageContext, props: DocsProps): JSX.Element {
  const { t } = ctx;
  const { safeHtml, query } = props;
  return (
    <Page ctx={ctx} title={query === null ? props.title : t("docs.title")}>
      <div class="docs">
        <div class="docs-nav">
          <SearchBox
            ctx={ctx}
            id="docs-search"
            action="/docs/search"
            label={ctx.t("docs.search")}
            query={query}
            into="docs-content"
          />
          {/* Opens the list below on a narrow screen; on a wide one the list always stands there (docs.css). */}
          <details class="docs-menu">
            <summary class="nav-item">
              <Icon ctx={ctx} name="menu" />
              <span safe>{t("docs.menu")}</span>
            </summary>
          </details>
          <nav class="stack-s" aria-label={t("docs.nav")}>
            {props.nav.map((group) => (
              <details class="docs-group" lang={ENGLISH.lang} open={group.open}>
                <summary class="nav-title" safe>
                  {group.title}
                </summary>
                <ul class="nav-group">
                  {group.items.map((item) => (
                    <li>
                      <a
                        class="nav-item"
                        href={item.href}
                        aria-current={query === null && item.href === ctx.path ? "page" : undefined}
                        safe
                      >
                        {item.title}
                      </a>
                    </li>
                  ))}
                </ul>
              </details>
            ))}
          </nav>
        </div>
        <div class="stack" id="docs-content">
          {query === null ? (
            <>
              <div class="stack" {...ENGLISH}>
                <PageHead ctx={ctx} title={props.title} {...(props.lead !== null && { lead: props.lead })} />
                <Sections ctx={ctx} sections={props.sections} />
                <article class="prose">{safeHtml}</article>
              </div>
              <CopyTemplate ctx={ctx} />
              {props.markdownHref !== null && (
                <p class="meta">
                  <a href={props.markdownHref} hx-boost="false" safe>
                    {t("docs.markdown")}
                  </a>
                </p>
              )}
            </>
          ) : (
            <Hits ctx={ctx} query={query} hits={props.hits} />
          )}
        </div>
      </div>
    </Page>
  );
}
