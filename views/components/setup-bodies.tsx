/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
/** What the steps of the set-up about the store’s name, its address and its mail have in them. */
import { Html } from "@kitajs/html";
import type { ToldSetting } from "../../src/config.told.ts";
import { languageName } from "../format.ts";
import type { FieldError, PageContext } from "../page.ts";
import { shellWord } from "../shell-commands.ts";
import { Button, LinkButton } from "./button.tsx";
import { Card, Facts } from "./card.tsx";
import { CodeBlock } from "./code.tsx";
import { ErrorSummary, Field, Select } from "./field.tsx";
import { Notice } from "./notice.tsx";
import { Origin, SettingValue } from "./settings.tsx";

export type NameBody = {
  readonly kind: "name";
  readonly values: {
    readonly name: string;
    readonly tagline: string;
    readonly language: string;
    /** Of the tagline. */
    readonly locale: string;
  };
  readonly revision: number;
  readonly errors: readonly FieldError[];
};

export type AddressBody = {
  readonly kind: "address";
  readonly publicUrl: ToldSetting;
  /** By which address this page was asked for. */
  readonly asked: string;
};

export type MailBody = {
  readonly kind: "mail";
  readonly smtp: ToldSetting;
  readonly mailFrom: ToldSetting;
  /** Where a letter is to go. */
  readonly address: string;
  /** What the mail server said of the letter that was just sent. */
  readonly taken: { readonly server: string; readonly answer: string } | null;
  readonly errors: readonly FieldError[];
};

/** Where a setting is said, and what holds. */
export function settingFact(ctx: PageContext, setting: ToldSetting, term: string) {
  return {
    term,
    value: (
      <div class="stack-s">
        <SettingValue ctx={ctx} value={setting.value} />
        <Origin ctx={ctx} setting={setting} />
      </div>
    ),
  };
}

export function NameFields(props: { ctx: PageContext; body: NameBody; manages: boolean }): JSX.Element {
  const { ctx, body, manages } = props;
  const { t } = ctx;
  const { values, errors } = body;
  // Each by its own name: whoever looks for theirs may read no other.
  const languages = ctx.languages.map((value) => ({ value, label: languageName(value) }));
  return (
    <Card title={t("setup.name_title")}>
      <form novalidate class="form" method="post" action="/admin/setup/name/save" hx-boost="false">
        <ErrorSummary ctx={ctx} errors={errors} fields={["name", "tagline", "language"]} />
        <input type="hidden" name="revision" value={String(body.revision)} />
        <input type="hidden" name="locale" value={values.locale} />
        <Field
          ctx={ctx}
          name="name"
          label={t("setup.store_name")}
          hint={t("setup.store_name_hint")}
          value={values.name}
          maxlength={60}
          errors={errors}
        />
        <Field
          ctx={ctx}
          name="tagline"
          label={t("setup.tagline")}
          hint={t("setup.tagline_hint")}
          value={values.tagline}
          maxlength={160}
          optional
          errors={errors}
        />
        <Select
          ctx={ctx}
          name="language"
          label={t("account.language")}
          hint={t("account.language_lead")}
          value={values.language}
          options={[{ value: "", label: t("account.language_browser") }, ...languages]}
          filter
          errors={errors}
        />
        <div class="row">
          <Button ctx={ctx} label={t("setting.save")} kind="primary" disabled={!manages} />
          <LinkButton ctx={ctx} href="/admin/appearance" label={t("setup.appearance")} kind="ghost" />
        </div>
      </form>
    </Card>
  );
}

export function AddressFacts(props: { ctx: PageContext; body: AddressBody; dataDir: string }): JSX.Element {
  const { ctx, body } = props;
  const { t } = ctx;
  return (
    <>
      <Card title={t("setup.address_title")}>
        <Facts
          wide
          items={[
            settingFact(ctx, body.publicUrl, t("setup.public_url")),
            {
              term: t("setup.asked"),
              value: (
                <code dir="ltr" safe>
                  {body.asked}
                </code>
              ),
            },
          ]}
        />
      </Card>
      <CodeBlock
        ctx={ctx}
        id="address-command"
        title={t("setup.address_command")}
        code={`mosis serve --data ${shellWord(props.dataDir)} \\\n  --public-url https://apps.example.com`}
      />
      <p class="muted" safe>
        {t("setup.address_why")}
      </p>
      <p class="muted">
        <span safe>{t("setup.address_check")}</span>{" "}
        <a href="/docs/guides/administrator#tls" safe>
          {t("setup.address_docs")}
        </a>
      </p>
    </>
  );
}

function MailResult(props: { ctx: PageContext; body: MailBody }): JSX.Element {
  const { ctx, body } = props;
  const { taken } = body;
  if (taken === null) return <></>;
  return (
    <Notice ctx={ctx} tone="good" title={ctx.t("setup.mail_taken", { server: taken.server })} live>
      <p class="mono prewrap" dir="ltr" safe>
        {taken.answer}
      </p>
      <p safe>{ctx.t("setup.mail_arrives")}</p>
    </Notice>
  );
}

export function MailForms(props: {
  ctx: PageContext;
  body: MailBody;
  dataDir: string;
  manages: boolean;
}): JSX.Element {
  const { ctx, body, dataDir, manages } = props;
  const { t } = ctx;
  return (
    <>
      <Card title={t("setup.mail_title")}>
        <Facts
          wide
          items={[
            settingFact(ctx, body.smtp, t("setup.mail_server")),
            settingFact(ctx, body.mailFrom, t("setup.mail_from")),
          ]}
        />
      </Card>
      {body.smtp.value === null ? (
        <CodeBlock
          ctx={ctx}
          id="mail-command"
          title={t("setup.mail_command")}
          code={[
            `mosis serve --data ${shellWord(dataDir)} \\`,
            "  --smtp smtps://USER@mail.example.com:465 \\",
            "  --smtp-password-file /etc/mosis/smtp-password \\",
            '  --mail-from "App store <apps@example.com>"',
          ].join("\n")}
        />
      ) : (
        <Card title={t("setup.mail_try_title")}>
          <form novalidate class="form" method="post" action="/admin/setup/mail/try" hx-boost="false">
            <ErrorSummary ctx={ctx} errors={body.errors} fields={["address"]} />
            <MailResult ctx={ctx} body={body} />
            <Field
              ctx={ctx}
              name="address"
              type="email"
              label={t("setup.mail_to")}
              value={body.address}
              maxlength={254}
              autocomplete="email"
              errors={body.errors}
            />
            <div class="row">
              <Button ctx={ctx} label={t("setup.mail_try")} kind="primary" icon="mail" disabled={!manages} />
            </div>
          </form>
        </Card>
      )}
      <p class="muted">
        {body.smtp.value === null && <span safe>{`${t("setup.mail_why")} `}</span>}
        <a href="/docs/guides/mail" safe>
          {t("setup.mail_docs")}
        </a>
      </p>
    </>
  );
}
