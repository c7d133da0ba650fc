/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { Words } from "../../src/say.ts";
import type { FieldError, IconName, PageContext } from "../page.ts";
import { Icon } from "./icon.tsx";

type Base = {
  ctx: PageContext;
  name: string;
  label: string;
  hint?: string;
  errors?: readonly FieldError[];
  /** Optional fields say so; required is the rule. */
  optional?: boolean;
  /** Of a search, or where another field may stand in for it: it is not required, and does not say so. */
  filter?: boolean;
};

/** Id of the control of a field, also the target of the error summary's links. */
function fieldId(name: string): string {
  return `field-${name}`;
}

export function errorOf(name: string, errors: readonly FieldError[] = []): Words | null {
  return errors.find((error) => error.field === name)?.message ?? null;
}

/** Attributes that tie a control to its hint and error. */
export function described(props: { name: string; hint?: string; errors?: readonly FieldError[] }) {
  const id = fieldId(props.name);
  const error = errorOf(props.name, props.errors);
  const ids = [props.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return {
    id,
    name: props.name,
    ...(ids && { "aria-describedby": ids }),
    ...(error && { "aria-invalid": "true" as const }),
  };
}

function Label(props: Base): JSX.Element {
  return (
    <label for={fieldId(props.name)}>
      <span safe>{props.label}</span>
      {props.optional && (
        <span class="optional" safe>
          {` ${props.ctx.t("form.optional")}`}
        </span>
      )}
    </label>
  );
}

function Hint(props: { name: string; hint?: string }): JSX.Element {
  return (
    <>
      {!!props.hint && (
        <p class="hint" id={`${fieldId(props.name)}-hint`} safe>
          {props.hint}
        </p>
      )}
    </>
  );
}

export function FieldProblem(props: {
  ctx: PageContext;
  name: string;
  errors?: readonly FieldError[];
}): JSX.Element {
  const error = errorOf(props.name, props.errors);
  return (
    <>
      {!!error && (
        <p class="error" id={`${fieldId(props.name)}-error`}>
          <Icon ctx={props.ctx} name="error" />
          <span safe>{props.ctx.say(error)}</span>
        </p>
      )}
    </>
  );
}

/** One line of text, a password, an address. */
export function Field(
  props: Base & {
    type?: "text" | "email" | "password" | "search" | "url" | "datetime-local";
    value?: string;
    autocomplete?: string;
    minlength?: number;
    maxlength?: number;
    pattern?: string;
    spellcheck?: boolean;
    mono?: boolean;
    autofocus?: boolean;
    /** The language of what is typed, where it is known: it says which way that runs, too. */
    language?: string;
  },
): JSX.Element {
  return (
    <div class="field">
      <Label {...props} />
      <Hint {...props} />
      <input
        class={["input", props.mono && "mono"]}
        type={props.type ?? "text"}
        value={props.value}
        required={!props.optional && !props.filter}
        autocomplete={props.autocomplete ?? "off"}
        minlength={props.minlength}
        maxlength={props.maxlength}
        pattern={props.pattern}
        spellcheck={props.spellcheck === false ? "false" : undefined}
        autofocus={props.autofocus ?? false}
        lang={props.language}
        dir={props.language === undefined ? undefined : "auto"}
        {...described(props)}
      />
      <FieldProblem {...props} />
    </div>
  );
}

/** Several lines of text. */
export function TextArea(props: Base & { value?: string; maxlength?: number; rows?: number }): JSX.Element {
  return (
    <div class="field">
      <Label {...props} />
      <Hint {...props} />
      <textarea
        class="input"
        rows={String(props.rows ?? 4)}
        maxlength={props.maxlength}
        required={!props.optional && !props.filter}
        dir="auto"
        {...described(props)}
        safe
      >
        {props.value ?? ""}
      </textarea>
      <FieldProblem {...props} />
    </div>
  );
}

type SelectOption = { readonly value: string; readonly label: string };

function Option(props: { option: SelectOption; value: string | undefined }): JSX.Element {
  const { value, label } = props.option;
  return (
    <option value={value} selected={value === props.value} safe>
      {label}
    </option>
  );
}

/** One out of a few, or out of several groups of them. */
export function Select(
  props: Base & {
    value?: string;
    options: readonly SelectOption[];
    groups?: readonly { readonly label: string; readonly options: readonly SelectOption[] }[];
  },
): JSX.Element {
  return (
    <div class="field">
      <Label {...props} />
      <Hint {...props} />
      <select class="input" required={!props.optional && !props.filter} {...described(props)}>
        {props.options.map((option) => (
          <Option option={option} value={props.value} />
        ))}
        {props.groups?.map(({ label, options }) => (
          <optgroup label={label}>
            {options.map((option) => (
              <Option option={option} value={props.value} />
            ))}
          </optgroup>
        ))}
      </select>
      <FieldProblem {...props} />
    </div>
  );
}

/** One out of a few, each of which is read to its end: what a select would cut. The error's link leads to the first. */
export function Choice(
  props: Base & {
    value?: string | undefined;
    options: readonly { value: string; label: string; hint?: string; mono?: boolean; icon?: IconName }[];
  },
): JSX.Element {
  const { id, name, ...ties } = described(props);
  return (
    // A plain group may not say that it is invalid; this one may, and its legend is its name all the same.
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: allowed by ARIA in HTML for fieldset
    <fieldset class="field" role="radiogroup" {...ties}>
      <legend class="label" safe>
        {props.label}
      </legend>
      <Hint {...props} />
      <div class="choices">
        {props.options.map((option, index) => (
          <label class="choice">
            <input
              type="radio"
              id={index === 0 ? id : undefined}
              name={name}
              value={option.value}
              checked={option.value === props.value}
              required={!props.optional}
            />
            {!!option.icon && <Icon ctx={props.ctx} name={option.icon} />}
            <span class={["choice-label", option.mono && "mono"]} safe>
              {option.label}
            </span>
            {!!option.hint && (
              <span class="hint" safe>
                {option.hint}
              </span>
            )}
          </label>
        ))}
      </div>
      <FieldProblem {...props} />
    </fieldset>
  );
}

/** Yes or no. */
export function Checkbox(props: Base & { checked?: boolean; value?: string }): JSX.Element {
  return (
    <div class="field is-check">
      <input
        type="checkbox"
        value={props.value ?? "true"}
        checked={props.checked ?? false}
        {...described(props)}
      />
      <label for={fieldId(props.name)} safe>
        {props.label}
      </label>
      <Hint {...props} />
      <FieldProblem {...props} />
    </div>
  );
}

/** Things of which any number can be chosen: a checkbox each, whose name is `prefix` and what stands for the thing. */
export function Ticks(props: {
  ctx: PageContext;
  legend: string;
  /** What is seen above says the legend already. */
  isNamedAbove?: boolean;
  hint?: string;
  prefix: string;
  options: readonly {
    readonly value: string;
    readonly label: string;
    readonly hint?: string;
    readonly checked: boolean;
  }[];
}): JSX.Element {
  const { ctx, prefix } = props;
  return (
    <fieldset class="field">
      <legend class={props.isNamedAbove ? "visually-hidden" : "label"} safe>
        {props.legend}
      </legend>
      {!!props.hint && (
        <p class="hint" safe>
          {props.hint}
        </p>
      )}
      <div class="ticks">
        {props.options.map(({ value, ...option }) => (
          <Checkbox ctx={ctx} name={`${prefix}${value}`} {...option} />
        ))}
      </div>
    </fieldset>
  );
}

/**
 * Everything that is wrong with a form, above it: it takes the focus, and each line leads to its field. Problems that
 * belong to no field of the form stand here only.
 */
export function ErrorSummary(props: {
  ctx: PageContext;
  errors: readonly FieldError[];
  /** Names of the fields of this form. */
  fields: readonly string[];
}): JSX.Element {
  const { ctx, errors, fields } = props;
  if (errors.length === 0) return <></>;
  // In the order of the form, whatever order the rules were tried in; what belongs to no field comes first.
  const inOrder = errors.toSorted((a, b) => fields.indexOf(a.field) - fields.indexOf(b.field));
  return (
    <div class="error-summary" role="alert" tabindex="-1" data-focus>
      <p>
        <strong safe>{ctx.t("form.errors", { count: errors.length })}</strong>
      </p>
      <ul>
        {inOrder.map((error) =>
          fields.includes(error.field) ? (
            <li>
              <a href={`#${fieldId(error.field)}`} safe>
                {ctx.say(error.message)}
              </a>
            </li>
          ) : (
            <li safe>{ctx.say(error.message)}</li>
          ),
        )}
      </ul>
    </div>
  );
}
