/** The page of how a store presents itself, in every state worth looking at. */
import { accentOf } from "../../src/catalog/appearance/accent.ts";
import { type AppearanceForm, type AppearanceProps, appearancePage } from "../pages/appearance.tsx";
import type { LogosProps } from "../pages/appearance-logos.tsx";
import { confirmPage } from "../pages/confirm.tsx";
import { ADMINISTRATOR, AUDITOR } from "./context.ts";
import { HOSTILE, LONG_NAME, LONG_TEXT } from "./data.ts";
import type { Sample } from "./samples.ts";

const form = (values: Readonly<Record<string, string>> = {}): AppearanceForm => ({
  languages: ["ar", "de", "en"],
  values: { name: "Northwind Apps", accent: "#0b7a75", ...values },
});

export const ABOUT_HTML =
  "<p>Apps for the people who keep the turbines running.</p><h3>Who makes them</h3><ul><li>Field Services</li><li>The workshop in Aarhus</li></ul>";

const colours = (given: string) => ({ given, ...accentOf(given) });

const LOGO = { src: "/assets/0123456789abcdef/favicon.svg", widthPx: 64, heightPx: 64 };

const logos = (changes: Partial<LogosProps> = {}): LogosProps => ({
  ...{ revision: 3, manages: true, light: { state: "ready", sizes: [LOGO] }, dark: null, errors: [] },
  limits: { bytes: 2_000_000, least: 64, most: 2048, times: 4 },
  ...changes,
});

const props = (changes: Partial<AppearanceProps> = {}): AppearanceProps => ({
  form: form({ "taglines/en": "Apps for the field", "taglines/de": "Apps für den Außendienst" }),
  revision: "3",
  errors: [],
  manages: true,
  preview: {
    name: "Northwind Apps",
    tagline: { text: "Apps for the field", language: null },
    aboutHtml: ABOUT_HTML,
    accent: "#0b7a75",
  },
  isPreview: false,
  colours: colours("#0b7a75"),
  limits: { tagline: 160, about: 5000 },
  logos: logos(),
  ...changes,
});

const sample = (
  name: string,
  render: Sample["render"],
  viewer: Sample["viewer"] = ADMINISTRATOR,
): Sample => ({ name, path: "/admin/appearance", viewer, render });

const removal = (side: "light" | "dark"): Sample => ({
  ...sample(`appearance-logo-remove-${side}`, (ctx) =>
    confirmPage(ctx, {
      title: ctx.t(`appearance.logo_remove_${side}`),
      consequences: [ctx.t(`appearance.logo_remove_${side}_consequence`)],
      action: `/admin/appearance/logo/${side}/remove`,
      revision: 3,
      confirmLabel: ctx.t("listing_pictures.remove"),
      destructive: true,
      cancelHref: "/admin/appearance#logo",
    }),
  ),
});

export const APPEARANCE_SAMPLES: readonly Sample[] = [
  removal("light"),
  removal("dark"),
  {
    ...sample("appearance", (ctx) =>
      appearancePage(
        { ...ctx, accent: "#0b7a75", logos: { light: [LOGO], dark: [LOGO] } },
        props({ logos: logos({ dark: { state: "waiting", sizes: [] } }) }),
      ),
    ),
    flash: "appearance_changed",
  },
  sample("appearance-none", (ctx) =>
    appearancePage(
      ctx,
      props({
        form: form({ accent: "" }),
        preview: { name: "Northwind Apps", tagline: null, aboutHtml: "", accent: null },
        colours: null,
        logos: logos({ light: null }),
      }),
    ),
  ),
  sample("appearance-preview", (ctx) =>
    appearancePage(
      { ...ctx, accent: "#ffd000" },
      props({ isPreview: true, form: form({ accent: "#ffd000" }), colours: colours("#ffd000") }),
    ),
  ),
  sample(
    "appearance-auditor",
    (ctx) => appearancePage(ctx, props({ manages: false, logos: logos({ manages: false }) })),
    AUDITOR,
  ),
  sample("appearance-logo-refused", (ctx) =>
    appearancePage(
      ctx,
      props({
        logos: logos({
          light: { state: "unreadable", sizes: [] },
          dark: { state: "waiting", sizes: [] },
          errors: [{ field: "dark", message: LONG_TEXT.slice(0, 200) }],
        }),
      }),
    ),
  ),
  sample("appearance-longest", (ctx) =>
    appearancePage(
      ctx,
      props({
        form: form({ name: LONG_NAME, "taglines/en": LONG_TEXT, "abouts/ar": LONG_TEXT }),
        preview: {
          name: LONG_NAME,
          tagline: { text: LONG_TEXT.slice(0, 160), language: "de" },
          aboutHtml: `<p>${"w".repeat(600)}</p>`,
          accent: null,
        },
        errors: [
          { field: "accent", message: "A colour is # and six hexadecimal digits, such as #1f6feb." },
          {
            field: "taglines/en",
            message: "What a store says of itself is one line of 160 characters at most.",
          },
        ],
      }),
    ),
  ),
];

export const HOSTILE_APPEARANCE_SAMPLES: readonly Sample[] = [
  sample("appearance", (ctx) =>
    appearancePage(
      ctx,
      props({
        form: form({ name: HOSTILE, accent: HOSTILE, "abouts/en": HOSTILE }),
        revision: HOSTILE,
        preview: {
          name: HOSTILE,
          tagline: { text: HOSTILE, language: HOSTILE },
          aboutHtml: "",
          accent: null,
        },
        errors: [{ field: "name", message: HOSTILE }],
        colours: { ...colours("#0b7a75"), given: HOSTILE },
      }),
    ),
  ),
];
