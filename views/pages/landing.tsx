/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { NoAppsArt } from "../components/art.tsx";
import { LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import {
  type CollectionHead,
  CollectionRow,
  type CollectionRowProps,
  Featured,
  type FeaturedApp,
} from "../components/collections.tsx";
import { EmptyState } from "../components/empty.tsx";
import { FoundApps, type FoundAppsProps } from "../components/found-apps.tsx";
import { SearchBox } from "../components/search-box.tsx";
import { About, Hero, type StoreApp, StoreGrid } from "../components/store-front.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext } from "../page.ts";

export type LandingProps = {
  /** What an administrator puts first; null: nothing that this visitor may see. */
  readonly featured: { readonly collection: CollectionHead; readonly apps: readonly FeaturedApp[] } | null;
  /** The first collections in which this visitor may see an app. */
  readonly collections: readonly CollectionRowProps[];
  /** There are more of them. */
  readonly hasMoreCollections: boolean;
  /** The administrator's own sentence about the store; null shows ours. */
  readonly tagline: { readonly text: string; readonly language: string | null } | null;
  /** What they say of it besides: markup that the server made and cleaned; "" for nothing. */
  readonly aboutHtml: string;
  readonly aboutLanguage: string | null;
  /** Who may make an account: everybody, or who has an address at these domains; null: who was invited. */
  readonly signUp: { readonly domains: readonly string[] | null } | null;
  /** Nobody who could invite anybody is there yet. */
  readonly needsSetup: boolean;
  /** Newest published apps that this visitor may see, newest first. */
  readonly apps: readonly StoreApp[];
  /** What devices fetched most, of the same, most first. */
  readonly mostInstalled: readonly StoreApp[];
  /** What was searched for stands in the place of all lists; null: nothing was. */
  readonly found: FoundAppsProps | null;
};

const ROWS = "store-front";

/** `/`: what this store is, and what is new in it. */
export function landingPage(ctx: PageContext, props: LandingProps): JSX.Element {
  const { t } = ctx;
  const { found } = props;
  const entrance = ctx.viewer
    ? { href: "/dashboard", label: t("landing.to_dashboard") }
    : { href: "/sign-in", label: t("landing.sign_in") };
  return (
    <Page ctx={ctx} title={found === null ? ctx.storeName : t("catalog.search_title", found.search)} front>
      <Hero
        title={ctx.storeName}
        logos={ctx.logos}
        lead={props.tagline?.text ?? t("landing.lead")}
        language={props.tagline?.language ?? null}
        {...(props.apps.length === 0
          ? {}
          : {
              search: (
                <SearchBox
                  ctx={ctx}
                  id="store-search"
                  action="/catalog"
                  label={t("catalog.search")}
                  query={found?.search.query ?? null}
                  live="/"
                  into={ROWS}
                />
              ),
            })}
        actions={
          <div class="row">
            <LinkButton ctx={ctx} href={entrance.href} label={entrance.label} kind="primary" />
            {ctx.viewer === null && props.signUp !== null ? (
              <LinkButton ctx={ctx} href="/sign-up" label={t("sign_up.title")} />
            ) : (
              <LinkButton ctx={ctx} href="/docs" label={t("landing.docs")} />
            )}
          </div>
        }
        note={ctx.viewer === null ? entryWords(ctx, props) : null}
      />
      <div id={ROWS} class="front-rows">
        {found === null ? (
          <Rows ctx={ctx} {...props} />
        ) : (
          <section class="stack" aria-label={t("catalog.search_title", found.search)}>
            <FoundApps ctx={ctx} {...found} />
          </section>
        )}
      </div>
    </Page>
  );
}

/** The store's own lists, and what it says of itself. */
function Rows(props: LandingProps & { ctx: PageContext }): JSX.Element {
  const { ctx, aboutHtml: safeHtml } = props;
  const { t } = ctx;
  return (
    <>
      {props.featured !== null && <Featured ctx={ctx} {...props.featured} />}
      {props.collections.map((row) => (
        <CollectionRow ctx={ctx} {...row} />
      ))}
      {props.hasMoreCollections && (
        <p>
          <a href="/catalog/collections" safe>
            {t("collections.all")}
          </a>
        </p>
      )}
      <section class="stack" aria-labelledby="newest">
        <div class="section-head">
          <h2 id="newest" safe>
            {t("landing.newest")}
          </h2>
          {props.apps.length > 0 && (
            <a href="/catalog" safe>
              {t("landing.all")}
            </a>
          )}
        </div>
        {props.apps.length === 0 ? (
          <Card flush>
            <EmptyState art={<NoAppsArt />} title={t("landing.empty_title")} sentence={t("landing.empty")} />
          </Card>
        ) : (
          <StoreGrid ctx={ctx} apps={props.apps} titleLevel={3} />
        )}
      </section>
      {props.mostInstalled.length > 0 && (
        <section class="stack" aria-labelledby="most-installed">
          <div class="section-head">
            <h2 id="most-installed" safe>
              {t("landing.most_installed")}
            </h2>
          </div>
          <StoreGrid ctx={ctx} apps={props.mostInstalled} titleLevel={3} />
        </section>
      )}
      <About ctx={ctx} safeHtml={safeHtml} language={props.aboutLanguage} />
    </>
  );
}

/** How a visitor comes to an account. */
function entryWords(
  ctx: PageContext,
  { signUp, needsSetup }: Pick<LandingProps, "signUp" | "needsSetup">,
): string | null {
  if (needsSetup) return ctx.t("landing.needs_setup");
  if (signUp === null) return ctx.t("sign_in.by_invitation");
  const { domains } = signUp;
  return domains === null ? null : ctx.t("landing.domains", { domains: domains.slice(0, 5).join(", ") });
}
