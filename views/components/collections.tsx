/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { AppIcon } from "./app-icon.tsx";
import { Badge } from "./badge.tsx";
import { AppFacts, type StoreApp, StoreCard } from "./store-front.tsx";

/** A collection as a visitor meets it. */
export type CollectionHead = {
  readonly id: string;
  readonly name: string;
  /** The language that the name is in, where it is not the page's. */
  readonly language: string | null;
  readonly description: string | null;
  readonly href: string;
};

export type CollectionRowProps = {
  readonly collection: CollectionHead;
  /** The first of its apps. */
  readonly apps: readonly StoreApp[];
  /** There are others in it. */
  readonly hasMore: boolean;
};

/** A featured app, with the first of its screenshots. */
export type FeaturedApp = StoreApp & {
  readonly picture: {
    /** From the smallest to the largest. */
    readonly sizes: readonly { readonly src: string; readonly widthPx: number; readonly heightPx: number }[];
  } | null;
};

/** Title, a sentence, and where all of it is. */
function RowHead(props: {
  ctx: PageContext;
  id: string;
  collection: CollectionHead;
  hasMore: boolean;
}): JSX.Element {
  const { ctx, id, collection, hasMore } = props;
  const { name, language, description, href } = collection;
  return (
    <div class="section-head">
      <div>
        <h2 id={id} lang={language ?? undefined} dir="auto" safe>
          {name}
        </h2>
        {description !== null && (
          <p class="muted" dir="auto" safe>
            {description}
          </p>
        )}
      </div>
      {hasMore && (
        <a href={href}>
          <span safe>{ctx.t("collections.all_apps")}</span>{" "}
          <span class="visually-hidden" safe>
            {name}
          </span>
        </a>
      )}
    </div>
  );
}

/** A collection in one row, which goes on sideways. */
export function CollectionRow(props: { ctx: PageContext } & CollectionRowProps): JSX.Element {
  const { ctx, collection, apps, hasMore } = props;
  const id = `collection-${collection.id}`;
  return (
    <section class="stack" aria-labelledby={id}>
      <RowHead ctx={ctx} id={id} collection={collection} hasMore={hasMore} />
      <div class="store-row">
        {apps.map((app) => (
          <StoreCard ctx={ctx} app={app} titleLevel={3} />
        ))}
      </div>
    </section>
  );
}

/** The featured apps, each on a larger card. */
export function Featured(props: {
  ctx: PageContext;
  collection: CollectionHead;
  apps: readonly FeaturedApp[];
}): JSX.Element {
  const { ctx, collection, apps } = props;
  const id = `collection-${collection.id}`;
  return (
    <section class="stack" aria-labelledby={id}>
      <RowHead ctx={ctx} id={id} collection={collection} hasMore={false} />
      <div class="featured-grid">
        {apps.map((app) => (
          <FeaturedCard ctx={ctx} app={app} />
        ))}
      </div>
    </section>
  );
}

/** How wide a picture is drawn, by the window: what the browser chooses a size by before it knows the layout. */
const DRAWN = {
  wide: "(min-width: 1000px) 600px, 100vw",
  tall: "(min-width: 600px) 260px, 44vw",
} as const;

/** A wide picture fills the card's upper part; a tall one, of a telephone, stands in it from its own upper edge on. */
function FeaturedPicture(props: { sizes: NonNullable<FeaturedApp["picture"]>["sizes"] }): JSX.Element {
  const [small, ...larger] = props.sizes;
  if (small === undefined) return <></>;
  const shape = small.heightPx > small.widthPx ? "tall" : "wide";
  const offered = [small, ...larger].filter(
    ({ widthPx }, at, all) => all.findIndex((one) => one.widthPx === widthPx) === at,
  );
  return (
    <div class={["featured-picture", `is-${shape}`]}>
      <img
        src={(larger[0] ?? small).src}
        srcset={offered.map(({ src, widthPx }) => `${src} ${widthPx}w`).join(", ")}
        {...{ sizes: DRAWN[shape] }}
        alt=""
        width={small.widthPx}
        height={small.heightPx}
        loading="lazy"
        decoding="async"
      />
    </div>
  );
}

function FeaturedCard(props: { ctx: PageContext; app: FeaturedApp }): JSX.Element {
  const { ctx, app } = props;
  const sizes = app.picture?.sizes ?? [];
  return (
    <article class="featured-card whole-link">
      {sizes.length === 0 ? (
        <div class="featured-plain" aria-hidden="true">
          <AppIcon src={app.iconUrl} name={app.name} seed={app.id} size="l" />
        </div>
      ) : (
        <FeaturedPicture sizes={sizes} />
      )}
      <div class="featured-words">
        {sizes.length > 0 && <AppIcon src={app.iconUrl} name={app.name} seed={app.id} />}
        <div>
          <h3 dir="auto">
            <a href={app.href} safe>
              {app.name}
            </a>
          </h3>
          {!!app.summary && (
            <p class="summary" dir="auto" safe>
              {app.summary}
            </p>
          )}
          <AppFacts ctx={ctx} app={app} />
        </div>
      </div>
    </article>
  );
}

const SHOWING_TONES = { draft: "neutral", scheduled: "accent", shown: "good", ended: "warn" } as const;
export type Showing = keyof typeof SHOWING_TONES;

/** Whether visitors meet a collection. */
export function ShowingBadge(props: { ctx: PageContext; showing: Showing }): JSX.Element {
  const { ctx, showing } = props;
  return (
    <Badge
      tone={SHOWING_TONES[showing]}
      hollow={showing === "draft"}
      label={ctx.t(`collections.showing_${showing}`)}
    />
  );
}
