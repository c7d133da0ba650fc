/** What may be shown of second factors, and what of them the rest of accounts asks. */
import type { Store } from "../../context.ts";
import { Problem } from "../../errors.ts";
import type { AccountId, FactorId } from "../../ids.ts";
import { say } from "../../say.ts";
import type { AccountActor } from "../actor.ts";
import { authorise } from "../rights.ts";
import { type FactorRow, factorsOf, recoveryCodesLeft } from "./records.ts";

export type FactorKind = FactorRow["kind"];

/** Never a secret, a key or its id. */
export type Factor = {
  readonly id: FactorId;
  readonly kind: FactorKind;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  /** Of a passkey: the host at which it works. */
  readonly host: string | null;
};

export type Factors = { readonly items: readonly Factor[]; readonly recoveryCodesLeft: number };

function factorOf({ id, kind, name, createdAt, lastUsedAt, rpId }: FactorRow): Factor {
  return { id, kind, name, createdAt, lastUsedAt, host: rpId };
}

/** One's own, in the order in which they were added. */
export function ownFactors(store: Store, actor: AccountActor): Factors {
  authorise(actor, "session.read");
  return factorsAt(store, actor.accountId);
}

/** The caller has asked who may. */
export function factorsAt(store: Store, accountId: AccountId): Factors {
  const tx = store.db.orm;
  return {
    items: factorsOf(tx, accountId).map(factorOf),
    recoveryCodesLeft: recoveryCodesLeft(tx, accountId),
  };
}

export function factorNotFound(): Problem {
  return new Problem("not_found", "factor.not_found", say`There is no such second factor of yours.`);
}
