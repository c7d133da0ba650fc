/** What is said of apps in lists: how many rated them, and how. */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import type { AppId } from "../../ids.ts";
import * as records from "./records.ts";
import { type RatingSummary, summaryOf } from "./stars.ts";

/** Of each of them; null where the store has no ratings. Who asks may see them. */
export function summariesOf(
  { config }: Pick<Store, "config">,
  tx: Tx,
  ids: readonly AppId[],
): (id: AppId) => RatingSummary | null {
  if (!config.ratings) return () => null;
  const sums = records.selectSums(tx, ids);
  return (id) => summaryOf(sums.get(id) ?? []);
}
