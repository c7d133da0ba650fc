/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
/**
 * The drawings. One language: mosaic tiles of a round-cornered square, hairline paper, one accent. Colours come from
 * classes, so they follow the theme; nothing here is text or carries meaning on its own.
 */
import { Html } from "@kitajs/html";

/** The mark: four tiles, two whole and two that lean towards each other. Also the favicon (assets/icons/mark.svg). */
export function Mark(props: { side?: string }): JSX.Element {
  return (
    <svg class={["mark", props.side]} viewBox="0 0 32 32" aria-hidden="true">
      <rect class="mark-ground" width="32" height="32" rx="8" />
      <rect x="7" y="7" width="8" height="8" rx="2" />
      <path d="M17 9a2 2 0 0 1 2-2a6 6 0 0 1 6 6a2 2 0 0 1-2 2h-4a2 2 0 0 1-2-2z" fill-opacity=".62" />
      <path d="M7 19a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2a6 6 0 0 1-6-6z" fill-opacity=".62" />
      <circle cx="21" cy="21" r="4" />
    </svg>
  );
}

/** A tile with a glyph, placed by its corner; the glyph is drawn in a box of 24. */
function Tile(props: { x: number; y: number; size: number; tone: string; glyph?: string }): JSX.Element {
  const { x, y, size } = props;
  const scale = size / 48;
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect class={`a-${props.tone}`} width={String(size)} height={String(size)} rx={String(size * 0.235)} />
      {!!props.glyph && (
        <path
          class="a-glyph"
          d={props.glyph}
          transform={`translate(${12 * scale} ${12 * scale}) scale(${scale})`}
        />
      )}
    </g>
  );
}

const GLYPH = {
  sum: "M6 5h12M6 12h12M6 19h12",
  note: "M6 4h9l4 4v12H6zM10 12h5M10 16h5",
  weather: "M7 18a4 4 0 0 1 .5-8a5.5 5.5 0 0 1 10.5 1.6A3.4 3.4 0 0 1 17.5 18z",
  play: "M8 5l11 7-11 7z",
  chart: "M5 19V11M12 19V5M19 19v-6",
  chat: "M4 6h16v10h-9l-5 4v-4H4z",
  map: "M12 21c4-4.5 6-7.5 6-10.5a6 6 0 0 0-12 0C6 13.5 8 16.5 12 21zM12 11v.01",
  bolt: "M13 3L6 13h5l-1 8 8-11h-6z",
  heart: "M12 20C6 15.5 4 12.5 4 9.5A4 4 0 0 1 12 8a4 4 0 0 1 8 1.5c0 3-2 6-8 10.5z",
} as const;

/** The store as a wall of tiles: one more is about to take its place, signed. */
export function HeroArt(): JSX.Element {
  return (
    <svg class="art" viewBox="0 0 520 380" aria-hidden="true">
      <rect class="a-shade" x="20" y="24" width="480" height="332" rx="28" />
      <rect class="a-paper" x="86" y="52" width="252" height="284" rx="28" />
      <path class="a-line" d="M182 70h60" />
      <Tile x={112} y={92} size={60} tone="accent" glyph={GLYPH.sum} />
      <Tile x={182} y={92} size={60} tone="warm" glyph={GLYPH.note} />
      <Tile x={252} y={92} size={60} tone="sky" glyph={GLYPH.weather} />
      <Tile x={112} y={162} size={60} tone="fresh" glyph={GLYPH.chart} />
      <Tile x={182} y={162} size={60} tone="rose" glyph={GLYPH.heart} />
      <rect class="a-line a-dash" x="253" y="163" width="58" height="58" rx="14" />
      <Tile x={112} y={232} size={60} tone="sky" glyph={GLYPH.chat} />
      <Tile x={182} y={232} size={60} tone="accent" glyph={GLYPH.play} />
      <Tile x={252} y={232} size={60} tone="warm" glyph={GLYPH.map} />
      <path class="a-line" d="M182 316h60" />
      <path class="a-ink" d="M384 192H332m8-8l-8 8 8 8" />
      <g transform="translate(392 150) rotate(8 42 42)">
        <rect class="a-paper" x="-8" y="-8" width="100" height="100" rx="26" />
        <Tile x={0} y={0} size={84} tone="fresh" glyph={GLYPH.bolt} />
      </g>
      <circle class="a-accent" cx="478" cy="246" r="18" />
      <path class="a-check" d="M470 246l6 6 10-11" />
    </svg>
  );
}

/** No apps: an empty place in the mosaic. */
export function NoAppsArt(): JSX.Element {
  return (
    <svg class="art" viewBox="0 0 160 112" aria-hidden="true">
      <rect class="a-shade" x="22" y="12" width="40" height="40" rx="10" />
      <rect class="a-shade" x="22" y="60" width="40" height="40" rx="10" />
      <rect class="a-shade" x="98" y="12" width="40" height="40" rx="10" />
      <rect class="a-shade" x="98" y="60" width="40" height="40" rx="10" />
      <rect class="a-paper" x="52" y="28" width="56" height="56" rx="14" />
      <rect class="a-line a-dash" x="59" y="35" width="42" height="42" rx="9" />
      <path class="a-ink" d="M80 47v18M71 56h18" />
    </svg>
  );
}

/** The queue is empty: papers, all looked at. */
export function AllDoneArt(): JSX.Element {
  return (
    <svg class="art" viewBox="0 0 160 112" aria-hidden="true">
      <rect class="a-shade" x="30" y="22" width="76" height="78" rx="12" transform="rotate(-6 68 61)" />
      <rect class="a-paper" x="42" y="14" width="76" height="84" rx="12" />
      <rect class="a-soft" x="54" y="28" width="18" height="18" rx="5" />
      <path class="a-line" d="M80 33h26M80 41h16M54 60h52M54 70h52M54 80h30" />
      <circle class="a-fresh" cx="116" cy="84" r="19" />
      <path class="a-check" d="M107.5 84l6 6.5 11-12.5" />
    </svg>
  );
}

/** Nothing waits: a track with no cart. */
export function QuietArt(): JSX.Element {
  return (
    <svg class="art" viewBox="0 0 160 112" aria-hidden="true">
      <path class="a-line" d="M16 84H144" />
      <path class="a-line a-dash" d="M28 94H132" />
      <rect class="a-shade" x="26" y="52" width="30" height="30" rx="8" />
      <rect class="a-soft" x="65" y="52" width="30" height="30" rx="8" />
      <rect class="a-shade" x="104" y="52" width="30" height="30" rx="8" />
      <path class="a-ink" d="M73 67l5.5 5.5L88 61.5" />
      <path class="a-line" d="M80 18v14M60 24l6 11M100 24l-6 11" />
    </svg>
  );
}

/** Nothing found: a tile behind a lens. */
export function NotFoundArt(): JSX.Element {
  return (
    <svg class="art" viewBox="0 0 160 112" aria-hidden="true">
      <rect class="a-shade" x="20" y="18" width="34" height="34" rx="9" />
      <rect class="a-shade" x="20" y="60" width="34" height="34" rx="9" />
      <rect class="a-shade" x="62" y="60" width="34" height="34" rx="9" />
      <rect class="a-line a-dash" x="63" y="19" width="32" height="32" rx="8" />
      <circle class="a-paper" cx="97" cy="50" r="27" />
      <path class="a-ink" d="M117 70l21 21" />
      <path class="a-ink" d="M90 45a7.5 7.5 0 1 1 9.5 7.2c-1.7.6-2.5 1.6-2.5 3.3M97 62v.01" />
    </svg>
  );
}

/** Something broke: a cracked tile. */
export function BrokenArt(): JSX.Element {
  return (
    <svg class="art" viewBox="0 0 160 112" aria-hidden="true">
      <rect class="a-shade" x="20" y="60" width="34" height="34" rx="9" />
      <rect class="a-shade" x="106" y="18" width="34" height="34" rx="9" />
      <g transform="translate(52 26) rotate(-7 28 30)">
        <path class="a-soft" d="M14 0h18l-8 20 10 12-9 28H14A14 14 0 0 1 0 46V14A14 14 0 0 1 14 0z" />
      </g>
      <g transform="translate(58 28) rotate(9 28 30)">
        <path class="a-accent" d="M34 0h12a14 14 0 0 1 14 14v32a14 14 0 0 1-14 14H28l8-28-10-12z" />
      </g>
      <path class="a-line" d="M46 20l-7-8M40 30l-10-2M120 88l8 7M126 78l10 1" />
    </svg>
  );
}

/** A closed door, for what one may not see. */
export function ClosedArt(): JSX.Element {
  return (
    <svg class="art" viewBox="0 0 160 112" aria-hidden="true">
      <rect class="a-shade" x="24" y="34" width="34" height="34" rx="9" />
      <rect class="a-shade" x="102" y="34" width="34" height="34" rx="9" />
      <path class="a-line" d="M64 48V36a16 16 0 0 1 32 0v12" />
      <rect class="a-accent" x="52" y="46" width="56" height="50" rx="13" />
      <path class="a-check" d="M80 66v11" />
      <circle class="a-white" cx="80" cy="65" r="4.5" />
    </svg>
  );
}

/** A package to be dropped. */
export function PackageArt(): JSX.Element {
  return (
    <svg class="art" viewBox="0 0 64 64" aria-hidden="true">
      <rect class="a-paper" x="8" y="16" width="48" height="42" rx="11" />
      <rect class="a-soft" x="16" y="40" width="10" height="10" rx="3" />
      <rect class="a-shade" x="30" y="40" width="10" height="10" rx="3" />
      <path class="a-ink" d="M32 34V6m-9 9l9-9 9 9" />
    </svg>
  );
}
