/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import type { OrganisationRole } from "../../src/roles.ts";
import { EmailField, NewPasswordField, Username } from "../components/account-fields.tsx";
import { Button, LinkButton, PostButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { ErrorSummary, Field, Select } from "../components/field.tsx";
import { type AccountIdentity, IdentityTable } from "../components/identities.tsx";
import { type BrowserRow, BrowserTable, SessionList, type SessionRow } from "../components/sessions.tsx";
import { Table } from "../components/table.tsx";
import { formatTime, languageName } from "../format.ts";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";
import { ORGANISATION_ROLES } from "./members.tsx";

export type AccountProps = {
  /** The present one first, then the newest. */
  readonly sessions: readonly SessionRow[];
  /** How many there are besides. */
  readonly olderSessions: number;
  /** Whether they may see signing keys. */
  readonly seesKeys: boolean;
  /** That the account knows. */
  readonly browsers: readonly BrowserRow[];
  readonly errors: readonly FieldError[];
  /** Whether they may make an organisation by themselves; else they ask for one. */
  readonly founds: boolean;
  readonly passwordMinLength: number;
  /** Whether the person has shown that they read mail at the address. */
  readonly proven: boolean;
  /** Whether the store sends mail: without it, an administrator has the link. */
  readonly mails: boolean;
  /** Whether the person has a password, which is then asked for with each change. */
  readonly hasPassword: boolean;
  /** How many second factors there are. */
  readonly factors: number;
  /** As it is, or was typed. */
  readonly name: string;
  /** Tag of the language that the person chose; null: as the browser asks for. */
  readonly language: string | null;
  /** The zone that the person chose (IANA); null: the store's. */
  readonly timeZone: string | null;
  /** All that can be chosen. */
  readonly zones: readonly string[];
  readonly storeZone: string;
  /** What was typed as the new address. */
  readonly newEmail: string;
  readonly identities: readonly AccountIdentity[];
  /** Providers of which no account is linked, each with the address that leads there. */
  readonly linkable: readonly { readonly name: string; readonly href: string }[];
};

const FIELDS = ["current", "password"] as const;
const ADDRESS_FIELDS = ["email", "addressPassword"] as const;

function Name(props: { ctx: PageContext } & AccountProps): JSX.Element {
  const { ctx, name } = props;
  const { t } = ctx;
  const errors = props.errors.filter(({ field }) => field === "name");
  return (
    <Card title={t("account.name")}>
      <form novalidate class="form" method="post" action="/account/name" hx-boost="false">
        <ErrorSummary ctx={ctx} errors={errors} fields={["name"]} />
        <p class="muted" safe>
          {t("account.name_lead")}
        </p>
        <Field
          ctx={ctx}
          name="name"
          label={t("account.name")}
          value={name}
          autocomplete="name"
          errors={errors}
        />
        <div class="row">
          <Button ctx={ctx} label={t("account.name_submit")} />
        </div>
      </form>
    </Card>
  );
}

/** Each language by its own name: whoever looks for theirs may read no other. */
function Language(props: { ctx: PageContext } & AccountProps): JSX.Element {
  const { ctx } = props;
  const { t } = ctx;
  const errors = props.errors.filter(({ field }) => field === "language");
  const options = ctx.languages.map((tag) => ({ value: tag, label: languageName(tag) }));
  return (
    <Card title={t("account.language")}>
      {/* Direction and language stand on the document itself. */}
      <form novalidate class="form" method="post" action="/account/language" hx-boost="false">
        <ErrorSummary ctx={ctx} errors={errors} fields={["language"]} />
        <Select
          ctx={ctx}
          name="language"
          label={t("account.language")}
          hint={t("account.language_lead")}
          value={props.language ?? ""}
          options={[{ value: "", label: t("account.language_browser") }, ...options]}
          errors={errors}
          optional
        />
        <div class="row">
          <Button ctx={ctx} label={t("account.language_submit")} />
        </div>
      </form>
    </Card>
  );
}

/** Zones stand under the part of the world that their names begin with. */
function TimeZone(props: { ctx: PageContext } & AccountProps): JSX.Element {
  const { ctx, zones, storeZone } = props;
  const { t } = ctx;
  const errors = props.errors.filter(({ field }) => field === "timeZone");
  const parts = Map.groupBy(zones, (zone) => (zone.includes("/") ? (zone.split("/")[0] ?? "") : ""));
  const optionsOf = (part: string) =>
    (parts.get(part) ?? []).map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }));
  return (
    <Card title={t("account.time_zone")}>
      <form novalidate class="form" method="post" action="/account/time-zone" hx-boost="false">
        <ErrorSummary ctx={ctx} errors={errors} fields={["timeZone"]} />
        <Select
          ctx={ctx}
          name="timeZone"
          label={t("account.time_zone")}
          hint={t("account.time_zone_lead", { time: formatTime(ctx, ctx.now) })}
          value={props.timeZone ?? ""}
          options={[
            { value: "", label: t("account.time_zone_store", { zone: storeZone }) },
            ...optionsOf(""),
          ]}
          groups={[...parts.keys()]
            .filter((part) => part !== "")
            .map((part) => ({ label: part, options: optionsOf(part) }))}
          errors={errors}
          optional
        />
        <div class="row">
          <Button ctx={ctx} label={t("account.time_zone_submit")} />
        </div>
      </form>
    </Card>
  );
}

function Password(props: { ctx: PageContext } & AccountProps): JSX.Element {
  const { ctx, passwordMinLength } = props;
  const errors = notOf(props.errors, [...ADDRESS_FIELDS, IDENTITY_FIELD, "language", "timeZone", "name"]);
  const { t } = ctx;
  return (
    <Card title={t("account.change")}>
      <form novalidate class="form" method="post" action="/account" hx-boost="false">
        <ErrorSummary ctx={ctx} errors={errors} fields={FIELDS} />
        <p class="muted" safe>
          {t("account.password_lead")}
        </p>
        <Username email={ctx.viewer?.email ?? ""} />
        {props.hasPassword && <Current ctx={ctx} name="current" errors={errors} />}
        <NewPasswordField
          ctx={ctx}
          label={t("account.new")}
          passwordMinLength={passwordMinLength}
          errors={errors}
        />
        <div class="row">
          <Button ctx={ctx} label={t("account.change")} kind="primary" />
        </div>
      </form>
    </Card>
  );
}

function Current(props: { ctx: PageContext; name: string; errors: readonly FieldError[] }): JSX.Element {
  return (
    <Field
      {...props}
      label={props.ctx.t("account.current")}
      type="password"
      autocomplete="current-password"
    />
  );
}

function SecondFactor(props: { ctx: PageContext; count: number }): JSX.Element {
  const { ctx, count } = props;
  const { t } = ctx;
  return (
    <Card title={t("second_factor.title")}>
      <p class="muted" safe>
        {t("account.factors", { count })}
      </p>
      <div class="row">
        <LinkButton ctx={ctx} href="/account/second-factor" label={t("account.factors_change")} />
      </div>
    </Card>
  );
}

/** Of what was wrong with unlinking. */
const IDENTITY_FIELD = "identity";

const notOf = (errors: readonly FieldError[], fields: readonly string[]) =>
  errors.filter(({ field }) => !fields.includes(field));

function Address(props: { ctx: PageContext } & AccountProps): JSX.Element {
  const { ctx, proven, mails, newEmail } = props;
  const { t } = ctx;
  const email = ctx.viewer?.email ?? "";
  const errors = props.errors.filter(({ field }) => (ADDRESS_FIELDS as readonly string[]).includes(field));
  return (
    <Card title={t("account.address")}>
      {proven ? (
        <p class="muted" safe>
          {t("account.address_proven", { email })}
        </p>
      ) : (
        <form novalidate class="form" method="post" action="/account/address/prove" hx-boost="false">
          <p class="muted" safe>
            {t("account.address_unproven", { email })}
          </p>
          <div class="row">
            <Button ctx={ctx} label={t(mails ? "account.prove" : "account.prove_no_mail")} />
          </div>
        </form>
      )}
      <form novalidate class="form" method="post" action="/account/address" hx-boost="false">
        <ErrorSummary ctx={ctx} errors={errors} fields={ADDRESS_FIELDS} />
        <p class="muted" safe>
          {t("account.address_lead")}
        </p>
        <EmailField ctx={ctx} label={t("account.address_new")} value={newEmail} errors={errors} />
        {props.hasPassword && <Current ctx={ctx} name="addressPassword" errors={errors} />}
        <div class="row">
          <Button ctx={ctx} label={t("account.address_submit")} />
        </div>
      </form>
    </Card>
  );
}

function Data(props: { ctx: PageContext }): JSX.Element {
  const { t } = props.ctx;
  return (
    <Card title={t("account.data")}>
      <form novalidate class="form" method="post" action="/account/export" hx-boost="false">
        <p class="muted" safe>
          {t("account.data_lead")}
        </p>
        <div class="row">
          <Button ctx={props.ctx} label={t("account.data_export")} />
        </div>
      </form>
    </Card>
  );
}

function Organisations(props: { ctx: PageContext; founds: boolean }): JSX.Element {
  const { ctx, founds } = props;
  const { t, viewer } = ctx;
  const rows = viewer?.organisations ?? [];
  if (rows.length === 0) return <></>;
  return (
    <Card
      title={t("account.organisations")}
      flush
      actions={
        <a href={founds ? "/organisations/new" : "/organisations/ask"} safe>
          {t(founds ? "account.create_organisation" : "account.ask_organisation")}
        </a>
      }
    >
      <Table
        caption={t("account.organisations")}
        rows={rows}
        columns={[
          {
            header: t("column.organisation"),
            cell: (row) => (
              <a
                dir="auto"
                href={`/organisations/${row.id}/members${row.narrowed === undefined ? "" : "/leave"}`}
                safe
              >
                {row.name}
              </a>
            ),
          },
          {
            header: t("column.role"),
            cell: (row) => (
              <span safe>
                {row.narrowed === undefined
                  ? roleName(ctx, row.role)
                  : t("role_apps.role_for", { role: roleName(ctx, row.role), count: row.narrowed })}
              </span>
            ),
          },
        ]}
      />
    </Card>
  );
}

function roleName(ctx: PageContext, role: string): string {
  return isRole(role) ? ctx.t(`role.${role}`) : role;
}

const isRole = (role: string): role is OrganisationRole => ORGANISATION_ROLES.some((each) => each === role);

function Identities(props: { ctx: PageContext } & AccountProps): JSX.Element {
  const { ctx, identities, linkable, errors } = props;
  const { t } = ctx;
  if (identities.length === 0 && linkable.length === 0) return <></>;
  return (
    <Card title={t("account.identities")} flush id="identities">
      <div class="card-body stack">
        <ErrorSummary
          ctx={ctx}
          errors={errors
            .filter(({ field }) => field === IDENTITY_FIELD)
            .map(({ message }) => ({ field: "", message }))}
          fields={[]}
        />
        <p class="muted" safe>
          {identities.length === 0 ? t("account.identities_none") : t("account.identities_lead")}
        </p>
        {linkable.length > 0 && (
          <div class="row">
            {linkable.map(({ name, href }) => (
              <LinkButton ctx={ctx} href={href} label={t("account.link", { provider: name })} away />
            ))}
          </div>
        )}
      </div>
      {identities.length > 0 && <IdentityTable ctx={ctx} identities={identities} unlink />}
    </Card>
  );
}

function Sessions(props: { ctx: PageContext } & AccountProps): JSX.Element {
  const { ctx, sessions, olderSessions } = props;
  const { t } = ctx;
  return (
    <Card title={t("account.sessions")} flush>
      <p class="card-body muted" safe>
        {t("account.sessions_lead")}
      </p>
      <SessionList ctx={ctx} sessions={sessions} older={olderSessions} action="/account/sessions/end" />
      {sessions.length > 1 && (
        <div class="card-body">
          <PostButton ctx={ctx} action="/account/sessions/end-others" label={t("account.end_others")} />
        </div>
      )}
    </Card>
  );
}

function Browsers(props: { ctx: PageContext; browsers: readonly BrowserRow[] }): JSX.Element {
  const { ctx, browsers } = props;
  const { t } = ctx;
  if (browsers.length === 0) return <></>;
  return (
    <Card title={t("account.browsers")} flush>
      <p class="card-body muted" safe>
        {t("account.browsers_lead")}
      </p>
      <BrowserTable ctx={ctx} browsers={browsers} action="/account/browsers/forget" />
    </Card>
  );
}

/** `/account`: who one is, one's password, and where one is signed in. */
export function accountPage(ctx: PageContext, props: AccountProps): JSX.Element {
  const { t } = ctx;
  return (
    <Page ctx={ctx} title={t("account.title")}>
      <PageHead ctx={ctx} title={t("account.title")} />
      <Name ctx={ctx} {...props} />
      <Language ctx={ctx} {...props} />
      <TimeZone ctx={ctx} {...props} />
      <Organisations ctx={ctx} founds={props.founds} />
      <Address ctx={ctx} {...props} />
      <Password ctx={ctx} {...props} />
      <SecondFactor ctx={ctx} count={props.factors} />
      <Card title={t("account.keys")}>
        <p class="muted" safe>
          {t("account.keys_lead")}
        </p>
        <div class="row">
          <LinkButton ctx={ctx} href="/account/keys" label={t("account.keys_open")} icon="key" />
        </div>
      </Card>
      {props.seesKeys && (
        <Card title={t("nav.keys")}>
          <p class="muted" safe>
            {t("account.signing_keys_lead")}
          </p>
          <div class="row">
            <LinkButton ctx={ctx} href="/keys" label={t("account.signing_keys_open")} icon="key" />
          </div>
        </Card>
      )}
      <Card title={t("notification_settings.title")}>
        <p class="muted" safe>
          {t("notification_settings.lead")}
        </p>
        <div class="row">
          <LinkButton
            ctx={ctx}
            href="/account/notifications"
            label={t("notification_settings.open")}
            icon="bell"
          />
        </div>
      </Card>
      <Identities ctx={ctx} {...props} />
      <Sessions ctx={ctx} {...props} />
      <Browsers ctx={ctx} browsers={props.browsers} />
      <Data ctx={ctx} />
      <Card title={t("account.delete")}>
        <p class="muted" safe>
          {t("account.delete_lead")}
        </p>
        <div class="row">
          <LinkButton ctx={ctx} href="/account/delete" label={t("account.delete_open")} kind="danger" />
        </div>
      </Card>
    </Page>
  );
}
