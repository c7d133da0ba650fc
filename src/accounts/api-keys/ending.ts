/** Keys that end within a week: their people are told once, and see it until then. */
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { say } from "../../say.ts";
import { DAY_MS } from "../../time.ts";
import type { Actor } from "../actor.ts";
import { isEndNews } from "../end-news.ts";
import { allows, ownReachOf } from "../rights.ts";
import { type ApiKey, apiKeysShown } from "./owner.ts";
import { tellPeopleOf } from "./people.ts";
import { type ApiKeyRow, type KeyOwner, keysEndingUntil, keysInUseOf, updateApiKey } from "./records.ts";

export const KEYS_ENDING_JOB = "apikey.ending";
export const NOTICE_DAYS = 7;
const AT_ONCE = 50;

/** A key is marked in the transaction in which its people are told, so that a kill leaves it told once, or to be told. */
export function tellOfEndingKeys(store: Store): void {
  for (;;) {
    const now = store.clock.now();
    const told = write(store.db, (tx) => {
      const rows = keysEndingUntil(tx, new Date(now.getTime() + NOTICE_DAYS * DAY_MS), AT_ONCE);
      for (const row of rows) {
        if (isWorthTelling(row, now)) tellEnd(tx, row, now);
        updateApiKey(tx, row.id, { endToldAt: now });
      }
      return rows.length;
    });
    if (told < AT_ONCE) return;
  }
}

/** Keys in use that the actor can rotate and that end within a week, the first to end first: their own, and their organisations'. */
export function endingApiKeys(store: Store, actor: Actor, limit: number): ApiKey[] {
  const now = store.clock.now();
  const until = now.getTime() + NOTICE_DAYS * DAY_MS;
  const { orm } = store.db;
  const rows = managedBy(actor)
    .flatMap((owner) => keysInUseOf(orm, owner, now))
    .filter((row) => row.expiresAt.getTime() <= until && isWorthTelling(row, now))
    .sort((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime());
  return rows.slice(0, limit).map(apiKeysShown(orm, now));
}

/** Whose keys the actor looks after, apart from what a role in the store lets them. */
function managedBy(actor: Actor): KeyOwner[] {
  const ofOrganisations = ownReachOf(actor, "apikey.manage").organisationIds;
  return [
    ...(actor.kind === "account" && allows(actor, "self.keys") ? [{ accountId: actor.accountId }] : []),
    ...ofOrganisations.map((organisationId) => ({ organisationId })),
  ];
}

function isWorthTelling({ createdAt, expiresAt }: ApiKeyRow, now: Date): boolean {
  const noticeMs = NOTICE_DAYS * DAY_MS;
  return isEndNews({ from: createdAt, until: expiresAt }, { noticeMs, overMs: noticeMs }, now);
}

function tellEnd(tx: Tx, row: ApiKeyRow, now: Date): void {
  const { name, id, expiresAt, lastUsedAt } = row;
  const isOver = expiresAt <= now;
  const notice = {
    kind: "apikey.ending",
    subject: isOver ? say`The API key ${name} has expired` : say`The API key ${name} ends on ${expiresAt}`,
    body: [
      isOver
        ? say`The API key “${name}” (${id}) ended on ${expiresAt}.`
        : say`The API key “${name}” (${id}) ends on ${expiresAt}.`,
      lastUsedAt === null ? say`It was never used.` : say`It was last used on ${lastUsedAt}.`,
      isOver
        ? say`Make a new one where it is still needed.`
        : say`Where it is still needed, rotate it: it gets a new token and a new end, and the old token works on for as long as you choose.`,
    ],
  } as const;
  tellPeopleOf(tx, row, notice, now);
}
