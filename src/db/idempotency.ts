/**
 * Idempotency-Key: what a creating call made (or found there already) is remembered in the transaction that made it, so that a repeated call
 * finds it whether the answer was lost, the server was killed, or nothing went wrong at all.
 */
import { and, eq, lt } from "drizzle-orm";
import { Problem } from "../errors.ts";
import type { Sha256 } from "../ids.ts";
import { say } from "../say.ts";
import type { Tx } from "./database.ts";
import { idempotencyKeys } from "./schema.ts";
import { asideRow } from "./watch.ts";

export type Idempotency = {
  /** Who called; keys of different callers never meet. */
  readonly actor: string;
  readonly key: string;
  /** Method, path and query of the call. */
  readonly request: string;
  /** Called when the key was used before, so that the answer can say that it repeats an earlier one. */
  readonly onReplay?: () => void;
};

function fingerprint(idempotency: Idempotency, bodySha256: string): Sha256 {
  return new Bun.CryptoHasher("sha256")
    .update(`${idempotency.request}\n${bodySha256}`)
    .digest("hex") as Sha256;
}

/**
 * What the first call made or found, and when; null when there was none.
 * @throws Problem `idempotency.key_reused` when the key was used for another request.
 */
export function findIdempotent(
  tx: Tx,
  idempotency: Idempotency | undefined,
  bodySha256: string,
): { readonly resourceId: string; readonly at: Date } | null {
  if (!idempotency) return null;
  const row = tx
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.actor, idempotency.actor), eq(idempotencyKeys.key, idempotency.key)))
    .get();
  if (!row) return null;
  if (row.fingerprint !== fingerprint(idempotency, bodySha256)) {
    throw new Problem(
      "unprocessable",
      "idempotency.key_reused",
      say`This Idempotency-Key was used for another request: take a new key for a new request.`,
    );
  }
  idempotency.onReplay?.();
  return { resourceId: row.resourceId, at: row.createdAt };
}

/** What is thrown when the first call's resource is no more: making it again is not what the key asked for. */
export function idempotentResourceGone(): Problem {
  return new Problem(
    "conflict",
    "idempotency.resource_gone",
    say`What was made with this Idempotency-Key has been deleted since: take a new key to make it again.`,
  );
}

export function rememberIdempotent(
  tx: Tx,
  idempotency: Idempotency | undefined,
  bodySha256: string,
  resourceId: string,
  now: Date,
): void {
  if (!idempotency) return;
  asideRow();
  tx.insert(idempotencyKeys)
    .values({
      actor: idempotency.actor,
      key: idempotency.key,
      fingerprint: fingerprint(idempotency, bodySha256),
      resourceId,
      createdAt: now,
    })
    .run();
}

export function forgetIdempotent(tx: Tx, before: Date): void {
  tx.delete(idempotencyKeys).where(lt(idempotencyKeys.createdAt, before)).run();
}
