/** Puts what was typed before a session ended back into the form that it was typed into, on the page that is asked for again. */
import { ZONE_FIELD } from "../../../views/components/form-zone.tsx";
import { TypedAgain } from "../../../views/components/typed-again.tsx";
import type { CallBase } from "../route.ts";
import { timeElsewhere, zoneSaid } from "./form-zone.ts";
import type { Pairs } from "./kept-forms.ts";
import { pageContext } from "./page.ts";
import { forgetTyped, typedOn } from "./typed-forms.ts";

/** Where a person types or chooses; what a page keeps in hidden fields stays as it makes it, but for the revision. */
export const NOT_TYPED = ["hidden", "password", "file", "submit", "button"];

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

/** Which form of a page, where it is not the first that is sent there. */
export type Which = {
  /** Among those of the page that are sent there. */
  readonly place: number;
  /** The state that the page was made from is the page's. */
  readonly isAnew: boolean;
  /** By their places in the page: parts that are closed, in which the form stands. */
  readonly within: readonly number[];
};

const FIRST: Which = { place: 0, isAnew: false, within: [] };

/** @param notice Markup, which stands first in the form. */
export async function fillForm(
  html: string,
  action: string,
  pairs: Pairs,
  notice: string,
  { place, isAnew, within }: Which = FIRST,
): Promise<{ readonly filled: string; readonly isFound: boolean }> {
  let isInside = false;
  let passed = 0;
  let opened = 0;
  let isFound = false;
  let chosen: string | undefined;
  let zone = "";
  const sentAs = (name: string) => pairs.find(([each]) => each === name)?.[1];
  const has = (name: string, value: string) => pairs.some(([each, sent]) => each === name && sent === value);
  const rewriter = new HTMLRewriter()
    .on("main details", {
      element(details) {
        if (within.includes(opened++)) details.setAttribute("open", "");
      },
    })
    .on("main form", {
      element(form) {
        const isThere =
          plain(form.getAttribute("action") ?? "") === action && form.getAttribute("method") === "post";
        isInside = isThere && !isFound && passed === place;
        if (isThere) passed += 1;
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
        if (isInside && name === ZONE_FIELD) zone = plain(input.getAttribute("value") ?? "");
        if (!isInside || (NOT_TYPED.includes(type) && (isAnew || name !== "revision"))) return;
        if (type === "checkbox" || type === "radio") {
          input.removeAttribute("checked");
          if (has(name, plain(input.getAttribute("value") ?? "on"))) input.setAttribute("checked", "");
          return;
        }
        const sent = sentAs(name);
        const value =
          type === "datetime-local" && sent !== undefined ? timeElsewhere(sent, zoneSaid(pairs), zone) : sent;
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
export function plain(text: string): string {
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
