/** Puts what was typed before a session ended back into the form that it was typed into, on the page that is asked for again. */
import { TypedAgain } from "../../../views/components/typed-again.tsx";
import type { CallBase } from "../route.ts";
import type { Pairs } from "./kept-forms.ts";
import { pageContext } from "./page.ts";
import { forgetTyped, typedOn } from "./typed-forms.ts";

/** Where a person types or chooses; what a page keeps in hidden fields stays as it makes it, but for the revision. */
const NOT_TYPED = ["hidden", "password", "file", "submit", "button"];

/** The answer to a GET of a page, with what was kept for it in its form; it is forgotten then. */
export async function refill(call: CallBase, answer: Response): Promise<Response> {
  const typed = typedOn(call);
  const isPage = answer.status === 200 && (answer.headers.get("content-type") ?? "").startsWith("text/html");
  if (typed === null || !isPage) return answer;
  const notice = String(await TypedAgain({ ctx: pageContext(call), hadFile: typed.hadFile }));
  const html = await answer.text();
  const { filled, isFound } = await fillForm(html, typed.action, typed.pairs, notice);
  if (isFound) forgetTyped(call);
  const headers = new Headers(answer.headers);
  headers.delete("content-length");
  headers.set("Cache-Control", "no-store");
  return new Response(isFound ? filled : html, { status: answer.status, headers });
}

/** @param notice Markup, which stands first in the form. */
export async function fillForm(
  html: string,
  action: string,
  pairs: Pairs,
  notice: string,
): Promise<{ readonly filled: string; readonly isFound: boolean }> {
  let isInside = false;
  let isFound = false;
  let chosen: string | undefined;
  const sentAs = (name: string) => pairs.find(([each]) => each === name)?.[1];
  const has = (name: string, value: string) => pairs.some(([each, sent]) => each === name && sent === value);
  const rewriter = new HTMLRewriter()
    .on("main form", {
      element(form) {
        isInside =
          !isFound &&
          plain(form.getAttribute("action") ?? "") === action &&
          form.getAttribute("method") === "post";
        if (!isInside) return;
        isFound = true;
        form.prepend(notice, { html: true });
        form.onEndTag(() => {
          isInside = false;
        });
      },
    })
    .on("main form input[name]", {
      element(input) {
        const name = plain(input.getAttribute("name") ?? "");
        const type = input.getAttribute("type") ?? "text";
        if (!isInside || (NOT_TYPED.includes(type) && name !== "revision")) return;
        if (type === "checkbox" || type === "radio") {
          input.removeAttribute("checked");
          if (has(name, plain(input.getAttribute("value") ?? "on"))) input.setAttribute("checked", "");
          return;
        }
        const value = sentAs(name);
        if (value !== undefined) input.setAttribute("value", escaped(value));
      },
    })
    .on("main form textarea[name]", {
      element(area) {
        const value = isInside ? sentAs(plain(area.getAttribute("name") ?? "")) : undefined;
        // The first end of a line in it is none of the text (HTML standard, §13.1.2.5).
        if (value !== undefined) area.setInnerContent(`\n${escaped(value)}`, { html: true });
      },
    })
    .on("main form select[name]", {
      element(select) {
        chosen = isInside ? sentAs(plain(select.getAttribute("name") ?? "")) : undefined;
        select.onEndTag(() => {
          chosen = undefined;
        });
      },
    })
    .on("main form select[name] option", {
      element(option) {
        if (chosen === undefined) return;
        option.removeAttribute("selected");
        if (plain(option.getAttribute("value") ?? "") === chosen) option.setAttribute("selected", "");
      },
    });
  const filled = await rewriter.transform(new Response(html)).text();
  return { filled, isFound };
}

/** An attribute as it is read: the rewriter gives it as it stands in the markup. */
function plain(text: string): string {
  return text
    .replaceAll("&#34;", '"')
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

/** As it stands in the markup; of attributes the rewriter sees to the quotes. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
