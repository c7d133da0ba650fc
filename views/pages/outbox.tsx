/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { TextRun } from "../../src/bidi.ts";
import { QuietArt } from "../components/art.tsx";
import { Badge, type Tone } from "../components/badge.tsx";
import { LinkButton, PostButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { SecretOnce } from "../components/code.tsx";
import { EmptyState } from "../components/empty.tsx";
import { Notice } from "../components/notice.tsx";
import { PagerLinks } from "../components/table.tsx";
import { Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, Pager, WrittenIn } from "../page.ts";

export type MessageRow = {
  readonly id: string;
  readonly address: string;
  readonly subject: string;
  /** What is Latin in a text from right to left is a run of its own. */
  readonly body: readonly TextRun[];
  readonly writtenIn: WrittenIn;
  readonly at: Date;
  /** What became of it: `unsent` without a mail server, `waiting` for it. */
  readonly fate:
    | "sent"
    | "waiting"
    | "failing"
    | "refused"
    | "needless"
    | "late"
    | "unanswered"
    | "unwanted"
    | "unsent";
  readonly sentAt: Date | null;
  /** What the mail server said; null: nothing. */
  readonly failure: string | null;
  readonly handedOverAt: Date | null;
  /** Whether there is a link to make. */
  readonly hasLink: boolean;
};

export type OutboxProps = {
  readonly messages: readonly MessageRow[];
  readonly pager: Pager;
  /** Whether the store has a mail server. */
  readonly isMailed: boolean;
  /**
   * Since when nothing can be sent, and the code with which the server refuses every message for good, if that is why; null: it
   * can, or that is not long.
   */
  readonly trouble: { readonly since: Date; readonly count: number; readonly refusal: string | null } | null;
};

const TONES: Readonly<Record<MessageRow["fate"], Tone>> = {
  sent: "good",
  waiting: "accent",
  failing: "warn",
  refused: "bad",
  needless: "neutral",
  late: "warn",
  unanswered: "warn",
  unwanted: "neutral",
  unsent: "neutral",
};

/** `/admin/outbox`: what the store has written to people, and what became of it. */
export function outboxPage(ctx: PageContext, props: OutboxProps): JSX.Element {
  const { t } = ctx;
  const { trouble } = props;
  return (
    <Page ctx={ctx} title={t("outbox.title")}>
      <PageHead ctx={ctx} title={t("outbox.title")} lead={t("outbox.lead")} />
      {!props.isMailed && (
        <Notice ctx={ctx} tone="neutral" title={t("outbox.no_mail")}>
          <p>
            <span safe>{t("outbox.no_mail_help")}</span>{" "}
            <a href="/docs/guides/mail" safe>
              {t("outbox.guide")}
            </a>
          </p>
        </Notice>
      )}
      {trouble !== null && (
        <Notice
          ctx={ctx}
          tone="bad"
          title={
            trouble.refusal === null
              ? t("outbox.trouble", { count: trouble.count })
              : t("outbox.refusing", { answer: trouble.refusal })
          }
        >
          <p>
            <span safe>{t(trouble.refusal === null ? "outbox.trouble_since" : "outbox.refusing_since")}</span>{" "}
            <Time ctx={ctx} at={trouble.since} />
            {". "}
            <a href="/docs/guides/mail#when-nothing-is-sent" safe>
              {t("outbox.trouble_guide")}
            </a>
          </p>
        </Notice>
      )}
      {props.messages.length === 0 ? (
        <Card flush>
          <EmptyState art={<QuietArt />} title={t("outbox.empty_title")} sentence={t("outbox.empty")} />
        </Card>
      ) : (
        <>
          {props.messages.map((message) => (
            <Message ctx={ctx} message={message} />
          ))}
          <PagerLinks ctx={ctx} pager={props.pager} />
        </>
      )}
    </Page>
  );
}

function Message(props: { ctx: PageContext; message: MessageRow }): JSX.Element {
  const { ctx, message } = props;
  const { t } = ctx;
  return (
    <Card title={message.subject} titleIn={message.writtenIn}>
      <p class="meta">
        <span safe>{t("outbox.to", { address: message.address })}</span>
        {" · "}
        <Time ctx={ctx} at={message.at} />
      </p>
      <p>
        <Badge tone={TONES[message.fate]} label={t(`outbox.fate.${message.fate}`)} />
        {message.sentAt !== null && (
          <span class="meta">
            {" "}
            <Time ctx={ctx} at={message.sentAt} />
          </span>
        )}
      </p>
      {message.fate === "unanswered" && <p safe>{t("outbox.unanswered_help")}</p>}
      {message.handedOverAt !== null && (
        <p class="meta">
          <span safe>{t("outbox.handed_over")}</span> <Time ctx={ctx} at={message.handedOverAt} />
        </p>
      )}
      {message.failure !== null && (
        <p class="meta">
          <span safe>{t("outbox.reason")}</span>{" "}
          <q class="mono" dir="auto" safe>
            {message.failure}
          </q>
        </p>
      )}
      <p class="prewrap" lang={message.writtenIn.lang} dir={message.writtenIn.dir}>
        {message.body.map(({ text, isLatin }) =>
          isLatin ? (
            <bdi dir="ltr" safe>
              {text}
            </bdi>
          ) : (
            <span safe>{text}</span>
          ),
        )}
      </p>
      {message.hasLink && (
        <PostButton
          ctx={ctx}
          small
          icon="key"
          action={`/admin/outbox/${message.id}/link`}
          label={t("outbox.make_link")}
          context={t("outbox.make_link_of", { subject: message.subject, address: message.address })}
        />
      )}
    </Card>
  );
}

export type HandOverProps = {
  readonly address: string;
  readonly subject: string;
  readonly url: string;
  readonly expiresAt: Date;
};

/** The answer to `/admin/outbox/:messageId/link`: the link, this one time. */
export function handOverPage(ctx: PageContext, props: HandOverProps): JSX.Element {
  const { t } = ctx;
  return (
    <Page ctx={ctx} title={t("hand_over.title")}>
      <PageHead
        ctx={ctx}
        title={t("hand_over.title")}
        crumbs={[{ label: t("outbox.title"), href: "/admin/outbox" }]}
        lead={props.subject}
      />
      <Notice ctx={ctx} tone="warn" title={t("hand_over.only", { address: props.address })}>
        <p safe>{t("hand_over.why")}</p>
      </Notice>
      <Card>
        <SecretOnce ctx={ctx} id="link" label={t("hand_over.label")} secret={props.url} />
        <p>
          <span safe>{t("hand_over.until")}</span> <Time ctx={ctx} at={props.expiresAt} />
        </p>
        <LinkButton ctx={ctx} href="/admin/outbox" label={t("hand_over.back")} />
      </Card>
    </Page>
  );
}
