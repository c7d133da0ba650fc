/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, LinkButton, Revision } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { ErrorSummary } from "../components/field.tsx";
import { FileField, PICTURE_TYPES } from "../components/file-field.tsx";
import { NoPicture } from "../components/screenshots.tsx";
import { formatBytes, formatNumber } from "../format.ts";
import type { FieldError, LogoSizes, PageContext } from "../page.ts";

export type LogoSide = "light" | "dark";

export type LogoShown = {
  readonly state: "ready" | "waiting" | "unreadable";
  readonly sizes: LogoSizes;
};

export type LogosProps = {
  readonly revision: number;
  readonly manages: boolean;
  readonly light: LogoShown | null;
  readonly dark: LogoShown | null;
  readonly limits: {
    readonly bytes: number;
    readonly least: number;
    readonly most: number;
    readonly times: number;
  };
  /** By fields named as their sides. */
  readonly errors: readonly FieldError[];
};

const PATH = "/admin/appearance/logo";

/** The logo for light pages and that for dark ones, each on its own ground, with the forms that change them. */
export function LogosCard(props: LogosProps & { ctx: PageContext }): JSX.Element {
  const { ctx } = props;
  return (
    <Card title={ctx.t("appearance.logo")} id="logo">
      <div class="stack">
        <p class="muted" safe>
          {ctx.t("appearance.logo_lead")}
        </p>
        <div class="logo-sides">
          <Side {...props} side="light" />
          <Side {...props} side="dark" />
        </div>
      </div>
    </Card>
  );
}

function Side(props: LogosProps & { ctx: PageContext; side: LogoSide }): JSX.Element {
  const { ctx, side, limits, manages } = props;
  const { t, locale } = ctx;
  const logo = props[side];
  const errors = props.errors.filter(({ field }) => field === side);
  return (
    <section class="stack-s" aria-labelledby={`logo-${side}`}>
      <h3 id={`logo-${side}`} safe>
        {t(`appearance.logo_${side}`)}
      </h3>
      <div class={["logo-ground", `is-${side}`]}>
        <Ground ctx={ctx} side={side} logo={logo} />
      </div>
      {manages && (
        <form
          novalidate
          class="form"
          method="post"
          action={`${PATH}/${side}`}
          enctype="multipart/form-data"
          hx-boost="false"
        >
          <ErrorSummary ctx={ctx} errors={errors} fields={[side]} />
          <Revision value={props.revision} />
          <FileField
            ctx={ctx}
            name="file"
            field={side}
            label={t("appearance.logo_file")}
            hint={t("appearance.logo_hint", {
              least: formatNumber(locale, limits.least),
              most: formatNumber(locale, limits.most),
              times: formatNumber(locale, limits.times),
              size: formatBytes(locale, limits.bytes),
            })}
            accept={PICTURE_TYPES}
            errors={errors}
          />
          <div class="row">
            <Button ctx={ctx} label={t("appearance.logo_upload")} icon="upload" />
            {logo !== null && (
              <LinkButton
                ctx={ctx}
                href={`${PATH}/${side}/remove`}
                label={t("listing_pictures.remove")}
                context={t(`appearance.logo_${side}`)}
                kind="ghost"
              />
            )}
          </div>
        </form>
      )}
    </section>
  );
}

function Ground(props: { ctx: PageContext; side: LogoSide; logo: LogoShown | null }): JSX.Element {
  const { ctx, side, logo } = props;
  if (logo === null) return <p safe>{ctx.t(`appearance.logo_none_${side}`)}</p>;
  const shown = logo.sizes.at(-1);
  if (logo.state !== "ready" || shown === undefined)
    return <NoPicture ctx={ctx} state={logo.state === "unreadable" ? "unreadable" : "waiting"} />;
  return <img src={shown.src} alt={ctx.storeName} width={shown.widthPx} height={shown.heightPx} />;
}
