/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { formatFigure, formatNumber } from "../format.ts";
import type { PageContext } from "../page.ts";

const WIDTH = 72;
const HEIGHT = 24;

/** Points of a polyline through the values, scaled to the box with a pixel of air. */
function sparkPoints(values: readonly number[]): string {
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  return values
    .map((value, index) => {
      const x = 1 + (index * (WIDTH - 2)) / Math.max(1, values.length - 1);
      const y = HEIGHT - 1 - ((value - low) * (HEIGHT - 2)) / span;
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}

/** A figure with its name, a link when it leads somewhere, and the course it took when that is known. */
export function Stat(props: {
  ctx: PageContext;
  label: string;
  value: number;
  /** Counting stopped there: it may be more. */
  most?: number;
  href?: string;
  trend?: readonly number[];
}): JSX.Element {
  const inner = (
    <>
      <span class="stat-label" safe>
        {props.label}
      </span>
      <span class="stat-figure">
        <span title={formatNumber(props.ctx.locale, props.value)} safe>
          {props.most !== undefined && props.value >= props.most
            ? props.ctx.t("notifications.more_than", { number: formatFigure(props.ctx.locale, props.value) })
            : formatFigure(props.ctx.locale, props.value)}
        </span>
        {props.trend && props.trend.length > 1 && (
          <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
            <polyline points={sparkPoints(props.trend)} />
          </svg>
        )}
      </span>
    </>
  );
  return props.href ? (
    <a class="stat" href={props.href}>
      {inner}
    </a>
  ) : (
    <div class="stat">{inner}</div>
  );
}
