/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { SetupStep } from "../../src/catalog/setup/steps.ts";
import { LinkButton } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { CodeBlock } from "../components/code.tsx";
import { LinkRow } from "../components/link-row.tsx";
import { Notice } from "../components/notice.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { IconName, PageContext } from "../page.ts";
import { SetupBadge, type ShownStep } from "./setup-step.tsx";

export type SetupOverviewProps = {
  readonly steps: readonly ShownStep[];
  readonly storeUrl: string;
  readonly rootSha256: string;
  readonly manages: boolean;
};

const ICONS: Readonly<Record<SetupStep, IconName>> = {
  name: "store",
  address: "network",
  mail: "mail",
  storage: "storage",
  sign_in: "account",
  root_key: "key",
};

function StepRow(props: { ctx: PageContext; shown: ShownStep }): JSX.Element {
  const { ctx, shown } = props;
  const [note] = shown.notes;
  return (
    <LinkRow
      ctx={ctx}
      href={`/admin/setup/${shown.step}`}
      icon={ICONS[shown.step]}
      title={ctx.t(`setup_step.${shown.step}`)}
      side={
        <span class="link-side">
          <SetupBadge ctx={ctx} state={shown.state} />
        </span>
      }
    >
      {shown.state !== "done" && note !== undefined && (
        <span class="meta link-note" safe>
          {ctx.t(`setup_note.${note}`)}
        </span>
      )}
    </LinkRow>
  );
}

function Next(props: { ctx: PageContext } & SetupOverviewProps): JSX.Element {
  const { ctx, storeUrl, rootSha256 } = props;
  const { t } = ctx;
  return (
    <>
      <Card title={t("setup.what_next")} flush>
        <ul class="list">
          <LinkRow ctx={ctx} href="/admin/people" icon="account" title={t("setup.next_people")} />
          <LinkRow
            ctx={ctx}
            href="/organisations/new"
            icon="organisation"
            title={t("setup.next_organisation")}
          />
          <LinkRow ctx={ctx} href="/docs/quick-start" icon="publish" title={t("setup.next_app")} />
          <LinkRow ctx={ctx} href="/devices/codes" icon="device" title={t("setup.next_device")} />
        </ul>
      </Card>
      <Card title={t("setup.point_title")}>
        <div class="stack">
          <p class="muted" safe>
            {t("setup.point_lead")}
          </p>
          <Facts
            wide
            items={[
              {
                term: t("setup.point_address"),
                value: (
                  <code class="prewrap" dir="ltr" safe>
                    {storeUrl}
                  </code>
                ),
              },
              {
                term: t("setup.root_digest"),
                value: (
                  <code class="prewrap" dir="ltr" safe>
                    {rootSha256}
                  </code>
                ),
                long: true,
              },
            ]}
          />
        </div>
      </Card>
      <CodeBlock
        ctx={ctx}
        id="device-command"
        title={t("setup.point_command")}
        code={`mosis device init ${storeUrl} \\\n  --root-sha256 ${rootSha256} \\\n  --home ~/device`}
      />
    </>
  );
}

/** `/admin/setup`: the steps of setting the store up, how each stands, and what comes after them. */
export function setupOverviewPage(ctx: PageContext, props: SetupOverviewProps): JSX.Element {
  const { t } = ctx;
  const { steps, manages } = props;
  const open = steps.filter(({ state }) => state === "open");
  const [first] = open;
  return (
    <Page ctx={ctx} title={t("setup.overview")}>
      <div class="narrow is-wide">
        <PageHead
          ctx={ctx}
          title={t("setup.overview")}
          lead={t("setup.overview_lead")}
          actions={
            manages && first !== undefined ? (
              <LinkButton
                ctx={ctx}
                href={`/admin/setup/${first.step}`}
                label={t("setup.go_on", { step: t(`setup_step.${first.step}`) })}
                kind="primary"
                icon="arrow-next"
                iconEnd
              />
            ) : undefined
          }
        />
        {open.length === 0 && (
          <Notice ctx={ctx} tone="good" title={t("setup.complete")}>
            <p safe>{t("setup.complete_lead")}</p>
          </Notice>
        )}
        <Card
          title={t("setup.steps")}
          actions={
            open.length > 0 && (
              <span class="meta" safe>
                {t("setup.steps_open", { count: open.length })}
              </span>
            )
          }
          flush
        >
          <ul class="list">
            {steps.map((shown) => (
              <StepRow ctx={ctx} shown={shown} />
            ))}
          </ul>
        </Card>
        <Next ctx={ctx} {...props} />
      </div>
    </Page>
  );
}
