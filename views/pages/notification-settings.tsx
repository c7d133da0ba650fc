/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { Words } from "../../src/say.ts";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Checkbox } from "../components/field.tsx";
import { Notice } from "../components/notice.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext } from "../page.ts";

export type NotificationSettingsProps = {
  /** Whether the store sends mail at all. */
  readonly isMailed: boolean;
  readonly topics: readonly {
    readonly topic: string;
    readonly meaning: Words;
    readonly mail: boolean;
    /** Why letters of it cannot be turned off; null: they can. */
    readonly always: Words | null;
  }[];
};

/** `/account/notifications`: of what letters are written as well. */
export function notificationSettingsPage(ctx: PageContext, props: NotificationSettingsProps): JSX.Element {
  const { t } = ctx;
  const open = props.topics.filter(({ always }) => always === null);
  const always = props.topics.filter((topic) => topic.always !== null);
  return (
    <Page ctx={ctx} title={t("notification_settings.title")}>
      <PageHead
        ctx={ctx}
        title={t("notification_settings.title")}
        crumbs={[{ label: t("account.title"), href: "/account" }]}
        lead={t("notification_settings.lead")}
      />
      {!props.isMailed && (
        <Notice ctx={ctx} tone="neutral" title={t("notification_settings.no_mail")}>
          <p safe>{t("notification_settings.no_mail_help")}</p>
        </Notice>
      )}
      <Card title={t("notification_settings.by_mail")}>
        <form novalidate class="form" method="post" action="/account/notifications">
          <fieldset class="field">
            <legend class="label" safe>
              {t("notification_settings.choose")}
            </legend>
            {open.map(({ topic, meaning, mail }) => (
              <Checkbox ctx={ctx} name={topic} label={ctx.say(meaning)} checked={mail} />
            ))}
          </fieldset>
          <div class="row">
            <Button ctx={ctx} label={t("notification_settings.submit")} kind="primary" />
          </div>
        </form>
      </Card>
      <Card title={t("notification_settings.always")}>
        <dl class="facts">
          {always.map(({ meaning, always: why }) => (
            <div class="is-long">
              <dt safe>{ctx.say(meaning)}</dt>
              <dd safe>{ctx.say(why ?? "")}</dd>
            </div>
          ))}
        </dl>
        <p class="muted" safe>
          {t("notification_settings.links")}
        </p>
      </Card>
    </Page>
  );
}
