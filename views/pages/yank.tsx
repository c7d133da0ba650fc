/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, LinkButton, Revision } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { ErrorSummary, Field } from "../components/field.tsx";
import { Notice } from "../components/notice.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

export type YankProps = {
  readonly app: { readonly id: string; readonly name: string };
  readonly version: { readonly id: string; readonly version: string; readonly revision: number | string };
  /** What devices are offered once it is not; null: nothing is left. */
  readonly instead: string | null;
  readonly reason: string;
  readonly errors: readonly FieldError[];
};

const WHAT = ["offer", "keep", "code", "undo"] as const;

/** `/apps/:appId/versions/:versionId/yank`: what that means, and why it is done. */
export function yankPage(ctx: PageContext, props: YankProps): JSX.Element {
  const { t } = ctx;
  const { app, version, instead, errors } = props;
  const address = `/apps/${app.id}/versions/${version.id}`;
  const title = t("yank.title", { version: `${app.name} ${version.version}` });
  return (
    <Page ctx={ctx} title={title}>
      <div class="narrow is-wide">
        <PageHead
          ctx={ctx}
          title={title}
          crumbs={[
            { label: app.name, href: `/apps/${app.id}` },
            { label: t("version.number", { version: version.version }), href: address },
          ]}
        />
        <Card title={t("yank.what_title")}>
          <ul class="stack-s">
            {WHAT.map((what) => (
              <li safe>{t(`yank.what.${what}`)}</li>
            ))}
            <li>
              <span safe>
                {instead === null ? t("yank.none_left") : t("yank.instead", { version: instead })}
              </span>
            </li>
          </ul>
        </Card>
        <Notice ctx={ctx} tone="neutral" title={t("yank.compare_title")}>
          <p safe>{t("yank.compare")}</p>
          <p>
            <a href="/docs/guides/take-back" safe>
              {t("yank.docs")}
            </a>
          </p>
        </Notice>
        <Card>
          <form novalidate class="form" method="post" action={`${address}/yank`}>
            <ErrorSummary ctx={ctx} errors={errors} fields={["reason"]} />
            <Revision value={version.revision} />
            <Field
              ctx={ctx}
              name="reason"
              label={t("yank.reason")}
              hint={t("yank.reason_hint")}
              value={props.reason}
              maxlength={400}
              errors={errors}
            />
            <div class="row">
              <Button ctx={ctx} label={t("action.yank")} kind="danger-fill" />
              <LinkButton ctx={ctx} href={address} label={t("action.cancel")} kind="ghost" />
            </div>
          </form>
        </Card>
      </div>
    </Page>
  );
}
