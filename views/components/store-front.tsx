/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { AppIcon } from "./app-icon.tsx";
import { HeroArt } from "./art.tsx";

export type StoreApp = {
  readonly id: string;
  readonly name: string;
  readonly summary: string | null;
  readonly publisher: string;
  readonly version: string;
  readonly iconUrl: string | null;
  /** Page of the app; null while there is none that this visitor may see. */
  readonly href: string | null;
};

/** One app as the store front shows it. */
export function StoreCard(props: { ctx: PageContext; app: StoreApp }): JSX.Element {
  const { ctx, app } = props;
  return (
    <article class="store-card">
      <AppIcon src={app.iconUrl} name={app.name} seed={app.id} size="l" />
      <div>
        <h3 dir="auto">
          {app.href ? (
            <a href={app.href} safe>
              {app.name}
            </a>
          ) : (
            <span safe>{app.name}</span>
          )}
        </h3>
        {!!app.summary && (
          <p class="summary" dir="auto" safe>
            {app.summary}
          </p>
        )}
        <p class="meta publisher">
          <bdi class="clip" title={app.publisher} safe>
            {app.publisher}
          </bdi>
          <span class="clip" title={ctx.t("version.number", { version: app.version })} safe>
            {app.version}
          </span>
        </p>
      </div>
    </article>
  );
}

/** The first thing a visitor sees: whose store this is and what it is for. */
export function Hero(props: { title: string; lead: string; actions: JSX.Element }): JSX.Element {
  const { actions } = props;
  return (
    <section class="hero">
      <div class="hero-words">
        <h1 dir="auto" safe>
          {props.title}
        </h1>
        <p class="hero-lead" dir="auto" safe>
          {props.lead}
        </p>
        {actions}
      </div>
      <HeroArt />
    </section>
  );
}
