/**
 * A form whose thing somebody else has changed since its page was made. Its page is asked for once more, as who sent the form is
 * given it, so that nothing is shown which they may not see; what they typed stands in its form, and what is saved by now
 * beside it. What the page then sends is saved over it.
 */
import { ZONE_FIELD } from "../../../views/components/form-zone.tsx";
import { type DifferingField, Meanwhile } from "../../../views/components/meanwhile.tsx";
import type { PageContext } from "../../../views/page.ts";
import { type LastChange, lastChange } from "../../accounts/last-change.ts";
import { isProblem } from "../../errors.ts";
import { lineChanges } from "../../format/line-changes.ts";
import { fieldsSentBy, MEANWHILE } from "../body.ts";
import { type CallBase, type Route, TAKE } from "../route.ts";
import { anyOwnPath, pathnameOf, refererPath } from "./addresses.ts";
import { plainLines } from "./form.ts";
import { timeElsewhere, zoneSaid } from "./form-zone.ts";
import { keptOf, type Pairs } from "./kept-forms.ts";
import { pageContext } from "./page.ts";
import { formsSentTo, type ReadForm } from "./page-form.ts";
import { fillForm } from "./refill.ts";
import { shownHunks } from "./source-lines.ts";

/** The page that the form stood on, for when the form comes again: by then it is sent from another address. */
const PAGE = `${MEANWHILE}page`;
/** Hidden fields that are otherwise each time: the state that was seen, and what pages put into their forms sealed. */
const OF_THE_MOMENT = ["revision", "seen", "offer", "token", ZONE_FIELD];
/** Fields that say why or confirm: nothing is kept of them that could be other than what was typed. */
const OF_AN_ACT = ["reason", "confirm", "approve", "refuse"];
/** From so many characters on a text is shown by its lines. */
const LONG_CHARACTERS = 160;

type Params = Readonly<Record<string, string>>;

/** @throws what was thrown, where it is not that or where no page has a form with something to type that is sent there */
export async function meanwhile(
  route: Route,
  call: CallBase,
  params: Params,
  error: unknown,
): Promise<Response> {
  if (!isProblem(error) || error.kind !== "precondition_failed" || route.area !== "page") throw error;
  const all = fieldsSentBy(call.request);
  const sent = keptOf(all).filter(([name]) => !name.startsWith(MEANWHILE));
  const found = await findForm(call, all, sent);
  if (found === null) throw error;
  const { form, html, page, action } = found;
  const taken = all.find(([name]) => name === TAKE)?.[1];
  const now = inItsZone(form, sent);
  const typed = taken === undefined ? now : withSaved(form, now, taken);
  const ctx = pageContext(call, null, page);
  const notice = await Meanwhile({
    ctx,
    last: lastChangeOf(call, route, params),
    isAct: isAct(form),
    differing: isAct(form) ? [] : differingIn(ctx, form, typed),
    take: TAKE,
    page: [PAGE, page],
    button: form.button,
    hadFile: form.hasFile,
  });
  const { filled } = await fillForm(html, action, typed, String(notice), form);
  const headers = { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" };
  return new Response(filled, { status: 412, headers: { ...headers, Vary: "Accept-Language" } });
}

type Found = {
  readonly form: ReadForm;
  readonly html: string;
  readonly page: string;
  readonly action: string;
};

async function findForm(call: CallBase, all: Pairs, sent: Pairs): Promise<Found | null> {
  const action = call.url.pathname + call.url.search;
  for (const page of pagesOf(call, all, sent)) {
    const answer = await call.load(page);
    const isPage =
      answer.status === 200 && (answer.headers.get("content-type") ?? "").startsWith("text/html");
    if (!isPage) {
      await answer.body?.cancel();
      continue;
    }
    const html = await answer.text();
    const form = (await formsSentTo(html, action)).find((each) => isSame(each, sent));
    if (form !== undefined) return { form, html, page, action };
  }
  return null;
}

/** Where the form may stand: where it says it came from, at its own address, or above that. */
function pagesOf({ request, info, url, hasPage }: CallBase, all: Pairs, sent: Pairs): string[] {
  const said = all.find(([name]) => name === PAGE)?.[1] ?? "";
  const locale = sent.find(([name]) => name === "locale")?.[1];
  const parts = url.pathname.split("/");
  const paths = [
    anyOwnPath(said, info.origin),
    refererPath(request, info.origin),
    // Of a page with a form a language, the address of the form alone does not say which.
    locale === undefined ? null : `${url.pathname}?locale=${encodeURIComponent(locale)}`,
    ...[0, 1, 2].map((left) => parts.slice(0, parts.length - left).join("/")),
  ];
  const there = paths.filter((path) => path !== null && path !== "" && hasPage(pathnameOf(path)));
  return [...new Set(there)] as string[];
}

/** One that has something to type, and is about the same thing. */
function isSame({ hidden, fields }: ReadForm, sent: Pairs): boolean {
  return (
    fields.some(({ name, type }) => type === "checkbox" || sent.some(([each]) => each === name)) &&
    hidden.every(
      ([name, value]) =>
        OF_THE_MOMENT.includes(name) ||
        sent.some(([each, was]) => each === name && plainLines(was) === plainLines(value)),
    )
  );
}

/** Times as the page has them by now, which may show another zone. */
function inItsZone({ hidden, fields }: ReadForm, sent: Pairs): Pairs {
  const [was, is] = [zoneSaid(sent), zoneSaid(hidden)];
  const isTime = (name: string) =>
    fields.some((each) => each.name === name && each.type === "datetime-local");
  return sent.map(([name, value]) => [
    name,
    isTime(name) ? timeElsewhere(value, was, is) : name === ZONE_FIELD ? is || value : value,
  ]);
}

/** With what the page has in one field by now in the place of what was sent of it. */
function withSaved({ fields }: ReadForm, sent: Pairs, taken: string): Pairs {
  const field = fields.find(({ name }) => name === taken);
  if (field === undefined) return sent;
  const rest = sent.filter(([name]) => name !== taken);
  return field.type === "checkbox" && !field.isTicked ? rest : [...rest, [taken, field.value]];
}

/** Whether it does something to the thing, such as reject it or add a picture, and changes no texts of it. */
const isAct = ({ fields, hasFile }: ReadForm): boolean =>
  hasFile || fields.every(({ name }) => OF_AN_ACT.includes(name));

function differingIn({ t }: PageContext, form: ReadForm, typed: Pairs): DifferingField[] {
  return form.fields.flatMap((field) => {
    const { name, label, type, options } = field;
    const sent = typed.find(([each]) => each === name)?.[1];
    if (type === "checkbox") {
      const isTicked = typed.some(([each, value]) => each === name && value === field.value);
      if (isTicked === field.isTicked) return [];
      const words = (on: boolean) => t(on ? "meanwhile.ticked" : "meanwhile.not_ticked");
      return [{ name, label, yours: words(isTicked), saved: words(field.isTicked), lines: null }];
    }
    const [yours, saved] = [plainLines(sent ?? field.value), plainLines(field.value)];
    if (yours.trimEnd() === saved.trimEnd()) return [];
    const shown = (value: string) => options.find((each) => each.value === value)?.label ?? value;
    const isLong = type === "textarea" && [yours, saved].some(isLongText);
    const lines = isLong ? shownHunks(lineChanges(ended(saved), ended(yours)).hunks) : null;
    return [{ name, label, yours: shown(yours), saved: shown(saved), lines }];
  });
}

const isLongText = (text: string) => text.includes("\n") || text.length > LONG_CHARACTERS;
/** That a text does not end with an end of a line is none of its differences. */
const ended = (text: string) => (text === "" || text.endsWith("\n") ? text : `${text}\n`);

/** Of what stands last in the address; what an app's pictures are is told of the app. */
function lastChangeOf({ store, actor }: CallBase, { path }: Route, params: Params): LastChange | null {
  // Only oneself changes one's rating, and what was done to the app says nothing of it.
  if (path.startsWith("/catalog/")) return null;
  if (/^\/admin\/(?:appearance|setup)\b/.test(path)) return lastChange(store, actor, "appearance");
  const named = Object.entries(params).findLast(([name]) => name !== "pictureId");
  return named === undefined ? null : lastChange(store, actor, named[1]);
}
