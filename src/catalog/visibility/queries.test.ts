/** Nothing that is asked with each request or file reads more than it gives. */
import { expect, test } from "bun:test";
import { ANONYMOUS, OPERATOR } from "../../accounts/actor.ts";
import { createGroup } from "../../accounts/groups/groups.ts";
import { addDeviceToGroup } from "../../accounts/groups/members.ts";
import { write } from "../../db/database.ts";
import { type AppId, EVERYBODY, type Sha256, type VersionCode } from "../../ids.ts";
import { newDevice } from "../../testing/devices.ts";
import { newPublisher } from "../../testing/publishing.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { openTestStore } from "../../testing/store.ts";
import { createApp } from "../apps.ts";
import {
  appsListingPicture,
  isListingPicture,
  isListingPictureFor,
  isPublicListingPicture,
  selectListedIcons,
  selectListingPictures,
} from "../listing-pictures/records.ts";
import { selectOffered } from "../revocation/records.ts";
import { supersededOfPath } from "../tuf/records.ts";
import { initialiseTrust } from "../tuf/repository.ts";
import { insertWithheld, isWithheld, serveApp, serveKeys } from "../withheld.records.ts";
import { audienceOf } from "./audiences.ts";
import { readVisibility } from "./change.ts";
import { isContainerFor, isPackageFor, isPictureFor } from "./files.records.ts";
import { findAudienceFile } from "./files.ts";
import { countAppsFor, selectShownInShard } from "./records.ts";
import { cataloguesOf } from "./viewers.ts";
import { beforeVisible, newestApps, visibleApp, visibleApps } from "./visible.ts";
import { beforeVisibleVersions } from "./visible-versions.ts";

test("each question of who may see what is answered by an index", async () => {
  const store = await openTestStore();
  await initialiseTrust(store);
  const { actor } = await newPublisher(store);
  const group = createGroup(store, OPERATOR, { name: "Kiosks", offered: true }).id;
  const device = newDevice(store, { name: "Kiosk 1" }).id;
  addDeviceToGroup(store, OPERATOR, group, device);
  const id = "org.example.inside" as AppId;
  createApp(store, actor, { id, name: "Inside", visibility: { visibility: "groups", groups: [group] } });
  const [sha256, audience] = ["0".repeat(64) as Sha256, audienceOf(group)];
  const tx = store.db.orm;
  const key = `store/v1/packages/${sha256}.mosis`;
  const picture = `pictures/${sha256}.webp`;
  const createdAt = store.clock.now();
  write(store.db, (tx) =>
    insertWithheld(tx, [{ key, appId: id, audience: EVERYBODY, fromTimestamp: 1, createdAt }]),
  );
  const plans = queryPlans(store.db, () => {
    for (const who of [ANONYMOUS, actor]) {
      for (const after of ["", id]) visibleApps(store, who, { limit: 10, after });
      beforeVisible(store, who, id, 10);
      newestApps(store, who, 12);
    }
    selectOffered(tx, id, 10, 7 as VersionCode);
    beforeVisibleVersions(store, id, 7 as VersionCode, 10);
    try {
      visibleApp(store, actor, id);
    } catch {
      // It is not published.
    }
    readVisibility(store, actor, id);
    cataloguesOf(store, { kind: "device", deviceId: device });
    findAudienceFile(store, { kind: "device", deviceId: device }, audience, `packages/${sha256}.mosis`);
    isPackageFor(tx, audience, sha256);
    isContainerFor(tx, audience, sha256);
    isPictureFor(tx, audience, `pictures/${sha256}.png`, "icons");
    isListingPicture(tx, picture);
    isPublicListingPicture(tx, picture);
    isListingPictureFor(tx, audience, picture);
    appsListingPicture(tx, picture, 1000);
    selectListedIcons(tx, [id]);
    selectListingPictures(tx, id);
    for (const one of [EVERYBODY, audience] as const) selectShownInShard(tx, one, 7);
    countAppsFor(tx, audience);
    isWithheld(tx, key);
    serveKeys(tx, ["store/v1/metadata/1.bins-00.json"]);
    serveApp(tx, id, [EVERYBODY, audience]);
    supersededOfPath(tx, { audience, path: "apps/x/index.json" });
  });
  expect(plans.length).toBeGreaterThan(15);
  // A store has at most as many categories as there may be, and reads all of them.
  const growing = slowPlans(plans).filter((plan) => !/ from "categor(?:ies|y_aliases)" /.test(plan));
  expect(growing).toEqual([]);
  store.close();
});
