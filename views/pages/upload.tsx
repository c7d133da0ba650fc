/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { DropZone } from "../components/drop-zone.tsx";
import { Checkbox, ErrorSummary, Select } from "../components/field.tsx";
import { Icon } from "../components/icon.tsx";
import { NotesFields, type NotesForm, notesFields } from "../components/notes-fields.tsx";
import { type OpenUploadRow, OpenUploadsCard, ReceivedFile } from "../components/open-uploads.tsx";
import { formatNumber } from "../format.ts";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

export type UploadProps = {
  /** The app that gets a version; null at `/upload`, where the package names its app and may bring a new one. */
  readonly app: {
    readonly id: string;
    readonly name: string;
    /** The highest code that was published; null: none was. */
    readonly above: number | null;
  } | null;
  readonly values: {
    readonly organisation: string;
    readonly hold: boolean;
    /** The id of an app that was said to be meant. */
    readonly confirm: string | null;
  };
  /** An id that has to be confirmed, since people may take it for another app's. */
  readonly alike: string | null;
  /** The package that the store has whole, which the form is about; null: one is chosen. */
  readonly received: OpenUploadRow | null;
  /** Others that were begun. */
  readonly open: readonly OpenUploadRow[];
  /** What is new. */
  readonly notes: NotesForm;
  readonly errors: readonly FieldError[];
  /** Largest package that this store takes. */
  readonly maxBytes: number;
};

/** In the order of the form. */
const fieldsOf = ({ notes }: UploadProps) => [
  "organisation",
  ...notesFields(notes),
  "hold",
  "file",
  "confirm",
];

/** What stands in place of the form while the file is on its way; filled by assets/js/upload.js. */
function Sending(props: { ctx: PageContext }): JSX.Element {
  const { t } = props.ctx;
  return (
    <div
      class="stack-s"
      data-upload-progress
      data-sent={t("upload.sent", { sent: "{sent}", total: "{total}" })}
      data-sent-left={t("upload.sent_left", { sent: "{sent}", total: "{total}", left: "{left}" })}
      data-checking={t("upload.received")}
      data-waiting={t("upload.waiting")}
      data-refused={t("upload.refused")}
      data-lost={t("upload.lost")}
      data-changed={t("upload.changed")}
      tabindex="-1"
      hidden
    >
      <div class="progress">
        <p class="progress-line">
          <strong class="clip" data-upload-name></strong>
          <span class="muted num" data-upload-line role="status"></span>
        </p>
        <progress aria-label={t("upload.progress")} max="1" value="0" />
      </div>
      <div>
        <button class="button is-secondary" type="button" data-upload-stop safe>
          {t("upload.stop")}
        </button>
      </div>
    </div>
  );
}

/** What the package has to be. */
function leadOf({ t, locale }: PageContext, app: UploadProps["app"]): string {
  if (app === null) return t("upload.lead");
  const { id, above } = app;
  return above === null
    ? t("upload.lead_first", { id })
    : t("upload.lead_app", { id, code: formatNumber(locale, above) });
}

/**
 * `/upload` and `/apps/:appId/upload`. Posts multipart/form-data to its own address; the file is the last part, so
 * that the server knows everything else when the bytes begin to come.
 */
export function uploadPage(ctx: PageContext, props: UploadProps): JSX.Element {
  const { t } = ctx;
  const { app, errors, values, received } = props;
  const address = app ? `/apps/${app.id}/upload` : "/upload";
  const organisations = ctx.viewer?.organisations ?? [];
  const title = app ? t("upload.title_app", { app: app.name }) : t("upload.title");
  return (
    <Page ctx={ctx} title={title}>
      <PageHead
        ctx={ctx}
        title={title}
        crumbs={[
          { label: t("nav.dashboard"), href: "/dashboard" },
          ...(app ? [{ label: app.name, href: `/apps/${app.id}` }] : []),
        ]}
        lead={leadOf(ctx, app)}
      />
      <div class="columns">
        <Card>
          <form
            novalidate
            class="form"
            method="post"
            action={address}
            enctype="multipart/form-data"
            hx-boost="false"
            data-upload="/uploads"
            data-upload-script={ctx.assetUrl("tus.js")}
          >
            <ErrorSummary ctx={ctx} errors={errors} fields={fieldsOf(props)} />
            <div class="notice tone-bad" role="alert" tabindex="-1" data-upload-problem hidden>
              <Icon ctx={ctx} name="error" />
              <div>
                <p></p>
              </div>
            </div>
            <Sending ctx={ctx} />
            <div class="form" data-upload-fields>
              {!app && organisations.length > 1 && (
                <Select
                  ctx={ctx}
                  name="organisation"
                  label={t("upload.organisation")}
                  hint={t("upload.organisation_hint")}
                  value={values.organisation}
                  options={organisations.map(({ id, name }) => ({ value: id, label: name }))}
                  errors={errors}
                />
              )}
              {!app && organisations.length === 1 && !!organisations[0] && (
                <input type="hidden" name="organisation" value={organisations[0].id} />
              )}
              {!!app && <input type="hidden" name="app" value={app.id} />}
              <NotesFields ctx={ctx} form={props.notes} errors={errors} previewAddress="/upload/preview" />
              <Checkbox
                ctx={ctx}
                name="hold"
                label={t("upload.hold")}
                hint={t("upload.hold_hint")}
                checked={values.hold}
                errors={errors}
              />
              {received ? (
                <>
                  <ReceivedFile ctx={ctx} upload={received} />
                  <input type="file" name="file" hidden />
                </>
              ) : (
                <DropZone
                  ctx={ctx}
                  name="file"
                  label={t("upload.file")}
                  accept=".mosis,application/vnd.mosis.package"
                  maxBytes={props.maxBytes}
                  errors={errors}
                />
              )}
              {props.alike !== null && (
                <Checkbox
                  ctx={ctx}
                  name="confirm"
                  value={props.alike}
                  label={t("create.confirm", { id: props.alike })}
                  hint={t("create.confirm_hint")}
                  checked={values.confirm === props.alike}
                  errors={errors}
                />
              )}
              <div class="row">
                <Button ctx={ctx} label={t("upload.submit")} icon="upload" kind="primary" />
              </div>
            </div>
          </form>
        </Card>
        <div class="stack">
          <OpenUploadsCard ctx={ctx} open={props.open} address={address} />
          <Card title={t("upload.next_title")}>
            <ol class="stack-s">
              <li safe>{t("upload.next_checks")}</li>
              <li safe>{t("upload.next_review")}</li>
              <li safe>{t("upload.next_publish")}</li>
            </ol>
          </Card>
        </div>
      </div>
    </Page>
  );
}
