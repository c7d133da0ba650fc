/** Job `key.ending`: owners are told once of a signing key whose certificate ends within sixty days, as their dashboard has it from then on. */
import { isEndNews } from "../accounts/end-news.ts";
import { type Notice, tellOwners } from "../accounts/messages/outbox.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import { say } from "../say.ts";
import { type DeveloperKeyView, EXPIRES_SOON_MS, keyViews } from "./developer-keys.ts";
import { isWorthRenewing, OVER_MS } from "./ending-keys.ts";
import { type CertificateRow, type DeveloperKeyRow, markEndTold, selectUntoldEnds } from "./keys.records.ts";

export const SIGNING_KEYS_ENDING_JOB = "key.ending";
const AT_ONCE = 50;

/**
 * A certificate is marked in the transaction in which its owners are told, so that a kill leaves it told once, or to be told. What
 * nobody could be told of is looked at again until it is no news: a revocation may be lifted, and an owner may come.
 */
export async function tellOfEndingSigningKeys(store: Store): Promise<void> {
  let after: CertificateRow | null = null;
  for (;;) {
    const now = store.clock.now();
    const ends = write(store.db, (tx) => {
      const until = new Date(now.getTime() + EXPIRES_SOON_MS);
      const found = selectUntoldEnds(tx, { until, after, limit: AT_ONCE });
      for (const { row, isNewest } of found) {
        const isOver = !isNewest || !isNews(row.certificate, now);
        if (isOver || tellOfEnd(store, tx, row, now)) markEndTold(tx, row.certificate.serial, now);
      }
      return found;
    });
    after = ends.at(-1)?.row.certificate ?? null;
    if (ends.length < AT_ONCE) return;
    await Bun.sleep(0);
  }
}

/** Gives whether somebody was told; nobody is of what a new certificate would not help. */
function tellOfEnd(store: Store, tx: Tx, row: DeveloperKeyRow, now: Date): boolean {
  const [key] = keyViews(store, [row]);
  return (
    key !== undefined &&
    isWorthRenewing(key) &&
    tellOwners(tx, row.organisationId, noticeOf(key, now), now) > 0
  );
}

function isNews({ notBefore, notAfter }: CertificateRow, now: Date): boolean {
  const bounds = { noticeMs: EXPIRES_SOON_MS, overMs: OVER_MS };
  return isEndNews({ from: notBefore, until: notAfter }, bounds, now);
}

function noticeOf({ keyid, fingerprint, notAfter, apps }: DeveloperKeyView, now: Date): Notice {
  const what = fingerprint.slice(0, 9);
  const isOver = notAfter <= now;
  const ids = apps.filter(({ usable }) => usable).map(({ appId }) => appId);
  return {
    kind: "key.ending",
    path: `/keys/${keyid}`,
    subject: isOver
      ? say`The certificate of the signing key ${what} has expired`
      : say`The certificate of the signing key ${what} ends on ${notAfter}`,
    body: [
      isOver
        ? say`The certificate of the signing key ${fingerprint} ended on ${notAfter}. What it signs is not accepted.`
        : say`The certificate of the signing key ${fingerprint} ends on ${notAfter}. What it signs after that is not accepted.`,
      ...(ids.length === 0 ? [] : [say`Apps that it signs: ${ids.join(", ")}`]),
      say`Enrol the same key again to get a new certificate: it stays the same key, and what is published stays as it is.`,
    ],
  };
}
