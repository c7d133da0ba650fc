/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";

export type Screenshot = {
  readonly src: string;
  readonly alt: string;
  /** Null: for every locale. */
  readonly locale: string | null;
  readonly widthPx: number;
  readonly heightPx: number;
};

/** Pictures of an app, each with its words, and larger behind a link. */
export function Screenshots(props: { screenshots: readonly Screenshot[] }): JSX.Element {
  return (
    <div class="screenshots">
      {props.screenshots.map(({ src, alt, locale, widthPx, heightPx }) => (
        <figure>
          <a href={src} hx-boost="false">
            <img src={src} alt={alt} width={widthPx} height={heightPx} loading="lazy" decoding="async" />
          </a>
          <figcaption class="meta" dir="auto" safe>
            {locale === null ? alt : `${alt} (${locale})`}
          </figcaption>
        </figure>
      ))}
    </div>
  );
}
