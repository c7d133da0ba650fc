/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { languageName } from "../format.ts";
import type { PageContext } from "../page.ts";
import { Card } from "./card.tsx";
import { Prose } from "./store-listing.tsx";

/** What is new in a version, in one language. */
export type NotesIn = {
  /** Its tag (BCP 47); null: that of the app, which is not known yet. */
  readonly language: string | null;
  /** Sanitised markup, and not "". */
  readonly html: string;
};

/** Each language with its name above it, where there are several. */
export function NotesTexts(props: { ctx: PageContext; notes: readonly NotesIn[] }): JSX.Element {
  const { ctx, notes } = props;
  const isNamed = notes.length > 1;
  return (
    <div class="notes-texts">
      {notes.map(({ language, html }) => (
        <div class="notes-text">
          {isNamed && (
            <p class="meta" lang={language ?? undefined} dir={language === null ? undefined : "auto"} safe>
              {language === null ? ctx.t("notes.own_language") : languageName(language)}
            </p>
          )}
          <Prose safeHtml={html} {...(language === null ? {} : { language })} />
        </div>
      ))}
    </div>
  );
}

/** The release notes of a version. */
export function NotesCard(props: {
  ctx: PageContext;
  /** Those that say something, in the app's own language first. */
  notes: readonly NotesIn[];
  /** Where they are changed; null: not by this person. */
  changeHref?: string | null;
}): JSX.Element {
  const { ctx, notes, changeHref = null } = props;
  const { t } = ctx;
  const change =
    changeHref === null ? (
      <></>
    ) : (
      <a href={changeHref} safe>
        {t("notes.change")}
      </a>
    );
  return (
    <Card title={t("version.notes")} actions={change}>
      {notes.length === 0 ? (
        <p class="muted" safe>
          {t("version.no_notes")}
        </p>
      ) : (
        <NotesTexts ctx={ctx} notes={notes} />
      )}
    </Card>
  );
}
