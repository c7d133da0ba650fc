/** Mail of a real server process, and the commands about it: over TLS of a private authority, signed in, through a new start. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, writeFileSync } from "node:fs";
import { OPERATOR } from "../../accounts/actor.ts";
import { tellOfPassword } from "../../accounts/forgotten.ts";
import { createAccount } from "../../accounts/people.ts";
import { openStore } from "../../boot/open-store.ts";
import { systemClock } from "../../clock.ts";
import { loadConfig } from "../../config.ts";
import { newId } from "../../ids.ts";
import { type MailServer, startMailServer } from "../../testing/mail-server.ts";
import { type Scratch, scratch } from "../../testing/scratch.ts";
import { type ServeProcess, startServe } from "../../testing/scratch-server.ts";
import { silentLog } from "../../testing/store.ts";
import { makeTlsAuthority, type TlsAuthority } from "../../testing/tls-authority.ts";

const PASSWORD = "a password for mail";
let here: Scratch;
let authority: TlsAuthority;
let mail: MailServer;
let server: ServeProcess | null = null;

beforeAll(async () => {
  here = scratch();
  authority = makeTlsAuthority();
  mail = await startMailServer({
    tls: "starttls",
    certificate: authority.certify(["localhost"]),
    user: { name: "apps@example.com", password: PASSWORD },
    onRecipient: (address) => (address.startsWith("no") ? [550, "5.1.1 no such user"] : null),
  });
  writeFileSync(here.path("password"), `${PASSWORD}\n`);
  chmodSync(here.path("password"), 0o600);
  writeFileSync(here.path("wrong"), "wrong\n");
});
afterAll(async () => {
  await server?.stop("SIGKILL");
  await mail.stop();
  authority.remove();
  here.remove();
});

const flags = (passwordFile: string) => [
  ...["--data", here.path("store"), "--port", "0", "--public-url", "https://apps.example.com"],
  ...["--smtp", `smtp://apps%40example.com@localhost:${mail.port}`, "--smtp-ca", authority.caFile],
  ...["--smtp-password-file", here.path(passwordFile), "--mail-from", "App store <apps@example.com>"],
];

const admin = (...argv: readonly string[]) =>
  here.run(["admin", ...argv, "--data", here.path("store"), "--json"], {
    environment: { MOSIS_TOKEN: "", MOSIS_STORE: "" },
  });

/** What was written while no server ran. */
async function writeMessage(): Promise<void> {
  const config = loadConfig({ dataDir: here.path("store") }, {});
  const opened = await openStore({
    config,
    clock: systemClock,
    log: silentLog,
    mayCreate: true,
    runJobs: false,
  });
  await createAccount(opened.store, OPERATOR, { email: "eve@example.org", name: "Eve", password: PASSWORD });
  tellOfPassword(
    opened.store,
    {
      email: "eve@example.org",
      from: { requestId: "req", address: "192.0.2.1", userAgent: "test" },
    },
    newId("job"),
  );
  await opened.scheduler.drain();
  await opened.close(1000);
}

async function waitFor(what: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await what()) return;
    await Bun.sleep(50);
  }
  throw new Error("it never came");
}

type Item = { id: string; sentAt: string | null; failure: string | null; link: string | null };
const items = async () => ((await admin("outbox", "list")).json as { items: Item[] }).items;

test("what waits goes out when a server with mail starts, and what is wrong with mail is said", async () => {
  await writeMessage();
  const refused = await here.run(["serve", ...flags("none"), "--json"]);
  expect([refused.exitCode, refused.json]).toMatchObject([3, { error: { code: "mail.file" } }]);

  server = await startServe(here, flags("wrong"));
  const wrong = await admin("mail", "test", "ada@example.com");
  expect([wrong.exitCode, wrong.json]).toMatchObject([3, { error: { code: "mail.sign_in" } }]);
  await waitFor(async () => (await items())[0]?.failure !== null);
  expect(await items()).toMatchObject([{ sentAt: null, failure: "535 5.7.8", link: "password" }]);
  expect(mail.taken).toEqual([]);

  // The file is read for each mail, and a new start tries at once.
  await server.stop("SIGTERM");
  server = await startServe(here, flags("password"));
  await waitFor(() => mail.taken.length === 1);
  expect(mail.taken[0]).toMatchObject({ to: ["eve@example.org"], isSecure: true, user: "apps@example.com" });
  expect(mail.taken[0]?.mail.text).toContain("https://apps.example.com/new-password?token=");
  await waitFor(async () => (await items())[0]?.sentAt !== null);

  const tried = await admin("mail", "test", "ada@example.com");
  expect([tried.exitCode, tried.json]).toMatchObject([0, { server: `localhost:${mail.port}` }]);
  expect(mail.taken[1]?.to).toEqual(["ada@example.com"]);
  const nobody = await admin("mail", "test", "nobody@example.com");
  expect([nobody.exitCode, nobody.json]).toMatchObject([1, { error: { code: "mail.refused" } }]);
  const nonsense = await admin("mail", "test", "nobody");
  expect([nonsense.exitCode, nonsense.json]).toMatchObject([1, { error: { code: "mail.recipient" } }]);

  const [message] = await items();
  const link = await admin("outbox", "link", message?.id ?? "");
  expect([link.exitCode, link.json]).toMatchObject([
    0,
    {
      to: "eve@example.org",
      url: expect.stringMatching(/^https:\/\/apps\.example\.com\/new-password\?token=/),
    },
  ]);
  const { stdout } = await here.run(["admin", "outbox", "--data", here.path("store")]);
  expect(stdout).toMatch(/to eve@example\.org, .*, sent /);
  expect(stdout).toContain("handed over");
  expect(stdout).not.toContain("token=");
  const log = await server.stop("SIGTERM");
  server = null;
  expect(JSON.stringify(log)).not.toMatch(/token=|A new password for/);
}, 120_000);
