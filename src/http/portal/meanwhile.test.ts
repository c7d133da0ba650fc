/** Signing in with a password while it is changed, reset or taken out of use; and forms whose session ends while they come. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { revokeApiKey } from "../../accounts/api-keys/end.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { addApp, offerApp } from "../../accounts/factors/change.ts";
import { stepOf, totpCode } from "../../accounts/factors/totp.ts";
import { makeLink } from "../../accounts/links/links.ts";
import { addMember, createOrganisation } from "../../accounts/organisations.ts";
import { disableAccount, enableAccount, setStoreRole, verifyPassword } from "../../accounts/people.ts";
import { endSession } from "../../accounts/sessions.ts";
import { write } from "../../db/database.ts";
import { fromBase32 } from "../../testing/authenticator.ts";
import {
  makeCostly,
  newAdministrator,
  newPerson,
  PASSWORD,
  type Person,
  type Portal,
  sessionCookieIn,
  signedInAgain,
  startPortal,
} from "../../testing/portal.ts";
import { newPublisher, signedApp } from "../../testing/publishing.ts";

const NEW = "quite another phrase 77";
/** One each some milliseconds, so that some are being compared when the change is written. */
const TRIES = 16;
const APART_MS = 12;

let portal: Portal;
let administrator: Person;
beforeAll(async () => {
  portal = await startPortal();
  administrator = await newAdministrator(portal.store);
});
afterAll(() => portal.close());

const post = (path: string, fields: Record<string, string>, cookie = "") =>
  fetch(portal.url + path, {
    method: "POST",
    redirect: "manual",
    headers: { Cookie: cookie, "Sec-Fetch-Site": "same-origin" },
    body: new URLSearchParams(fields),
  });
const isIn = async (cookie: string) =>
  (await fetch(`${portal.url}/account`, { headers: { Cookie: cookie }, redirect: "manual" })).status === 200;

type Answer = { readonly status: number; readonly location: string | null; readonly cookie: string | null };
async function signIn(email: string, password = PASSWORD): Promise<Answer> {
  const response = await post("/sign-in", { email, password, next: "" });
  await response.bytes();
  return {
    status: response.status,
    location: response.headers.get("location"),
    cookie: sessionCookieIn(response),
  };
}

/** Sign-ins with the old password that begin while something is done; only some can have ended before it. */
async function signingIn(email: string, act: () => Promise<unknown>): Promise<Answer[]> {
  const done = act();
  const tries: Promise<Answer>[] = [];
  for (let n = 0; n < TRIES; n += 1) {
    tries.push(signIn(email));
    await Bun.sleep(APART_MS);
  }
  await done;
  return Promise.all(tries);
}

/** Not by signing in: whose tries were refused meanwhile has to wait now. */
const opens = async ({ email }: Person, password: string) =>
  (await verifyPassword(portal.store, email, password)) !== null;
const statusesOf = (answers: readonly Answer[]) => new Set(answers.map(({ status }) => status));

/** Somebody whose password takes as long as people's do, so that something can come in between. */
async function costly(name: string): Promise<Person> {
  const person = await newPerson(portal.store, name);
  await makeCostly(portal.store);
  return person;
}

test("no session that began with the old password is left after a new one was chosen", async () => {
  const person = await costly("Mara Change");
  let told = 0;
  const answers = await signingIn(person.email, async () => {
    told = (await post("/account", { current: PASSWORD, password: NEW }, person.cookie)).status;
  });
  expect(told).toBe(303);
  for (const { cookie } of answers) if (cookie !== null) expect(await isIn(cookie)).toBe(false);
  expect(statusesOf(answers).difference(new Set([303, 422, 429])).size).toBe(0);
  expect(await opens(person, NEW)).toBe(true);
}, 60_000);

test("nor after one was set by a link, and no second step waits", async () => {
  const { store } = portal;
  const person = await costly("Rita Reset");
  const { offer, secret } = offerApp(store, person.actor);
  const code = totpCode(fromBase32(secret), stepOf(store.clock.now()));
  addApp(store, person.actor, { offer, code, name: "Phone" });
  const of = {
    purpose: "password",
    email: person.email,
    accountId: person.accountId,
    invitationId: null,
  } as const;
  const { path } = write(store.db, (tx) => makeLink(tx, of, { mailed: true }, store.clock.now()));
  const token = path.split("token=")[1] ?? "";
  let told = 0;
  await signingIn(person.email, async () => {
    told = (await post("/new-password", { token, password: NEW })).status;
  });
  expect(told).toBe(303);
  const waiting = store.db.raw.query("SELECT * FROM pending_sign_ins WHERE account_id = ?");
  expect(waiting.all(person.accountId)).toEqual([]);
  expect(await opens(person, NEW)).toBe(true);
}, 60_000);

test("who is disabled while they sign in is told what a wrong password is told, and has no session once enabled", async () => {
  const { store } = portal;
  const person = await costly("Dee Disabled");
  const answers = Array.from({ length: 4 }, () => signIn(person.email));
  await Bun.sleep(20);
  disableAccount(store, administrator.actor, person.accountId);
  const rows = () => store.db.raw.query("SELECT id FROM sessions WHERE account_id = ?").all(person.accountId);
  const all = await Promise.all(answers);
  expect(rows()).toEqual([]);
  expect(all.at(-1)).toEqual({ status: 422, location: null, cookie: null });
  enableAccount(store, administrator.actor, person.accountId);
  for (const { cookie } of all) if (cookie !== null) expect(await isIn(cookie)).toBe(false);
  expect(await opens(person, PASSWORD)).toBe(true);
}, 60_000);

test("of two sessions that change the password at once one is refused, and the other's password counts", async () => {
  const person = await costly("Tess Twice");
  const again = await signedInAgain(portal.store, person);
  const words = [NEW, "first in and last out 5"];
  const change = async ({ cookie }: Person, password = "") =>
    (await post("/account", { current: PASSWORD, password }, cookie)).status;
  const told = await Promise.all([change(person, words[0]), change(again, words[1])]);
  expect(told.toSorted()).toEqual([303, 401]);
  for (const [at, password] of words.entries()) expect(await opens(person, password)).toBe(told[at] === 303);
}, 60_000);

/** Sends the head and all of the body, whose characters are bytes, but its end, does something, and sends that. Gives the status. */
async function slowly(
  path: string,
  cookie: string,
  body: string,
  meanwhile: () => void | Promise<void>,
  credentials = [`Cookie: ${cookie}`, "Content-Type: application/x-www-form-urlencoded"],
): Promise<number> {
  const { hostname, port, host } = new URL(portal.url);
  const head = [
    path.startsWith("/api/") ? `PUT ${path} HTTP/1.1` : `POST ${path} HTTP/1.1`,
    `Host: ${host}`,
    "Sec-Fetch-Site: same-origin",
    ...credentials,
    `Content-Length: ${body.length}`,
    "Connection: close",
  ];
  const socket = connect(Number(port), hostname);
  const answer = new Promise<string>((resolve, reject) => {
    let text = "";
    socket.on("data", (chunk) => {
      text += String(chunk);
    });
    socket.on("end", () => resolve(text)).on("error", reject);
  });
  socket.write(`${head.join("\r\n")}\r\n\r\n${body.slice(0, -1)}`, "latin1");
  await Bun.sleep(150);
  await meanwhile();
  socket.write(body.slice(-1), "latin1");
  return Number((await answer).split(" ")[1]);
}

test("a form whose session ends while it comes does nothing", async () => {
  const { store } = portal;
  const person = await newPerson(store, "Sloe Form");
  const name = () =>
    (store.db.raw.query("SELECT name FROM accounts WHERE id = ?").get(person.accountId) as { name: string })
      .name;
  const { via } = person.actor;
  if (via.type !== "session") throw new Error("they are in a browser");
  const end = () => endSession(store, person.actor, via.sessionId);
  expect(await slowly("/account/name", person.cookie, "name=Slow+One", () => {})).toBe(303);
  expect(await slowly("/account/name", person.cookie, "name=Thief", end)).toBe(401);
  expect(name()).toBe("Slow One");
}, 60_000);

test("nor does a package whose session ends while it comes", async () => {
  const { store } = portal;
  const person = await newPerson(store, "Pia Package");
  const { organisationId, signer } = await newPublisher(store, "Slow Apps");
  addMember(store, administrator.actor, organisationId, person.accountId, "developer");
  const { cookie, actor } = await signedInAgain(store, person);
  const { via } = actor;
  if (via.type !== "session") throw new Error("they are in a browser");
  const taken = join(store.config.dataDir ?? "", "staging");
  const send = async (id: string, meanwhile: () => void) => {
    const bytes = Buffer.from(await signedApp(store, signer, { id, versionCode: 1, version: "1.0.0" }));
    const field = (name: string, more = "", value = "") =>
      `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
    const file = field("file", '; filename="a.mosis"', bytes.toString("latin1"));
    const body = `${field("organisation")}${field("notes")}${field("hold")}${file}--b--\r\n`;
    const type = "Content-Type: multipart/form-data; boundary=b";
    const once = async () => {
      while (readdirSync(taken).length === 0) await Bun.sleep(5);
      meanwhile();
    };
    return slowly("/upload", cookie, body, once, [`Cookie: ${cookie}`, type]);
  };
  expect(await send("org.example.slow", () => {})).toBe(303);
  expect(await send("org.example.thief", () => endSession(store, actor, via.sessionId))).toBe(401);
  const apps = store.db.raw.query<{ id: string }, [string]>("SELECT id FROM apps WHERE organisation_id = ?");
  expect(apps.all(organisationId)).toEqual([{ id: "org.example.slow" }]);
}, 60_000);

test("nor does one whose sender is dismissed while it comes", async () => {
  const { store } = portal;
  const one = await newPerson(store, "Dora Dismissed");
  setStoreRole(store, administrator.actor, one.accountId, "administrator");
  const [dismissed, other] = [await signedInAgain(store, one), await newPerson(store, "Otto Other")];
  const dismiss = () => setStoreRole(store, administrator.actor, dismissed.accountId, null);
  const roleOf = () =>
    (
      store.db.raw.query("SELECT store_role AS role FROM accounts WHERE id = ?").get(other.accountId) as {
        role: unknown;
      }
    ).role;
  const promote = (role: string, meanwhile: () => void) =>
    slowly(`/admin/people/${other.accountId}/role`, dismissed.cookie, `storeRole=${role}`, meanwhile);
  expect(await promote("auditor", () => {})).toBe(303);
  expect(await promote("administrator", dismiss)).toBe(401);
  expect(roleOf()).toBe("auditor");
}, 60_000);

test("nor a call of the API whose key is revoked while it comes", async () => {
  const { store } = portal;
  const { id } = createOrganisation(store, administrator.actor, { name: "Slow Works" });
  const { key, token } = createApiKey(store, administrator.actor, {
    owner: { accountId: administrator.accountId },
    name: "slow",
  });
  const rename = (name: string, meanwhile: () => void) =>
    slowly(`/api/v1/organisations/${id}/name`, "", JSON.stringify({ name }), meanwhile, [
      `Authorization: Bearer ${token}`,
      "Content-Type: application/json",
      "If-Match: *",
    ]);
  expect(await rename("Slower Works", () => {})).toBe(200);
  expect(await rename("Revoked Works", () => revokeApiKey(store, administrator.actor, key.id))).toBe(401);
  const named = store.db.raw.query("SELECT name FROM organisations WHERE id = ?").get(id);
  expect(named).toEqual({ name: "Slower Works" });
}, 60_000);
