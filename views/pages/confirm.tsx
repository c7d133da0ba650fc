/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, Hidden, LinkButton, Revision } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext } from "../page.ts";

export type ConfirmProps = {
  readonly title: string;
  /** What will happen, a paragraph each. */
  readonly consequences: readonly string[];
  /** Where the form posts to. */
  readonly action: string;
  readonly revision: number | string | null;
  /** What the form sends besides. */
  readonly hidden?: Readonly<Record<string, string>>;
  readonly confirmLabel: string;
  /** It cannot be undone, or takes something away from people. */
  readonly destructive: boolean;
  readonly cancelHref: string;
};

/** A question on a page of its own, for actions that do not fit beside their button. */
export function confirmPage(ctx: PageContext, props: ConfirmProps): JSX.Element {
  return (
    <Page ctx={ctx} title={props.title}>
      <div class="narrow">
        <PageHead ctx={ctx} title={props.title} />
        <Card>
          {props.consequences.map((consequence) => (
            <p safe>{consequence}</p>
          ))}
          <form novalidate class="row" method="post" action={props.action}>
            <Revision value={props.revision} />
            <Hidden pairs={Object.entries(props.hidden ?? {})} />
            <Button
              ctx={ctx}
              label={props.confirmLabel}
              kind={props.destructive ? "danger-fill" : "primary"}
            />
            <LinkButton ctx={ctx} href={props.cancelHref} label={ctx.t("action.cancel")} kind="ghost" />
          </form>
        </Card>
      </div>
    </Page>
  );
}
