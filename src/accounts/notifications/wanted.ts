/** Whether somebody wants letters of a topic. */
import type { Tx } from "../../db/database.ts";
import type { AccountId } from "../../ids.ts";
import { ALWAYS_MAILED, type Topic } from "./kinds.ts";
import { isMuted } from "./records.ts";

/** What has no topic is written. */
export function wantsLetters(tx: Tx, accountId: AccountId, topic: Topic | null): boolean {
  return topic === null || ALWAYS_MAILED.has(topic) || !isMuted(tx, accountId, topic);
}
