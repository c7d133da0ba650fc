/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { Accent } from "../../src/catalog/appearance/accent.ts";
import { Button, Revision } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { ErrorSummary, Field } from "../components/field.tsx";
import { LocalTextFields, NEW_LANGUAGE, NEW_TAG_FIELD } from "../components/local-texts.tsx";
import { Notice } from "../components/notice.tsx";
import { About, Hero } from "../components/store-front.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";
import { LogosCard, type LogosProps } from "./appearance-logos.tsx";

/** What is filled in, by the names of the fields. */
export type AppearanceForm = {
  readonly languages: readonly string[];
  readonly values: Readonly<Record<string, string>>;
};

/** A text, and its language where that is not the reader's. */
export type SaidText = { readonly text: string; readonly language: string | null };

export type AppearancePreview = {
  readonly name: string;
  readonly tagline: SaidText | null;
  /** Markup that the server made and cleaned; "" for none. */
  readonly aboutHtml: string;
  readonly accent: string | null;
};

export type AppearanceProps = {
  readonly form: AppearanceForm;
  readonly revision: string;
  readonly errors: readonly FieldError[];
  readonly manages: boolean;
  readonly preview: AppearancePreview;
  /** What is shown is not kept yet. */
  readonly isPreview: boolean;
  /** The colour as it was given, and as pages use it; null: Mosis's own. */
  readonly colours: ({ readonly given: string } & Accent) | null;
  readonly limits: { readonly tagline: number; readonly about: number };
  readonly logos: LogosProps;
};

/** The names of the fields, in their order. */
export function appearanceFields(languages: readonly string[]): readonly string[] {
  const local = (tag: string) => [`names/${tag}`, `taglines/${tag}`, `abouts/${tag}`];
  return ["name", "accent", ...languages.flatMap(local), NEW_TAG_FIELD, ...local(NEW_LANGUAGE)];
}

/** `/admin/appearance` */
export function appearancePage(ctx: PageContext, props: AppearanceProps): JSX.Element {
  const { t } = ctx;
  const { form, errors, preview, isPreview, limits } = props;
  const { name, tagline, aboutHtml: safeHtml } = preview;
  return (
    <Page ctx={ctx} title={t("appearance.title")}>
      <PageHead ctx={ctx} title={t("appearance.title")} lead={t("appearance.lead")} />
      <ErrorSummary ctx={ctx} errors={errors} fields={appearanceFields(form.languages)} />
      {isPreview && (
        <Notice ctx={ctx} tone="accent" title={t("appearance.not_kept")} live>
          <p safe>{t("appearance.not_kept_lead")}</p>
        </Notice>
      )}
      <Card title={t(isPreview ? "appearance.preview" : "appearance.present")}>
        <div class="stack">
          <Hero
            title={name}
            logos={ctx.logos}
            lead={tagline?.text ?? t("landing.lead")}
            language={tagline?.language ?? null}
            titleLevel={3}
            actions={<></>}
          />
          <About ctx={ctx} safeHtml={safeHtml} titleLevel={3} />
          <Colours ctx={ctx} colours={props.colours} />
        </div>
      </Card>
      <LogosCard ctx={ctx} {...props.logos} />
      {props.manages && (
        <Card title={t("appearance.change")}>
          <form novalidate class="form" method="post" action="/admin/appearance" hx-boost="false">
            <Revision value={props.revision} />
            <Field
              ctx={ctx}
              name="name"
              label={t("appearance.name")}
              hint={t("appearance.name_hint")}
              value={form.values.name ?? ""}
              maxlength={60}
              language=""
              errors={errors}
            />
            <Field
              ctx={ctx}
              name="accent"
              label={t("appearance.accent")}
              hint={t("appearance.accent_hint")}
              value={form.values.accent ?? ""}
              maxlength={7}
              spellcheck={false}
              mono
              optional
              errors={errors}
            />
            <LocalTextFields
              ctx={ctx}
              languages={form.languages}
              parts={[
                { prefix: "names", label: t("appearance.name_here"), maxlength: 60 },
                { prefix: "taglines", label: t("appearance.tagline"), maxlength: limits.tagline },
                { prefix: "abouts", label: t("appearance.about"), maxlength: limits.about, rows: 6 },
              ]}
              values={form.values}
              errors={errors}
            />
            <div class="row">
              <Button ctx={ctx} label={t("appearance.save")} kind="primary" />
              <button class="button is-secondary" type="submit" formaction="/admin/appearance/preview">
                <span safe>{t("appearance.look")}</span>
              </button>
            </div>
          </form>
        </Card>
      )}
    </Page>
  );
}

/** What became of the colour, where it could not be used as it is. */
function Colours(props: { ctx: PageContext; colours: AppearanceProps["colours"] }): JSX.Element {
  const { ctx, colours } = props;
  const { t } = ctx;
  if (colours === null) return <></>;
  // In a text from right to left, too, a colour is read from its #.
  const apart = (color: string) => `\u2066${color}\u2069`;
  const given = apart(colours.given);
  const light = apart(colours.light.text);
  const dark = apart(colours.dark.text);
  const fill = apart(colours.light.fill);
  return (
    <p class="muted" safe>
      {given === light
        ? t("appearance.colour_dark", { given, dark })
        : t("appearance.colour_both", { fill, light, dark })}
    </p>
  );
}
