/** What the token of a trusted publisher may do: by the table of rights, to its one app. */
import { expect, test } from "bun:test";
import { write } from "../../db/database.ts";
import type { AppId, OrganisationId, PublisherId, VersionId } from "../../ids.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { openTestStore } from "../../testing/store.ts";
import type { PublisherActor } from "../actor.ts";
import { ACTIONS, allows, grantOf } from "../rights.ts";
import {
  forgetUsedTokens,
  ownerOfApp,
  publisherById,
  publisherStanding,
  publishersMadeBy,
  publishersOf,
  runsOfVersions,
  updatePublisher,
} from "./records.ts";

const organisationId = "org-1" as OrganisationId;
const appId = "com.example.notes" as AppId;
const actor: PublisherActor = {
  kind: "publisher",
  publisherId: "pub-1" as PublisherId,
  organisationId,
  appId,
  tokenId: "j",
  epoch: 1,
  run: {
    kind: "github",
    issuerName: "GitHub",
    issuer: "https://token.actions.githubusercontent.com",
    subject: "s",
    repository: null,
    repositoryUrl: null,
    commit: null,
    commitUrl: null,
    ref: null,
    workflow: null,
    environment: null,
    run: null,
    runUrl: null,
  },
  narrowed: {
    actions: new Set(ACTIONS.filter((action) => grantOf(action).publisher)),
    apps: new Set([appId]),
  },
};

test("it uploads, submits and reads versions, and does nothing else", () => {
  expect(ACTIONS.filter((action) => grantOf(action).publisher)).toEqual([
    "self.read",
    "version.upload",
    "version.read",
    "version.submit",
  ]);
  for (const action of ACTIONS) {
    const may = grantOf(action).publisher === true;
    expect([action, allows(actor, action, { organisationId, appId })]).toEqual([action, may]);
  }
});

test("and does it to no other app, and to nothing of another organisation", () => {
  const others = [
    { organisationId, appId: "com.example.other" as AppId },
    { organisationId },
    { organisationId: "org-2" as OrganisationId, appId },
    { organisationId: "org-2" as OrganisationId },
  ];
  for (const resource of others)
    for (const action of ACTIONS)
      expect([action, allows(actor, action, resource)]).toEqual([
        action,
        action === "self.read" && resource.organisationId === organisationId,
      ]);
});

test("no question about publishers reads a whole table", async () => {
  const store = await openTestStore();
  try {
    const plans = queryPlans(store.db, () => {
      write(store.db, (tx) => {
        publisherStanding(tx, "pub-1");
        publishersOf(tx, appId);
        publishersMadeBy(tx, organisationId, "account:acc-1");
        publisherById(tx, "pub-1" as PublisherId);
        ownerOfApp(tx, appId);
        runsOfVersions(tx, ["ver-1" as VersionId]);
        updatePublisher(tx, "pub-1" as PublisherId, { epoch: 2 });
        forgetUsedTokens(tx, new Date());
      });
    });
    expect(slowPlans(plans)).toEqual([]);
    expect(plans.length).toBeGreaterThanOrEqual(6);
  } finally {
    store.close();
  }
});
