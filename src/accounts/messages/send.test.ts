/** Messages on their way through the queue to a real mail server, or to one that is not there. */
import { afterAll, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { CRON, HANDLERS_HERE } from "../../boot/handlers.ts";
import { loadConfig } from "../../config.ts";
import { write } from "../../db/database.ts";
import { accounts } from "../../db/schema.ts";
import { type MessageId, newId } from "../../ids.ts";
import { listJobs, queueHealth } from "../../jobs/queue.ts";
import { type JobHandler, startScheduler } from "../../jobs/scheduler.ts";
import type { Log, LogFields } from "../../log.ts";
import { PATIENCE, type Patience } from "../../mail/smtp.ts";
import {
  type MailServer,
  type MailServerOptions,
  script,
  startMailServer,
  startOddServer,
} from "../../testing/mail-server.ts";
import { codeOf } from "../../testing/problems.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { openTestStore, silentLog, type TestStore, testClock } from "../../testing/store.ts";
import { ANONYMOUS, OPERATOR } from "../actor.ts";
import { readPasswordLink, resetPassword, tellOfPassword } from "../forgotten.ts";
import { invite, revokeInvitation } from "../invitations/invite.ts";
import { createAccount, disableAccount, readAccount } from "../people.ts";
import { tellOfSignUp } from "../sign-up.ts";
import { handOver } from "./hand-over.ts";
import { LINK_PLACE, listMessages, SEND_MAIL_JOB, tellAddress } from "./outbox.ts";
import { messageById } from "./records.ts";
import { beginMail, PLAN_MAIL_JOB, sendMessage } from "./send.ts";
import { mailTrouble } from "./trouble.ts";
import { tryMail } from "./try-mail.ts";

const FROM = { requestId: "req", address: "192.0.2.1", userAgent: "test" };
/** At these others go ahead soon, and nothing is given up that a busy machine is late with. */
const UNHURRIED: Patience = { ...PATIENCE, slowMs: 100 };
/** For mails at which a server falls silent. Of all others it would make silent ones where the machine is busy. */
const HASTY: Patience = { ...UNHURRIED, silenceMs: 1000, wholeMs: 2000 };
/** For mails that a server has read and says nothing to. */
const CURT: Patience = { ...UNHURRIED, contentMs: 500 };
/** So that nothing depends on when it runs: a cron entry that is due takes a turn. */
const START = new Date("2026-11-25T09:00:30Z");
const MAIL_CRON = CRON.filter(({ kind }) => kind === PLAN_MAIL_JOB);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const open: { stop(): Promise<void> }[] = [];
const stores: TestStore[] = [];
// Not after each, since some are on their way beside each other.
afterAll(async () => {
  for (const server of open) await server.stop();
  for (const store of stores) store.close();
});

type Line = { readonly event: string; readonly fields: LogFields };

/** @param patience By the address that a mail goes to. */
async function world(port: number | null, patience: (address: string) => Patience = () => PATIENCE) {
  const lines: Line[] = [];
  const line = (event: string, fields: LogFields = {}) => void lines.push({ event, fields });
  const log: Log = { ...silentLog, info: line, warn: line, error: line };
  const opened = await openTestStore({ log, clock: testClock(START) });
  const flags = { smtp: `smtp://127.0.0.1:${port}`, mailFrom: "Store <store@example.com>" };
  const more = { dataDir: opened.dataDir, publicUrl: "https://apps.example.com" };
  const config = loadConfig({ ...more, ...(port === null ? {} : flags) }, {});
  const store: TestStore = { ...opened, config };
  stores.push(store);
  const handlers = new Map<string, JobHandler>([
    ...HANDLERS_HERE,
    [
      SEND_MAIL_JOB,
      (of, run) => {
        const row = messageById(of.db.orm, run.job.payload.messageId as MessageId);
        return sendMessage(of, run, patience(row?.address ?? ""));
      },
    ],
  ]);
  const scheduler = startScheduler(store, {
    handlers,
    cron: MAIL_CRON,
    ticking: false,
  });
  return {
    store,
    lines,
    drain: () => scheduler.drain(),
    messages: () => listMessages(store, OPERATOR, { limit: 100 }).items,
    /** In steps, as time goes by in a store that runs. */
    async passes(ms: number, step = 10 * MINUTE_MS) {
      for (let passed = 0; passed < ms; passed += step) {
        store.clock.advance(Math.min(step, ms - passed));
        await scheduler.drain();
      }
    },
  };
}

async function mailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const server = await startMailServer(options);
  open.push(server);
  return server;
}

const tell = (store: TestStore, address: string, subject = "Hello") =>
  write(store.db, (tx) =>
    tellAddress(
      tx,
      { address, accountId: null },
      { kind: "account.exists", subject, body: ["You have one."], path: "/sign-in" },
      store.clock.now(),
    ),
  );

/** A server that answers every recipient so, and keeps nobody waiting for its greeting. */
async function putsOff(answer: string) {
  const server = await startOddServer((socket) =>
    script(socket, { EHLO: "250 hi", "MAIL ": "250 ok", "RCPT ": answer, QUIT: "221 bye" }),
  );
  open.push(server);
  return server;
}

/** A server that never answers for some, and takes what is for everybody else. Tells what it did, by the name before the `@`. */
async function silentFor(whom: RegExp, events: string[]) {
  const server = await startOddServer((socket) => {
    let name = "";
    socket.on("data", (data) => {
      const to = /^RCPT TO:<([^@]*)/.exec(data.toString())?.[1];
      if (to === undefined) return;
      name = to;
      if (whom.test(name)) events.push(`asked ${name}`);
      else socket.write("250 ok\r\n");
    });
    socket.on("close", () => {
      if (whom.test(name)) events.push(`left ${name}`);
      else if (name !== "") events.push(`took ${name}`);
    });
    script(socket, {
      EHLO: "250 hi",
      "MAIL ": "250 ok",
      DATA: "354 go on",
      ".\r\n": "250 queued",
      QUIT: "221 bye",
    });
  });
  open.push(server);
  return server;
}

/** A server that reads each mail, and says so after longer than it may be silent otherwise; null: never. */
async function answersMail(given: number[], answer: (count: number) => string | null) {
  const server = await startOddServer((socket) => {
    script(socket, { EHLO: "250 hi", "MAIL ": "250 ok", "RCPT ": "250 ok", DATA: "354 go", QUIT: "221 bye" });
    socket.on("data", (data) => {
      if (!data.toString().endsWith("\r\n.\r\n")) return;
      const count = given.push(performance.now());
      const said = answer(count);
      if (said !== null) setTimeout(() => socket.write(`${said}\r\n`), 1300);
    });
  });
  open.push(server);
  return server;
}

/** A server that reads each mail, takes at once those to `whom`, and breaks off at all others. Tells to whom each was. */
async function breaksOff(given: string[], whom: RegExp) {
  const server = await startOddServer((socket) => {
    let name = "";
    script(socket, { EHLO: "250 hi", "MAIL ": "250 ok", "RCPT ": "250 ok", DATA: "354 go", QUIT: "221 bye" });
    socket.on("data", (data) => {
      const text = data.toString();
      name = /^RCPT TO:<([^@]*)/.exec(text)?.[1] ?? name;
      if (!text.endsWith("\r\n.\r\n")) return;
      given.push(name);
      if (whom.test(name)) socket.write("250 queued\r\n");
      else socket.destroy();
    });
  });
  open.push(server);
  return server;
}

/** A port at which nobody listens, until `mailServer({port})` does. */
async function freePort(): Promise<number> {
  const server = await startMailServer();
  await server.stop();
  return server.port;
}

const tokenIn = (text: string | undefined) => /token=([\w-]+)/.exec(text ?? "")?.[1] ?? "";

describe("a message", () => {
  test("goes out with a link that was made then, which is written down nowhere", async () => {
    const { port, taken } = await mailServer();
    const { store, drain, messages, lines } = await world(port);
    await createAccount(store, OPERATOR, {
      email: "ada@example.org",
      name: "Ada",
      password: "correct horse battery",
    });
    tellOfPassword(store, { email: "ada@example.org", from: FROM }, newId("job"));
    await drain();
    const [one] = taken;
    expect(taken).toHaveLength(1);
    expect(one?.to).toEqual(["ada@example.org"]);
    const token = tokenIn(one?.mail.text);
    expect(readPasswordLink(store, token)).toEqual({ email: "ada@example.org" });
    expect(String(one?.mail.html)).toContain(`href="https://apps.example.com/new-password?token=${token}"`);
    expect(one?.mail.messageId).toBe(`<${messages()[0]?.id}@example.com>`);
    expect(messages()[0]).toMatchObject({ sentAt: store.clock.now(), failure: null, ended: null });
    const everything = JSON.stringify([lines, messages(), listJobs(store.db, { limit: 100 })]);
    expect(everything).not.toContain(token);
    const ofMail = lines.filter(({ event, fields }) => /mail/.test(`${event} ${fields.kind}`));
    expect(JSON.stringify(ofMail)).not.toMatch(/ada@|new password/i);
    expect(lines.filter(({ event }) => event === "mail.sent")).toEqual([
      { event: "mail.sent", fields: { message: messages()[0]?.id, kind: "account.password" } },
    ]);
    // It came by mail alone: who uses it has shown that the address is theirs.
    await resetPassword(store, ANONYMOUS, { token, password: "seven green bicycles" });
    expect(readAccount(store, "ada@example.org").emailProvenAt).not.toBeNull();
    await drain();
    expect(taken.map(({ mail }) => mail.subject)).toEqual([
      expect.stringContaining("A new password"),
      expect.stringContaining("was changed"),
    ]);
  });

  test("without a link says the page that it is about", async () => {
    const { port, taken } = await mailServer();
    const { store, drain } = await world(port);
    tell(store, "ada@example.org");
    await drain();
    expect(taken[0]?.mail.text).toStartWith("You have one.\n\nhttps://apps.example.com/sign-in\n\n");
  });

  test("is not sent when it is of no use any more", async () => {
    const port = await freePort();
    const { store, drain, messages, passes } = await world(port);
    await createAccount(store, OPERATOR, {
      email: "ada@example.org",
      name: "Ada",
      password: "correct horse battery",
    });
    const invited = invite(store, OPERATOR, { email: "eve@example.org" });
    tellOfPassword(store, { email: "ada@example.org", from: FROM }, newId("job"));
    await drain();
    revokeInvitation(store, OPERATOR, invited.id, null);
    disableAccount(store, OPERATOR, readAccount(store, "ada@example.org").id);
    const { taken } = await mailServer({ port });
    await passes(HOUR_MS);
    expect(messages().map(({ ended, sentAt }) => [ended, sentAt])).toEqual([
      ["needless", null],
      ["needless", null],
    ]);
    expect(taken).toEqual([]);
  });

  test("that the server refuses for good is not tried again, and says why", async () => {
    const { port, taken, connections } = await mailServer({
      onRecipient: (address) => (address.startsWith("no") ? [550, "5.1.1 nobody has this address"] : null),
    });
    const { store, drain, messages, lines, passes } = await world(port);
    const id = tell(store, "nobody@example.org");
    tell(store, "ada@example.org");
    await drain();
    await passes(HOUR_MS);
    expect(connections()).toBe(2);
    expect(taken.map(({ to }) => to)).toEqual([["ada@example.org"]]);
    expect(messages().find((message) => message.id === id)).toMatchObject({
      sentAt: null,
      ended: "refused",
      failure: "550 5.1.1 nobody has this address",
    });
    const said = lines.filter(({ event }) => event === "mail.not_sent");
    expect(said).toEqual([
      {
        event: "mail.not_sent",
        fields: { message: id, kind: "account.exists", code: "mail.refused", answer: "550 5.1.1" },
      },
    ]);
    expect(mailTrouble(store)).toBeNull();
  });

  test("that the server puts off is tried again by itself, and the others go", async () => {
    let isOpen = false;
    const { port, taken } = await mailServer({
      onRecipient: (address) => (address.startsWith("grey") && !isOpen ? [451, "4.7.1 later"] : null),
    });
    const { store, drain, messages, passes } = await world(port);
    const grey = tell(store, "grey@example.org");
    tell(store, "ada@example.org");
    await drain();
    expect(taken.map(({ to }) => to)).toEqual([["ada@example.org"]]);
    const first = messages().find(({ id }) => id === grey);
    expect(first).toMatchObject({ sentAt: null, ended: null, failure: "451 4.7.1 later" });
    isOpen = true;
    await passes(HOUR_MS);
    expect(taken.map(({ to }) => to)).toEqual([["ada@example.org"], ["grey@example.org"]]);
    expect(messages().find(({ id }) => id === grey)).toMatchObject({ failure: null });
  });

  test("is not handed to a server for ever", async () => {
    const { port, connections } = await putsOff("451 4.7.1 later");
    const { store, drain, messages, passes } = await world(port);
    tell(store, "grey@example.org");
    await drain();
    await passes(74 * HOUR_MS, HOUR_MS);
    expect(messages()[0]).toMatchObject({ ended: "late", failure: "451 4.7.1 later", sentAt: null });
    const tries = connections();
    // The first within minutes, then at the latest an hour after the last.
    expect(tries).toBeGreaterThan(60);
    await passes(3 * HOUR_MS);
    expect(connections()).toBe(tries);
    expect(listJobs(store.db, { state: ["queued", "dead"], limit: 10 })).toEqual([]);
  }, 120_000);
});

describe("a mail server that is not there", () => {
  test("is tried once a minute, whatever waits, and everything goes as soon as it is back", async () => {
    const port = await freePort();
    const { store, drain, messages, lines, passes } = await world(port);
    for (const name of ["a", "b", "c", "d", "e"]) tell(store, `${name}@example.org`);
    await drain();
    const failed = () => lines.filter(({ event }) => event === "mail.not_sent").length;
    expect(failed()).toBe(1);
    for (let minute = 0; minute < 10; minute += 1) {
      store.clock.advance(MINUTE_MS);
      await drain();
    }
    expect(failed()).toBeLessThanOrEqual(12);
    await passes(5 * HOUR_MS);
    expect(mailTrouble(store)?.count).toBe(5);
    const { taken } = await mailServer({ port });
    await passes(HOUR_MS);
    expect(taken.map(({ to }) => to[0]).sort()).toEqual(
      ["a", "b", "c", "d", "e"].map((name) => `${name}@example.org`),
    );
    expect(messages().every(({ sentAt, failure }) => sentAt !== null && failure === null)).toBe(true);
    expect(mailTrouble(store)).toBeNull();
  });

  test("is told of after an hour, as long as nothing goes", async () => {
    const port = await freePort();
    const { store, drain, passes } = await world(port);
    tell(store, "ada@example.org");
    const since = store.clock.now();
    await drain();
    await passes(59 * MINUTE_MS);
    expect(mailTrouble(store)).toBeNull();
    await passes(MINUTE_MS);
    expect(mailTrouble(store)).toEqual({ since, count: 1, refusal: null });
  });

  test("is also one that puts everything off, and not one that puts off a single reader", async () => {
    const { port } = await putsOff("452 4.3.1 no room");
    const { store, drain, passes } = await world(port);
    const since = store.clock.now();
    tell(store, "ada@example.org");
    await drain();
    await passes(2 * HOUR_MS);
    expect(mailTrouble(store)).toBeNull();
    tell(store, "eve@example.org");
    tell(store, "bob@example.org");
    await passes(59 * MINUTE_MS);
    expect(mailTrouble(store)).toBeNull();
    await passes(MINUTE_MS);
    expect(mailTrouble(store)).toEqual({ since, count: 3, refusal: null });
  });

  test("does not make the queue look stuck", async () => {
    const { store } = await world(await freePort());
    tell(store, "ada@example.org");
    expect(queueHealth(store.db).oldestDueAt).toEqual(store.clock.now());
    expect(queueHealth(store.db, [SEND_MAIL_JOB]).oldestDueAt).toBeNull();
  });

  test("is tried at once after a new start", async () => {
    const port = await freePort();
    const { store, drain, passes } = await world(port);
    tell(store, "ada@example.org");
    await drain();
    await passes(HOUR_MS);
    const { taken } = await mailServer({ port });
    beginMail(store);
    await drain();
    expect(taken).toHaveLength(1);
  });
});

/** The same store, after a new start with that mail server. */
function restarted(store: TestStore, port: number): TestStore {
  const flags = { smtp: `smtp://127.0.0.1:${port}`, mailFrom: "Store <store@example.com>" };
  const config = loadConfig({ dataDir: store.dataDir, publicUrl: "https://apps.example.com", ...flags }, {});
  const again = { ...store, config };
  beginMail(again);
  return again;
}

describe("of many messages that wait", () => {
  test("those of people with an account who wait for them go ahead of what strangers asked for, which goes on all the same", async () => {
    const server = await mailServer();
    const { store, drain } = await world(server.port);
    const { id: accountId } = await createAccount(store, OPERATOR, { email: "ada@example.org", name: "Ada" });
    const openToAll: TestStore = { ...store, config: { ...store.config, signUp: "open", signUpMessages: 0 } };
    for (let n = 0; n < 6; n += 1)
      tellOfSignUp(
        openToAll,
        { email: n === 0 ? "ada@example.org" : `s${n}@example.net`, from: FROM },
        newId("job"),
      );
    store.clock.advance(MINUTE_MS);
    invite(store, OPERATOR, { email: "bo@example.org" });
    for (const link of ["password", "address", "address", "password", "password"] as const)
      write(store.db, (tx) =>
        tellAddress(
          tx,
          { address: "ada@example.org", accountId, link },
          { kind: "account.password", subject: link, body: [LINK_PLACE], path: "/" },
          store.clock.now(),
        ),
      );
    await drain();
    const kinds = server.taken.map(
      ({ mail }) => /^(password|address|Invitation)/.exec(mail.subject ?? "")?.[1] ?? "stranger",
    );
    expect(kinds).toEqual([
      ...["password", "address", "address", "password", "Invitation", "stranger", "password"],
      ...Array.from({ length: 5 }, () => "stranger"),
    ]);
  });
});

describe("that no mail goes is told also when all of it was given up", () => {
  test("by a server that cannot be reached for days, until other settings are tried", async () => {
    const { store, drain, messages, passes } = await world(await freePort());
    const before = restarted(store, await freePort());
    tell(store, "ada@example.org");
    const since = store.clock.now();
    await drain();
    await passes(74 * HOUR_MS, HOUR_MS);
    expect(messages()[0]?.ended).toBe("late");
    expect(mailTrouble(before)).toEqual({ since, count: 0, refusal: null });
    expect(mailTrouble(restarted(store, Number(new URL(before.config.smtp ?? "").port)))).not.toBeNull();
    expect(mailTrouble(restarted(store, await freePort()))).toBeNull();
  }, 60_000);

  test("by a server that puts everything off for days", async () => {
    const { port } = await putsOff("452 4.3.1 no room");
    const { store, drain, messages, passes } = await world(port);
    const since = store.clock.now();
    for (const name of ["a", "b", "c"]) tell(store, `${name}@example.org`);
    await drain();
    await passes(80 * HOUR_MS, HOUR_MS);
    expect(messages().map(({ ended }) => ended)).toEqual(["late", "late", "late"]);
    expect(mailTrouble(store)).toEqual({ since, count: 0, refusal: null });
  }, 60_000);
});

/** Side by side, since each of them mostly waits. */
describe.concurrent("where a server does not answer, a message", () => {
  test("at which the server falls silent keeps no other from going meanwhile", async () => {
    const events: string[] = [];
    const { port, stop } = await silentFor(/tar/, events);
    const { store, drain } = await world(port, () => UNHURRIED);
    tell(store, "tar@example.org");
    for (const name of ["a", "b", "c"]) tell(store, `${name}@example.org`);
    const drained = drain();
    while (!events.includes("took c")) await Bun.sleep(20);
    expect(events).toEqual(["asked tar", "took a", "took b", "took c"]);
    await stop();
    await drained;
  }, 60_000);

  test("at which the server falls silent is tried again, and puts nobody off", async () => {
    const events: string[] = [];
    const { port } = await silentFor(/tar/, events);
    const { store, drain, messages, passes } = await world(port, (to) =>
      to.startsWith("tar") ? HASTY : UNHURRIED,
    );
    const slow = tell(store, "tar@example.org");
    await drain();
    expect(messages().find(({ id }) => id === slow)).toMatchObject({
      sentAt: null,
      ended: null,
      failure: expect.stringMatching(/./),
    });
    // The same one that falls silent again puts nobody off, nor do two.
    tell(store, "tarpit@example.org");
    await drain();
    events.length = 0;
    for (let minute = 0; minute < 5; minute += 1) {
      tell(store, `m${minute}@example.org`);
      await passes(MINUTE_MS, MINUTE_MS);
    }
    const took = events.filter((event) => event.startsWith("took"));
    expect(took).toEqual([0, 1, 2, 3, 4].map((minute) => `took m${minute}`));
    expect(events.filter((event) => event === "asked tar").length).toBeGreaterThan(1);
    expect(mailTrouble(store)).toBeNull();
  }, 60_000);

  test("that a server may have taken without saying so is given to it three times, and no more", async () => {
    const given: number[] = [];
    const { port } = await answersMail(given, () => null);
    const { store, drain, messages, passes, lines } = await world(port, () => CURT);
    const since = store.clock.now().getTime();
    tell(store, "ada@example.org");
    await drain();
    expect(given).toHaveLength(1);
    expect(messages()[0]).toMatchObject({ sentAt: null, ended: null });
    await passes(9 * MINUTE_MS, MINUTE_MS);
    expect(given).toHaveLength(1);
    await passes(75 * HOUR_MS);
    expect(given).toHaveLength(3);
    expect(messages()[0]).toMatchObject({ sentAt: null, ended: "unanswered", failure: expect.anything() });
    expect(lines.find(({ event }) => event === "mail.ended")?.fields).toMatchObject({ why: "unanswered" });
    expect(store.clock.now().getTime() - since).toBeGreaterThan(75 * HOUR_MS);
    beginMail(store);
    await drain();
    expect(given).toHaveLength(3);
    expect(listJobs(store.db, { state: ["queued", "dead"], limit: 10 })).toEqual([]);
  }, 60_000);

  test("that a server thinks about for long goes once; what it puts off then does not count as taken", async () => {
    const given: number[] = [];
    const { port } = await answersMail(given, (count) => (count <= 4 ? "451 4.7.1 later" : "250 queued"));
    const { store, drain, messages, passes } = await world(port, () => ({ ...UNHURRIED, silenceMs: 1000 }));
    tell(store, "ada@example.org");
    await drain();
    await passes(24 * HOUR_MS, HOUR_MS);
    expect(given).toHaveLength(5);
    expect(messages()[0]).toMatchObject({ sentAt: expect.any(Date), ended: null });
  }, 60_000);

  test("counts as given also when the process ended before the answer", async () => {
    const given: number[] = [];
    const { port } = await answersMail(given, () => null);
    const { store } = await world(port);
    tell(store, "ada@example.org");
    for (let time = 1; time <= 4; time += 1) {
      store.clock.advance(2 * HOUR_MS);
      beginMail(store);
      const scheduler = startScheduler(store, { handlers: HANDLERS_HERE, cron: [], ticking: false });
      const drained = scheduler.drain();
      while (given.length < Math.min(time, 3)) await Bun.sleep(20);
      await scheduler.stop(5000);
      await drained;
    }
    expect(given).toHaveLength(3);
    expect(listMessages(store, OPERATOR, { limit: 1 }).items[0]?.ended).toBe("unanswered");
  }, 60_000);

  test("is not planned a second time while it is on its way", async () => {
    const events: string[] = [];
    const { port, stop } = await silentFor(/tar/, events);
    const { store, drain } = await world(port, () => UNHURRIED);
    tell(store, "tar@example.org");
    const drained = drain();
    while (events.length === 0) await Bun.sleep(20);
    beginMail(store);
    // What was planned has had its turn before this one.
    tell(store, "after@example.org");
    const again = drain();
    while (!events.includes("took after")) await Bun.sleep(20);
    expect(events).toEqual(["asked tar", "took after"]);
    await stop();
    await Promise.all([drained, again]);
  }, 60_000);

  test("goes to nobody, once it is silent at everybody", async () => {
    const { port, connections } = await silentFor(/./, []);
    const { store, drain, passes } = await world(port, () => HASTY);
    const since = store.clock.now();
    for (let count = 0; count < 20; count += 1) tell(store, `all${count}@example.org`);
    await drain();
    // Those that were on their way beside each other when it was found out.
    expect(connections()).toBeLessThan(14);
    await passes(HOUR_MS, 20 * MINUTE_MS);
    expect(mailTrouble(store)).toEqual({ since, count: 20, refusal: null });
  }, 60_000);

  test("that was given up tells that no mail goes, until the server has taken some", async () => {
    const { port } = await breaksOff([], /bob/);
    const { store, drain, messages, passes } = await world(port);
    restarted(store, port);
    const since = store.clock.now();
    tell(store, "ada@example.org");
    tell(store, "eve@example.org");
    await drain();
    await passes(80 * MINUTE_MS);
    expect(messages().map(({ ended }) => ended)).toEqual(["unanswered", "unanswered"]);
    const told = mailTrouble(store);
    expect(told).toEqual({ since: expect.any(Date), count: 0, refusal: null });
    expect(told?.since.getTime()).toBeLessThan(since.getTime() + 20 * MINUTE_MS);
    await passes(200 * HOUR_MS, 10 * HOUR_MS);
    expect(mailTrouble(store)).toEqual(told);
    // Neither a start nor another message that waits mends it.
    restarted(store, port);
    expect(mailTrouble(store)).toEqual(told);
    tell(store, "bob@example.org");
    expect(mailTrouble(store)?.count).toBe(1);
    await drain();
    expect(messages()[0]?.sentAt).not.toBeNull();
    expect(mailTrouble(store)).toBeNull();
    await passes(3 * HOUR_MS);
    expect(mailTrouble(store)).toBeNull();
  }, 60_000);

  test("that was given up tells it alone, but not when others were taken meanwhile", async () => {
    const given: string[] = [];
    const { port } = await breaksOff(given, /bob/);
    const { store, drain, messages, passes } = await world(port);
    const since = store.clock.now();
    tell(store, "ada@example.org");
    await drain();
    await passes(80 * MINUTE_MS);
    expect(messages()[0]?.ended).toBe("unanswered");
    expect(mailTrouble(store)).toEqual({ since, count: 0, refusal: null });
    tell(store, "slow@example.org");
    await drain();
    tell(store, "bob@example.org");
    await drain();
    expect(mailTrouble(store)).toBeNull();
    await passes(3 * HOUR_MS);
    expect(messages().map(({ ended, sentAt }) => [ended, sentAt !== null])).toEqual([
      [null, true],
      ["unanswered", false],
      ["unanswered", false],
    ]);
    expect(given).toEqual(["ada", "ada", "ada", "slow", "bob", "slow", "slow"]);
    expect(mailTrouble(store)).toBeNull();
  }, 60_000);
});

test("what is asked about mail that fails reads no table", async () => {
  const { store, drain } = await world(await freePort());
  tell(store, "ada@example.org");
  await drain();
  store.clock.advance(HOUR_MS);
  expect(slowPlans(queryPlans(store.db, () => void mailTrouble(store)))).toEqual([]);
});

test("without a mail server messages wait; once there is one, those go that are not older than three days", async () => {
  const { store, drain, messages } = await world(null);
  tell(store, "old@example.org");
  await drain();
  store.clock.advance(74 * HOUR_MS);
  tell(store, "new@example.org");
  await drain();
  expect(messages().map(({ sentAt, failure, ended }) => [sentAt, failure, ended])).toEqual([
    [null, null, null],
    [null, null, null],
  ]);
  expect(mailTrouble(store)).toBeNull();
  const { port, taken } = await mailServer();
  const flags = { smtp: `smtp://127.0.0.1:${port}`, mailFrom: "store@example.com" };
  const config = loadConfig({ dataDir: store.dataDir, ...flags }, {});
  const mailing = { ...store, config };
  beginMail(mailing);
  await startScheduler(mailing, { handlers: HANDLERS_HERE, cron: [], ticking: false }).drain();
  expect(taken.map(({ to }) => to)).toEqual([["new@example.org"]]);
  expect(messages().map(({ address, ended }) => [address, ended])).toEqual([
    ["new@example.org", null],
    ["old@example.org", "late"],
  ]);
});

test("a message that was handed over also goes by mail, and both links work until one is used", async () => {
  const port = await freePort();
  const { store, drain, messages, passes } = await world(port);
  await createAccount(store, OPERATOR, {
    email: "ada@example.org",
    name: "Ada",
    password: "correct horse battery",
  });
  tellOfPassword(store, { email: "ada@example.org", from: FROM }, newId("job"));
  await drain();
  const id = messages()[0]?.id;
  if (id === undefined) throw new Error("there is no message");
  const { url } = handOver(store, OPERATOR, id, "https://apps.example.com");
  const { taken } = await mailServer({ port });
  await passes(10 * MINUTE_MS);
  const mailed = tokenIn(taken[0]?.mail.text);
  expect(mailed).not.toBe(tokenIn(url));
  for (const token of [mailed, tokenIn(url)])
    expect(readPasswordLink(store, token).email).toBe("ada@example.org");
  await resetPassword(store, ANONYMOUS, { token: mailed, password: "seven green bicycles" });
  expect(await codeOf(() => readPasswordLink(store, tokenIn(url)))).toBe("link.invalid");
});

test("what people call themselves and say is text in the mail", async () => {
  const { port, taken } = await mailServer();
  const { store, drain } = await world(port);
  const subject = "Invited by \u202e<img src=x onerror=alert(1)>\r\nBcc: eve@example.org";
  const id = tell(store, "ada@example.org", subject);
  await drain();
  const [one] = taken;
  expect(one?.to).toEqual(["ada@example.org"]);
  expect(one?.mail.headers.has("bcc")).toBe(false);
  expect(one?.mail.subject).toContain("<U+202E>");
  expect(String(one?.mail.html)).not.toContain("<img");
  expect(messageById(store.db.orm, id)?.sentAt).not.toBeNull();
});

describe("a mail to try it", () => {
  const signal = new AbortController().signal;

  test("says what the server answered", async () => {
    const { port, taken } = await mailServer();
    const { store } = await world(port);
    const said = await tryMail(store, "ada@example.org", { signal });
    expect(said).toEqual({ answer: expect.stringMatching(/^250/), server: `127.0.0.1:${port}` });
    expect(taken[0]?.mail.text).toContain("https://apps.example.com");
  });

  test("is written as its reader reads, else as who asks for it does", async () => {
    const { taken, port } = await mailServer();
    const { store } = await world(port);
    const { id } = await createAccount(store, OPERATOR, { email: "grete@example.org", name: "Grete" });
    store.db.orm.update(accounts).set({ language: "de" }).where(eq(accounts.id, id)).run();
    await tryMail(store, "Grete@example.org", { signal, asked: "ar" });
    await tryMail(store, "stranger@example.org", { signal, asked: "ar" });
    await tryMail(store, "stranger@example.org", { signal });
    expect(taken.map(({ mail }) => mail.text?.split("\n")[0])).toEqual([
      "Wenn Sie dies lesen, kann der Store Ihnen E-Mails senden. Mehr ist nicht zu tun.",
      expect.stringContaining("إذا كنت تقرأ هذا"),
      "If you read this, the store can send mail to you. There is nothing else to do.",
    ]);
    expect(taken[0]?.mail.subject).toStartWith("Ein Test der E-Mail von ");
  });

  test.each<[code: string, options: MailServerOptions]>([
    ["mail.refused", { onRecipient: () => [550, "no"] }],
    ["mail.deferred", { onRecipient: () => [450, "later"] }],
    ["mail.sender", { onSender: () => [550, "not you"] }],
  ])("says %s", async (code, options) => {
    const { port } = await mailServer(options);
    const { store } = await world(port);
    expect(await codeOf(() => tryMail(store, "ada@example.org", { signal }))).toBe(code);
  });

  test("is refused without a server, and to what is no address", async () => {
    const { store } = await world(null);
    expect(await codeOf(() => tryMail(store, "ada@example.org", { signal }))).toBe("mail.not_configured");
    const other = await world(await freePort());
    expect(await codeOf(() => tryMail(other.store, "ada", { signal }))).toBe("mail.recipient");
    expect(await codeOf(() => tryMail(other.store, "ada@example.org", { signal }))).toBe("mail.unreachable");
  });
});
