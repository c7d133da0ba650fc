/** A form of a page that was made, as a browser would have it before anybody types. */
import { NOT_TYPED, plain, type Which } from "./refill.ts";

type ReadField = {
  readonly name: string;
  readonly type: string;
  /** What stands before it, and before that what a group of boxes is called. */
  label: string;
  readonly id: string;
  value: string;
  /** Of a box: whether it is ticked. */
  isTicked: boolean;
  readonly options: { readonly value: string; label: string }[];
};

export type ReadForm = Which & {
  readonly hidden: readonly (readonly [name: string, value: string])[];
  readonly fields: readonly ReadField[];
  readonly hasFile: boolean;
  /** What its first button sends. */
  readonly button: readonly [name: string, value: string] | null;
};

type Open = {
  -readonly [K in keyof ReadForm]: ReadForm[K] extends readonly (infer T)[] ? T[] : ReadForm[K];
};

/** Those of the page that are sent to one place. */
export async function formsSentTo(html: string, action: string): Promise<readonly ReadForm[]> {
  const forms: Open[] = [];
  const labels = new Map<string, string>();
  const details: number[] = [];
  let seen = 0;
  let form: Open | null = null;
  let group: { legend: string } | null = null;
  let legendOf: { legend: string } | null = null;
  let label: string | null = null;
  let isAside = false;
  let choice: { value: string; label: string } | null = null;
  const last = () => form?.fields.at(-1);
  const rewriter = new HTMLRewriter()
    .on("main details", {
      element(each) {
        details.push(seen++);
        each.onEndTag(() => void details.pop());
      },
    })
    .on("main form", {
      element(each) {
        if (plain(each.getAttribute("action") ?? "") !== action || each.getAttribute("method") !== "post")
          return;
        form = {
          ...{ place: forms.length, isAnew: true, within: [...details] },
          ...{ hidden: [], fields: [], hasFile: false, button: null },
        };
        forms.push(form);
        each.onEndTag(() => {
          form = null;
        });
      },
    })
    .on("main fieldset", {
      element(each) {
        group = { legend: "" };
        each.onEndTag(() => {
          group = null;
        });
      },
    })
    .on("main legend", {
      element(each) {
        legendOf = group;
        each.onEndTag(() => {
          legendOf = null;
        });
      },
      text({ text }) {
        if (legendOf !== null) legendOf.legend += text;
      },
    })
    .on("main label[for]", {
      element(each) {
        label = plain(each.getAttribute("for") ?? "");
        labels.set(label, "");
        each.onEndTag(() => {
          label = null;
        });
      },
      text({ text }) {
        if (label !== null && !isAside) labels.set(label, (labels.get(label) ?? "") + text);
      },
    })
    .on("main label .optional", {
      element(each) {
        isAside = true;
        each.onEndTag(() => {
          isAside = false;
        });
      },
    })
    .on("main .choice-label", {
      text({ text }) {
        if (choice !== null) choice.label += text;
      },
    })
    .on("main form input[name], main form textarea[name], main form select[name]", {
      element(field) {
        if (form === null) return;
        const name = plain(field.getAttribute("name") ?? "");
        const type = field.tagName === "input" ? (field.getAttribute("type") ?? "text") : field.tagName;
        const value = plain(field.getAttribute("value") ?? "");
        const isTicked = field.hasAttribute("checked");
        if (type === "hidden") form.hidden.push([name, value]);
        if (type === "file") form.hasFile = true;
        if (NOT_TYPED.includes(type)) return;
        if (type === "radio") {
          const there = form.fields.find((each) => each.name === name);
          choice = { value, label: "" };
          there?.options.push(choice);
          if (there && isTicked) there.value = value;
          if (there) return;
        }
        form.fields.push({
          ...{ name, type, isTicked, id: plain(field.getAttribute("id") ?? "") },
          label: group?.legend ?? "",
          value: type === "radio" && !isTicked ? "" : value,
          options: type === "radio" && choice !== null ? [choice] : [],
        });
      },
    })
    .on("main form textarea[name]", {
      text({ text }) {
        const field = last();
        if (field?.type === "textarea") field.value += text;
      },
    })
    .on("main form select[name] option", {
      element(option) {
        const field = last();
        if (field?.type !== "select") return;
        const value = plain(option.getAttribute("value") ?? "");
        if (field.options.length === 0 || option.hasAttribute("selected")) field.value = value;
        choice = { value, label: "" };
        field.options.push(choice);
      },
      text({ text }) {
        if (choice !== null && last()?.type === "select") choice.label += text;
      },
    })
    .on("main form button", {
      element(button) {
        if (form === null || form.button !== null || (button.getAttribute("type") ?? "submit") !== "submit")
          return;
        form.button = [plain(button.getAttribute("name") ?? ""), plain(button.getAttribute("value") ?? "")];
      },
    });
  await rewriter.transform(new Response(html)).text();
  for (const { fields } of forms) for (const field of fields) finish(field, labels.get(field.id) ?? "");
  return forms;
}

/** Texts come in pieces that may part a character from its name: they are read once they are whole. */
function finish(field: ReadField, label: string): void {
  const named = field.type === "radio" ? [field.label] : [field.label, label];
  field.label = named
    .map((text) => plain(text).trim())
    .filter((text) => text !== "")
    .join(": ");
  // The first end of a line in it is none of the text (HTML standard, §13.1.2.5).
  if (field.type === "textarea") field.value = plain(field.value).replace(/^\n/, "");
  for (const option of field.options) option.label = plain(option.label).trim();
}
