/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { LogoSizes, StoreLogos } from "../page.ts";
import { Mark } from "./art.tsx";

/** How high it stands, in pixels: beside the store's name, and above its words on the first page. */
const HEIGHTS = { brand: 24, hero: 56 } as const;

/** The smallest that is sharp on a screen of two pixels for one, or the largest. */
function sizeFor(sizes: LogoSizes, heightPx: number): LogoSizes[number] | undefined {
  return sizes.find((size) => size.heightPx >= 2 * heightPx) ?? sizes.at(-1);
}

function LogoImage(props: { sizes: LogoSizes; heightPx: number; side: string | false }): JSX.Element {
  const size = sizeFor(props.sizes, props.heightPx);
  if (size === undefined) return <></>;
  const width = Math.round((props.heightPx * size.widthPx) / size.heightPx);
  return (
    <img
      class={["logo", props.side]}
      src={size.src}
      alt=""
      width={String(width)}
      height={String(props.heightPx)}
      decoding="async"
    />
  );
}

export const hasLogo = (logos: StoreLogos | null | undefined): logos is StoreLogos =>
  !!logos && (logos.light.length > 0 || logos.dark.length > 0);

/**
 * The store's logo, in each theme the one for it; without one for dark pages that for light ones, and without that Mosis's mark. The
 * name stands beside it, so it is decoration.
 */
export function StoreLogo(props: {
  logos: StoreLogos | null | undefined;
  place: "brand" | "hero";
}): JSX.Element {
  const { logos, place } = props;
  if (!hasLogo(logos)) return place === "brand" ? <Mark /> : <></>;
  const heightPx = HEIGHTS[place];
  const { light, dark } = logos;
  if (dark.length === 0) return <LogoImage sizes={light} heightPx={heightPx} side={false} />;
  return (
    <>
      {light.length > 0 ? (
        <LogoImage sizes={light} heightPx={heightPx} side="for-light" />
      ) : (
        <Mark side="for-light" />
      )}
      <LogoImage sizes={dark} heightPx={heightPx} side="for-dark" />
    </>
  );
}

/** Of a logo that is about as wide as high, what stands for the store in a browser's tab; null: none. */
export function faviconOf(logos: StoreLogos | null | undefined): string | null {
  const [smallest] = logos?.light ?? [];
  if (smallest === undefined) return null;
  const { widthPx, heightPx } = smallest;
  return Math.max(widthPx, heightPx) <= 1.25 * Math.min(widthPx, heightPx) ? smallest.src : null;
}
