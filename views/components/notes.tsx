/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { Card } from "./card.tsx";

/** The release notes of a version, in its developer's own lines. */
export function NotesCard(props: { ctx: PageContext; notes: string }): JSX.Element {
  const { ctx, notes } = props;
  const { t } = ctx;
  return (
    <Card title={t("version.notes")}>
      {notes === "" ? (
        <p class="muted" safe>
          {t("version.no_notes")}
        </p>
      ) : (
        <p class="prewrap" dir="auto" safe>
          {notes}
        </p>
      )}
    </Card>
  );
}
