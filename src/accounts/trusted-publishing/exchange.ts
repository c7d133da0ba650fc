/** The identity token of a build job for a token of the store, with which that job uploads versions of one app and does nothing else. */

import type { AuditChange } from "../../audit/entry.ts";
import { recordChange } from "../../audit/record.ts";
import type { TrustedIssuer } from "../../config.issuers.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { AppId } from "../../ids.ts";
import { say, sayList, type Words } from "../../say.ts";
import type { JsonObject, JsonValue } from "../../signing/json.ts";
import { DAY_MS } from "../../time.ts";
import { type IssuedToken, issueAccessToken } from "../access-tokens/issue.ts";
import { type Actor, auditAuthor, type OnShown } from "../actor.ts";
import { tellOwners } from "../messages/outbox.ts";
import type { PublisherClaims } from "./actor.ts";
import {
  type Conditions,
  decideMatch,
  isBegunByStrangers,
  lacks,
  type Match,
  OF_EVERY_TOKEN,
  RULES,
} from "./conditions.ts";
import { type Identity, verifyIdentityToken } from "./identity-token.ts";
import { notAsRequired } from "./never.ts";
import { ownerOfApp, type PublisherRow, publishersOf, updatePublisher, useIdentityToken } from "./records.ts";
import { type PublisherRun, runOf } from "./run.ts";

/** Claims of a token that its bearer is told back; GitHub has some thirty. */
const MOST_TOLD = 50;

export type Exchanged = IssuedToken & { readonly publisher: PublisherRow; readonly run: PublisherRun };

/**
 * Every app that does not trust the job gives the same answer, whether it is there or not.
 * @throws Problem `trusted.no_publisher`, `trusted.replayed` (forbidden), and those of `verifyIdentityToken`
 */
export async function exchangeIdentity(
  store: Store,
  actor: Actor,
  { appId, identityToken }: { readonly appId: AppId; readonly identityToken: string },
  onShown: OnShown = () => {},
): Promise<Exchanged> {
  const identity = await verifyIdentityToken(store, identityToken);
  const run = runOf(identity.issuer, identity.claims);
  const outcome = write(store.db, (tx) => {
    const admitted = admit(tx, store, actor, appId, identity, run);
    if (!(admitted instanceof Problem)) {
      const { id: publisherId, organisationId } = admitted;
      onShown({ kind: "publisher", publisherId, organisationId });
    }
    return admitted;
  });
  if (outcome instanceof Problem) {
    store.wakeJobs();
    throw outcome;
  }
  const claims: PublisherClaims = { epoch: outcome.epoch, run };
  const token = await issueAccessToken(store, {
    kind: "publisher",
    subject: outcome.id,
    audience: "api",
    claims: claims as unknown as Readonly<Record<string, JsonValue>>,
  });
  return { ...token, publisher: outcome, run };
}

/** A refusal that has to be told is given, since what tells it must be kept; others are thrown. */
function admit(
  tx: Tx,
  store: Store,
  actor: Actor,
  appId: AppId,
  { issuer, claims, digest, usableUntil }: Identity,
  run: PublisherRun,
): PublisherRow | Problem {
  const now = store.clock.now();
  const match = matchIn(tx, issuer, appId, claims);
  if (match.is === "none") throw noPublisher(appId, issuer, claims);
  const { publisher } = match;
  if (match.is === "another") {
    tellStranger(tx, actor, publisher, match.found, run, now);
    return noPublisher(appId, issuer, claims);
  }
  if (!useIdentityToken(tx, digest, usableUntil)) throw replayed();
  const used = updatePublisher(tx, publisher.id, { lastUsedAt: now, pinned: match.pins });
  if (used === undefined) throw noPublisher(appId, issuer, claims);
  const change: AuditChange = {
    action: "publisher.used",
    subject: { type: "publisher", id: publisher.id },
    organisationId: publisher.organisationId,
    after: { appId, ...factsOf(run), ...(publisher.pinned === null ? { pinned: textOf(match.pins) } : {}) },
  };
  recordChange(tx, auditAuthor(actor), change, now);
  return used;
}

function matchIn(tx: Tx, issuer: TrustedIssuer, appId: AppId, claims: JsonObject): Match<PublisherRow> {
  const owner = ownerOfApp(tx, appId);
  const candidates = publishersOf(tx, appId).filter(
    (each) => each.issuerId === issuer.id && each.issuer === issuer.issuer && each.organisationId === owner,
  );
  return decideMatch(issuer.kind, issuer.require, candidates, claims);
}

/** A name that came back with another thing behind it. Once a day for each publisher: whoever has it can ask without end. */
function tellStranger(
  tx: Tx,
  actor: Actor,
  publisher: PublisherRow,
  found: Conditions,
  run: PublisherRun,
  now: Date,
): void {
  const { id, appId, organisationId, strangerToldAt } = publisher;
  const pinned = publisher.pinned ?? {};
  if (strangerToldAt !== null && now.getTime() - strangerToldAt.getTime() < DAY_MS) return;
  updatePublisher(tx, id, { strangerToldAt: now });
  const change: AuditChange = {
    action: "publisher.stranger",
    subject: { type: "publisher", id },
    organisationId,
    before: { pinned: textOf(pinned) },
    after: { appId, ...factsOf(run), found: textOf(found) },
  };
  recordChange(tx, auditAuthor(actor), change, now);
  const notice = {
    kind: "publisher.stranger",
    about: { appId },
    subject: say`Somebody else has the name of a trusted publisher of ${appId}`,
    body: [
      say`A build job of ${run.repository ?? run.subject} at ${run.issuerName} asked for a token to upload versions of ${appId}, and was refused.`,
      say`Its name is that of a trusted publisher of the app, and the thing behind the name is another: at its first use it was ${textOf(pinned)}, and now it is ${textOf(found) || say`not said`}. This is so when a repository or its owner was deleted and somebody made one with the same name, or when it was moved to another owner.`,
      say`When that was you, remove the publisher and add it again. Otherwise remove it, and look for what else still trusts the name.`,
    ],
    path: `/apps/${appId}/publishers`,
  } as const;
  tellOwners(tx, organisationId, notice, now);
}

const textOf = (conditions: Conditions): string =>
  Object.entries(conditions)
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ");

/** For the audit log: what of a run somebody would look for. */
export function factsOf({ issuer, subject, repository, commit, ref, workflow, run }: PublisherRun) {
  return { issuer, subject, repository, commit, ref, workflow, run };
}

/** The same for an app that is not there, one that trusts nobody, and one that trusts others. */
function noPublisher(appId: AppId, issuer: TrustedIssuer, claims: JsonObject): Problem {
  const said = Object.entries(claims)
    .filter(([name, value]) => !OF_EVERY_TOKEN.includes(name) && typeof value !== "object")
    .slice(0, MOST_TOLD)
    .map(([name, value]) => ({ code: "trusted.claim", message: `${name} = ${value}`.slice(0, 300) }));
  return new Problem(
    "forbidden",
    "trusted.no_publisher",
    say`No trusted publisher of ${appId} is this job of ${issuer.name}. ${whyNot(issuer, claims)}`,
    said,
  );
}

/** By the token and the configuration alone, so that it says nothing of any app. */
function whyNot(issuer: TrustedIssuer, claims: JsonObject): Words {
  const { kind, require } = issuer;
  const { begun } = RULES[kind];
  if (begun !== null && isBegunByStrangers(kind, claims))
    return say`Runs are taken that somebody began who may push (${begun.claim} is ${sayList(begun.by)}), and none of a pull or merge request: they may run a stranger's code.`;
  const lacking = lacks(kind, require, claims);
  if (lacking.length > 0) return notAsRequired(issuer, lacking);
  return say`Its owners see on the app's page whom it trusts; what the token says of the job stands below.`;
}

function replayed(): Problem {
  return new Problem(
    "forbidden",
    "trusted.replayed",
    say`This identity token was used before: each is taken once. Ask for a new one.`,
  );
}
