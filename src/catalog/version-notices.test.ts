/** Who hears of what becomes of a version: its developers and the reviewers, in the portal and by letters. */
import { beforeAll, beforeEach, expect, test } from "bun:test";
import { type AccountActor, OPERATOR } from "../accounts/actor.ts";
import { removeMember } from "../accounts/members.ts";
import { listMessages } from "../accounts/messages/outbox.ts";
import { writeLetters } from "../accounts/notifications/letters.ts";
import { listNotifications } from "../accounts/notifications/list.ts";
import { markAllRead } from "../accounts/notifications/read.ts";
import { changeNotificationSettings } from "../accounts/notifications/settings.ts";
import { SPREAD_JOB, spreadNotifications } from "../accounts/notifications/spread.ts";
import { addMember, createOrganisation } from "../accounts/organisations.ts";
import { createAccount, disableAccount } from "../accounts/people.ts";
import { type AppId, newId, type OrganisationId } from "../ids.ts";
import { listJobs } from "../jobs/queue.ts";
import { reject } from "../review/decide.ts";
import { storeForAll } from "../testing/prepared.ts";
import {
  newOwner,
  newPublisher,
  type Publisher,
  publishApp,
  sendApp,
  signedApp,
  submitBytes,
} from "../testing/publishing.ts";
import { signedInNow } from "../testing/signed-in.ts";
import { developersHear } from "./version-notices.ts";
import { changeVisibility, previewVisibility } from "./visibility/change.ts";

const APP = "org.example.told" as AppId;
let publisher: Publisher;
let owner: AccountActor;
let narrowed: AccountActor;
let viewer: AccountActor;
let inside: AccountActor;
let rita: AccountActor;
let code = 0;

const world = storeForAll(async () => {
  publisher = await newPublisher(world.store, "Told Works");
  const { organisationId } = publisher;
  owner = await newOwner(world.store, organisationId);
  await publishApp(world, publisher, { id: APP, versionCode: 1, version: "1.0.0", name: { en: "Told" } });
  code = 1;
  narrowed = await member("narrowed", organisationId, "developer", ["org.example.other" as AppId]);
  viewer = await member("viewer", organisationId, "viewer");
  inside = await member("inside", organisationId, "developer");
  rita = await member("rita", createOrganisation(world.store, OPERATOR, { name: "Elsewhere" }).id, "viewer");
  const gone = await member("gone", organisationId, "maintainer");
  for (const [who, role] of [
    [inside, "reviewer"],
    [rita, "reviewer"],
  ] as const)
    world.store.db.raw.run("UPDATE accounts SET store_role = ?1 WHERE id = ?2", [role, who.accountId]);
  disableAccount(world.store, OPERATOR, gone.accountId);
});
beforeAll(() => world.scheduler.drain());
beforeEach(() => void world.store.db.raw.run("DELETE FROM notifications"));

async function member(
  name: string,
  organisationId: OrganisationId,
  role: "developer" | "maintainer" | "viewer",
  apps?: readonly AppId[],
): Promise<AccountActor> {
  const { id } = await createAccount(world.store, OPERATOR, { email: `${name}@example.org`, name });
  if (apps !== undefined) await sendApp(world, publisher, { id: apps[0], versionCode: 1, version: "1.0.0" });
  addMember(world.store, OPERATOR, organisationId, id, role, apps ?? null);
  return signedInNow(world.store, id);
}

async function told(who: AccountActor): Promise<string[]> {
  const actor = await signedInNow(world.store, who.accountId);
  const { items } = listNotifications(world.store, actor, { limit: 50, unread: false });
  return items.map(({ said, readAt }) => `${said}${readAt === null ? "" : " (read)"}`).reverse();
}

const send = () => {
  code += 1;
  return sendApp(world, publisher, {
    id: APP,
    versionCode: code,
    version: `${code}.0.0`,
    name: { en: "Told" },
  });
};
const everybody = async () => [await told(owner), await told(inside), await told(rita)];

test("a version that waits is told to reviewers without a part in it, and its end to its developers", async () => {
  const { id } = await send();
  const v = `Told ${code}.0.0`;
  expect(await everybody()).toEqual([[], [], [`${v} waits for review`]]);
  reject(world.store, OPERATOR, id, { reason: "It lacks a reason." });
  const rejected = [`${v} is rejected`];
  expect(await everybody()).toEqual([rejected, rejected, [`${v} waits for review (read)`]]);
  expect([await told(narrowed), await told(viewer)]).toEqual([[], []]);
  // Whose version it is, is not said to reviewers.
  const reviewer = await signedInNow(world.store, rita.accountId);
  const [waits] = listNotifications(world.store, reviewer, { limit: 1, unread: false }).items;
  expect([waits?.appId, waits?.organisationId]).toEqual([APP, null]);
});

test("a reviewer who had a part in it when it was sent hears of it as little as they may decide on it", async () => {
  const { organisationId } = publisher;
  const pat = await member("pat", organisationId, "developer");
  world.store.db.raw.run("UPDATE accounts SET store_role = 'reviewer' WHERE id = ?", [pat.accountId]);
  removeMember(world.store, OPERATOR, { organisationId, accountId: pat.accountId });
  const waiting = async () => (await told(pat)).filter((text) => text.includes("waits for review"));
  const first = await send();
  expect(await waiting()).toEqual([]);
  world.store.clock.advance(1);
  const second = await send();
  expect(await waiting()).toEqual([`Told ${code}.0.0 waits for review`]);
  for (const { id } of [first, second]) reject(world.store, OPERATOR, id, { reason: "Both." });
});

test("of many members none is told in the step, and each once by the job, also when it is run again in the middle", async () => {
  const { store, scheduler } = world;
  const { raw } = store.db;
  const many = await newPublisher(store, "Many Works");
  const { id } = await sendApp(world, many, { id: "org.example.many", versionCode: 1, version: "1.0.0" });
  const nowMs = store.clock.now().getTime();
  const hear = 1000;
  const others = [
    ["viewer", null, null, nowMs],
    ["developer", '["org.example.other"]', null, nowMs],
    ["developer", null, nowMs, nowMs],
    // Who came after the step.
    ["developer", null, null, nowMs + 1],
  ] as const;
  raw.transaction(() => {
    for (let k = 0; k < hear + others.length; k += 1) {
      const [role, apps, disabledAt, joinedAt] = others[k] ?? [
        "developer",
        '["org.example.many"]',
        null,
        nowMs,
      ];
      const account = newId("acc");
      const email = `${k}@many.example.org`;
      raw.run(
        "INSERT INTO accounts (id, email, email_key, name, created_at, disabled_at) VALUES (?1, ?2, ?2, ?2, ?3, ?4)",
        [account, email, nowMs, disabledAt],
      );
      raw.run(
        "INSERT INTO memberships (organisation_id, account_id, role, created_at, apps) VALUES (?, ?, ?, ?, ?)",
        [many.organisationId, account, role, joinedAt, apps],
      );
    }
  })();
  const rows = () =>
    raw
      .query<{ n: number; people: number }, [string]>(
        "SELECT count(*) AS n, count(DISTINCT account_id) AS people FROM notifications WHERE version_id = ? AND kind = 'version.rejected'",
      )
      .get(id);
  reject(store, OPERATOR, id, { reason: "No." });
  expect(rows()).toEqual({ n: 0, people: 0 });
  const [job, ...more] = listJobs(store.db, { state: "queued", limit: 10 }).filter(
    ({ kind }) => kind === SPREAD_JOB,
  );
  if (job === undefined || more.length > 0) throw new Error("one job is to tell them");
  const run = (signal: AbortSignal) => spreadNotifications(store, { job, signal, stepAside: () => {} });
  // Cut off after its first transaction.
  await expect(run(AbortSignal.abort(new Error("the store stops")))).rejects.toThrow("the store stops");
  expect(rows()?.n).toBeWithin(490, 501);
  store.clock.advance(1000);
  await scheduler.drain();
  expect(rows()).toEqual({ n: hear, people: hear });
  await run(new AbortController().signal);
  expect(rows()?.n).toBe(hear);
  const times = raw.query("SELECT DISTINCT created_at AS at FROM notifications WHERE version_id = ?").all(id);
  expect(times).toEqual([{ at: nowMs }]);
});

test("approval and publication are told, and so is who may see the app, to all but who did it", async () => {
  code += 1;
  const version = { versionCode: code, version: `${code}.0.0`, name: { en: "Told" } };
  await publishApp(world, publisher, { id: APP, ...version });
  const steps = [`Told ${code}.0.0 is approved`, `Told ${code}.0.0 is published`];
  expect((await everybody()).slice(0, 2)).toEqual([steps, steps]);
  const input = { visibility: "signed-in" } as const;
  const { scope } = previewVisibility(world.store, owner, APP, input);
  await changeVisibility(world.store, owner, APP, input, scope);
  const maintainer = await member("mo", publisher.organisationId, "maintainer");
  await changeVisibility(world.store, OPERATOR, APP, { visibility: "everyone" }, scopeOf("everyone"));
  expect((await told(owner)).slice(2)).toEqual(["Who may see Told was changed"]);
  expect(await told(maintainer)).toEqual(["You are in Told Works now", "Who may see Told was changed"]);
  removeMember(world.store, OPERATOR, {
    organisationId: publisher.organisationId,
    accountId: maintainer.accountId,
  });
  expect((await told(maintainer)).at(-1)).toBe("You are in an organisation no more");
});

const scopeOf = (visibility: "everyone") =>
  previewVisibility(world.store, OPERATOR, APP, { visibility }).scope;

test("errors that the checks find are told", async () => {
  code += 1;
  const manifest = { id: APP, versionCode: code, version: `${code}.0.0`, name: { en: "Told" } };
  const files = new Map([["data/raw.png", Buffer.from("STORED-AS-IT-IS")]]);
  const bytes = Buffer.from(await signedApp(world.store, publisher.signer, manifest, files));
  const at = bytes.indexOf("STORED-AS-IT-IS");
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await submitBytes(world.store, publisher.actor, bytes);
  await world.scheduler.drain();
  expect(await told(owner)).toEqual([`The checks found errors in Told ${code}.0.0`]);
});

test("letters follow: once, to who wants them and has not read it", async () => {
  const { store } = world;
  const letters = () =>
    listMessages(store, OPERATOR, { limit: 50 }).items.filter(({ kind }) => kind === "version.rejected");
  const refuse = async () => {
    const { id } = await send();
    reject(store, OPERATOR, id, { reason: "No." });
    return id;
  };
  const later = async () => {
    store.clock.advance(5 * 60_000);
    await writeLetters(store);
  };
  const id = await refuse();
  changeNotificationSettings(store, inside, { versions: false });
  store.clock.advance(5 * 60_000 - 1);
  await writeLetters(store);
  expect(letters()).toEqual([]);
  for (let time = 0; time < 2; time += 1) await later();
  const to = letters().map(({ address }) => address);
  expect(to.filter((address) => address === owner.email)).toHaveLength(1);
  expect(to).not.toContain(inside.email);
  const letter = letters().find(({ address }) => address === owner.email);
  expect([letter?.subject, letter?.path, letter?.seenAt === null]).toEqual([
    `Told ${code}.0.0 is rejected`,
    `/apps/${APP}/versions/${id}`,
    false,
  ]);
  // What was read meanwhile needs no letter, and what is old is no news.
  await refuse();
  markAllRead(store, owner);
  await later();
  await refuse();
  store.db.raw.run("UPDATE notifications SET created_at = created_at - 86400001");
  await later();
  expect(letters()).toHaveLength(to.length);
  // One that cannot be written keeps no other from its reader, and is not tried for ever.
  changeNotificationSettings(store, inside, { versions: true });
  await refuse();
  store.db.raw.run(
    `CREATE TEMP TRIGGER refused BEFORE INSERT ON main.outbox WHEN NEW.account_id = '${inside.accountId}' BEGIN SELECT RAISE(ABORT, 'not this one'); END`,
  );
  await later();
  store.db.raw.run("DROP TRIGGER refused");
  await later();
  expect(letters().map(({ address }) => address)).toEqual([owner.email, ...to]);
});

test("what a step tells to developers", () => {
  const hear = (from: string, to: string, by = "system") => developersHear({ from, to, by } as never);
  expect(hear("signing", "failed")).toBe("version.stopped");
  expect(hear("held", "signing")).toBe(null);
  expect(hear("signing", "held")).toBe("version.held");
  expect(hear("publishing", "withdrawn")).toBe("version.stopped");
  expect(hear("draft", "withdrawn", owner.accountId)).toBe(null);
  expect(hear("checking", "draft")).toBe(null);
});
