/**
 * A process that sends the messages of a data folder by mail, and ends itself by SIGKILL right after the N-th step that survives
 * a kill. Run by mail.test.ts: `bun mail-child.ts DIR SMTP N`, N = 0 for not at all. Its last line is what it found at the end.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { beginMail } from "../../accounts/messages/send.ts";
import { HANDLERS_HERE } from "../../boot/handlers.ts";
import { systemClock } from "../../clock.ts";
import { openCounting, settledOf } from "./child-store.ts";
import type { MailOutcome } from "./outcome.ts";

const [dataDir = "", smtp = "", killAt = "0"] = process.argv.slice(2);
// For a mail server that kills it in the middle of its answer.
writeFileSync(join(dataDir, "child.pid"), String(process.pid));
let isActing = false;
const { store, scheduler, close, steps } = await openCounting(
  {
    dataDir,
    flags: { smtp, mailFrom: "apps@example.com" },
    clock: systemClock,
    mayCreate: false,
    handlers: HANDLERS_HERE,
  },
  Number(killAt),
  (step) => (isActing ? step : null),
);
isActing = true;
// As a server does at its start.
beginMail(store);
await scheduler.drain();
isActing = false;
const outcome: MailOutcome = {
  steps,
  isSent: listMessages(store, OPERATOR, { limit: 100 }).items.map(({ sentAt }) => sentAt !== null),
  unfinishedJobs: (await settledOf(store)).unfinishedJobs,
};
await close(1000);
console.log(JSON.stringify(outcome));
