/** What the commands about invitations, sessions and owners do to a store that runs, seen with a browser's requests. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { type MailServer, startMailServer } from "../../testing/mail-server.ts";
import { type Scratch, scratch } from "../../testing/scratch.ts";
import { type ServeProcess, startServe } from "../../testing/scratch-server.ts";

const PASSWORD = "seven green bicycles";
let here: Scratch;
let server: ServeProcess;
let mail: MailServer | null = null;

beforeAll(async () => {
  here = scratch();
  here.write("pass", `${PASSWORD}\n`, 0o600);
  server = await startServe(here, ["--data", here.path("store"), "--port", "0"]);
  await admin("user", "add", "ada@example.com", "--name", "Ada", "--role", "administrator", ...PASS);
});
afterAll(async () => {
  await server.stop("SIGKILL");
  await mail?.stop();
  here.remove();
});

const PASS = ["--password-file", "pass"];

async function admin<Result>(...argv: readonly string[]): Promise<Result> {
  const ran = await here.run(["admin", ...argv, "--data", here.path("store"), "--json"]);
  expect([argv, ran.exitCode, ran.stderr]).toEqual([argv, 0, ""]);
  return ran.json as Result;
}

type Made = { id: string; mailed: boolean; link: { url: string } | null };

async function post(path: string, form: Record<string, string>): Promise<Response> {
  return fetch(server.url + path, {
    method: "POST",
    redirect: "manual",
    headers: { origin: server.url },
    body: new URLSearchParams(form),
  });
}

const tokenOf = ({ link }: Made): string => new URL(link?.url ?? "").searchParams.get("token") ?? "";

/** Whether the link still says what it offers. */
async function opens(made: Made): Promise<boolean> {
  return (await fetch(made.link?.url ?? "")).status === 200;
}

async function signIn(email: string): Promise<string> {
  const entered = await post("/sign-in", { email, password: PASSWORD });
  return entered.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

async function isSignedIn(cookie: string): Promise<boolean> {
  return (await fetch(`${server.url}/account`, { headers: { cookie }, redirect: "manual" })).status === 200;
}

/** An invitation without mail: its link is printed and makes the account; taken back, it opens nothing. */
async function invitation(): Promise<void> {
  const made = await admin<Made>("invitation", "add", "cy@example.com", "--store-role", "support");
  expect([made.mailed, made.link?.url.startsWith(`${server.url}/`)]).toEqual([false, true]);
  const again = await admin<Made>("invitation", "link", made.id);
  expect(tokenOf(again)).not.toBe(tokenOf(made));
  const other = await admin<Made>("invitation", "add", "dee@example.com");
  expect([await opens(made), await opens(again), await opens(other)]).toEqual([true, true, true]);
  await admin("invitation", "revoke", other.id);
  expect(await opens(other)).toBe(false);
  const refused = await here.run([
    "admin",
    "invitation",
    "link",
    other.id,
    "--data",
    here.path("store"),
    "--json",
  ]);
  expect([refused.exitCode, refused.json]).toMatchObject([1, { error: { code: "message.over" } }]);

  const taken = await post("/invitation", { token: tokenOf(again), name: "Cy", password: PASSWORD });
  expect(taken.status).toBe(303);
  const { items } = await admin<{ items: { email: string; storeRole: string }[] }>("user", "list");
  expect(items).toMatchObject([
    { email: "ada@example.com", storeRole: "administrator" },
    { email: "cy@example.com", storeRole: "support" },
  ]);
  // Both links were of one invitation.
  expect(await opens(made)).toBe(false);
  expect(await admin<object>("invitation", "list")).toEqual({ items: [] });
}

/** An owner is invited into an organisation, which nobody answered for before. */
async function owner(): Promise<void> {
  await admin("organisation", "add", "Example");
  const made = await admin<Made>(
    ...["invitation", "add", "ola@example.com", "--organisation", "Example", "--role", "owner"],
  );
  const left = await admin<{ items: object[] }>("organisation", "ownerless");
  expect(left).toMatchObject({ items: [{ name: "Example", members: 0 }] });
  await post("/invitation", { token: tokenOf(made), name: "Ola", password: PASSWORD });
  expect(await admin<object>("organisation", "ownerless")).toEqual({ items: [] });

  await admin("user", "disable", "ola@example.com", "--yes");
  expect(await admin<object>("organisation", "ownerless")).toMatchObject({ items: [{ members: 1 }] });
  await admin("organisation", "take-over", "Example", "cy@example.com", "--reason", "Ola has left.");
  const { items } = await admin<{ items: { subject: string; body: string }[] }>("outbox", "list");
  expect(items[0]).toMatchObject({
    subject: "Example has a new owner",
    body: expect.stringMatching(/^The operator of .+ made you the owner of Example\. .+Ola has left\.$/s),
  });
}

/** Sessions: listed, one is ended and no other, then all. */
async function sessions(): Promise<void> {
  await admin("user", "add", "bo@example.com", "--name", "Bo", ...PASS);
  const [one, two] = [await signIn("bo@example.com"), await signIn("bo@example.com")];
  const listed = await admin<{ items: { id: string; address: string }[] }>(
    "session",
    "list",
    "bo@example.com",
  );
  expect(listed.items).toMatchObject([{ address: "127.0.0.1" }, { address: "127.0.0.1" }]);
  // Of somebody else it is none, and stays.
  const [newest] = listed.items;
  expect(await admin<object>("session", "end", "ada@example.com", newest?.id ?? "")).toEqual({
    ended: false,
  });
  expect([await isSignedIn(one), await isSignedIn(two)]).toEqual([true, true]);
  expect(await admin<object>("session", "end", "bo@example.com", newest?.id ?? "")).toEqual({ ended: true });
  expect([await isSignedIn(one), await isSignedIn(two)].sort()).toEqual([false, true]);
  expect(await admin<object>("session", "end-all", "bo@example.com")).toEqual({ ended: 1 });
  expect([await isSignedIn(one), await isSignedIn(two)]).toEqual([false, false]);
  const audit = await admin<{ items: { action: string; actor: string }[] }>(
    ...["audit", "list", "--action", "session.ended"],
  );
  expect(audit.items.map(({ actor }) => actor)).toEqual(["operator", "operator"]);
}

/** With mail the link goes by it, and is printed only when it is asked for. */
async function byMail(): Promise<void> {
  mail = await startMailServer({ tls: "none" });
  await server.stop();
  server = await startServe(here, [
    ...["--data", here.path("store"), "--port", "0", "--smtp", `smtp://127.0.0.1:${mail.port}`],
    ...["--mail-from", "Apps <apps@example.com>", "--public-url", "https://apps.example.com"],
  ]);
  const made = await admin<Made>("invitation", "add", "eve@example.com");
  expect(made).toMatchObject({ mailed: true, link: null });
  const handed = await admin<Made>("invitation", "add", "fay@example.com", "--link");
  expect([handed.mailed, tokenOf(handed).length]).toEqual([true, 43]);
  const said = await here.run([
    "admin",
    "invitation",
    "add",
    "gil@example.com",
    "--data",
    here.path("store"),
  ]);
  expect(said.stdout).toMatch(
    /^gil@example\.com is invited, without a role, until .+ A mail is on its way\.\n$/,
  );
  const invited = ["eve@example.com", "fay@example.com", "gil@example.com"];
  const { taken } = mail;
  const arrived = () => invited.filter((address) => taken.some(({ to }) => to.includes(address)));
  for (const until = Date.now() + 15_000; arrived().length < 3 && Date.now() < until; ) await Bun.sleep(50);
  expect(arrived()).toEqual(invited);
}

test("people are invited, answer for an organisation, have sessions ended, and are written to", async () => {
  await invitation();
  await owner();
  await sessions();
  await byMail();
}, 120_000);
