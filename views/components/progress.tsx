/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { formatNumber } from "../format.ts";
import type { PageContext } from "../page.ts";

/** How far a task is. `value` null means that it runs and nobody knows how long. */
export function Progress(props: {
  label: string;
  value: number | null;
  max: number;
  note?: string;
}): JSX.Element {
  return (
    <div class="progress">
      <p class="progress-line">
        <span safe>{props.label}</span>
        {!!props.note && (
          <span class="muted num" safe>
            {props.note}
          </span>
        )}
      </p>
      <progress
        aria-label={props.label}
        max={String(props.max)}
        value={props.value === null ? undefined : String(props.value)}
      />
    </div>
  );
}

/** How much of something is used, good below `high`. */
export function Meter(props: {
  ctx: PageContext;
  label: string;
  value: number;
  max: number;
  high: number;
  note?: string;
}): JSX.Element {
  const percent = props.max === 0 ? 0 : Math.round((100 * props.value) / props.max);
  return (
    <div class="progress">
      <p class="progress-line">
        <span safe>{props.label}</span>
        <span class="muted num" safe>
          {props.note ?? `${formatNumber(props.ctx.locale, percent)} %`}
        </span>
      </p>
      <meter
        aria-label={props.label}
        min="0"
        max={String(props.max)}
        low={String(props.high * 0.8)}
        high={String(props.high)}
        optimum="0"
        value={String(props.value)}
      />
    </div>
  );
}
