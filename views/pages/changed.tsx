/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, Hidden, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { NarrowPage } from "../components/narrow.tsx";
import type { PageContext } from "../page.ts";

export type ChangedProps = {
  /** What was sent or asked for: a form that is kept here, one with a file, which is not, or a page. */
  readonly kind: "form" | "file" | "page";
  /** To where. */
  readonly action: string;
  /** What was in the form, but for passwords. */
  readonly kept: readonly (readonly [name: string, value: string])[];
  readonly backHref: string;
};

/** In the place of the answer to who asks with a session's secret from before a change of what its person may do. */
export function changedPage(ctx: PageContext, props: ChangedProps): JSX.Element {
  const { t } = ctx;
  const { kind, action, kept, backHref } = props;
  const lead = { form: "changed.form", file: "changed.file", page: "changed.page" } as const;
  return (
    <NarrowPage ctx={ctx} title={t(kind === "page" ? "changed.wait" : "changed.title")} lead={t(lead[kind])}>
      <Card>
        {kind === "form" ? (
          <form novalidate class="form" method="post" action={action} hx-boost="false">
            <Hidden pairs={kept} />
            <Button ctx={ctx} label={t("changed.send")} kind="primary" wide />
          </form>
        ) : (
          <div class="form">
            <LinkButton
              ctx={ctx}
              href={kind === "page" ? action : backHref}
              label={t(kind === "page" ? "changed.load" : "error.back")}
              kind="primary"
            />
          </div>
        )}
      </Card>
      {kind === "form" && (
        <p class="meta">
          <a href={backHref} safe>
            {t("action.cancel")}
          </a>
        </p>
      )}
    </NarrowPage>
  );
}
