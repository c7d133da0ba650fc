/** Nobody decides on their own work, whatever they are by the time of the decision. */

import { expect, test } from "bun:test";
import { type AccountActor, OPERATOR } from "../accounts/actor.ts";
import { addMember } from "../accounts/organisations.ts";
import { createAccount } from "../accounts/people.ts";
import type { AccountId } from "../ids.ts";
import type { OrganisationRole } from "../roles.ts";
import { storeForAll } from "../testing/prepared.ts";
import { newPublisher, type Publisher, signedApp, submitBytes } from "../testing/publishing.ts";
import { signedInNow } from "../testing/signed-in.ts";
import { approve, mayDecide, reject } from "./decide.ts";

let own: Publisher;
const here = storeForAll(async () => {
  own = await newPublisher(here.store, "Own");
});

async function newReviewer(name: string): Promise<AccountId> {
  const email = `${name}@example.com`;
  return (await createAccount(here.store, OPERATOR, { email, name, storeRole: "reviewer" })).id;
}

/** As one who signs in now. */
const signedIn = (accountId: AccountId): Promise<AccountActor> => signedInNow(here.store, accountId);

function give(accountId: AccountId, role: OrganisationRole): void {
  addMember(here.store, OPERATOR, own.organisationId, accountId, role);
  here.store.clock.advance(1000);
}

test("an uploader and a colleague do not decide after they were made viewers; who left before does", async () => {
  const { store, scheduler } = here;
  const [uploader, colleague, past] = [
    await newReviewer("uploader"),
    await newReviewer("colleague"),
    await newReviewer("past"),
  ];
  give(past, "maintainer");
  give(past, "viewer");
  give(uploader, "developer");
  const bytes = await signedApp(store, own.signer, { id: "org.example.past", versionCode: 1 });
  const { id } = await submitBytes(store, await signedIn(uploader), bytes, {
    organisationId: own.organisationId,
  });
  await scheduler.drain();
  store.clock.advance(1000);
  give(uploader, "viewer");
  give(colleague, "developer");
  give(colleague, "viewer");

  const refused = expect.objectContaining({ kind: "forbidden", code: "review.own_organisation" });
  const gone = { ...(await signedIn(uploader)), organisations: new Map() };
  for (const actor of [await signedIn(uploader), gone, await signedIn(colleague)]) {
    expect(() => approve(store, actor, id, {})).toThrow(refused);
    expect(() => reject(store, actor, id, { reason: "x" })).toThrow(refused);
  }
  const row = { uploadedBy: `account:${uploader}`, createdAt: store.clock.now() };
  expect(mayDecide(store.db.orm, OPERATOR, own.organisationId, row)).toBe(true);
  expect(approve(store, await signedIn(past), id, {}).state).toBe("signing");
});
