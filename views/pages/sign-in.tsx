/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { Words } from "../../src/say.ts";
import type { Tone } from "../components/badge.tsx";
import { Button, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Field } from "../components/field.tsx";
import { Notice } from "../components/notice.tsx";
import { PasskeyButton, type PasskeyOffer } from "../components/passkey.tsx";
import { tooManyWords } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

export type SignInProblem =
  /** Unknown address or wrong password; the page never says which. */
  | { readonly kind: "credentials" }
  /** A passkey that this store does not know, or whose answer came too late. */
  | { readonly kind: "passkey" }
  | { readonly kind: "too_many"; readonly retryAfterSeconds: number }
  /** The session ended while a page was open. */
  | { readonly kind: "expired" }
  /** A provider, or what it said, did not sign them in. */
  | { readonly kind: "provider"; readonly code: string; readonly message: Words }
  /** Nobody can sign in: the store has no administrator yet. */
  | { readonly kind: "not_set_up" };

export type SignInProps = {
  /** Those that vouch for people beside passwords, each with the address that leads there. */
  readonly providers: readonly { readonly name: string; readonly href: string }[];
  readonly email: string;
  readonly problem: SignInProblem | null;
  /** Of fields that were left empty. */
  readonly errors?: readonly FieldError[];
  /** Path to go to afterwards, judged by the server; sent back as `next`. */
  readonly next: string | null;
  /** null where browsers make no passkeys. */
  readonly passkey: PasskeyOffer | null;
  /** Whether people can ask for an account by themselves. */
  readonly signUp: boolean;
  /** Nobody who could invite anybody is there yet. */
  readonly needsSetup?: boolean;
};

const TONES = {
  credentials: "bad",
  passkey: "bad",
  too_many: "bad",
  expired: "neutral",
  provider: "bad",
  not_set_up: "warn",
} as const satisfies Record<SignInProblem["kind"], Tone>;

function words(ctx: PageContext, problem: SignInProblem): string {
  if (problem.kind === "provider") return ctx.say(problem.message);
  if (problem.kind !== "too_many") return ctx.t(`sign_in.${problem.kind}`);
  return tooManyWords(ctx, problem.retryAfterSeconds);
}

function Providers(props: { ctx: PageContext; providers: SignInProps["providers"] }): JSX.Element {
  const { ctx, providers } = props;
  if (providers.length === 0) return <></>;
  return (
    <>
      <div class="stack">
        {providers.map(({ name, href }) => (
          <LinkButton ctx={ctx} href={href} label={ctx.t("sign_in.with", { provider: name })} wide away />
        ))}
      </div>
      <p class="meta" safe>
        {ctx.t("sign_in.or")}
      </p>
    </>
  );
}

/** `/sign-in`. Posts to itself. */
export function signInPage(ctx: PageContext, props: SignInProps): JSX.Element {
  const { t } = ctx;
  const { problem } = props;
  return (
    <Page ctx={ctx} title={t("sign_in.title")}>
      <div class="narrow">
        <PageHead ctx={ctx} title={t("sign_in.title")} lead={t("sign_in.lead", { store: ctx.storeName })} />
        {!!problem && (
          <Notice ctx={ctx} tone={TONES[problem.kind]} title={words(ctx, problem)} live>
            {problem.kind === "provider" && (
              <p>
                <a href={`/docs/errors#${problem.code}`} safe>
                  {t("sign_in.about_problem")}
                </a>
              </p>
            )}
          </Notice>
        )}
        <Providers ctx={ctx} providers={props.providers} />
        <Card>
          <form novalidate class="form" method="post" action="/sign-in" hx-boost="false">
            {props.next !== null && <input type="hidden" name="next" value={props.next} />}
            <Field
              ctx={ctx}
              name="email"
              label={t("field.email")}
              type="email"
              value={props.email}
              autocomplete="username"
              spellcheck={false}
              autofocus={props.email === ""}
              errors={props.errors ?? []}
            />
            <Field
              ctx={ctx}
              name="password"
              label={t("field.password")}
              type="password"
              autocomplete="current-password"
              autofocus={props.email !== ""}
              errors={props.errors ?? []}
            />
            <Button ctx={ctx} label={t("sign_in.submit")} kind="primary" wide />
          </form>
          {props.passkey !== null && (
            <form novalidate class="form needs-js" method="post" action="/sign-in/passkey" hx-boost="false">
              {props.next !== null && <input type="hidden" name="next" value={props.next} />}
              <PasskeyButton
                ctx={ctx}
                passkey={props.passkey}
                act="use"
                label={t("sign_in.passkey_button")}
              />
            </form>
          )}
        </Card>
        <p class="meta">
          <a href="/forgotten" safe>
            {t("sign_in.forgotten")}
          </a>
        </p>
        {props.signUp ? (
          <p class="meta">
            <a href="/sign-up" safe>
              {t("sign_in.sign_up")}
            </a>
          </p>
        ) : (
          <p class="meta" safe>
            {t(props.needsSetup ? "landing.needs_setup" : "sign_in.by_invitation")}
          </p>
        )}
      </div>
    </Page>
  );
}
