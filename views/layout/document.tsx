/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from "@kitajs/html";
import { LeaveQuestion } from "../components/leave-question.tsx";
import { Toast } from "../components/notice.tsx";
import { faviconOf } from "../components/store-logo.tsx";
import type { PageContext } from "../page.ts";

/**
 * htmx's settings, as data: it adds no stylesheet of its own and never asks another origin. Answers with an error
 * status are swapped as well, so error pages are shown as they are without script.
 */
const HTMX_CONFIG = JSON.stringify({
  includeIndicatorCSS: false,
  mode: "same-origin",
  transitions: false,
  // A store that is started anew is back in a few seconds.
  sse: { reconnectDelay: 1000, reconnectMaxDelay: 15_000 },
});

/** The whole document. Nothing is inline: it holds under `Content-Security-Policy: default-src 'self'`. */
export function Document(props: PropsWithChildren<{ ctx: PageContext; title: string }>): JSX.Element {
  const { ctx, children } = props;
  const favicon = faviconOf(ctx.logos);
  const title = props.title === ctx.storeName ? ctx.storeName : `${props.title} · ${ctx.storeName}`;
  return (
    <>
      {"<!doctype html>"}
      <html lang={ctx.locale} dir={ctx.dir} data-theme={ctx.theme ?? undefined}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="htmx-config" content={HTMX_CONFIG} />
          <title safe>{title}</title>
          <link
            rel="preload"
            href={ctx.assetUrl("inter.woff2")}
            as="font"
            type="font/woff2"
            crossorigin="anonymous"
          />
          <link rel="stylesheet" href={ctx.assetUrl("app.css")} />
          {!!ctx.accent && <link rel="stylesheet" href={ctx.assetUrl(`accent-${ctx.accent.slice(1)}.css`)} />}
          {favicon === null ? (
            <link
              rel="icon"
              href={ctx.assetUrl(ctx.accent ? `accent-${ctx.accent.slice(1)}.svg` : "favicon.svg")}
              type="image/svg+xml"
            />
          ) : (
            <link rel="icon" href={favicon} type="image/png" />
          )}
          <script src={ctx.assetUrl("htmx.js")} defer></script>
          <script src={ctx.assetUrl("app.js")} defer></script>
        </head>
        <body hx-boost:inherited="true">
          <a class="skip-link" href="#main" safe>
            {ctx.t("skip")}
          </a>
          {children}
          <p class="connection" role="status" data-connection hidden safe>
            {ctx.t("connection.lost")}
          </p>
          <LeaveQuestion ctx={ctx} />
          {ctx.flash && <Toast ctx={ctx} code={ctx.flash} />}
        </body>
      </html>
    </>
  );
}
