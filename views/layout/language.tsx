/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { languageName } from "../format.ts";
import type { PageContext } from "../page.ts";

/**
 * The languages of the pages, each by its own name, for visitors; an account keeps its choice itself. The whole document
 * is loaded again, because language and direction stand on <html>.
 */
export function LanguageSwitch(props: { ctx: PageContext }): JSX.Element {
  const { ctx } = props;
  if (ctx.languages.length < 2) return <></>;
  return (
    <form novalidate class="languages" method="post" action="/language" hx-boost="false">
      <input type="hidden" name="returnTo" value={ctx.here} />
      <ul aria-label={ctx.t("footer.language")}>
        {ctx.languages.map((tag) => (
          <li>
            <button
              type="submit"
              name="language"
              value={tag}
              lang={tag}
              aria-current={tag === ctx.locale ? "true" : undefined}
              safe
            >
              {languageName(tag)}
            </button>
          </li>
        ))}
      </ul>
    </form>
  );
}
