/** One of everything that the address of a route can name, for tests of who may reach what of whom. */
import type { AccountActor } from "../accounts/actor.ts";
import { OPERATOR } from "../accounts/actor.ts";
import { createApiKey } from "../accounts/api-keys/make.ts";
import { listBrowsers, rememberBrowser } from "../accounts/browsers/browsers.ts";
import { createEnrolmentCode } from "../accounts/devices/codes.ts";
import { insertFactor } from "../accounts/factors/records.ts";
import { createGroup } from "../accounts/groups/groups.ts";
import { addDeviceToGroup, addPersonToGroup } from "../accounts/groups/members.ts";
import { insertIdentity } from "../accounts/identities/records.ts";
import { invite } from "../accounts/invitations/invite.ts";
import { tellAddress } from "../accounts/messages/outbox.ts";
import { insertNotification } from "../accounts/notifications/records.ts";
import { insertRequest } from "../accounts/organisation-requests/records.ts";
import { createSession } from "../accounts/sessions.ts";
import { insertPublisher } from "../accounts/trusted-publishing/records.ts";
import { createCategory } from "../catalog/categories/categories.ts";
import { createCollection } from "../catalog/collections/collections.ts";
import { putIntoCollection } from "../catalog/collections/contents.ts";
import { enrollKey } from "../catalog/developer-keys.ts";
import { addListingPicture } from "../catalog/listing-pictures/keep.ts";
import { beginUpload } from "../catalog/partial-uploads/uploads.ts";
import { insertRating } from "../catalog/ratings/records.ts";
import { insertRecovery } from "../catalog/recovery.records.ts";
import { insertReport } from "../catalog/reports/records.ts";
import { insertTransfer } from "../catalog/transfer/records.ts";
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import type { Route } from "../http/route.ts";
import { type AppId, newId, type OrganisationId } from "../ids.ts";
import { enqueue } from "../jobs/queue.ts";
import { createCsr, generateKeyPair } from "../signing/keys.ts";
import { localSigner } from "../signing/signer.ts";
import { newDevice } from "./devices.ts";
import { signedApp, submitBytes } from "./publishing.ts";
import { emptyPng } from "./shown-pictures.ts";

/** Whose a thing is: an organisation's, one person's, or the store's own, which its roles alone reach. */
export type Owner = "organisation" | "person" | "store";

export type Belonging = { readonly id: string; readonly owner: Owner };

/** By the name that it has in the addresses of routes. */
export type Belongings = Readonly<Record<string, Belonging>> & {
  /** What `:apiKeyId` is below what is one's own. */
  readonly ownApiKeyId: Belonging;
  /** What `:messageId` is in the store's outbox. */
  readonly outboxMessageId: Belonging;
};

export type Whose = {
  /** In the names of all of it, so that an answer that tells of it is found. */
  readonly mark: string;
  /** The id of the app that is made. */
  readonly appId: AppId;
  readonly organisationId: OrganisationId;
  /** An owner of the organisation. */
  readonly person: AccountActor;
};

/** Makes them. The version is a draft as soon as the store's jobs have looked at it. */
export async function makeBelongings(store: Store, whose: Whose): Promise<Belongings> {
  const { mark, organisationId, person } = whose;
  const { accountId } = person;
  const now = store.clock.now();
  const keys = generateKeyPair();
  const key = await enrollKey(store, person, { csr: await createCsr(keys) });
  const signer = localSigner(keys.privateKey, key.certificatePem);
  const manifest = { id: whose.appId, name: { en: `${mark} app` }, versionCode: 1, version: "1.0.0" };
  const version = await submitBytes(store, person, await signedApp(store, signer, manifest), {
    submit: false,
  });
  const pictures = await addListingPicture(store, person, whose.appId, {
    ...{ kind: "screenshot", locale: null, alt: `${mark} screenshot` },
    bytes: emptyPng(320, 320),
  });
  const group = createGroup(store, OPERATOR, { name: `${mark} group` }).id;
  const device = newDevice(store, { name: `${mark} device` }).id;
  addPersonToGroup(store, OPERATOR, group, { accountId });
  addDeviceToGroup(store, OPERATOR, group, device);
  const session = await createSession(store, accountId, {
    address: "192.0.2.9",
    userAgent: `${mark} browser`,
  });
  rememberBrowser(store, accountId, "", { address: "192.0.2.9", userAgent: `${mark} browser` });
  const browser = listBrowsers(store, accountId)[0]?.id ?? "";
  const rows = write(store.db, (tx) => {
    const identity = newId("idn");
    insertIdentity(tx, {
      ...{ id: identity, accountId, provider: "company", subject: mark, email: person.email },
      ...{ createdAt: now, seenAt: now },
    });
    const notice = { kind: "account.exists" as const, subject: `${mark} subject`, body: [mark], path: "/" };
    const recovery = newId("rcv");
    insertRecovery(
      tx,
      {
        ...{ id: recovery, organisationId, keyid: key.keyid, reason: `${mark} reason`, state: "waiting" },
        ...{ requestedBy: "operator", requestedAt: now, waitingUntil: now, ownersTold: 1, revision: 1 },
      },
      [],
    );
    const publisher = insertPublisher(tx, {
      ...{ id: newId("pub"), appId: whose.appId, organisationId, issuerId: "github" },
      ...{ issuer: "https://token.actions.githubusercontent.com", claims: { repository: `${mark}/app` } },
      ...{ epoch: 1, createdBy: "operator", createdAt: now },
    });
    const factor = insertFactor(tx, {
      ...{ id: newId("fac"), accountId, kind: "totp", name: `${mark} app`, createdAt: now },
      sealedSecret: Buffer.alloc(48),
    });
    const transfer = insertTransfer(tx, {
      ...{ id: newId("trf"), appId: whose.appId, fromOrganisationId: organisationId, toOrganisationId: null },
      ...{ named: `${mark} still`, reason: mark, state: "open", offeredBy: "operator", offeredAt: now },
      expiresAt: new Date(now.getTime() + 14 * 86_400_000),
    });
    const message = tellAddress(tx, { address: person.email, accountId }, notice, now);
    const rating = insertRating(
      tx,
      { accountId },
      {
        ...{ id: newId("rat"), appId: whose.appId, stars: 2, body: `${mark} says so`, language: "en" },
        ...{ versionCode: version.versionCode, version: version.version, createdAt: now },
      },
    ).id;
    const notification = newId("ntf");
    insertNotification(tx, {
      ...{ id: notification, accountId, kind: "app.listed", organisationId, appId: whose.appId },
      ...{ path: `/apps/${whose.appId}`, createdAt: now },
    });
    const report = insertReport(tx, {
      ...{ id: newId("rpt"), appId: whose.appId, ratingId: rating, accountId, reason: "other" },
      ...{ body: `${mark} reports it`, createdAt: now },
      ...{ saidStars: 2, saidText: `${mark} says so`, saidBy: accountId },
    }).id;
    const request = insertRequest(tx, {
      ...{ id: newId("orq"), accountId, name: `${mark} works`, reason: `${mark} needs it`, createdAt: now },
    }).id;
    return {
      rating,
      report,
      request,
      notification,
      identity,
      recovery,
      publisher: publisher.id,
      factor: factor.id,
      message,
      transfer: transfer.id,
    };
  });
  const job = { kind: "version.countersign", key: mark, payload: { mark }, maxAttempts: 1 };
  const jobId = write(store.db, (tx) => enqueue(tx, job, now));
  store.db.raw.query("UPDATE jobs SET state = 'dead', finished_at = created_at WHERE id = ?").run(jobId);
  const invitation = invite(store, OPERATOR, {
    email: `${mark.toLowerCase()}-guest@example.net`,
    member: { organisationId, role: "viewer" },
  });
  const code = createEnrolmentCode(store, OPERATOR, { label: `${mark} code`, groups: [group] }).code;
  const category = createCategory(store, OPERATOR, {
    id: `of-${mark.toLowerCase()}`,
    names: { en: "A category of the store" },
  });
  const collection = createCollection(store, OPERATOR, {
    id: `of-${mark.toLowerCase()}`,
    names: { en: "A collection of the store" },
  });
  putIntoCollection(store, OPERATOR, collection.id, { appId: whose.appId });
  const upload = await beginUpload(store, person, { sizeBytes: 3, fileName: `${mark}.mosis` });
  const organisations = (id: string): Belonging => ({ id, owner: "organisation" });
  const persons = (id: string): Belonging => ({ id, owner: "person" });
  const stores = (id: string): Belonging => ({ id, owner: "store" });
  return {
    organisationId: organisations(organisationId),
    appId: organisations(whose.appId),
    versionId: organisations(version.id),
    versionCode: organisations(String(version.versionCode)),
    pictureId: organisations(pictures.screenshots[0]?.id ?? ""),
    publisherId: organisations(rows.publisher),
    transferId: organisations(rows.transfer),
    ratingId: organisations(rows.rating),
    keyid: organisations(key.keyid),
    recoveryId: organisations(rows.recovery),
    invitationId: organisations(invitation.id),
    apiKeyId: organisations(createApiKey(store, OPERATOR, { owner: { organisationId }, name: mark }).key.id),
    ownApiKeyId: persons(createApiKey(store, OPERATOR, { owner: { accountId }, name: mark }).key.id),
    sessionId: persons(session.sessionId),
    browserId: persons(browser),
    identityId: persons(rows.identity),
    factorId: persons(rows.factor),
    messageId: persons(rows.message),
    notificationId: persons(rows.notification),
    uploadId: persons(upload.id),
    outboxMessageId: stores(rows.message),
    reportId: stores(rows.report),
    requestId: stores(rows.request),
    accountId: stores(accountId),
    groupId: stores(group),
    deviceId: stores(device),
    codeId: stores(code.id),
    jobId: stores(jobId),
    categoryId: stores(category.id),
    setupStep: stores(mark < "P" ? "name" : "root_key"),
    settingName: stores(mark < "P" ? "sign_up_messages" : "device_unseen_days"),
    collectionId: stores(collection.id),
  };
}

/** The names of the parameters in the address of a route. */
export function parametersOf(route: Route): string[] {
  return [...route.path.matchAll(/:([A-Za-z]+)/g)].map(([, name]) => name ?? "");
}

/** What a parameter of the route means of them. @throws Error when there is none: it has to be made above */
export function belongingOf(belongings: Belongings, route: Route, name: string): Belonging {
  const { path } = route;
  const isOwnKey = name === "apiKeyId" && /\/(?:me|account)\//.test(path);
  const isOutbox = name === "messageId" && path.includes("/outbox/");
  const found = belongings[isOwnKey ? "ownApiKeyId" : isOutbox ? "outboxMessageId" : name];
  if (!found) throw new Error(`nothing of anybody's is made that :${name} of ${path} could name`);
  return found;
}

/** The route's address about these things, but for those that `others` names of somebody else's. */
export function addressAbout(
  route: Route,
  belongings: Belongings,
  others: Readonly<Record<string, string>> = {},
): string {
  return route.path.replace(
    /:([A-Za-z]+)/g,
    (_, name: string) => others[name] ?? belongingOf(belongings, route, name).id,
  );
}
