/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";

/** A stable number from 0 to 7 for a name: FNV-1a, 32 bits. */
function hueOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % 8;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** First letter (grapheme) of a name, in upper case. */
function initial(name: string): string {
  const [first] = graphemes.segment(name.trim());
  return (first?.segment ?? "·").toLocaleUpperCase();
}

function Monogram(props: { name: string; class: (string | false | undefined)[]; seed: string }): JSX.Element {
  return (
    <svg class={[...props.class, `hue-${hueOf(props.seed)}`]} viewBox="0 0 40 40" aria-hidden="true">
      <rect width="40" height="40" />
      <text x="20" y="27" text-anchor="middle" safe>
        {initial(props.name)}
      </text>
    </svg>
  );
}

/** An app's icon, or its initial on a colour of its own. The name always stands beside it, so it is decoration. */
export function AppIcon(props: {
  src: string | null;
  name: string;
  /** The app's id: what the colour is made from, so that it stays when the name changes. */
  seed: string;
  size?: "s" | "m" | "l";
}): JSX.Element {
  const size = props.size ?? "m";
  const classes = ["app-icon", size !== "m" && `is-${size}`];
  if (props.src === null) return <Monogram name={props.name} seed={props.seed} class={classes} />;
  const pixels = { s: "28", m: "40", l: "64" }[size];
  const small = props.src.replace(/\/192\.png$/, "/96.png");
  return (
    <img
      class={classes}
      src={small}
      srcset={size === "l" && small !== props.src ? `${props.src} 2x` : undefined}
      alt=""
      width={pixels}
      height={pixels}
      loading="lazy"
      decoding="async"
    />
  );
}

/** A person's initial. */
export function Avatar(props: { name: string; seed: string }): JSX.Element {
  return <Monogram name={props.name} seed={props.seed} class={["avatar"]} />;
}
