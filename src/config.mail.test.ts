/** What the settings of mail may be, and which of them need each other. */

import { expect, test } from "bun:test";
import { mailboxOf, mailOrigin, smtpOf } from "./config.mail.ts";
import { type Flags, loadConfig } from "./config.ts";
import { problemOfSync } from "./testing/problems.ts";

const refused = (flags: Flags) => problemOfSync(() => loadConfig(flags, {}));

test.each([
  ["smtp://mail.example.com", { host: "mail.example.com", port: 587, isTls: false, user: null }],
  ["smtps://mail.example.com/", { host: "mail.example.com", port: 465, isTls: true, user: null }],
  ["smtp://me@10.0.0.1:25", { host: "10.0.0.1", port: 25, isTls: false, user: "me" }],
  ["smtp://me%40example.com@[fd00::1]", { host: "fd00::1", port: 587, isTls: false, user: "me@example.com" }],
  ["smtps://me@example.com@m.example", { host: "m.example", port: 465, isTls: true, user: "me@example.com" }],
] as const)("%s", (text, smtp) => {
  expect(smtpOf(text)).toEqual(smtp);
});

test.each([
  "",
  "mail.example.com",
  "mail.example.com:587",
  "https://mail.example.com",
  "smtp://",
  "smtp://@mail.example.com",
  "smtp://mail.example.com:0",
  "smtp://mail.example.com:65536",
  "smtp://mail.example.com/inbox",
  "smtp://mail.example.com?tls=no",
  "smtp://mail example.com",
  "smtp://-mail.example.com",
  "smtp://me%@mail.example.com",
  "smtp://me%0d%0a@mail.example.com",
  "SMTP://mail.example.com",
])("--smtp %j is refused", (smtp) => {
  const { code, message } = refused({ smtp, mailFrom: "a@example.com" });
  expect([code, message]).toEqual(["config.invalid", expect.stringMatching(/^--smtp: .*found /)]);
});

test.each([
  "smtp://me:hunter2@mail.example.com",
  "smtps://:hunter2@mail.example.com",
  "smtp://me:hunter2%40x@mail.example.com:25",
  "smtp://me:hunter2@x@mail.example.com",
  "smtp://me:hunter2/x@mail.example.com",
  "smtp://me%40x:hun:ter2@mail.example.com",
  "smtp:me:hunter2@mail.example.com",
  "me:hunter2@mail.example.com",
])("a password in the address is refused, told where it belongs, and not repeated: %s", (smtp) => {
  const { code, message } = refused({ smtp, mailFrom: "a@example.com" });
  expect(code).toBe("config.invalid");
  expect(message).toContain("--smtp-password-file");
  expect(message).not.toMatch(/hun|ter2/);
});

test.each([
  ["apps@example.com", { name: "", address: "apps@example.com" }],
  ["<apps@example.com>", { name: "", address: "apps@example.com" }],
  ["App store <apps@example.com>", { name: "App store", address: "apps@example.com" }],
  ['"Store, of apps" <apps@example.com>', { name: "Store, of apps", address: "apps@example.com" }],
  ["Läden <äpps@bücher.example>", { name: "Läden", address: "äpps@bücher.example" }],
  ["root@localhost", { name: "", address: "root@localhost" }],
])("--mail-from %s", (text, mailbox) => {
  expect(mailboxOf(text)).toEqual(mailbox);
});

test.each([
  "",
  "apps",
  "apps@",
  "@example.com",
  "a@b@example.com",
  "a@example.com, b@example.com",
  "A <a@example.com>, B <b@example.com>",
  "A <a@example.com> B",
  "a,b@example.com",
  "a:b@example.com",
  "A <a@exam ple.com>",
  "A\r\nBcc: b@example.com <a@example.com>",
  "A\u202e <a@example.com>",
  "a@example.com-",
  `${"a".repeat(65)}@example.com`,
  `a@${"b".repeat(190)}`,
  `${"N".repeat(101)} <a@example.com>`,
])("--mail-from %j is refused", (mailFrom) => {
  const { code, message } = refused({ smtp: "smtp://mail.example.com", mailFrom });
  expect([code, message]).toEqual(["config.invalid", expect.stringMatching(/^--mail-from: .*found /)]);
});

const SMTP = "smtp://mail.example.com";
const FROM = "a@example.com";
test.each<[what: string, flags: Flags, code: string, words: RegExp]>([
  ["no sender", { smtp: SMTP }, "config.mail_incomplete", /--mail-from/],
  ["no server for a sender", { mailFrom: FROM }, "config.mail_incomplete", /^--mail-from .*--smtp/],
  ["no server for a password", { smtpPasswordFile: "/x" }, "config.mail_incomplete", /^--smtp-password-file/],
  ["no server for an authority", { smtpCa: "/x" }, "config.mail_incomplete", /^--smtp-ca/],
  [
    "a user without a password",
    { smtp: "smtp://me@mail.example.com", mailFrom: FROM },
    "config.mail_incomplete",
    /--smtp-password-file/,
  ],
  [
    "a password without a user",
    { smtp: SMTP, mailFrom: FROM, smtpPasswordFile: "/x" },
    "config.mail_incomplete",
    /user/,
  ],
  ["a free port", { smtp: SMTP, mailFrom: FROM, port: "0" }, "config.mail_address", /--public-url/],
  ...["0.0.0.0", "::", "0:0:0:0:0:0:0:0"].map((host): [string, Flags, string, RegExp] => [
    `every address as ${host}`,
    { smtp: SMTP, mailFrom: FROM, host },
    "config.mail_address",
    /--public-url/,
  ]),
])("%s is refused", (_what, flags, code, words) => {
  const problem = refused(flags);
  expect([problem.kind, problem.code, problem.message]).toEqual([
    "usage",
    code,
    expect.stringMatching(words),
  ]);
});

test.each<[flags: Flags, origin: string]>([
  [{}, "http://127.0.0.1:8470"],
  [{ host: "::1", port: "81" }, "http://[::1]:81"],
  [{ host: "apps.example.com", tlsCert: "/c", tlsKey: "/k", port: "443" }, "https://apps.example.com:443"],
  [{ host: "0.0.0.0", port: "0", publicUrl: "https://apps.example.com/" }, "https://apps.example.com"],
])("with %j links begin with %s", (flags, origin) => {
  const config = loadConfig({ smtp: SMTP, mailFrom: FROM, ...flags }, {});
  expect(mailOrigin(config)).toBe(origin);
});
