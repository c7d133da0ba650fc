import type { Letter } from "../../accounts/messages/letter.ts";
import type { MessageView } from "../../accounts/messages/outbox.ts";
import { argument, defineCommand } from "../command.ts";
import { withOperator } from "../operator.ts";
import { storeAddress } from "../server-address.ts";
import { commandConfig, dataOptions } from "../store-options.ts";
import { BLANK_LINE, formatTime, LINE_END, type Style } from "../style.ts";

type MessageJson = Pick<
  MessageView,
  "id" | "address" | "subject" | "body" | "path" | "link" | "failure" | "ended"
> & {
  readonly createdAt: string;
  readonly sentAt: string | null;
  readonly handedOverAt: string | null;
};

type Outbox = {
  readonly items: readonly MessageJson[];
  readonly isMailed: boolean;
  readonly trouble: {
    readonly since: string;
    readonly count: number;
    readonly refusal: string | null;
  } | null;
};

export const outboxListCommand = defineCommand({
  name: "list",
  summary: "Show the newest messages that the store has written to people.",
  description: [
    "Each is sent by mail where the store has a mail server, and says what became of that. Their readers also see them on their " +
      "dashboard; without mail, hand over yourself what matters: mosis admin outbox link makes the link of a message that has one.",
  ],
  arguments: {},
  options: dataOptions,
  examples: [
    { line: "mosis admin outbox list --data /srv/mosis", does: "prints the messages, newest first" },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { items, isMailed, trouble } = await operator.call<Outbox>("outbox.list", {});
      return {
        data: { items, isMailed, trouble },
        text: (style) =>
          items.length === 0
            ? "The store has written no messages."
            : [
                ...(trouble === null ? [] : [style.bad(troubleText(trouble))]),
                ...items.map((message) => messageText(message, isMailed, style)),
              ].join(BLANK_LINE),
      };
    }),
});

function troubleText({ since, count, refusal }: NonNullable<Outbox["trouble"]>): string {
  if (refusal !== null)
    return `The mail server refuses every message for good (${refusal}); it has taken none since ${formatTime(since)}.`;
  return `Nothing could be sent since ${formatTime(since)}${count === 0 ? "" : `; ${count} wait`}.`;
}

function messageText(message: MessageJson, isMailed: boolean, style: Style): string {
  const { id, address, subject, createdAt, body, link, handedOverAt } = message;
  return [
    style.bold(subject),
    `to ${address}, ${formatTime(createdAt)}, ${fate(message, isMailed)}`,
    ...(link === null ? [] : [`${id} has a link${handedOver(handedOverAt)}`]),
    "",
    ...body.split("\n").map((line) => (line === "" ? "" : `  ${line}`)),
  ].join(LINE_END);
}

function handedOver(at: string | null): string {
  return at === null ? ", made when it is sent or handed over" : `, handed over ${formatTime(at)}`;
}

function fate({ sentAt, failure, ended }: MessageJson, isMailed: boolean): string {
  if (sentAt !== null) return `sent ${formatTime(sentAt)}`;
  if (ended === "needless") return "not sent: it was of no use any more";
  const said = failure === null ? "" : `: ${failure}`;
  if (ended === "refused") return `refused by the mail server${said}`;
  if (ended === "unanswered")
    return `may have arrived: the mail server was given it several times and never said that it took it${said}`;
  if (ended === "late") return `not sent within three days${said}`;
  if (!isMailed) return "not sent: the store has no mail server";
  return failure === null ? "not sent yet" : `tried again, since the mail server did not take it${said}`;
}

export const outboxLinkCommand = defineCommand({
  name: "link",
  summary: "Make the link of a message, to hand it over to its reader.",
  description: [
    "Whoever opens the link is taken for that person: hand it over to them alone, by a way on which nobody else reads. It works once, is shown only now, and proves no address.",
  ],
  arguments: { message: argument("MESSAGE", "the message's id, msg-…, as mosis admin outbox shows it") },
  options: dataOptions,
  examples: [
    {
      line: "mosis admin outbox link msg-0190… --data /srv/mosis",
      does: "prints a link that works once, and until when",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { message } = context.arguments;
      const origin = storeAddress(commandConfig(context));
      const made = await operator.call<
        Pick<Letter, "to" | "subject" | "url"> & { readonly expiresAt: string }
      >("outbox.link", { id: message, origin });
      const { to, subject, url, expiresAt } = made;
      return {
        data: { to, subject, url, expiresAt },
        text: (style) =>
          [
            style.bold(subject),
            url,
            `It works once, until ${formatTime(expiresAt)}. Hand it over to ${to} alone: whoever opens it is taken for them.`,
          ].join(LINE_END),
      };
    }),
});
