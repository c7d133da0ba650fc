/** Letters in the language of their reader: which one it is, what they say in it, and how they go by mail. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { HANDLERS_HERE } from "../../boot/handlers.ts";
import { loadConfig } from "../../config.ts";
import { write } from "../../db/database.ts";
import { newId } from "../../ids.ts";
import { startScheduler } from "../../jobs/scheduler.ts";
import { say } from "../../say.ts";
import { type MailServer, startMailServer } from "../../testing/mail-server.ts";
import { newAdministrator, newOrganisation, newPerson } from "../../testing/portal.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { type AccountActor, OPERATOR, type Origin } from "../actor.ts";
import { tellOfPassword } from "../forgotten.ts";
import { invite } from "../invitations/invite.ts";
import { changeOwnLanguage } from "../own.ts";
import { writeSetting } from "../settings.records.ts";
import { tellOfSignUp } from "../sign-up.ts";
import { STORE_APPEARANCE, STORE_NAME } from "../store-name.ts";
import { listOwnMessages, type MessageView, tellAddress } from "./outbox.ts";
import { selectMessages } from "./records.ts";

const from = (language?: string): Origin => ({
  requestId: "req",
  address: "192.0.2.1",
  userAgent: "test",
  ...(language === undefined ? {} : { language }),
});

let store: TestStore;
let mail: MailServer;
beforeAll(async () => {
  mail = await startMailServer();
  const opened = await openTestStore();
  const flags = { smtp: `smtp://127.0.0.1:${mail.port}`, mailFrom: "متجر <store@example.com>" };
  const config = loadConfig(
    { dataDir: opened.dataDir, publicUrl: "https://apps.example.com", signUp: "open", ...flags },
    {},
  );
  store = { ...opened, config };
});
afterAll(async () => {
  await mail.stop();
  store.close();
});

const newest = () => {
  const [row] = selectMessages(store.db.orm, { limit: 1 });
  if (row === undefined) throw new Error("there is no message");
  return row;
};

async function personOf(language: string | null): Promise<AccountActor> {
  const { actor } = await newPerson(store, `Person ${newId("msg")}`);
  if (language !== null) changeOwnLanguage(store, actor, language);
  return actor;
}

describe("a letter that somebody asks for", () => {
  test.each<[chosen: string | null, asked: string | undefined, is: string]>([
    ["ar", "de", "ar"],
    ["de", undefined, "de"],
    ["en", "ar", "en"],
    [null, "ar", "ar"],
    [null, "de", "de"],
    [null, undefined, "en"],
    [null, "xx", "en"],
    [null, "../en", "en"],
  ])("by an account in %p and a browser in %p is in %s", async (chosen, asked, is) => {
    const person = await personOf(chosen);
    tellOfPassword(store, { email: person.email, from: from(asked) }, newId("job"));
    expect(newest()).toMatchObject({ kind: "account.password", address: person.email, language: is });
    const [own] = listOwnMessages(store, person, { limit: 1 }).items as [MessageView];
    expect(own.language).toBe(is);
    const words = { en: "Somebody, probably you", de: "Jemand, vermutlich Sie", ar: "والأرجح أن الطلب منك" };
    expect(own.body).toContain(words[is as keyof typeof words]);
    expect(own.body.split("\n\n")[2]).toBe("{link}");
  });

  test("of who has no account is as who asked reads; an invitation as who invites does", async () => {
    tellOfSignUp(store, { email: "new@example.org", from: from("ar") }, newId("job"));
    expect(newest()).toMatchObject({
      kind: "account.invitation",
      language: "ar",
      address: "new@example.org",
    });
    const { actor } = await newAdministrator(store, "Grace");
    invite(store, { ...actor, language: "de", from: from("ar") }, { email: "eve@example.org" });
    expect(newest()).toMatchObject({ language: "de", subject: expect.stringContaining("Einladung") });
    invite(store, { ...actor, from: from("ar") }, { email: "bob@example.org" });
    expect(newest()).toMatchObject({ language: "ar", subject: expect.stringContaining("دعوة") });
    // Its reader is known: what the other reads does not count.
    const reader = await personOf("de");
    const member = { organisationId: newOrganisation(store), role: "viewer" } as const;
    invite(store, OPERATOR, { email: reader.email, member });
    expect(newest()).toMatchObject({ language: "de", body: expect.stringContaining("als Betrachter von") });
  });

  test("says moments and numbers as its language does, and what people wrote as they wrote it", async () => {
    const at = new Date("2026-12-08T09:30:00Z");
    const told = async (language: string) => {
      const { accountId, email } = await personOf(language);
      const subject = say`The API key ${"{0} <b>"} ends on ${at}`;
      write(store.db, (tx) =>
        tellAddress(
          tx,
          { address: email, accountId },
          {
            kind: "apikey.ending",
            subject,
            body: [say`${2} of them are left.`, ["- {1}", "- b"]],
            path: "/",
          },
          store.clock.now(),
        ),
      );
      const { subject: said, body } = newest();
      return [said, body];
    };
    expect(await told("en")).toEqual([
      expect.stringMatching(/^The API key \{0\} <b> ends on 8 December 2026 at 09:30 UTC$/),
      "2 of them are left.\n\n- {1}\n- b",
    ]);
    expect(await told("de")).toEqual([
      "Der API-Schlüssel {0} <b> läuft am 8. Dezember 2026 um 09:30 UTC ab",
      "Es sind noch 2 übrig.\n\n- {1}\n- b",
    ]);
    expect(await told("ar")).toEqual([
      expect.stringMatching(/^ينتهي مفتاح API \{0\} <b> في 8 ديسمبر 2026 في 9:30\sص UTC$/),
      "بقي منها رمزان.\n\n- {1}\n- b",
    ]);
  });
});

test("a letter calls the store as its reader's language does, where it has a name there", async () => {
  const now = store.clock.now();
  const named = (names: Record<string, string>) =>
    write(store.db, (tx) => {
      writeSetting(tx, STORE_NAME, "Northwind Apps", now);
      writeSetting(tx, STORE_APPEARANCE, { names, taglines: {}, accent: null, revision: 2 }, now);
    });
  try {
    named({ ar: "تطبيقات الشمال", "de-AT": "Nordwind" });
    const ids: [name: string, id: string][] = [];
    for (const [language, name] of [
      ["ar", "تطبيقات الشمال"],
      ["de", "Nordwind"],
      ["en", "Northwind Apps"],
    ] as const) {
      const { email } = await personOf(language);
      tellOfPassword(store, { email, from: from() }, newId("job"));
      const { id, subject, body } = newest();
      expect([language, subject, body]).toEqual([
        language,
        expect.stringContaining(name),
        expect.stringContaining(name),
      ]);
      ids.push([name, id]);
    }
    await startScheduler(store, { handlers: HANDLERS_HERE, cron: [], ticking: false }).drain();
    for (const [name, id] of ids) {
      const one = mail.taken.find(({ mail }) => mail.messageId === `<${id}@example.com>`);
      expect(one?.mail.text?.split("\n-- \n")[1]).toContain(name);
      expect(String(one?.mail.html)).toContain(`<p class="store"><bdi>${name}</bdi></p>`);
    }
  } finally {
    named({});
  }
});

test("an Arabic letter goes by mail as such: its subject encoded in pieces, its HTML from right to left", async () => {
  const person = await personOf("ar");
  tellOfPassword(store, { email: person.email, from: from() }, newId("job"));
  const { id, subject } = newest();
  await startScheduler(store, { handlers: HANDLERS_HERE, cron: [], ticking: false }).drain();
  const one = mail.taken.find(({ mail }) => mail.messageId === `<${id}@example.com>`);
  expect(one?.to).toEqual([person.email]);
  expect(one?.mail.subject?.replace(/[\u2066\u2069]/g, "")).toBe(subject);
  expect(one?.mail.headers.get("content-language")).toBe("ar");
  const raw = one?.raw ?? "";
  const header = /^Subject:((?: .*\r\n)+)/m.exec(raw)?.[1] ?? "";
  // RFC 2047 §2: words of at most 75 characters, in ASCII, each whole in itself.
  expect(
    header
      .trim()
      .split(/\s+/)
      .every((word) => /^=\?UTF-8\?[BQ]\?[\x21-\x7e]+\?=$/.test(word) && word.length <= 75),
  ).toBe(true);
  const html = String(one?.mail.html);
  expect(html).toContain('<html lang="ar" dir="rtl">');
  expect(html).toMatch(/<h1 id="subject" dir="rtl">كلمة مرور جديدة/);
  expect(html).toMatch(/<a dir="ltr" [^>]*href="https:\/\/apps\.example\.com\/new-password\?token=/);
  expect(one?.mail.text).toContain("ولا يقرأ أحد الردود عليها.");
});
