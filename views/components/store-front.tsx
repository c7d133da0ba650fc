/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { type Children, Html } from "@kitajs/html";
import { formatFigure } from "../format.ts";
import type { PageContext, StoreLogos } from "../page.ts";
import { AppIcon } from "./app-icon.tsx";
import { HeroArt } from "./art.tsx";
import { Badge } from "./badge.tsx";
import { Icon } from "./icon.tsx";
import { Notice } from "./notice.tsx";
import { ShortRating } from "./ratings.tsx";
import { Prose } from "./store-listing.tsx";
import { StoreLogo } from "./store-logo.tsx";

export type StoreApp = {
  readonly id: string;
  readonly name: string;
  readonly summary: string | null;
  readonly publisher: string;
  /** Page of the publisher; null: this visitor meets none of its apps in a list. */
  readonly publisherHref: string | null;
  readonly version: string;
  readonly iconUrl: string | null;
  /** How often devices fetched it. */
  readonly installs: number;
  /** What those who have it say; null: nobody has, or the store has no ratings. */
  readonly rating: { readonly average: number; readonly count: number } | null;
  /** Page of the app. */
  readonly href: string;
  /** For whom it is, where that is not everyone; whoever is shown it is one of them. */
  readonly only: "signed-in" | "groups" | null;
  /** What its developers say against it; null: they do not. `instead`: an app that this visitor may see. */
  readonly deprecated: {
    readonly text: string;
    readonly instead: { readonly name: string; readonly href: string } | null;
  } | null;
};

const ONLY = {
  "signed-in": { icon: "account", words: "store_front.only_signed_in" },
  groups: { icon: "group", words: "store_front.only_groups" },
} as const;

/** Says for whom an app is that not everybody sees. */
export function OnlyFor(props: { ctx: PageContext; only: StoreApp["only"] }): JSX.Element {
  const { ctx, only } = props;
  if (only === null) return <></>;
  const { icon, words } = ONLY[only];
  return (
    <span class="only-for">
      <Icon ctx={ctx} name={icon} />
      <span safe>{ctx.t(words)}</span>
    </span>
  );
}

/** That an app's developers advise against it, and what they point to. */
export function DeprecatedNotice(props: {
  ctx: PageContext;
  deprecated: StoreApp["deprecated"];
}): JSX.Element {
  const { ctx, deprecated } = props;
  if (deprecated === null) return <></>;
  const { text, instead } = deprecated;
  return (
    <Notice ctx={ctx} tone="warn" title={ctx.t("store_front.deprecated_lead")}>
      <p dir="auto" safe>
        {text}
      </p>
      {instead !== null && (
        <p>
          <a href={instead.href} safe>
            {ctx.t("store_front.instead", { app: instead.name })}
          </a>
        </p>
      )}
    </Notice>
  );
}

/** In a few letters, however many they are. */
export function installsWords(ctx: PageContext, installs: number): string {
  return ctx.t("store_front.installs", { count: installs, number: formatFigure(ctx.locale, installs) });
}

/** Apps side by side; their names are headings of the given level. */
export function StoreGrid(props: {
  ctx: PageContext;
  apps: readonly StoreApp[];
  titleLevel: 2 | 3;
  /** All are of one publisher, whose name the page has for a title. */
  ofPublisher?: boolean;
}): JSX.Element {
  return (
    <div class="store-grid">
      {props.apps.map((app) => (
        <StoreCard ctx={props.ctx} app={app} titleLevel={props.titleLevel} ofPublisher={props.ofPublisher} />
      ))}
    </div>
  );
}

/** Who publishes an app, what is offered of it, and what is to be known besides, in short. */
export function AppFacts(props: {
  ctx: PageContext;
  app: StoreApp;
  ofPublisher?: boolean | undefined;
}): JSX.Element {
  const { ctx, app, ofPublisher = false } = props;
  return (
    <>
      <p class="meta publisher">
        {ofPublisher ? (
          <></>
        ) : app.publisherHref === null ? (
          <bdi class="clip" title={app.publisher} safe>
            {app.publisher}
          </bdi>
        ) : (
          <a class="clip own-link" href={app.publisherHref} title={app.publisher} dir="auto" safe>
            {app.publisher}
          </a>
        )}
        <bdi class="clip" title={ctx.t("version.number", { version: app.version })} safe>
          {app.version}
        </bdi>
      </p>
      {(app.installs > 0 || app.rating !== null) && (
        <p class="meta store-figures">
          {app.rating !== null && <ShortRating ctx={ctx} rating={app.rating} />}
          {app.installs > 0 && (
            <span title={ctx.t("store_front.installs_meaning")} safe>
              {installsWords(ctx, app.installs)}
            </span>
          )}
        </p>
      )}
      {(app.only !== null || app.deprecated !== null) && (
        <div class="store-marks">
          <OnlyFor ctx={ctx} only={app.only} />
          {app.deprecated !== null && <Badge tone="warn" label={ctx.t("store_front.deprecated")} />}
        </div>
      )}
    </>
  );
}

/** One app as the store front shows it. */
export function StoreCard(props: {
  ctx: PageContext;
  app: StoreApp;
  titleLevel?: 2 | 3;
  ofPublisher?: boolean | undefined;
}): JSX.Element {
  const { ctx, app, titleLevel = 3 } = props;
  const link = (
    <a href={app.href} safe>
      {app.name}
    </a>
  );
  return (
    <article class="store-card whole-link">
      <AppIcon src={app.iconUrl} name={app.name} seed={app.id} size="l" />
      <div>
        {titleLevel === 2 ? <h2 dir="auto">{link}</h2> : <h3 dir="auto">{link}</h3>}
        {!!app.summary && (
          <p class="summary" dir="auto" safe>
            {app.summary}
          </p>
        )}
        <AppFacts ctx={ctx} app={app} ofPublisher={props.ofPublisher} />
      </div>
    </article>
  );
}

/** The first thing a visitor sees: whose store this is and what it is for. */
export function Hero(props: {
  title: string;
  lead: string;
  /** Of the lead, where it is not the page's. */
  language?: string | null;
  titleLevel?: 1 | 3;
  /** Above the actions. */
  search?: Children;
  actions: JSX.Element;
  logos?: StoreLogos | null | undefined;
  /** Below the actions. */
  note?: string | null;
}): JSX.Element {
  const { search, actions, titleLevel = 1 } = props;
  const Title = titleLevel === 1 ? "h1" : "h3";
  return (
    <section class="hero">
      <div class="hero-words">
        <StoreLogo logos={props.logos} place="hero" />
        <Title class="hero-title" dir="auto" safe>
          {props.title}
        </Title>
        <p class="hero-lead" dir="auto" lang={props.language ?? undefined} safe>
          {props.lead}
        </p>
        {search}
        {actions}
        {!!props.note && (
          <p class="muted" safe>
            {props.note}
          </p>
        )}
      </div>
      <HeroArt />
    </section>
  );
}

/** What a store says of itself, below its apps. `safeHtml` is markup that the server made and cleaned; "" for none. */
export function About(props: {
  ctx: PageContext;
  safeHtml: string;
  language?: string | null;
  titleLevel?: 2 | 3;
}): JSX.Element {
  const { ctx, safeHtml, titleLevel = 2 } = props;
  const Title = titleLevel === 2 ? "h2" : "h3";
  if (safeHtml === "") return <></>;
  return (
    <section class="stack" aria-labelledby="about-store">
      <div class="section-head">
        <Title id="about-store" safe>
          {ctx.t("landing.about", { store: ctx.storeName })}
        </Title>
      </div>
      <div lang={props.language ?? undefined}>
        <Prose safeHtml={safeHtml} />
      </div>
    </section>
  );
}
