/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
/** Packages that somebody began to send: the one that a form is about, and those that are left. */
import { Html } from "@kitajs/html";
import { formatBytes } from "../format.ts";
import type { PageContext } from "../page.ts";
import { Button, LinkButton } from "./button.tsx";
import { Card } from "./card.tsx";
import { Icon } from "./icon.tsx";
import { Progress } from "./progress.tsx";
import { Time } from "./text.tsx";

export type OpenUploadRow = {
  readonly id: string;
  /** "" when its sender did not say. */
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly receivedBytes: number;
  readonly expiresAt: Date;
};

function nameOf(ctx: PageContext, { fileName }: OpenUploadRow): string {
  return fileName === "" ? ctx.t("upload.unnamed") : fileName;
}

/** In the place of the drop zone, once the store has the whole file: the form sends its id and no bytes. */
export function ReceivedFile(props: { ctx: PageContext; upload: OpenUploadRow }): JSX.Element {
  const { ctx, upload } = props;
  return (
    <div class="received">
      <input type="hidden" name="upload" value={upload.id} />
      <Icon ctx={ctx} name="good" />
      <p class="received-name">
        <strong dir="auto" safe>
          {nameOf(ctx, upload)}
        </strong>
        <span class="muted" safe>
          {ctx.t("upload.received_whole", { size: formatBytes(ctx.locale, upload.sizeBytes) })}
        </span>
      </p>
      <Button ctx={ctx} label={ctx.t("upload.another")} name="again" value="true" small />
    </div>
  );
}

/** What was begun and not finished; a whole one can be taken, and the rest of another goes on when its file is chosen again. */
export function OpenUploadsCard(props: {
  ctx: PageContext;
  open: readonly OpenUploadRow[];
  /** Of the page with the form. */
  address: string;
}): JSX.Element {
  const { ctx, open, address } = props;
  const { t, locale } = ctx;
  if (open.length === 0) return <></>;
  return (
    <Card title={t("upload.open_title")}>
      <p class="muted" safe>
        {t("upload.open_hint")}
      </p>
      <ul class="stack">
        {open.map((upload) => {
          const isWhole = upload.receivedBytes === upload.sizeBytes;
          const size = {
            sent: formatBytes(locale, upload.receivedBytes),
            total: formatBytes(locale, upload.sizeBytes),
          };
          return (
            <li class="stack-s">
              <Progress
                label={nameOf(ctx, upload)}
                value={upload.receivedBytes}
                max={upload.sizeBytes}
                note={t("upload.sent", size)}
              />
              <p class="meta muted">
                <span safe>{t("upload.open_until")}</span> <Time ctx={ctx} at={upload.expiresAt} />
              </p>
              <div class="row">
                {isWhole && (
                  <LinkButton
                    ctx={ctx}
                    href={`${address}?upload=${encodeURIComponent(upload.id)}`}
                    label={t("upload.use")}
                    context={nameOf(ctx, upload)}
                    small
                  />
                )}
                <form novalidate method="post" action={`/uploads/${encodeURIComponent(upload.id)}/discard`}>
                  <button class="button is-secondary is-small" type="submit">
                    <span safe>{t("upload.discard")}</span>{" "}
                    <span class="visually-hidden" safe>
                      {nameOf(ctx, upload)}
                    </span>
                  </button>
                </form>
              </div>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
