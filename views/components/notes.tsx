/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { Card } from "./card.tsx";
import { Prose } from "./store-listing.tsx";

/** The release notes of a version. `safeHtml` is sanitised markup; "": there are none. */
export function NotesCard(props: { ctx: PageContext; safeHtml: string }): JSX.Element {
  const { ctx, safeHtml } = props;
  const { t } = ctx;
  return (
    <Card title={t("version.notes")}>
      {safeHtml === "" ? (
        <p class="muted" safe>
          {t("version.no_notes")}
        </p>
      ) : (
        <Prose safeHtml={safeHtml} />
      )}
    </Card>
  );
}
