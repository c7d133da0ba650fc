/** A progress bar on a terminal's stderr; nothing where there is no terminal. */
import type { Clock } from "../clock.ts";
import { formatSizeWide } from "./style.ts";

export type Progress = {
  /** Sets how much is done. */
  update(doneBytes: number): void;
  /** Removes the bar. */
  end(): void;
};

const REDRAW_MS = 80;
const MIN_BAR = 8;
const MAX_BAR = 40;

/**
 * @param write Takes text for the terminal; null draws nothing.
 * @param columns Width of the terminal: the line is cut to fit, since a wrapped line cannot be redrawn.
 */
export function createProgress(
  write: ((text: string) => void) | null,
  columns: number,
  clock: Clock,
  label: string,
  totalBytes: number,
): Progress {
  if (write === null) return { update: () => undefined, end: () => undefined };
  const startMs = clock.now().getTime();
  let drawnMs = Number.NEGATIVE_INFINITY;
  let ended = false;
  return {
    update(doneBytes) {
      const nowMs = clock.now().getTime();
      if (ended || (nowMs - drawnMs < REDRAW_MS && doneBytes < totalBytes)) return;
      drawnMs = nowMs;
      write(`\r\u001b[2K${progressLine(columns - 1, label, doneBytes, totalBytes, nowMs - startMs)}`);
    },
    end() {
      if (!ended && drawnMs !== Number.NEGATIVE_INFINITY) write("\r\u001b[2K");
      ended = true;
    },
  };
}

/** `Uploading  ████░░░░  42 %  21.0 MiB of 50.0 MiB  9.80 MiB/s  3 s left`, shortened to `columns` cells. */
function progressLine(
  columns: number,
  label: string,
  doneBytes: number,
  totalBytes: number,
  elapsedMs: number,
): string {
  const share = totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes);
  const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
  const perSecond = elapsedMs > 0 ? (doneBytes / elapsedMs) * 1000 : 0;
  const left = perSecond > 0 && share < 1 ? Math.ceil((totalBytes - doneBytes) / perSecond) : null;
  const facts = [
    `${formatSizeWide(doneBytes)} of ${formatSizeWide(totalBytes)}`,
    ...(elapsedMs >= 1000 && perSecond > 0 ? [`${formatSizeWide(Math.round(perSecond))}/s`] : []),
    ...(elapsedMs >= 1000 && left !== null ? [`${formatDuration(left)} left`] : []),
  ];
  // What matters least goes first when the terminal is narrow.
  for (let kept = facts.length; kept >= 0; kept--) {
    const tail = [percent, ...facts.slice(0, kept)].join("  ");
    const room = columns - label.length - tail.length - 4;
    if (room < MIN_BAR) continue;
    const cells = Math.min(MAX_BAR, room);
    const full = Math.round(share * cells);
    return `${label}  ${"█".repeat(full)}${"░".repeat(cells - full)}  ${tail}`;
  }
  return `${label}  ${percent}`.slice(0, Math.max(0, columns));
}

function formatDuration(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
