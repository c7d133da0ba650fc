/** Mail to real servers: over TLS that an authority vouches for, with a sign-in, and to those that do what they should not. */
import { afterAll, afterEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { mailboxOf, smtpOf } from "../config.mail.ts";
import {
  type MailServer,
  type MailServerOptions,
  script,
  startMailServer,
  startOddServer,
} from "../testing/mail-server.ts";
import { makeTlsAuthority } from "../testing/tls-authority.ts";
import { htmlOf, textOf } from "./form.ts";
import type { MailSettings } from "./settings.ts";
import { type Delivery, deliver, type Mail, messageIdOf, type Patience } from "./smtp.ts";

const folder = mkdtempSync(join(tmpdir(), "mosis-smtp-"));
const authority = makeTlsAuthority();
const certificate = authority.certify(["localhost", "127.0.0.1"]);
afterAll(() => {
  authority.remove();
  rmSync(folder, { recursive: true, force: true });
});

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.stop();
});

async function server(options: MailServerOptions = {}): Promise<MailServer> {
  const started = await startMailServer({ certificate, ...options });
  open.push(started);
  return started;
}

async function odd(converse: (socket: Socket) => void) {
  const started = await startOddServer(converse);
  open.push(started);
  return started;
}

const SECRET = "pass word:ü";
const passwordFile = join(folder, "password");
writeFileSync(passwordFile, `${SECRET}\n`);

const PATIENT: Patience = {
  connectMs: 10_000,
  silenceMs: 10_000,
  slowMs: 5000,
  wholeMs: 30_000,
  contentMs: 30_000,
};
const HASTY: Patience = { connectMs: 300, silenceMs: 300, slowMs: 100, wholeMs: 1500, contentMs: 500 };

const settings = (smtp: string, more: Partial<MailSettings> = {}): MailSettings => ({
  smtp: smtpOf(smtp),
  from: mailboxOf("Äpps <apps@example.com>"),
  origin: "https://apps.example.com",
  passwordFile: null,
  caFile: authority.caFile,
  ...more,
});

const MAIL: Mail = {
  id: "msg_0000000000000000000001",
  to: "ada@example.org",
  language: "de",
  subject: "Größe ✓",
  text: "Zwei\n\nAbsätze\n",
  html: "<p>Zwei</p>",
  date: new Date("2026-03-04T05:06:07Z"),
  hasSecret: false,
};

const send = (to: MailSettings, mail: Mail | null = MAIL, patience = PATIENT): Promise<Delivery> =>
  deliver(to, () => mail, { signal: new AbortController().signal, patience });

const WITH_USER = { user: { name: "mosis@example.com", password: SECRET } };

test("over STARTTLS and over TLS from the start, signed in, and vouched for by a private authority", async () => {
  for (const tls of ["starttls", "from_start"] as const) {
    const { port, taken } = await server({ tls, ...WITH_USER });
    const scheme = tls === "starttls" ? "smtp" : "smtps";
    for (const host of ["localhost", "127.0.0.1"]) {
      const sent = await send(settings(`${scheme}://mosis%40example.com@${host}:${port}`, { passwordFile }));
      expect(sent).toMatchObject({ outcome: "sent", answer: expect.stringMatching(/^250 /) });
    }
    expect(taken).toHaveLength(2);
    const [first] = taken;
    expect(first).toMatchObject({
      from: "apps@example.com",
      to: ["ada@example.org"],
      isSecure: true,
      user: "mosis@example.com",
    });
    const { mail } = first ?? {};
    expect(mail?.messageId).toBe("<msg_0000000000000000000001@example.com>");
    expect(mail?.messageId).toBe(messageIdOf(MAIL, settings("smtp://localhost").from));
    expect([mail?.subject, mail?.text, mail?.date]).toEqual([MAIL.subject, MAIL.text, MAIL.date]);
    expect(mail?.from?.value).toEqual([{ name: "Äpps", address: "apps@example.com" }]);
    expect(mail?.headers.get("auto-submitted")).toBe("auto-generated");
    expect(mail?.attachments).toEqual([]);
  }
});

test("in plain text only to this machine itself", async () => {
  const plain = await server({ tls: "none", ...WITH_USER });
  const isOpen = { caFile: null, passwordFile };
  expect(await send(settings(`smtp://mosis%40example.com@127.0.0.1:${plain.port}`, isOpen))).toMatchObject({
    outcome: "sent",
  });
  // Who names an authority means TLS.
  expect(
    await send(settings(`smtp://mosis%40example.com@127.0.0.1:${plain.port}`, { passwordFile })),
  ).toMatchObject({ outcome: "down", code: "mail.tls" });
  expect(plain.taken).toHaveLength(1);
});

test("a server whose certificate nobody vouches for, or that is for another name, is told nothing", async () => {
  const heard: string[] = [];
  const other = makeTlsAuthority();
  try {
    for (const tls of ["starttls", "from_start"] as const) {
      const scheme = tls === "starttls" ? "smtp" : "smtps";
      const stranger = await server({
        tls,
        certificate: other.certify(["localhost", "127.0.0.1"]),
        ...WITH_USER,
      });
      const elsewhere = await server({
        tls,
        certificate: authority.certify(["mail.example.com"]),
        ...WITH_USER,
      });
      for (const { port, taken } of [stranger, elsewhere]) {
        for (const host of ["localhost", "127.0.0.1"]) {
          let composed = false;
          const at = settings(`${scheme}://mosis%40example.com@${host}:${port}`, { passwordFile });
          const delivery = await deliver(
            at,
            () => {
              composed = true;
              return MAIL;
            },
            { signal: new AbortController().signal, patience: PATIENT },
          );
          expect(delivery).toMatchObject({ outcome: "down", code: "mail.tls" });
          expect(composed).toBe(false);
        }
        heard.push(...taken.map(({ raw }) => raw));
      }
    }
  } finally {
    other.remove();
  }
  expect(heard).toEqual([]);
});

test("a wrong password is said without the password, and nothing is composed", async () => {
  const { port, taken } = await server({ tls: "starttls", user: { name: "mosis", password: "another" } });
  const delivery = await send(settings(`smtp://mosis@localhost:${port}`, { passwordFile }));
  expect(delivery).toEqual({ outcome: "down", code: "mail.sign_in", answer: "535 5.7.8" });
  expect(taken).toEqual([]);
});

test.each<[what: string, content: string | null]>([
  ["is missing", null],
  ["is empty", "\n"],
  ["has two lines", "one\ntwo\n"],
])("a password file that %s is at fault", async (_what, content) => {
  const file = join(folder, "odd-password");
  rmSync(file, { force: true });
  if (content !== null) writeFileSync(file, content);
  const delivery = await send(settings("smtp://mosis@localhost:1", { passwordFile: file }));
  expect(delivery).toMatchObject({ outcome: "down", code: "mail.file" });
});

test("an authority's file that holds none is at fault", async () => {
  const delivery = await send(settings("smtp://localhost:1", { caFile: passwordFile }));
  expect(delivery).toMatchObject({ outcome: "down", code: "mail.file" });
});

test("nothing is sent when there is nothing to send after all", async () => {
  const { port, taken } = await server({ tls: "starttls" });
  expect(await send(settings(`smtp://localhost:${port}`), null)).toEqual({ outcome: "needless" });
  expect(taken).toEqual([]);
});

test.each<[what: string, options: MailServerOptions, delivery: Partial<Delivery>]>([
  [
    "refuses the recipient",
    { onRecipient: () => [550, "5.1.1 no such user"] },
    { outcome: "refused", answer: "550 5.1.1 no such user" },
  ],
  [
    "puts off the recipient",
    { onRecipient: () => [451, "4.7.1 greylisted"] },
    { outcome: "deferred", answer: "451 4.7.1 greylisted" },
  ],
  ["refuses the mail", { onMail: () => [554, "5.6.0 we do not like it"] }, { outcome: "refused" }],
  ["puts off the mail", { onMail: () => [452, "4.3.1 disk full"] }, { outcome: "deferred" }],
  [
    "refuses the sender",
    { onSender: () => [553, "5.7.1 not yours"] },
    { outcome: "down", code: "mail.sender", answer: "553 5.7.1 not yours" },
  ],
  ["puts off the sender", { onSender: () => [451, "4.7.1 later"] }, { outcome: "deferred" }],
  ["says good bye", { onRecipient: () => [421, "4.3.2 shutting down"] }, { outcome: "silent" }],
  [
    "says what turns text around and ends lines",
    { onRecipient: () => [550, "no\u202euser\u0007\u001b[2J there"] },
    { outcome: "refused", answer: "550 no user [2J there" },
  ],
])("a server that %s", async (_what, options, delivery) => {
  const { port, taken } = await server({ tls: "starttls", ...options });
  expect(await send(settings(`smtp://localhost:${port}`))).toMatchObject(delivery);
  expect(taken).toEqual([]);
});

test.each([
  [554, { outcome: "refused", answer: "554 5.6.0" }],
  [452, { outcome: "deferred", answer: "452 5.6.0" }],
  [421, { outcome: "silent", answer: "421 5.6.0" }],
] as const)(
  "a server that repeats a mail with a secret in it is not repeated (%d)",
  async (status, delivery) => {
    const { port } = await server({ onMail: () => [status, `5.6.0 I have read ${SECRET}`] });
    const at = settings(`smtp://127.0.0.1:${port}`, BRIEF);
    expect(await send(at, { ...MAIL, text: SECRET, hasSecret: true })).toMatchObject(delivery);
  },
);

const BRIEF = { caFile: null };
test.each<[what: string, converse: (socket: Socket) => void]>([
  ["says nothing", () => {}],
  ["closes at once", (socket) => socket.end()],
  ["closes after the greeting", (socket) => socket.end("220 hello\r\n")],
  ["speaks another language", (socket) => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n")],
  ["greets and hangs", (socket) => socket.write("220 hello\r\n")],
  ["never ends its line", (socket) => socket.write("2".repeat(100_000))],
  ["drips", (socket) => drip(socket, "2")],
  ["drips lines", (socket) => drip(socket, "220-still\r\n")],
  [
    "greets and then drips, so that it is never silent",
    (socket) => {
      socket.write("220 hello\r\n");
      socket.once("data", () => drip(socket, "250-still\r\n"));
    },
  ],
])("a server that %s is down, within the time that a mail may take", async (_what, converse) => {
  const { port } = await odd(converse);
  const startedAt = performance.now();
  const delivery = await send(settings(`smtp://127.0.0.1:${port}`, BRIEF), MAIL, HASTY);
  expect(delivery).toMatchObject({ outcome: "down", code: "mail.unreachable" });
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

test.each<[what: string, wasGiven: boolean, converse: (socket: Socket) => void]>([
  ["hangs at the recipient", false, (socket) => script(socket, { EHLO: "250 hi", "MAIL ": "250 ok" })],
  [
    "closes in the middle of the mail",
    true,
    (socket) =>
      script(socket, { EHLO: "250 hi", "MAIL ": "250 ok", "RCPT ": "250 ok", DATA: "354 go on" }, "Subject"),
  ],
  [
    "closes after the recipient",
    false,
    (socket) => script(socket, { EHLO: "250 hi", "MAIL ": "250 ok" }, "RCPT "),
  ],
  [
    "hangs after the mail",
    true,
    (socket) => script(socket, { EHLO: "250 hi", "MAIL ": "250 ok", "RCPT ": "250 ok", DATA: "354 go on" }),
  ],
])("a server that %s may do so for this mail alone, and not for ever", async (_what, wasGiven, converse) => {
  const { port } = await odd(converse);
  const startedAt = performance.now();
  const delivery = await send(settings(`smtp://127.0.0.1:${port}`, BRIEF), MAIL, HASTY);
  expect(delivery).toEqual({ outcome: "silent", answer: expect.stringMatching(/./), wasGiven });
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

const SERVER = { EHLO: "250 hi", "MAIL ": "250 ok", "RCPT ": "250 ok", DATA: "354 go on" };

test("a server that looks at the mail for longer than it may be silent otherwise is waited for", async () => {
  const { port } = await odd((socket) => {
    script(socket, SERVER);
    socket.on("data", (data) => {
      if (data.toString().endsWith("\r\n.\r\n")) setTimeout(() => socket.write("250 queued\r\n"), 1000);
    });
  });
  const at = settings(`smtp://127.0.0.1:${port}`, BRIEF);
  const patience = { ...HASTY, wholeMs: 800, contentMs: 10_000 };
  expect(await send(at, MAIL, patience)).toEqual({ outcome: "sent", answer: "250 queued" });
});

test("a mail that may not be given is not", async () => {
  let heard = "";
  const { port } = await odd((socket) => {
    script(socket, SERVER);
    socket.on("data", (data) => {
      heard += data.toString();
    });
  });
  const delivery = deliver(settings(`smtp://127.0.0.1:${port}`, BRIEF), () => MAIL, {
    signal: new AbortController().signal,
    patience: PATIENT,
    onGiving: () => {
      throw new Error("the disk is full");
    },
  });
  expect(await delivery).toEqual({ outcome: "silent", answer: "the disk is full", wasGiven: false });
  expect(heard).toContain("DATA");
  expect(heard).not.toContain("Subject");
});

test("a server that took the mail and hangs at the good bye has taken it", async () => {
  const { port } = await odd((socket) =>
    script(socket, {
      EHLO: "250 hi",
      "MAIL ": "250 ok",
      "RCPT ": "250 ok",
      DATA: "354 go on",
      ".\r\n": "250 queued",
    }),
  );
  expect(await send(settings(`smtp://127.0.0.1:${port}`, BRIEF), MAIL, HASTY)).toEqual({
    outcome: "sent",
    answer: "250 queued",
  });
});

test("nobody listens", async () => {
  const { port, stop } = await startOddServer(() => {});
  await stop();
  expect(await send(settings(`smtp://127.0.0.1:${port}`, BRIEF))).toMatchObject({
    outcome: "down",
    code: "mail.unreachable",
  });
});

test("a store that stops breaks off", async () => {
  const { port } = await odd(() => {});
  const stopping = new AbortController();
  const running = deliver(settings(`smtp://127.0.0.1:${port}`, BRIEF), () => MAIL, {
    signal: stopping.signal,
    patience: PATIENT,
  });
  setTimeout(() => stopping.abort(new Error("the store stops")), 50);
  await expect(running).rejects.toThrow();
});

test.each([
  "ada,eve@example.org",
  "group:ada@example.org;",
  "ada@example.org>\r\nRCPT TO:<eve@example.org",
  "ada@example.org\r\nBcc: eve@example.org",
])("an address that could be read as several goes to one, or to nobody: %j", async (to) => {
  const { port, taken } = await server({ tls: "starttls" });
  const delivery = await send(settings(`smtp://localhost:${port}`), { ...MAIL, to });
  expect(["sent", "refused"]).toContain(delivery.outcome);
  for (const one of taken) {
    expect(one.to).toEqual([to]);
    expect(one.mail.headers.has("bcc")).toBe(false);
  }
});

/** What people may have written, and worse: line ends, markup, characters that turn text around. */
const hostile = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 80 }),
  fc.string({
    unit: fc.constantFrom(
      "\r",
      "\n",
      ":",
      " ",
      "\t",
      "a",
      "<",
      ">",
      '"',
      "=",
      "?",
      "&",
      ".",
      "ä",
      "\u202e",
      "\u05d0",
    ),
    maxLength: 120,
  }),
  fc.constantFrom(
    "x\r\nBcc: eve@example.org",
    "=?utf-8?q?x=0ABcc:?=",
    "<script>alert(1)</script>",
    "\r\n.\r\nMAIL FROM:<eve@example.org>",
    "a".repeat(3000),
    "שלום <b>",
  ),
);
const squeezed = (text: string) => text.replaceAll(/\s+/g, " ").trim();
/** As the outbox keeps it: no control characters but ends of lines, and composed. */
const kept = (text: string) => text.replaceAll(/[^\P{Cc}\n]|\p{Cs}/gu, "").normalize("NFC");

test("what is written into a letter comes out of the mail, and nothing else does", async () => {
  const { port, taken } = await server({ tls: "none" });
  const at = settings(`smtp://127.0.0.1:${port}`, BRIEF);
  const url = "https://apps.example.com/new-password?token=abc&x=1";
  // The server lets each connection wait for a tenth of a second: ten go side by side.
  const several = fc.array(fc.tuple(hostile, hostile, hostile), { minLength: 1, maxLength: 10 });
  let count = 0;
  await fc.assert(
    fc.asyncProperty(several, async (letters) => {
      const all = letters.map((written) => {
        const [subject, body, storeName] = written.map(kept) as [string, string, string];
        const text = `${body}\n\n${url}`;
        const letter = { storeName, language: "ar", subject, text, url, colophon: storeName };
        count += 1;
        return { ...MAIL, id: `msg_${count}`, subject, text: textOf(letter), html: htmlOf(letter) };
      });
      const sent = await Promise.all(all.map((mail) => send(at, mail)));
      expect(sent.map(({ outcome }) => outcome)).toEqual(all.map(() => "sent"));
      expect(taken).toHaveLength(count);
      for (const written of all) {
        const one = taken.find(({ mail }) => mail.messageId === messageIdOf(written, at.from));
        expect(one?.to).toEqual([MAIL.to]);
        const { mail } = one ?? {};
        expect(squeezed(mail?.subject ?? "")).toBe(squeezed(written.subject));
        expect((mail?.text ?? "").trimEnd()).toBe(written.text.trimEnd());
        expect(String(mail?.html).trimEnd()).toBe(written.html.trimEnd());
        expect([...(mail?.headers.keys() ?? [])].sort()).toEqual([
          "auto-submitted",
          "content-language",
          "content-type",
          "date",
          "from",
          "message-id",
          "mime-version",
          ...(squeezed(written.subject) === "" ? [] : ["subject"]),
          "to",
          "x-auto-response-suppress",
        ]);
        expect(tagsOf(written.html)).toEqual(TAGS);
        expect(written.html.match(/href="([^"]*)"/g)).toEqual([
          'href="https://apps.example.com/new-password?token=abc&amp;x=1"',
        ]);
      }
    }),
    { numRuns: 15 },
  );
});

/** The kinds of element in it; what people wrote adds none. */
function tagsOf(html: string): string[] {
  return [...new Set([...html.matchAll(/<\/?([a-zA-Z!][a-zA-Z0-9]*)/g)].map(([, tag]) => tag ?? ""))]
    .filter((tag) => tag !== "br")
    .sort();
}
const TAGS = ["!doctype", "a", "bdi", "body", "div", "h1", "head", "html", "meta", "p", "style", "title"];

function drip(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 40);
  socket.on("close", () => clearInterval(timer));
}
