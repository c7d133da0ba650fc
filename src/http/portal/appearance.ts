/** `/admin/appearance`: how the store presents itself, looked at before it is kept. */
import type { FieldError } from "../../../views/page.ts";
import {
  type AppearanceForm,
  type AppearancePreview,
  appearanceFields,
  appearancePage,
} from "../../../views/pages/appearance.tsx";
import { allows } from "../../accounts/rights.ts";
import { accentOf } from "../../catalog/appearance/accent.ts";
import {
  ABOUT_CHARACTERS,
  type AppearanceFields,
  changeAppearance,
  checkAppearance,
  readAppearance,
  shownAppearance,
  TAGLINE_CHARACTERS,
} from "../../catalog/appearance/appearance.ts";
import { LOGO_RULE, type LogoView, readLogos } from "../../catalog/appearance/logos.ts";
import { previewColour } from "../../catalog/appearance/shown-colours.ts";
import { isProblem, type Problem } from "../../errors.ts";
import { formPairs, longForm } from "../body.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { attempt, fieldErrors, revisionIn } from "./form.ts";
import {
  type FormPairs,
  languagesIn,
  languagesOf,
  localTextsIn,
  localValues,
  placedErrors,
} from "./local-form.ts";
import { markdownHtml } from "./markdown.ts";
import { goOn, show } from "./page.ts";
import { shownSizes } from "./shown-screenshots.ts";

const PATH = "/admin/appearance";
const PREFIXES = ["names", "taglines", "abouts"];

type Again = {
  readonly form: AppearanceForm;
  readonly errors: readonly FieldError[];
  readonly status: number;
  readonly preview: AppearanceFields | null;
};

const sentForm = (pairs: FormPairs): AppearanceForm => ({
  languages: languagesIn(pairs, "names"),
  values: Object.fromEntries(pairs),
});

function fieldsOf(pairs: FormPairs): AppearanceFields {
  const sent = new Map(pairs);
  const accent = sent.get("accent")?.trim() ?? "";
  return {
    name: sent.get("name") ?? "",
    names: localTextsIn(pairs, "names"),
    taglines: localTextsIn(pairs, "taglines"),
    abouts: localTextsIn(pairs, "abouts"),
    accent: accent === "" ? null : accent,
  };
}

function refused(pairs: FormPairs, problem: Problem): Again {
  const form = sentForm(pairs);
  const known = [
    ...appearanceFields(form.languages),
    ...problem.details.flatMap(({ pointer }) => pointer?.slice(1) ?? []),
  ];
  return {
    form,
    errors: placedErrors(fieldErrors(problem, known), pairs, PREFIXES),
    status: statusOf(problem),
    preview: null,
  };
}

const shownLogo = (logo: LogoView | null) => logo && { state: logo.state, sizes: shownSizes(logo.sizes) };

function previewOf(fields: AppearanceFields, locale: string): AppearancePreview {
  const { name, tagline, about, accent } = shownAppearance(fields, locale);
  return { name, tagline, aboutHtml: markdownHtml(about?.text ?? ""), accent };
}

/** @param wrongLogo What was wrong with a logo, by its side. */
export function showAppearance(
  call: CallBase,
  again: Again | null = null,
  wrongLogo: { readonly errors: readonly FieldError[]; readonly status: number } | null = null,
): Promise<Response> {
  const { store, actor } = call;
  const kept = readAppearance(store, actor);
  const logos = readLogos(store, actor);
  const refusal = again ?? wrongLogo;
  const { names, taglines, abouts, accent, name } = kept;
  const colour = again?.preview?.accent ?? accent;
  if (colour !== null) previewColour(store, colour);
  return show(
    call,
    (ctx) =>
      appearancePage(again?.preview?.accent === undefined ? ctx : { ...ctx, accent: again.preview.accent }, {
        form: again?.form ?? {
          languages: languagesOf(names, taglines, abouts),
          values: { ...localValues({ names, taglines, abouts }), name, accent: accent ?? "" },
        },
        revision: again?.form.values.revision ?? String(kept.revision),
        errors: again?.errors ?? [],
        manages: allows(actor, "storefront.manage"),
        preview: previewOf(again?.preview ?? kept, ctx.locale),
        isPreview: (again?.preview ?? null) !== null,
        colours: colour === null ? null : { given: colour, ...accentOf(colour) },
        limits: { tagline: TAGLINE_CHARACTERS, about: ABOUT_CHARACTERS },
        logos: {
          revision: logos.revision,
          manages: allows(actor, "storefront.manage"),
          light: shownLogo(logos.light),
          dark: shownLogo(logos.dark),
          limits: {
            ...{ bytes: LOGO_RULE.maxBytes, least: LOGO_RULE.least, most: LOGO_RULE.most },
            times: LOGO_RULE.mostTimes,
          },
          errors: wrongLogo?.errors ?? [],
        },
      }),
    refusal === null ? {} : { status: refusal.status, here: PATH },
  );
}

export const appearancePageRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "storefront.read",
    name: "appearancePage",
    summary: "How the store presents itself",
    handle: (call) => showAppearance(call),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "storefront.manage",
    name: "changeAppearanceForm",
    summary: "Change how the store presents itself",
    body: longForm(formPairs()),
    handle: async (call) => {
      const { store, actor, body } = call;
      const revision = revisionIn(body);
      const outcome = await attempt(() => changeAppearance(store, actor, fieldsOf(body), revision));
      if (!isProblem(outcome)) return goOn(call, PATH, "appearance_changed");
      return showAppearance(call, refused(body, outcome));
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/preview`,
    access: "storefront.manage",
    name: "previewAppearanceForm",
    summary: "Look at it before it is kept",
    body: longForm(formPairs()),
    handle: async (call) => {
      const { body } = call;
      const outcome = await attempt(() => checkAppearance(fieldsOf(body)));
      if (isProblem(outcome)) return showAppearance(call, refused(body, outcome));
      return showAppearance(call, { form: sentForm(body), errors: [], status: 200, preview: outcome });
    },
  }),
];
