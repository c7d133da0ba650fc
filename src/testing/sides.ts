/** Organisations between which an app goes, each with a key and an owner. */
import { type AccountActor, OPERATOR } from "../accounts/actor.ts";
import { addKey, readLineage } from "../catalog/lineage.ts";
import { acceptOffer } from "../catalog/transfer/decide.ts";
import { offerApp } from "../catalog/transfer/offer.ts";
import type { AppId, TransferId } from "../ids.ts";
import { approve } from "../review/decide.ts";
import { sealEnvelope } from "../signing/dsse.ts";
import { buildKeyAddition } from "../signing/key-statements.ts";
import type { Signer } from "../signing/signer.ts";
import {
  newOwner,
  newPublisher,
  type Publisher,
  type Publishing,
  reviewer,
  signedApp,
  submitBytes,
} from "./publishing.ts";

export type Side = Publisher & { readonly owner: AccountActor };

export async function newSide({ store }: Publishing, name: string): Promise<Side> {
  const publisher = await newPublisher(store, name);
  return { ...publisher, owner: await newOwner(store, publisher.organisationId, `${name}@example.com`) };
}

export async function publishAs(
  { store, scheduler }: Publishing,
  appId: AppId,
  versionCode: number,
  by: Publisher,
  signer: Signer = by.signer,
): Promise<void> {
  const manifest = { id: appId, versionCode, version: `${versionCode}.0.0` };
  const sent = await submitBytes(store, by.actor, await signedApp(store, signer, manifest));
  await scheduler.drain();
  approve(store, reviewer(), sent.id, {});
  await scheduler.drain();
}

export const offerTo = ({ store }: Publishing, appId: AppId, from: Side, to: Side): TransferId =>
  offerApp(store, from.owner, appId, { to: to.organisationId }).id;

export async function acceptAs(
  { store, scheduler }: Publishing,
  to: Side,
  transferId: TransferId,
): Promise<void> {
  await acceptOffer(store, to.owner, { organisationId: to.organisationId, transferId });
  await scheduler.drain();
}

/** A key of `by`, whose app it is or was, lets one in. */
export async function letIn(
  { store }: Publishing,
  appId: AppId,
  by: Publisher,
  keyId: string,
): Promise<void> {
  const position = readLineage(store, OPERATOR, appId).keys.length;
  const facts = { appId, developerId: by.organisationId, keyId, position, addedAt: store.clock.now() };
  const addition = Buffer.from(await sealEnvelope(buildKeyAddition(facts), by.signer)).toString("base64");
  await addKey(store, OPERATOR, appId, { addition });
}
