/** Programs that are signed in with a code: by a client of the standard, and by `mosis login`. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as oauth from "openid-client";
import { OPERATOR } from "../../accounts/actor.ts";
import { pageApiKeys } from "../../accounts/api-keys/list.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { beginAuthorization, MOST_WAITING } from "../../accounts/device-authorization/begin.ts";
import {
  deviceCodeHash,
  newUserCode,
  userCodeHash,
  userCodeOf,
} from "../../accounts/device-authorization/codes.ts";
import { insertAuthorization } from "../../accounts/device-authorization/records.ts";
import { addMember } from "../../accounts/organisations.ts";
import { disableAccount } from "../../accounts/people.ts";
import { endSession } from "../../accounts/sessions.ts";
import { runCommand } from "../../cli/test-io.ts";
import { write } from "../../db/database.ts";
import { asideRow } from "../../db/watch.ts";
import { toldBy } from "../../testing/audit.ts";
import {
  newAdministrator,
  newOrganisation,
  newPerson,
  PASSWORD,
  type Person,
  type Portal,
  sessionCookieIn,
  startPortal,
} from "../../testing/portal.ts";
import { testClock } from "../../testing/store.ts";

let portal: Portal;
let mara: Person;
const clock = testClock();
const folder = mkdtempSync(join(tmpdir(), "mosis-login-"));

beforeAll(async () => {
  portal = await startPortal({}, clock);
  await newAdministrator(portal.store);
  mara = await newPerson(portal.store, "Mara Lindqvist");
});
afterAll(async () => {
  await portal.close();
  rmSync(folder, { recursive: true, force: true });
});

/** For when the session has been open for a while; it gets another secret then. */
const PROOF = { "proof.password": PASSWORD };
const cookies = new Map<Person, string>();

/** What a page of Mara's, or of somebody else, answers. */
async function page(path: string, form?: Readonly<Record<string, string>>, who: Person = mara) {
  const answer = await fetch(portal.url + path, {
    redirect: "manual",
    headers: {
      cookie: cookies.get(who) ?? who.cookie,
      ...(form === undefined ? {} : { origin: portal.url }),
    },
    ...(form === undefined ? {} : { method: "POST", body: new URLSearchParams({ ...form, ...PROOF }) }),
  });
  const renewed = sessionCookieIn(answer);
  if (renewed !== null) cookies.set(who, renewed);
  return { status: answer.status, location: answer.headers.get("location"), text: await answer.text() };
}

async function post(path: string, form: Readonly<Record<string, string>>) {
  const answer = await fetch(`${portal.url}/api/v1/oauth/${path}`, {
    method: "POST",
    body: new URLSearchParams(form),
  });
  return {
    status: answer.status,
    json: (await answer.json()) as Record<string, unknown>,
    headers: answer.headers,
  };
}

const begin = async () =>
  (await post("device-authorization", { client_id: "mosis", client_name: "a test" })).json;
const GRANT = "urn:ietf:params:oauth:grant-type:device_code";
const ask = async (code: unknown) =>
  (await post("token", { grant_type: GRANT, device_code: String(code), client_id: "mosis" })).json;
const keysOf = (who: Person) =>
  pageApiKeys(portal.store, OPERATOR, { accountId: who.accountId }, { limit: 100 }).items;

describe("a client of the standard", () => {
  test("finds the addresses, waits, and is given a token that speaks for the person", async () => {
    // A session of its own: Mara's may be due to be renewed, which is told as well.
    const reader = await newPerson(portal.store, "Ada Brandt");
    const config = await oauth.discovery(new URL(portal.url), "mosis", undefined, oauth.None(), {
      algorithm: "oauth2",
      execute: [oauth.allowInsecureRequests],
    });
    const begun = await oauth.initiateDeviceAuthorization(config, { scope: "" });
    expect(begun.interval).toBe(5);
    const shown = new URL(begun.verification_uri_complete ?? "");
    const filled = await page(shown.pathname + shown.search, undefined, reader);
    expect(filled.text).toContain(`value="${begun.user_code}"`);
    const asked = await page("/activate/code", { code: begun.user_code }, reader);
    expect([asked.status, asked.text.includes("The program must show exactly this code")]).toEqual([
      200,
      true,
    ]);
    expect(asked.text).toContain(begun.user_code);
    const told = await toldBy(portal.store.db, async () => {
      const answer = await page("/activate", { code: begun.user_code, days: "30" }, reader);
      expect([answer.status, answer.location]).toEqual([303, "/account/keys"]);
    });
    expect(told.map(({ action }) => action)).toEqual(["account.program_let_in"]);
    const polling = oauth.pollDeviceAuthorizationGrant(config, { ...begun, interval: 0.1 });
    const { access_token: token, expires_in: seconds } = await polling;
    expect(token).toStartWith("mosis_usr_");
    expect(seconds).toBe(30 * 86_400);
    const me = await fetch(`${portal.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(await me.json()).toMatchObject({ kind: "account", email: reader.email });
  });

  test("is told in the standard's words what is wrong", async () => {
    expect((await post("device-authorization", { client_name: "x" })).json).toMatchObject({
      error: "invalid_request",
    });
    expect((await post("token", { grant_type: "password" })).json).toMatchObject({
      error: "unsupported_grant_type",
    });
    const twice = new URLSearchParams([
      ["client_id", "mosis"],
      ["client_id", "other"],
    ]);
    for (const path of ["device-authorization", "token"] as const) {
      const answer = await fetch(`${portal.url}/api/v1/oauth/${path}`, { method: "POST", body: twice });
      expect([answer.status, await answer.json()]).toMatchObject([400, { error: "invalid_request" }]);
    }
    for (const code of ["", "x", "a".repeat(43)]) {
      const { status, json, headers } = await post("token", { grant_type: GRANT, device_code: code });
      expect([status, headers.get("cache-control")]).toEqual([400, "no-store"]);
      expect(["invalid_grant", "expired_token"]).toContain(String(json.error));
    }
  });
});

describe("a program that waits", () => {
  test("is told so, and to ask less often when it hurries", async () => {
    const { device_code: code } = await begin();
    expect(await ask(code)).toMatchObject({ error: "authorization_pending" });
    clock.advance(1000);
    expect(await ask(code)).toMatchObject({ error: "slow_down" });
    clock.advance(6000);
    expect(await ask(code)).toMatchObject({ error: "slow_down" });
    clock.advance(15_000);
    expect(await ask(code)).toMatchObject({ error: "authorization_pending" });
  });

  test("is given its key once", async () => {
    const { device_code: code, user_code: shown } = await begin();
    await page("/activate", { code: String(shown).toLowerCase().replace("-", " "), days: "7" });
    const both = await Promise.all([ask(code), ask(code)]);
    expect(both.filter((answer) => answer.access_token !== undefined)).toHaveLength(1);
    clock.advance(20_000);
    expect(await ask(code)).toMatchObject({ error: "expired_token" });
    // Nor is the code of use to anybody else.
    expect((await page("/activate", { code: String(shown), days: "7" })).status).toBe(422);
  });

  test("gets nothing when it is sent away, and is told once", async () => {
    const { device_code: code, user_code: shown } = await begin();
    const before = keysOf(mara).length;
    expect((await page("/activate/deny", { code: String(shown) })).status).toBe(303);
    expect(await ask(code)).toMatchObject({ error: "access_denied" });
    clock.advance(6000);
    expect(await ask(code)).toMatchObject({ error: "expired_token" });
    expect(keysOf(mara)).toHaveLength(before);
  });

  test("gets nothing when it is let in too late, or asks too late", async () => {
    const late = await begin();
    const asksLate = await begin();
    await page("/activate", { code: String(asksLate.user_code), days: "7" });
    clock.advance(10 * 60_000);
    expect((await page("/activate", { code: String(late.user_code), days: "7" })).status).toBe(422);
    expect(await ask(late.device_code)).toMatchObject({ error: "expired_token" });
    expect(await ask(asksLate.device_code)).toMatchObject({ error: "expired_token" });
  });

  test("gets nothing once the session is over in which it was let in, or the account is disabled", async () => {
    const ended = await newPerson(portal.store, "Ended Session");
    const disabled = await newPerson(portal.store, "Disabled Account");
    for (const who of [ended, disabled]) {
      const { device_code: code, user_code: shown } = await begin();
      expect((await page("/activate", { code: String(shown), days: "7" }, who)).status).toBe(303);
      if (who === disabled) disableAccount(portal.store, OPERATOR, who.accountId);
      else if (who.actor.via.type === "session") endSession(portal.store, who.actor, who.actor.via.sessionId);
      expect(await ask(code)).toMatchObject({ error: "access_denied" });
      expect(keysOf(who)).toEqual([]);
    }
  });
});

test("a program stays let in while the session in which it was goes on with another secret, and no longer", async () => {
  const { store } = portal;
  const who = await newPerson(store, "Renewed Twice");
  const codes: unknown[] = [];
  for (let time = 0; time < 2; time += 1) {
    const { device_code: code, user_code: shown } = await begin();
    expect((await page("/activate", { code: String(shown), days: "7" }, who)).status).toBe(303);
    codes.push(code);
  }
  const secrets = new Set<string | undefined>();
  // What they may do changes twice before the program asks again, and each page brings another secret.
  for (const name of ["Near", "Far"]) {
    addMember(store, OPERATOR, newOrganisation(store, `${name} Works`), who.accountId, "viewer");
    expect((await page("/account", undefined, who)).status).toBe(200);
    secrets.add(cookies.get(who));
  }
  expect(secrets.size).toBe(2);
  expect(await ask(codes[0])).toMatchObject({ token_type: "Bearer" });
  expect((await page("/sign-out", {}, who)).status).toBe(303);
  expect(await ask(codes[1])).toMatchObject({ error: "access_denied" });
  expect(keysOf(who)).toHaveLength(1);
});

describe("the page", () => {
  test("is for who is signed in, keeps what was typed and says what is wrong", async () => {
    const stranger = await fetch(`${portal.url}/activate?code=WDJB-MJHT`, { redirect: "manual" });
    expect(stranger.headers.get("location")).toBe(
      `/sign-in?next=${encodeURIComponent("/activate?code=WDJB-MJHT")}`,
    );
    const wrong = await page("/activate/code", { code: "BBBB-BBBB" });
    expect([wrong.status, wrong.text.includes("BBBB-BBBB")]).toEqual([422, true]);
    const { user_code: shown } = await begin();
    const days = await page("/activate", { code: String(shown), days: "9999" });
    expect([days.status, days.text.includes("1 to 366 whole days")]).toEqual([422, true]);
  });

  test("lets nobody try codes for long", async () => {
    const guesser = await newPerson(portal.store, "Gus Guesser");
    const answers: number[] = [];
    for (let tried = 0; tried < 8; tried++)
      answers.push((await page("/activate/code", { code: newUserCode() }, guesser)).status);
    expect(answers.slice(0, 5)).toEqual([422, 422, 422, 422, 422]);
    expect(answers.slice(5)).toEqual([429, 429, 429]);
    // Somebody else goes on.
    const { user_code: code } = await begin();
    expect((await page("/activate/code", { code: String(code) })).status).toBe(200);
  });

  test("takes no code that a link brought as a guess of the person", async () => {
    const lured = await newPerson(portal.store, "Lena Lured");
    for (let visit = 0; visit < 9; visit++)
      expect((await page(`/activate?code=${newUserCode()}`, undefined, lured)).status).toBe(200);
    const { user_code: code } = await begin();
    expect((await page("/activate/code", { code: String(code) }, lured)).status).toBe(200);
  });

  test("shows a program's name as a name, whatever is in it", async () => {
    const hostile = `<b>x</b>\u202e\n${"y".repeat(100)}`;
    const { userCode } = beginAuthorization(portal.store, { clientName: hostile, address: "192.0.2.9" });
    const { text } = await page("/activate/code", { code: userCode });
    expect(text).toContain(`&lt;b&gt;x&lt;/b&gt; ${"y".repeat(51)}<`);
    expect(text).not.toContain("\u202e");
  });
});

describe("strangers who begin many sign-ins", () => {
  const from = (address: string) => beginAuthorization(portal.store, { clientName: "x", address });
  const status = async (code: string) => (await page("/activate/code", { code })).status;

  test("keep nobody at their own address from what was begun there, nor others from beginning", async () => {
    const [waiting, approved] = [from("198.51.100.7"), from("198.51.100.7")];
    await page("/activate", { code: approved.userCode, days: "7" });
    for (let begun = 1; begun < 200; begun++) from("198.51.100.7");
    expect(() => from("198.51.100.7")).toThrow(
      expect.objectContaining({ code: "login.too_many_waiting", kind: "too_many_requests" }),
    );
    expect(await status(from("198.51.100.8").userCode)).toBe(200);
    expect(await status(waiting.userCode)).toBe(200);
    expect(await ask(approved.deviceCode)).toMatchObject({ token_type: "Bearer" });
    // Each has a minute; then those at the same address who come later get room.
    clock.advance(59_000);
    expect(() => from("198.51.100.7")).toThrow(expect.objectContaining({ code: "login.too_many_waiting" }));
    clock.advance(1000);
    const late = from("198.51.100.7");
    expect(await status(late.userCode)).toBe(200);
    expect(await status(waiting.userCode)).not.toBe(200);
    for (let begun = 0; begun < 150; begun++) from("198.51.100.7");
    expect(await status(late.userCode)).toBe(200);
  });

  test("at many addresses take the room of the largest of these", async () => {
    clock.advance(10 * 60_000);
    const [waiting, approved] = [from("203.0.113.1"), from("203.0.113.1")];
    await page("/activate", { code: approved.userCode, days: "7" });
    const oldest = from("10.0.0.1");
    write(portal.store.db, (tx) => {
      for (let begun = 0; begun < MOST_WAITING; begun++)
        insertAuthorization(tx, {
          deviceCodeHash: deviceCodeHash(`code ${begun}`),
          userCodeHash: userCodeHash(`code ${begun}`),
          clientName: "x",
          address: `10.0.0.${1 + (begun % 150)}`,
          createdAt: clock.now(),
          expiresAt: new Date(clock.now().getTime() + 600_000),
        });
      asideRow();
    });
    for (let begun = 0; begun < 5; begun++) from(`192.0.2.${begun}`);
    expect(await status(oldest.userCode)).toBe(422);
    expect(await status(waiting.userCode)).toBe(200);
    expect(await ask(approved.deviceCode)).toMatchObject({ token_type: "Bearer" });
    clock.advance(10 * 60_000);
  });
});

test("codes are read as people type them", () => {
  const code = newUserCode();
  const letters = code.replace("-", "");
  for (const typed of [
    code,
    letters,
    ` ${code.toLowerCase()} `,
    letters.split("").join(" "),
    code.replace("-", "–"),
  ])
    expect(userCodeOf(typed)).toBe(letters);
  for (const typed of ["", "AAAA-AAAA", `${code}B`, code.slice(1), "BBBB-BBB1"])
    expect(userCodeOf(typed)).toBeNull();
});

/** Side by side, since a program asks every five seconds: each with a person and a folder of its own. */
describe.concurrent("mosis login", () => {
  async function desk(name: string) {
    const who = await newPerson(portal.store, name);
    const home = join(folder, who.email);
    const io = { cwd: folder, environment: { XDG_CONFIG_HOME: home, MOSIS_STORE: portal.url } };
    const logins = join(home, "mosis", "logins");
    const file = () => join(logins, readdirSync(logins)[0] ?? "");
    const letIn = (text: string, before = () => {}) => {
      const code = /code ([A-Z]{4}-[A-Z]{4})/.exec(text)?.[1];
      if (code === undefined) return;
      before();
      void page("/activate", { code, days: "30" }, who);
    };

    /** Runs it as a person would: reads the code, lets the program in on the page. */
    async function login(): Promise<{ exitCode: number; stderr: string; json: unknown }> {
      const said: string[] = [];
      const stderr = (text: string) => {
        said.push(text);
        letIn(text);
      };
      const { exitCode, json } = await runCommand(["login", "--json"], { ...io, stderr });
      return { exitCode, stderr: said.join(""), json };
    }
    return { who, home, io, logins, file, letIn, login };
  }

  test("with a key that is narrowed, whoami says that, and not whose it is", async () => {
    const owner = { accountId: mara.accountId };
    const asked = async (actions: string[]) => {
      const { token } = createApiKey(portal.store, OPERATOR, { owner, name: "narrow", actions });
      const environment = { MOSIS_TOKEN: token, MOSIS_STORE: portal.url };
      return (await runCommand(["whoami"], { cwd: folder, environment })).stdout;
    };
    const narrow = await asked(["version.upload"]);
    expect(narrow).toContain("a key of a person, for certain actions or apps");
    expect(narrow).not.toContain(mara.email);
    expect(await asked(["self.keys"])).toContain(mara.email);
  });

  test("signs in, is used by other commands, and signs out at the store too", async () => {
    const { who, home, io, logins, file, login } = await desk("Sia Signs In");
    const first = await login();
    expect([first.exitCode, first.stderr.includes(`${portal.url}/activate?code=`)]).toEqual([0, true]);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(statSync(join(file(), "..")).mode & 0o777).toBe(0o700);
    const token = JSON.parse(readFileSync(file(), "utf8")).token as string;
    expect(JSON.stringify([first.json, first.stderr])).not.toContain(token);

    const me = await runCommand(["whoami", "--json"], io);
    expect(me.json).toMatchObject({ by: "login", me: { email: who.email } });
    // The only login says which store, too.
    const named = await runCommand(["whoami"], { cwd: folder, environment: { XDG_CONFIG_HOME: home } });
    expect(named.stdout).toContain("Sia Signs In");

    const second = await login();
    expect(second.exitCode).toBe(0);
    const old = await fetch(`${portal.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(old.status).toBe(401);

    expect(await runCommand(["logout", "--json"], io)).toMatchObject({
      exitCode: 0,
      json: { revoked: true },
    });
    expect(readdirSync(logins)).toEqual([]);
    expect(await runCommand(["whoami"], io)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("client.token_missing"),
    });
    expect(await runCommand(["logout"], io)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("login.none"),
    });
  }, 60_000);

  test("takes no login that others can read, nor one that is damaged", async () => {
    const { io, file, login } = await desk("Oda Open");
    expect((await login()).exitCode).toBe(0);
    const { token: exposed } = JSON.parse(readFileSync(file(), "utf8"));
    chmodSync(file(), 0o644);
    expect((await runCommand(["whoami"], io)).stderr).toContain("login.file_open");
    // The next login ends what others could read.
    expect((await login()).exitCode).toBe(0);
    const old = await fetch(`${portal.url}/api/v1/me`, { headers: { authorization: `Bearer ${exposed}` } });
    expect(old.status).toBe(401);
    await Bun.write(file(), "{");
    chmodSync(file(), 0o600);
    expect((await runCommand(["whoami"], io)).stderr).toContain("login.file_damaged");
  }, 60_000);

  test("asks nobody when what it is given cannot be kept, and ends the key when that comes out later", async () => {
    const { who, home, io, letIn } = await desk("Una Unkept");
    // A file where a folder must be stops also who may write everywhere.
    await Bun.write(home, "");
    const early = await runCommand(["login", "--json"], io);
    expect(early.exitCode).not.toBe(0);
    expect(JSON.stringify(early.json)).toContain("file.");
    expect(early.stderr).not.toContain("/activate");

    rmSync(home);
    const block = () => {
      rmSync(home, { recursive: true });
      writeFileSync(home, "");
    };
    const late = await runCommand(["login", "--json"], { ...io, stderr: (text) => letIn(text, block) });
    expect(late.exitCode).not.toBe(0);
    expect(keysOf(who).map(({ revokedAt }) => revokedAt)).toEqual([expect.any(Date)]);
  }, 60_000);
});
