/** Which accounts at outside providers sign in to an account here. */
import type { Store } from "../../context.ts";
import type { AccountId, IdentityId } from "../../ids.ts";
import type { AccountActor } from "../actor.ts";
import { findProvider } from "../providers/ask.ts";
import { authorise } from "../rights.ts";
import { identitiesOf } from "./records.ts";

export type Identity = {
  readonly id: IdentityId;
  /** The id of the provider in the configuration. */
  readonly provider: string;
  /** As the button says it; null: it is not in the configuration any more, and signs nobody in. */
  readonly providerName: string | null;
  readonly email: string;
  readonly createdAt: Date;
  readonly seenAt: Date;
  /** When the provider last told the person's groups; null: it never did. */
  readonly confirmedAt: Date | null;
};

/** One's own, in the order in which they were linked. */
export function ownIdentities(store: Store, actor: AccountActor): Identity[] {
  authorise(actor, "session.read");
  return identitiesAt(store, actor.accountId);
}

/** The caller has asked who may. */
export function identitiesAt(store: Store, accountId: AccountId): Identity[] {
  return identitiesOf(store.db.orm, accountId).map(
    ({ id, provider, email, createdAt, seenAt, confirmedAt }) => ({
      ...{ id, provider, email, createdAt, seenAt, confirmedAt },
      providerName: findProvider(store, provider)?.name ?? null,
    }),
  );
}
