/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { NoAppsArt, NotFoundArt } from "../components/art.tsx";
import { Badge } from "../components/badge.tsx";
import { LinkButton } from "../components/button.tsx";
import { Select } from "../components/field.tsx";
import { FilterForm } from "../components/filter-form.tsx";
import { ListCard } from "../components/list-card.tsx";
import { Notice } from "../components/notice.tsx";
import { RowName } from "../components/table.tsx";
import { Time } from "../components/text.tsx";
import { type UnseenDevices, unseenHref, unseenText } from "../components/unseen.ts";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, Pager } from "../page.ts";

export type DeviceRow = {
  readonly id: string;
  readonly name: string;
  readonly platform: string;
  readonly runtime: string;
  readonly groups: readonly string[];
  readonly createdAt: Date;
  /** null: never since it enrolled. */
  readonly lastSeenAt: Date | null;
  readonly revoked: boolean;
  /** It has not come for as long as the store warns of. */
  readonly unseen: boolean;
};

export type DevicesProps = {
  readonly devices: readonly DeviceRow[];
  readonly pager: Pager;
  readonly search: string;
  /** The group that the list is of; "" for all. */
  readonly group: string;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  /** For how many days those of the list have not come; null: whenever they came. */
  readonly unseen: number | null;
  readonly unseenChoices: readonly number[];
  /** null: there is none to warn of, or the list is of them already. */
  readonly warning: UnseenDevices | null;
  readonly restricted: boolean;
  readonly manages: boolean;
};

/** `/devices`: the devices that have enrolled. */
export function devicesPage(ctx: PageContext, props: DevicesProps): JSX.Element {
  const { t } = ctx;
  return (
    <Page ctx={ctx} title={t("devices.title")}>
      <PageHead
        ctx={ctx}
        title={t("devices.title")}
        lead={t(props.restricted ? "devices.lead_restricted" : "devices.lead_open")}
        badge={
          <Badge
            tone={props.restricted ? "good" : "neutral"}
            label={t(props.restricted ? "devices.mode_restricted" : "devices.mode_open")}
          />
        }
        actions={
          <LinkButton
            ctx={ctx}
            href="/devices/codes"
            label={t("codes.title")}
            icon="key"
            kind={props.manages ? "primary" : "secondary"}
          />
        }
      />
      {props.warning !== null && (
        <Notice ctx={ctx} tone="warn" title={unseenText(ctx, props.warning)}>
          <p safe>{t("devices.unseen_lead")}</p>
          <p>
            <a href={unseenHref(props.warning)} safe>
              {t("devices.unseen_show")}
            </a>
          </p>
        </Notice>
      )}
      <FilterForm
        ctx={ctx}
        action="/devices"
        name="search"
        label={t("devices.search")}
        value={props.search}
        submit={t("devices.search_submit")}
      >
        {props.groups.length > 0 && (
          <Select
            ctx={ctx}
            name="group"
            label={t("column.group")}
            value={props.group}
            options={[
              { value: "", label: t("devices.all_groups") },
              ...props.groups.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            filter
          />
        )}
        <Select
          ctx={ctx}
          name="unseen"
          label={t("devices.last_seen")}
          value={props.unseen === null ? "" : String(props.unseen)}
          options={[
            { value: "", label: t("devices.unseen_any") },
            ...props.unseenChoices.map((days) => ({
              value: String(days),
              label: t("devices.unseen_for", { days }),
            })),
          ]}
          filter
        />
      </FilterForm>
      <Devices ctx={ctx} {...props} />
    </Page>
  );
}

/** What is to be known of a device before anything else. */
export function Standing(props: { ctx: PageContext; device: DeviceRow }): JSX.Element {
  const { ctx, device } = props;
  if (device.revoked) return <Badge tone="bad" label={ctx.t("devices.revoked")} />;
  return device.unseen ? <Badge tone="warn" label={ctx.t("devices.unseen_badge")} /> : <></>;
}

function Devices(props: { ctx: PageContext } & DevicesProps): JSX.Element {
  const { ctx, devices, pager } = props;
  const { t } = ctx;
  const asked = props.search !== "" || props.group !== "" || props.unseen !== null;
  return (
    <ListCard
      ctx={ctx}
      title={t("devices.list")}
      none={t(asked ? "devices.none_found" : "devices.none")}
      art={asked ? <NotFoundArt /> : <NoAppsArt />}
      {...(asked
        ? { step: <LinkButton ctx={ctx} href="/devices" label={t("devices.all")} /> }
        : props.manages
          ? {
              step: (
                <LinkButton ctx={ctx} href="/devices/codes" label={t("devices.make_code")} kind="primary" />
              ),
            }
          : {})}
      rows={devices}
      pager={pager}
      columns={[
        {
          header: t("column.device"),
          cell: (row) => (
            <RowName name={row.name} href={`/devices/${row.id}`}>
              {row.groups.length > 0 && (
                <p class="meta" dir="auto" safe>
                  {row.groups.join(", ")}
                </p>
              )}
              {(row.revoked || row.unseen) && (
                <div>
                  <Standing ctx={ctx} device={row} />
                </div>
              )}
            </RowName>
          ),
        },
        { header: t("devices.platform"), cell: (row) => <Said text={row.platform} /> },
        { header: t("devices.runtime"), cell: (row) => <Said text={row.runtime} /> },
        {
          header: t("devices.last_seen"),
          end: true,
          tight: true,
          cell: (row) => <Seen ctx={ctx} at={row.lastSeenAt} />,
        },
      ]}
    />
  );
}

/** What a device said of itself. */
export function Said(props: { text: string }): JSX.Element {
  return <bdi safe>{props.text === "" ? "–" : props.text}</bdi>;
}

/** When it last came; null: never. */
export function Seen(props: { ctx: PageContext; at: Date | null }): JSX.Element {
  const { ctx, at } = props;
  return at === null ? <span safe>{ctx.t("devices.never")}</span> : <Time ctx={ctx} at={at} />;
}
