/** The SQL of the keys that access tokens are signed with. Nothing here decides. */
import { desc, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { hot } from "../../db/hot.ts";
import { tokenKeys } from "../../db/schema.ts";

export type TokenKeyRow = typeof tokenKeys.$inferSelect;

/** All of them, the newest first: a dozen a year, and those that are long over are forgotten. */
export const listTokenKeyRows = (tx: Tx): TokenKeyRow[] =>
  tx.select().from(tokenKeys).orderBy(desc(tokenKeys.signsFrom), desc(tokenKeys.createdAt)).all();

const byKid = hot((tx) =>
  tx
    .select()
    .from(tokenKeys)
    .where(eq(tokenKeys.kid, sql.placeholder("kid")))
    .prepare(),
);

export const tokenKeyByKid = (tx: Tx, kid: string): TokenKeyRow | undefined => byKid(tx).get({ kid });

export const insertTokenKey = (tx: Tx, row: TokenKeyRow): void => {
  tx.insert(tokenKeys).values(row).run();
};

export const updateTokenKey = (
  tx: Tx,
  kid: string,
  change: Partial<Pick<TokenKeyRow, "sealedPrivateKey" | "signedUntil" | "endedAt">>,
): void => {
  tx.update(tokenKeys).set(change).where(eq(tokenKeys.kid, kid)).run();
};

export const deleteTokenKeys = (tx: Tx, kids: readonly string[]): void => {
  tx.delete(tokenKeys)
    .where(inArray(tokenKeys.kid, [...kids]))
    .run();
};
