/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";

export type PictureSize = {
  readonly src: string;
  readonly widthPx: number;
  readonly heightPx: number;
};

export type Screenshot = {
  readonly alt: string;
  /** Null: for every locale. */
  readonly locale: string | null;
  /** Whether its sizes are there, are still to be made, or cannot be. */
  readonly state: "ready" | "waiting" | "unreadable";
  /** From the smallest to the largest; none unless it is ready. */
  readonly sizes: readonly PictureSize[];
};

/** What stands in the place of a picture that is not there yet, or never will be. */
export function NoPicture(props: { ctx: PageContext; state: "waiting" | "unreadable" }): JSX.Element {
  const { t } = props.ctx;
  return (
    <div class={["no-picture", props.state === "waiting" && "is-waiting"]}>
      <span safe>{t(props.state === "waiting" ? "picture.waiting" : "picture.unreadable")}</span>
    </div>
  );
}

/** A picture, and for screens of more pixels the next larger size of it. */
export function Picture(props: { sizes: readonly PictureSize[]; alt: string }): JSX.Element {
  const [small] = props.sizes;
  if (small === undefined) return <></>;
  const larger = props.sizes[1];
  return (
    <img
      src={small.src}
      srcset={larger === undefined ? undefined : `${larger.src} 2x`}
      alt={props.alt}
      width={small.widthPx}
      height={small.heightPx}
      loading="lazy"
      decoding="async"
    />
  );
}

/** Pictures of an app in a strip, each with its words, and large behind a link: the links are what keys move along. */
export function Screenshots(props: {
  ctx: PageContext;
  screenshots: readonly Screenshot[];
  label?: string;
}): JSX.Element {
  const { ctx } = props;
  return (
    <ul class="screenshots" aria-label={props.label ?? ctx.t("catalog.screenshots")}>
      {props.screenshots.map(({ alt, locale, state, sizes }) => (
        <li>
          <figure>
            {state === "ready" ? (
              <a href={sizes.at(-1)?.src ?? ""} hx-boost="false">
                <Picture sizes={sizes} alt={alt} />
              </a>
            ) : (
              <NoPicture ctx={ctx} state={state} />
            )}
            <figcaption class="meta" dir="auto" safe>
              {locale === null ? alt : `${alt} (${locale})`}
            </figcaption>
          </figure>
        </li>
      ))}
    </ul>
  );
}
