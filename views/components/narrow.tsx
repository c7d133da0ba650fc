/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from "@kitajs/html";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";
import { Button } from "./button.tsx";
import { Card } from "./card.tsx";
import { ErrorSummary } from "./field.tsx";

/** A page with one thing to do, which needs no session: a heading, a form, a way on. */
export function NarrowPage(
  props: PropsWithChildren<{ ctx: PageContext; title: string; lead?: string }>,
): JSX.Element {
  const { ctx, title, lead, children } = props;
  return (
    <Page ctx={ctx} title={title}>
      <div class="narrow">
        <PageHead ctx={ctx} title={title} {...(lead === undefined ? {} : { lead })} />
        {children}
      </div>
    </Page>
  );
}

/** Its form. A link's secret goes with it as `token`. */
export function NarrowForm(
  props: PropsWithChildren<{
    ctx: PageContext;
    action: string;
    submit: string;
    token?: string;
    errors?: readonly FieldError[];
    fields?: readonly string[];
  }>,
): JSX.Element {
  const { ctx, action, submit, token, errors = [], fields = [], children } = props;
  return (
    <Card>
      <form novalidate class="form" method="post" action={action} hx-boost="false">
        <ErrorSummary ctx={ctx} errors={errors} fields={fields} />
        {token !== undefined && <input type="hidden" name="token" value={token} />}
        {children}
        <Button ctx={ctx} label={submit} kind="primary" wide />
      </form>
    </Card>
  );
}
