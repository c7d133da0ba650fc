/** Which audiences somebody belongs to: whoever asks for something private has to belong to one that may see it. */
import type { Actor } from "../../accounts/actor.ts";
import { groupsByName, groupsOfAccount, groupsOfDevice } from "../../accounts/groups/records.ts";
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import {
  type AccountId,
  type AppId,
  type Audience,
  type AudienceId,
  EVERYBODY,
  type GroupId,
} from "../../ids.ts";
import { hasCatalogue } from "../tuf/records.ts";
import { audienceOf, SIGNED_IN } from "./audiences.ts";
import { findShownTo } from "./records.ts";

/** Everybody's comes first. The store's operator belongs to all of them. */
export function audiencesOfActor(tx: Tx, actor: Actor): readonly Audience[] {
  switch (actor.kind) {
    case "anonymous":
      return [EVERYBODY];
    case "organisation-key":
    case "publisher":
      return among([]);
    case "account":
      return audiencesOfAccount(tx, actor.accountId);
    case "device":
      return among(groupsOfDevice(tx, actor.deviceId));
    case "operator":
      return among(groupsByName(tx).map(({ id }) => id));
  }
}

/** Of a person, also while they do nothing. Everybody's comes first. */
export function audiencesOfAccount(tx: Tx, accountId: AccountId): readonly Audience[] {
  return among(groupsOfAccount(tx, accountId));
}

const among = (groups: readonly GroupId[]) => [EVERYBODY, SIGNED_IN, ...groups.map(audienceOf)] as const;

/** The catalogues beside the public one that they may read, as far as there are any; by id. */
export function cataloguesOf({ db }: Pick<Store, "db">, actor: Actor): readonly AudienceId[] {
  return audiencesOfActor(db.orm, actor)
    .filter((audience): audience is AudienceId => audience !== EVERYBODY && hasCatalogue(db.orm, audience))
    .sort();
}

/** Whether they may read an audience's catalogue, if there is one. */
export function mayReadCatalogue({ db }: Pick<Store, "db">, actor: Actor, audience: AudienceId): boolean {
  return audiencesOfActor(db.orm, actor).includes(audience) && hasCatalogue(db.orm, audience);
}

/** Whether a published app is in a catalogue that they may read. */
export function isShownTo(tx: Tx, actor: Actor, appId: AppId): boolean {
  return findShownTo(tx, appId, audiencesOfActor(tx, actor)) !== undefined;
}
