/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { Words } from "../../src/say.ts";
import { BrokenArt, ClosedArt, NotFoundArt } from "../components/art.tsx";
import { LinkButton } from "../components/button.tsx";
import { ErrorBody } from "../components/error-body.tsx";
import { type ErrorTyped, SendAgain } from "../components/send-again.tsx";
import { retryWords } from "../components/text.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext } from "../page.ts";

/** The statuses that have words of their own; any other is told as its class is. */
const STATUSES = [400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429, 500, 502, 503] as const;
type KnownStatus = (typeof STATUSES)[number];

export type ErrorProps = {
  readonly status: number;
  /** The Problem's words; null for what is not meant for people, where ours stand. */
  readonly message: Words | null;
  /** For 429 and 503, when it is known. */
  readonly retryAfterSeconds: number | null;
  /** Page to go back to; null leads to the dashboard, or to the landing page for a visitor. */
  readonly backHref: string | null;
  /** What was sent with the form that failed; null where there is nothing to keep. */
  readonly typed: ErrorTyped | null;
};

function known(status: number): KnownStatus {
  return STATUSES.find((candidate) => candidate === status) ?? (status >= 500 ? 500 : 400);
}

function artOf(status: KnownStatus): JSX.Element {
  if (status === 401 || status === 403) return <ClosedArt />;
  if (status === 404) return <NotFoundArt />;
  return <BrokenArt />;
}

/** Any error, in the design, with the id that the log has. */
export function errorPage(ctx: PageContext, props: ErrorProps): JSX.Element {
  const { t } = ctx;
  const status = known(props.status);
  const title = t(`error.${status}`);
  const words = props.message === null ? t(`error.${status}_message`) : ctx.say(props.message);
  const message =
    props.retryAfterSeconds === null ? words : `${words} ${retryWords(ctx, props.retryAfterSeconds)}`;
  const home = ctx.viewer ? "/dashboard" : "/";
  return (
    <Page ctx={ctx} title={title}>
      <ErrorBody
        ctx={ctx}
        art={artOf(status)}
        status={props.status}
        title={title}
        message={message}
        actions={
          <div class="stack">
            {!!props.typed && <SendAgain ctx={ctx} typed={props.typed} />}
            <div class="row">
              {status === 401 ? (
                <LinkButton ctx={ctx} href="/sign-in" label={t("nav.sign_in")} kind="primary" />
              ) : (
                <LinkButton
                  ctx={ctx}
                  href={props.backHref ?? home}
                  label={t(props.backHref ? "error.back" : "error.home")}
                  kind={props.typed?.again ? "secondary" : "primary"}
                />
              )}
            </div>
          </div>
        }
      />
    </Page>
  );
}
