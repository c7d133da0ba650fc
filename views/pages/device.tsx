/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, Revision } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { Confirm } from "../components/confirm.tsx";
import { ErrorSummary, errorOf, Field, TextArea } from "../components/field.tsx";
import { GroupChoice, type GroupChoiceRow } from "../components/group-choice.tsx";
import { Notice } from "../components/notice.tsx";
import { Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";
import { type DeviceRow, Said, Seen, Standing } from "./devices.tsx";

export type DeviceProps = DeviceRow & {
  readonly model: string;
  readonly algorithm: string;
  readonly keyid: string;
  readonly revision: number;
  readonly lastSeenAddress: string | null;
  readonly lastTokenAt: Date | null;
  readonly code: { readonly id: string; readonly label: string } | null;
  readonly revocation: { readonly at: Date; readonly by: string; readonly reason: string } | null;
  readonly choices: readonly GroupChoiceRow[];
  readonly manages: boolean;
  readonly managesGroups: boolean;
  readonly values: { readonly name: string; readonly reason: string };
  readonly errors: readonly FieldError[];
};

/** `/devices/:deviceId`: a device, and what can be done about it. */
export function devicePage(ctx: PageContext, props: DeviceProps): JSX.Element {
  const { t } = ctx;
  const { revocation, manages, errors } = props;
  return (
    <Page ctx={ctx} title={props.name}>
      <PageHead
        ctx={ctx}
        title={props.name}
        crumbs={[{ href: "/devices", label: t("devices.title") }]}
        badge={<Standing ctx={ctx} device={props} />}
      />
      <ErrorSummary ctx={ctx} errors={errors} fields={["name", "reason"]} />
      {revocation !== null && (
        <Notice ctx={ctx} tone="bad" title={t("devices.revoked_title")}>
          <p dir="auto" class="prewrap" safe>
            {revocation.reason}
          </p>
          <p class="meta">
            <span safe>{t("devices.revoked_by", { name: revocation.by })}</span>
            {" · "}
            <Time ctx={ctx} at={revocation.at} />
          </p>
        </Notice>
      )}
      <Card title={t("devices.about")}>
        <About ctx={ctx} {...props} />
      </Card>
      <Groups ctx={ctx} {...props} />
      {manages && <Rename ctx={ctx} {...props} />}
      {manages && !props.revoked && <Revoke ctx={ctx} {...props} />}
    </Page>
  );
}

function About(props: { ctx: PageContext } & DeviceProps): JSX.Element {
  const { ctx, code } = props;
  const { t } = ctx;
  return (
    <Facts
      wide
      items={[
        { term: t("devices.id"), value: <code safe>{props.id}</code> },
        { term: t("devices.platform"), value: <Said text={props.platform} /> },
        { term: t("devices.model"), value: <Said text={props.model} /> },
        { term: t("devices.runtime"), value: <Said text={props.runtime} /> },
        {
          term: t("devices.last_seen"),
          value: (
            <div>
              <Seen ctx={ctx} at={props.lastSeenAt} />
              {props.lastSeenAddress !== null && (
                <p class="meta">
                  <bdi safe>{props.lastSeenAddress}</bdi>
                </p>
              )}
            </div>
          ),
        },
        { term: t("devices.last_token"), value: <Seen ctx={ctx} at={props.lastTokenAt} /> },
        { term: t("devices.enrolled"), value: <Time ctx={ctx} at={props.createdAt} /> },
        ...(code === null
          ? []
          : [
              {
                term: t("devices.by_code"),
                value: (
                  <bdi dir="auto" safe>
                    {code.label}
                  </bdi>
                ),
              },
            ]),
        { term: t("devices.algorithm"), value: <span safe>{props.algorithm}</span> },
        {
          term: t("devices.keyid"),
          value: (
            <code class="whole" safe>
              {props.keyid}
            </code>
          ),
          long: true,
        },
      ]}
    />
  );
}

function Groups(props: { ctx: PageContext } & DeviceProps): JSX.Element {
  const { ctx, choices, managesGroups, groups } = props;
  const { t } = ctx;
  return (
    <Card title={t("groups.title")}>
      {choices.length === 0 && (
        <p class="muted" safe>
          {t("groups.none")}
        </p>
      )}
      {choices.length > 0 && !managesGroups && (
        <p dir="auto" safe>
          {groups.length === 0 ? t("devices.no_groups") : groups.join(", ")}
        </p>
      )}
      {choices.length > 0 && managesGroups && (
        <form novalidate class="form" method="post" action={`/devices/${props.id}/groups`} hx-boost="false">
          <GroupChoice ctx={ctx} legend={t("devices.groups_legend")} groups={choices} />
          <div class="row">
            <Button ctx={ctx} label={t("groups.save")} />
          </div>
        </form>
      )}
    </Card>
  );
}

function Rename(props: { ctx: PageContext } & DeviceProps): JSX.Element {
  const { ctx, values, errors } = props;
  const { t } = ctx;
  return (
    <Card title={t("devices.rename")}>
      <form novalidate class="form" method="post" action={`/devices/${props.id}/name`} hx-boost="false">
        <Revision value={props.revision} />
        <Field
          ctx={ctx}
          name="name"
          label={t("groups.name")}
          value={values.name}
          maxlength={80}
          errors={errors}
        />
        <div class="row">
          <Button ctx={ctx} label={t("devices.rename")} />
        </div>
      </form>
    </Card>
  );
}

function Revoke(props: { ctx: PageContext } & DeviceProps): JSX.Element {
  const { ctx, values, errors } = props;
  const { t } = ctx;
  return (
    <Card title={t("devices.revoke")}>
      <p class="muted" safe>
        {t("devices.revoke_lead")}
      </p>
      <div class="row">
        <Confirm
          ctx={ctx}
          label={t("devices.revoke")}
          icon="revoke"
          kind="danger"
          open={errorOf("reason", errors) !== null}
          title={t("devices.revoke_title", { name: props.name })}
          consequence={t("devices.revoke_consequence")}
          action={`/devices/${props.id}/revoke`}
          confirmLabel={t("devices.revoke")}
          confirmKind="danger-fill"
        >
          <TextArea
            ctx={ctx}
            name="reason"
            label={t("devices.reason")}
            hint={t("devices.reason_hint")}
            value={values.reason}
            maxlength={400}
            rows={2}
            errors={errors}
          />
        </Confirm>
      </div>
    </Card>
  );
}
