/** Devices that have not come for long, as their warning says it. */
import type { PageContext } from "../page.ts";

/** Devices in use that have not come for so many days, at least. */
export type UnseenDevices = {
  readonly days: number;
  readonly count: number;
  /** There are more than these. */
  readonly more: boolean;
};

/** How many there are, in words. */
export function unseenText(ctx: PageContext, { days, count, more }: UnseenDevices): string {
  return ctx.t(more ? "devices.unseen_more" : "devices.unseen", { count, days });
}

export function unseenHref({ days }: UnseenDevices): string {
  return `/devices?unseen=${days}`;
}
