/** The page of how a store presents itself, in every state worth looking at. */
import { accentOf } from "../../src/catalog/appearance/accent.ts";
import { type AppearanceForm, type AppearanceProps, appearancePage } from "../pages/appearance.tsx";
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
  ...changes,
});

const sample = (
  name: string,
  render: Sample["render"],
  viewer: Sample["viewer"] = ADMINISTRATOR,
): Sample => ({ name, path: "/admin/appearance", viewer, render });

export const APPEARANCE_SAMPLES: readonly Sample[] = [
  {
    ...sample("appearance", (ctx) => appearancePage({ ...ctx, accent: "#0b7a75" }, props())),
    flash: "appearance_changed",
  },
  sample("appearance-none", (ctx) =>
    appearancePage(
      ctx,
      props({
        form: form({ accent: "" }),
        preview: { name: "Northwind Apps", tagline: null, aboutHtml: "", accent: null },
        colours: null,
      }),
    ),
  ),
  sample("appearance-preview", (ctx) =>
    appearancePage(
      { ...ctx, accent: "#ffd000" },
      props({ isPreview: true, form: form({ accent: "#ffd000" }), colours: colours("#ffd000") }),
    ),
  ),
  sample("appearance-auditor", (ctx) => appearancePage(ctx, props({ manages: false })), AUDITOR),
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
