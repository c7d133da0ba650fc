/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, LinkButton, Revision } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { ErrorSummary, Select } from "../components/field.tsx";
import { type LocalForm, LocalTextFields, localFields } from "../components/local-texts.tsx";
import { type Screenshot, Screenshots } from "../components/screenshots.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

export type ListingPictureProps = {
  readonly app: { readonly id: string; readonly name: string };
  readonly id: string;
  readonly revision: number | string;
  readonly picture: Screenshot;
  /** For whom it can be. */
  readonly languages: readonly { readonly value: string; readonly label: string }[];
  readonly altCharacters: number;
  readonly form: LocalForm;
  readonly errors: readonly FieldError[];
};

/** The names of its fields, in their order. */
export function listingPictureFields(languages: readonly string[]): readonly string[] {
  return [...localFields(languages, ["alts"]), "locale"];
}

/** `/apps/:appId/store-listing/pictures/:pictureId`: what a screenshot says to who does not see it, and whom it is for. */
export function listingPicturePage(ctx: PageContext, props: ListingPictureProps): JSX.Element {
  const { t } = ctx;
  const { app, form, errors } = props;
  const pictures = `/apps/${app.id}/store-listing/pictures`;
  return (
    <Page ctx={ctx} title={t("listing_pictures.describe_title")}>
      <PageHead
        ctx={ctx}
        title={t("listing_pictures.describe_title")}
        crumbs={[
          { label: t("nav.dashboard"), href: "/dashboard" },
          { label: app.name, href: `/apps/${app.id}` },
          { label: t("store_listing.page_title"), href: `/apps/${app.id}/store-listing` },
          { label: t("listing_pictures.title"), href: pictures },
        ]}
        lead={t("listing_pictures.describe_lead")}
      />
      <div class="columns">
        <Card>
          <form novalidate class="form" method="post" action={`${pictures}/${props.id}`} hx-boost="false">
            <ErrorSummary ctx={ctx} errors={errors} fields={listingPictureFields(form.languages)} />
            <Revision value={props.revision} />
            <LocalTextFields
              ctx={ctx}
              languages={form.languages}
              parts={[
                { prefix: "alts", label: t("listing_pictures.alt"), maxlength: 2 * props.altCharacters },
              ]}
              values={form.values}
              errors={errors}
            />
            <Select
              ctx={ctx}
              name="locale"
              label={t("listing_pictures.language")}
              value={form.values.locale ?? ""}
              options={[{ value: "", label: t("listing_pictures.everybody") }, ...props.languages]}
              errors={errors}
              filter
            />
            <div class="row">
              <Button ctx={ctx} label={t("store_listing.save")} kind="primary" />
              <LinkButton ctx={ctx} href={pictures} label={t("action.cancel")} kind="ghost" />
            </div>
          </form>
        </Card>
        <Card title={t("listing_pictures.picture")}>
          <Screenshots ctx={ctx} screenshots={[props.picture]} label={t("listing_pictures.picture")} />
        </Card>
      </div>
    </Page>
  );
}
