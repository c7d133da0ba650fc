/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { LinkButton } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { NarrowForm, NarrowPage } from "../../components/narrow.tsx";
import type { FieldError, PageContext } from "../../page.ts";

export type ProviderLinkProps = {
  readonly provider: string;
  /** The address that the provider has verified. */
  readonly identity: string;
  /** null: nobody is signed in, and there is an account with the address. */
  readonly account: { readonly name: string; readonly email: string } | null;
  readonly errors: readonly FieldError[];
};

/** `/sign-in/link`: whether what a provider vouches for may sign in to an account. Posts to itself. */
export function providerLinkPage(ctx: PageContext, props: ProviderLinkProps): JSX.Element {
  const { t } = ctx;
  const { provider, identity, account } = props;
  const title = t("link.title", { provider });
  if (account === null)
    return (
      <NarrowPage ctx={ctx} title={title} lead={t("link.visitor", { provider, email: identity })}>
        <Card>
          <div class="stack">
            <LinkButton
              ctx={ctx}
              href={`/sign-in?next=${encodeURIComponent("/sign-in/link")}`}
              label={t("link.sign_in")}
              kind="primary"
              wide
            />
            <LinkButton ctx={ctx} href="/sign-in" label={t("link.cancel")} wide />
          </div>
        </Card>
      </NarrowPage>
    );
  return (
    <NarrowPage ctx={ctx} title={title} lead={t("link.ask", { provider, identity, ...account })}>
      <NarrowForm
        ctx={ctx}
        action="/sign-in/link"
        submit={t("link.submit", { provider })}
        errors={props.errors}
      />
      <LinkButton ctx={ctx} href="/account" label={t("link.cancel")} wide />
    </NarrowPage>
  );
}
