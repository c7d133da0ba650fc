/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Card } from "../components/card.tsx";
import { Confirm } from "../components/confirm.tsx";
import { Notice } from "../components/notice.tsx";
import { Stars } from "../components/ratings.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext } from "../page.ts";

export type LeftRatingProps = {
  readonly appId: string;
  readonly stars: number;
  readonly text: string;
  /** Why somebody hid it; null: nobody did. */
  readonly hidden: string | null;
  readonly revision: number;
};

/** `/catalog/:appId/ratings` for whoever rated an app that is not shown to them any more: what they said, and the way to take it back. */
export function ownRatingPage(ctx: PageContext, props: LeftRatingProps): JSX.Element {
  const { t } = ctx;
  const { appId, text, hidden } = props;
  return (
    <Page ctx={ctx} title={t("ratings.own_title")} front>
      <div class="narrow is-wide">
        <PageHead
          ctx={ctx}
          title={t("ratings.own_title")}
          crumbs={[{ label: t("catalog.title"), href: "/catalog" }]}
          lead={t("ratings.left_lead", { app: appId })}
        />
        <Card>
          <div class="stack">
            {hidden !== null && (
              <Notice ctx={ctx} tone="warn" title={t("ratings.hidden")}>
                <p dir="auto" safe>
                  {hidden}
                </p>
              </Notice>
            )}
            <p>
              <Stars ctx={ctx} stars={props.stars} />
            </p>
            {text !== "" && (
              <p class="said" dir="auto" safe>
                {text}
              </p>
            )}
            <WithdrawRating ctx={ctx} appId={appId} revision={props.revision} />
          </div>
        </Card>
      </div>
    </Page>
  );
}

/** The button that asks, and takes one's rating back. */
export function WithdrawRating(props: { ctx: PageContext; appId: string; revision: number }): JSX.Element {
  const { ctx, appId, revision } = props;
  const { t } = ctx;
  return (
    <Confirm
      ctx={ctx}
      label={t("ratings.withdraw")}
      kind="danger"
      small
      title={t("ratings.withdraw_title")}
      consequence={t("ratings.withdraw_consequence")}
      action={`/catalog/${appId}/rating/withdraw`}
      revision={revision}
      confirmLabel={t("ratings.withdraw")}
      confirmKind="danger-fill"
    />
  );
}
