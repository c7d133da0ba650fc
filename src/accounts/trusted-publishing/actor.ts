/** Who holds a trusted publisher's token at this moment: nobody any more, when the publisher or its app is another's. */
import type { Config } from "../../config.ts";
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { eachWhileUnchanged } from "../../db/unchanged.ts";
import { Problem } from "../../errors.ts";
import { say } from "../../say.ts";
import type { AccessToken } from "../access-tokens/verify.ts";
import type { PublisherActor } from "../actor.ts";
import { ACTIONS, grantOf } from "../rights.ts";
import { publisherStanding, type StandingPublisher } from "./records.ts";
import type { PublisherRun } from "./run.ts";

/** What the token says beside whom it is of. */
export type PublisherClaims = {
  /** Of the publisher when it was made: a higher one ends it. */
  readonly epoch: number;
  readonly run: PublisherRun;
};

export function findPublisher(store: Store, { subject, id, claims }: AccessToken): PublisherActor | null {
  const { epoch, run } = claims as unknown as PublisherClaims;
  const { config, db } = store;
  const row = whileUnchanged(db, subject, 0, () => publisherStanding(db.orm, subject));
  const publisher = standing(config, row, epoch);
  if (publisher === null) return null;
  return {
    kind: "publisher",
    publisherId: publisher.id,
    organisationId: publisher.organisationId,
    appId: publisher.appId,
    tokenId: id,
    epoch,
    run,
    narrowed: { actions: PUBLISHER_ACTIONS, apps: new Set([publisher.appId]) },
  };
}

/**
 * An upload takes its time: whoever was trusted when it began may be so no more.
 * @throws Problem `auth.token_revoked`
 */
export function refuseEnded(
  { config }: Pick<Store, "config">,
  tx: Tx,
  { publisherId, epoch }: PublisherActor,
): void {
  if (standing(config, publisherStanding(tx, publisherId), epoch) !== null) return;
  throw new Problem(
    "unauthenticated",
    "auth.token_revoked",
    say`The trusted publisher was removed, or its tokens were ended, while this was under way.`,
  );
}

/** About 1 kB each. */
const whileUnchanged = eachWhileUnchanged<StandingPublisher>(5000);

function standing(
  config: Config,
  publisher: StandingPublisher | undefined,
  epoch: number,
): StandingPublisher | null {
  if (publisher === undefined) return null;
  const isTrusted = config.trustedIssuers.some(
    (issuer) => issuer.id === publisher.issuerId && issuer.issuer === publisher.issuer,
  );
  if (publisher.removedAt !== null || publisher.epoch !== epoch || !isTrusted) return null;
  // The app went to another organisation, whose owners trust whom they choose.
  return publisher.ownedBy === publisher.organisationId ? publisher : null;
}

const PUBLISHER_ACTIONS: ReadonlySet<string> = new Set(ACTIONS.filter((action) => grantOf(action).publisher));
