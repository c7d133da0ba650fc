/** The shapes of how the store presents itself. */
import { type Static, Type } from "@sinclair/typebox";
import { ABOUT_CHARACTERS, type Appearance, TAGLINE_CHARACTERS } from "../catalog/appearance/appearance.ts";
import type { LogosView, LogoView } from "../catalog/appearance/logos.ts";
import { orNull, PICTURE, REVISION, record } from "./schemas.ts";

const texts = (description: string) =>
  Type.Record(Type.String(), Type.String(), { description, examples: [{ en: "Apps for the field" }] });

export const APPEARANCE_MEMBERS = {
  name: Type.String({ description: "What the store is called." }),
  names: texts("What it is called in a language, where that is otherwise, by its tag (BCP 47)."),
  taglines: texts(`What it says of itself in a line of ${TAGLINE_CHARACTERS} characters, likewise.`),
  abouts: texts(`More of that: Markdown of ${ABOUT_CHARACTERS} characters at most, likewise.`),
  accent: orNull(
    Type.String({
      description:
        "Its colour, such as #1f6feb; null: Mosis's own. Pages make it darker or lighter where text could not be read.",
      examples: ["#1f6feb"],
    }),
  ),
};

export const APPEARANCE = record({ ...APPEARANCE_MEMBERS, revision: REVISION }, "Appearance");

export const appearanceJson = ({
  names,
  taglines,
  abouts,
  ...rest
}: Appearance): Static<typeof APPEARANCE> => ({
  ...rest,
  names: { ...names },
  taglines: { ...taglines },
  abouts: { ...abouts },
});

const LOGO = record({
  widthPx: Type.Integer({ minimum: 1, description: "As it came, which is never shown." }),
  heightPx: Type.Integer({ minimum: 1 }),
  sizeBytes: Type.Integer({ minimum: 1, description: "Of the file as it came." }),
  state: PICTURE.properties.state,
  sizes: PICTURE.properties.sizes,
});

export const LOGOS = record(
  {
    revision: { ...REVISION, description: "That of the appearance, which the logos are a part of." },
    light: orNull({ ...LOGO, description: "For light pages; null: Mosis's mark." }),
    dark: orNull({ ...LOGO, description: "For dark pages; null: that for light ones." }),
  },
  "Logos",
);

export function logosJson({ revision, light, dark }: LogosView): Static<typeof LOGOS> {
  const of = (logo: LogoView | null) => logo && { ...logo, sizes: [...logo.sizes] };
  return { revision, light: of(light), dark: of(dark) };
}
