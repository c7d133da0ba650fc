/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { ClosedArt } from "../components/art.tsx";
import { LinkButton } from "../components/button.tsx";
import { ErrorBody } from "../components/error-body.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext } from "../page.ts";

export type SignInAgainProps = {
  /** Where one signs in, and comes back to the form. */
  readonly href: string;
  /** How long what was typed is kept. */
  readonly minutes: number;
  /** A file was to be sent with it, which is not kept. */
  readonly hadFile: boolean;
};

/** In the place of the answer to a form that was sent after its session had ended. */
export function signInAgainPage(ctx: PageContext, props: SignInAgainProps): JSX.Element {
  const { t } = ctx;
  const { href, minutes, hadFile } = props;
  const title = t("sign_in_again.title");
  const lead = t("sign_in_again.lead", { minutes });
  return (
    <Page ctx={ctx} title={title}>
      <ErrorBody
        ctx={ctx}
        art={<ClosedArt />}
        status={401}
        title={title}
        message={hadFile ? `${lead} ${t("sign_in_again.file")}` : lead}
        actions={
          <div class="row">
            <LinkButton ctx={ctx} href={href} label={t("nav.sign_in")} kind="primary" />
          </div>
        }
      />
    </Page>
  );
}
