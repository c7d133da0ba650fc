/** The forms of a page as a browser would fill and send them, for tests that have none. */

export type FormField = {
  readonly name: string;
  readonly id: string;
  readonly tag: string;
  readonly type: string;
  readonly required: boolean;
  readonly value: string;
  /** The values that can be chosen, of a select or of radio buttons. */
  readonly options: readonly string[];
  readonly minLength: number;
  readonly pattern: string;
  readonly autofocus: boolean;
  readonly invalid: boolean;
  readonly describedBy: readonly string[];
};

export type PageForm = {
  readonly action: string;
  readonly method: string;
  readonly multipart: boolean;
  readonly novalidate: boolean;
  readonly fields: readonly FormField[];
};

type Open = { -readonly [K in keyof FormField]: FormField[K] };

const plain = (text: string | null) =>
  (text ?? "")
    .replaceAll("&#34;", '"')
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

/** What stands on a page: its forms, the texts of what has an id, and whether something takes the focus for being wrong. */
export type ReadPage = {
  readonly forms: readonly PageForm[];
  readonly texts: ReadonlyMap<string, string>;
  readonly takesFocus: boolean;
};

export async function readPage(html: string): Promise<ReadPage> {
  const forms: (Omit<PageForm, "fields"> & { fields: Open[] })[] = [];
  const texts = new Map<string, string>();
  const within: string[] = [];
  let takesFocus = false;
  let isInside = false;
  let group: Open | null = null;
  const last = () => forms.at(-1)?.fields.at(-1);
  const rewriter = new HTMLRewriter()
    .on("main [id]", {
      element(element) {
        const id = element.getAttribute("id") ?? "";
        texts.set(id, "");
        if (!element.canHaveContent) return;
        within.push(id);
        element.onEndTag(() => void within.pop());
      },
      text({ text }) {
        for (const id of within) texts.set(id, (texts.get(id) ?? "") + plain(text));
      },
    })
    .on("[data-focus]", {
      element() {
        takesFocus = true;
      },
    })
    .on("form", {
      element(form) {
        isInside = true;
        forms.push({
          action: plain(form.getAttribute("action")),
          method: (form.getAttribute("method") ?? "get").toLowerCase(),
          multipart: form.getAttribute("enctype") === "multipart/form-data",
          novalidate: form.getAttribute("novalidate") !== null,
          fields: [],
        });
        form.onEndTag(() => {
          isInside = false;
        });
      },
    })
    .on("fieldset[role=radiogroup]", {
      element(fieldset) {
        group = {
          ...{ name: "", id: "", tag: "fieldset", type: "radio", required: false, value: "", options: [] },
          ...{ minLength: 0, pattern: "", autofocus: false },
          invalid: fieldset.getAttribute("aria-invalid") === "true",
          describedBy: (fieldset.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean),
        };
        fieldset.onEndTag(() => {
          group = null;
        });
      },
    })
    .on("input[name], textarea[name], select[name]", {
      element(field) {
        if (!isInside) return;
        const form = forms.at(-1);
        const name = plain(field.getAttribute("name"));
        const type = field.getAttribute("type") ?? "text";
        const value = plain(field.getAttribute("value"));
        const isChecked = field.getAttribute("checked") !== null;
        const required = field.getAttribute("required") !== null;
        const there = type === "radio" ? form?.fields.find((one) => one.name === name) : undefined;
        if (there) {
          there.options = [...there.options, value];
          if (isChecked) there.value = value;
          return;
        }
        const isTick = type === "radio" || type === "checkbox";
        const told = type === "radio" && group !== null ? group : null;
        form?.fields.push({
          ...{ name, type, required },
          id: field.getAttribute("id") ?? "",
          tag: field.tagName,
          value: isTick && !isChecked ? "" : value,
          options: type === "radio" ? [value] : [],
          minLength: Number(field.getAttribute("minlength") ?? 0),
          pattern: field.getAttribute("pattern") ?? "",
          autofocus: field.getAttribute("autofocus") !== null,
          invalid: told?.invalid ?? field.getAttribute("aria-invalid") === "true",
          describedBy:
            told?.describedBy ?? (field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean),
        });
      },
    })
    .on("textarea[name]", {
      text({ text }) {
        const field = isInside ? last() : undefined;
        if (field) field.value += plain(text);
      },
    })
    .on("select[name] option", {
      element(option) {
        const field = isInside ? last() : undefined;
        if (!field) return;
        const value = plain(option.getAttribute("value"));
        if (field.options.length === 0 || option.getAttribute("selected") !== null) field.value = value;
        field.options = [...field.options, value];
      },
    });
  await rewriter.transform(new Response(html)).text();
  return { forms, texts, takesFocus };
}
