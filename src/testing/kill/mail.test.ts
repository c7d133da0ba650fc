/** The store is killed while it sends mail: every message goes, and what goes twice is the same mail. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { readPasswordLink, tellOfPassword } from "../../accounts/forgotten.ts";
import { createAccount } from "../../accounts/people.ts";
import { openStore } from "../../boot/open-store.ts";
import { systemClock } from "../../clock.ts";
import { loadConfig } from "../../config.ts";
import { newId } from "../../ids.ts";
import { type MailServer, startMailServer } from "../mail-server.ts";
import { silentLog } from "../store.ts";
import { chosenSteps, KILLS_TIMEOUT_MS, twoAtATime } from "./chosen-steps.ts";
import type { MailOutcome } from "./outcome.ts";
import { runChild } from "./run-child.ts";

const top = mkdtempSync(join(tmpdir(), "mosis-kill-mail-"));
const prepared = join(top, "prepared");
const PEOPLE = ["ada@example.org", "bob@example.org"];
/** In a check. */
const STEPS = 2;
const servers: MailServer[] = [];
afterAll(async () => {
  for (const server of servers) await server.stop();
  rmSync(top, { recursive: true, force: true });
});

const open = (dataDir: string, mayCreate: boolean) =>
  openStore({
    config: loadConfig({ dataDir }, {}),
    clock: systemClock,
    log: silentLog,
    mayCreate,
    runJobs: false,
  });

beforeAll(async () => {
  mkdirSync(prepared);
  const { store, scheduler, close } = await open(prepared, true);
  for (const email of PEOPLE) {
    await createAccount(store, OPERATOR, { email, name: email, password: "correct horse battery" });
    const from = { requestId: "req", address: "192.0.2.1", userAgent: "test" };
    tellOfPassword(store, { email, from }, newId("job"));
  }
  await scheduler.drain();
  await close(1000);
}, 60_000);

async function copyOf(name: string, onMail?: (folder: string) => void) {
  const folder = join(top, name);
  cpSync(prepared, folder, { recursive: true });
  const server = await startMailServer({
    onMail: () => {
      onMail?.(folder);
      return null;
    },
  });
  servers.push(server);
  const run = (killAt = 0) =>
    runChild<MailOutcome>("mail-child.ts", folder, `smtp://127.0.0.1:${server.port}`, killAt);
  return { folder, server, run };
}

const DONE: Omit<MailOutcome, "steps"> = { isSent: [true, true], unfinishedJobs: [] };
const tokenIn = (text: string | undefined) => /token=([\w-]+)/.exec(text ?? "")?.[1] ?? "";

test(
  "a kill after each durable write loses no message, and one that goes twice has the same Message-ID",
  async () => {
    const whole = await copyOf("whole");
    const outcome = await whole.run();
    const { steps = [], ...rest } = outcome ?? {};
    expect(rest).toEqual(DONE);
    expect(whole.server.taken).toHaveLength(2);
    expect(steps.length).toBeGreaterThan(6);
    let twice = 0;
    const chosen = chosenSteps({ mail: steps }, STEPS, STEPS).get("mail") ?? [];
    await twoAtATime(chosen, async (killAt) => {
      const { folder, server, run } = await copyOf(`step ${killAt}`);
      expect({ killAt, killed: (await run(killAt)) === null }).toEqual({ killAt, killed: true });
      const again = await run();
      expect({ killAt, isSent: again?.isSent, jobs: again?.unfinishedJobs }).toEqual({
        killAt,
        isSent: DONE.isSent,
        jobs: [],
      });
      const { taken } = server;
      const ids = new Set(taken.map(({ mail }) => mail.messageId));
      expect({ killAt, ids: ids.size, most: taken.length <= 3 }).toEqual({ killAt, ids: 2, most: true });
      twice += taken.length - ids.size;
      // Whichever of the two mails somebody opens, its link works.
      const { store, close } = await open(folder, false);
      for (const { mail, to } of taken)
        expect(readPasswordLink(store, tokenIn(mail.text)).email).toBe(to[0] ?? "");
      await close(1000);
      rmSync(folder, { recursive: true });
    });
    // A write that says that it was sent comes after the sending: no kill stands between the two here.
    expect(twice).toBe(0);
  },
  KILLS_TIMEOUT_MS,
);

test("a kill between the server's yes and the word that it was sent sends the same mail again", async () => {
  let kills = 1;
  const { server, run, folder } = await copyOf("between", (of) => {
    if (kills-- > 0) process.kill(Number(readFileSync(join(of, "child.pid"), "utf8")), "SIGKILL");
  });
  expect(await run()).toBeNull();
  // It has read the mail, and parses it yet.
  for (let tries = 0; server.taken.length === 0 && tries < 200; tries += 1) await Bun.sleep(25);
  expect(server.taken).toHaveLength(1);
  expect(await run()).toMatchObject(DONE);
  const ids = server.taken.map(({ mail }) => mail.messageId);
  expect(ids).toHaveLength(3);
  expect(ids.filter((id) => id === ids[0])).toHaveLength(2);
  const { store, close } = await open(folder, false);
  for (const { mail, to } of server.taken)
    expect(readPasswordLink(store, tokenIn(mail.text)).email).toBe(to[0] ?? "");
  await close(1000);
}, 60_000);
