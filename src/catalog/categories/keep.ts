/** Which category an app is shown under: kept in step with what of it is offered, and with what somebody chose. */
import type { Tx } from "../../db/database.ts";
import type { AppId } from "../../ids.ts";
import { manifestOf } from "../offer.ts";
import { findApp, type VersionRow } from "../records.ts";
import { selectOffered } from "../revocation/records.ts";
import * as records from "./records.ts";

/** The word that lists find an app by: what was chosen, else what its package says; null without either. */
export function wordFor(tx: Tx, appId: AppId, offered: VersionRow | undefined): string | null {
  if (offered === undefined || findApp(tx, appId)?.unlistedAt !== null) return null;
  return records.findChosen(tx, appId)?.chosen ?? manifestOf(offered).category ?? null;
}

/** Gives the word that it is under from now on. Of an app of which nothing is offered, or that is to stand in no list, none is kept: no list and no count has it. */
export function keepCategory(
  tx: Tx,
  appId: AppId,
  offered: VersionRow | undefined = selectOffered(tx, appId, 1)[0],
): string | null {
  const word = wordFor(tx, appId, offered);
  records.saveShownCategory(tx, appId, word);
  return word;
}
