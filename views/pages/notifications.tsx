/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { Words } from "../../src/say.ts";
import { AllDoneArt, QuietArt } from "../components/art.tsx";
import { Badge } from "../components/badge.tsx";
import { LinkButton, PostButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { actionsColumn } from "../components/columns.tsx";
import { EmptyState } from "../components/empty.tsx";
import { PagerLinks, Table } from "../components/table.tsx";
import { Time } from "../components/text.tsx";
import { PageHead, Tabs } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, Pager } from "../page.ts";

export type NotificationItem = {
  readonly id: string;
  readonly said: Words;
  /** null: it is not for the person any more. */
  readonly path: string | null;
  readonly at: Date;
  readonly isRead: boolean;
};

export type NotificationsProps = {
  readonly show: "all" | "unread";
  /** The place in the list that is shown. */
  readonly cursor: string;
  /** How many are unread, as far as they are counted. */
  readonly unread: number;
  /** The newest of all that there are, on whichever page; null: there is none. */
  readonly newest: string | null;
  readonly notifications: readonly NotificationItem[];
  readonly pager: Pager;
};

/** `/notifications`: what the person was told of, the newest first. */
export function notificationsPage(ctx: PageContext, props: NotificationsProps): JSX.Element {
  const { t } = ctx;
  const { show, unread, newest, notifications } = props;
  return (
    <Page ctx={ctx} title={t("notifications.title")}>
      <PageHead
        ctx={ctx}
        title={t("notifications.title")}
        lead={t("notifications.lead")}
        actions={
          <>
            {unread > 0 && newest !== null && (
              <PostButton
                ctx={ctx}
                action="/notifications/read"
                label={t("notifications.read_all")}
                icon="approve"
                // What comes while the page is looked at stays unread.
                hidden={{ until: newest }}
              />
            )}
            <LinkButton
              ctx={ctx}
              href="/account/notifications"
              label={t("notification_settings.open")}
              icon="settings"
              kind="ghost"
            />
          </>
        }
      />
      <Tabs
        ctx={ctx}
        label={t("notifications.title")}
        tabs={[
          { label: t("notifications.all"), href: "/notifications", current: show === "all" },
          {
            label: t("notifications.unread_only"),
            href: "/notifications?show=unread",
            current: show === "unread",
          },
        ]}
      />
      {notifications.length === 0 ? (
        <Card flush>
          <EmptyState
            art={show === "unread" ? <AllDoneArt /> : <QuietArt />}
            title={t(show === "unread" ? "notifications.none_unread_title" : "notifications.none_title")}
            sentence={t(show === "unread" ? "notifications.none_unread" : "notifications.none")}
          />
        </Card>
      ) : (
        <Card flush>
          <List ctx={ctx} {...props} />
          <PagerLinks ctx={ctx} pager={props.pager} />
        </Card>
      )}
    </Page>
  );
}

function List(props: { ctx: PageContext } & NotificationsProps): JSX.Element {
  const { ctx, show, cursor, notifications } = props;
  const { t } = ctx;
  const unread = notifications.filter(({ isRead }) => !isRead);
  const buttonId = (id: string) => `read-${id}`;
  const nextOf = (id: string) => unread[unread.findIndex((one) => one.id === id) + 1]?.id ?? "";
  return (
    <Table
      caption={t("notifications.title")}
      rows={notifications}
      columns={[
        {
          header: t("column.notification"),
          cell: (one) => <What ctx={ctx} notification={one} />,
        },
        {
          header: t("column.when"),
          end: true,
          tight: true,
          cell: (one) => <Time ctx={ctx} at={one.at} />,
        },
        actionsColumn(ctx, (one: NotificationItem) =>
          one.isRead ? (
            <></>
          ) : (
            <PostButton
              ctx={ctx}
              label={t("notifications.read")}
              context={ctx.say(one.said)}
              small
              action={`/notifications/${one.id}/read`}
              hidden={{ show, cursor }}
              id={buttonId(one.id)}
              focusNext={buttonId(nextOf(one.id))}
            />
          ),
        ),
      ]}
    />
  );
}

function What(props: { ctx: PageContext; notification: NotificationItem }): JSX.Element {
  const { ctx, notification } = props;
  const { id, path, isRead } = notification;
  const said = ctx.say(notification.said);
  const form = `open-${id}`;
  return (
    <div class="notification">
      {path === null ? (
        <span class="muted" safe>
          {said}
        </span>
      ) : (
        <>
          <a href={path} data-opens={isRead ? undefined : form} class={[!isRead && "is-unread"]} safe>
            {said}
          </a>
          {!isRead && (
            <form novalidate id={form} method="post" action={`/notifications/${id}/open`} hidden></form>
          )}
        </>
      )}
      {!isRead && <Badge tone="accent" label={ctx.t("notifications.new")} />}
    </div>
  );
}
