/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { type Children, Html, type PropsWithChildren } from "@kitajs/html";
import type { FieldError, PageContext } from "../page.ts";
import { Button, LinkButton } from "./button.tsx";
import { Field } from "./field.tsx";
import { askedWhileTyping } from "./search-box.tsx";

/** The address of a list with what narrows it. @param by undefined and "" narrow nothing */
export function narrowedHref(path: string, by: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(by).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === "" ? [] : [[name, value]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

/**
 * What narrows a list, above it: words, further fields beside them (as children), and the button at the end. `more` is of
 * fields that are needed less often, below.
 */
export function FilterForm(
  props: PropsWithChildren<{
    ctx: PageContext;
    /** Address of the list, without a query. */
    action: string;
    /** Name of the field of words. */
    name: string;
    label: string;
    value: string;
    submit: string;
    /** Words for the way back to the whole list, where this is a part of it. */
    clear?: string | null;
    errors?: readonly FieldError[];
    more?: Children;
    /** The id of the part of the page that is fetched anew while one types or chooses; without it, and without script, the button asks. */
    into?: string;
  }>,
): JSX.Element {
  const { ctx, action, clear, more, children } = props;
  const live = askedWhileTyping(action, props.into, "input delay:250ms, submit");
  return (
    <form
      novalidate
      class="filters"
      method="get"
      action={action}
      role="search"
      aria-label={props.label}
      {...live}
    >
      <Field
        ctx={ctx}
        name={props.name}
        label={props.label}
        type="search"
        value={props.value}
        maxlength={200}
        filter
        {...(props.errors === undefined ? {} : { errors: props.errors })}
      />
      {children}
      <div class="row">
        <Button ctx={ctx} label={props.submit} icon="search" />
        {!!clear && <LinkButton ctx={ctx} href={action} label={clear} kind="ghost" />}
      </div>
      {more}
    </form>
  );
}
