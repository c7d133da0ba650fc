/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { IconName, PageContext } from "../page.ts";
import { Icon } from "./icon.tsx";

export type ButtonKind = "primary" | "secondary" | "ghost" | "danger" | "danger-fill";

type Look = {
  ctx: PageContext;
  label: string;
  kind?: ButtonKind;
  icon?: IconName;
  /** The icon stands after the words: it says where they lead. */
  iconEnd?: boolean;
  small?: boolean;
  wide?: boolean;
};

const look = (props: Look) => [
  "button",
  `is-${props.kind ?? "secondary"}`,
  props.small && "is-small",
  props.wide && "is-wide",
];

function Inner(props: Look): JSX.Element {
  return (
    <>
      {props.icon && !props.iconEnd && <Icon ctx={props.ctx} name={props.icon} />}
      <span safe>{props.label}</span>
      {props.icon && props.iconEnd && <Icon ctx={props.ctx} name={props.icon} />}
    </>
  );
}

/** A button inside of a form. */
export function Button(props: Look & { name?: string; value?: string; disabled?: boolean }): JSX.Element {
  return (
    <button
      class={look(props)}
      type="submit"
      name={props.name}
      value={props.value}
      disabled={props.disabled ?? false}
    >
      <Inner {...props} />
    </button>
  );
}

/** A link that looks like a button: it goes somewhere and changes nothing. */
export function LinkButton(
  props: Look & {
    href: string;
    /** It leads to a file, and not to a page. */
    download?: boolean;
    /** It leads out of the store in the end, where a script must not follow. */
    away?: boolean;
    /** Completes its name for those who hear the link without its row. */
    context?: string;
  },
): JSX.Element {
  return (
    <a
      class={look(props)}
      href={props.href}
      download={props.download ? "" : undefined}
      hx-boost={props.download || props.away ? "false" : undefined}
    >
      <Inner {...props} />
      {!!props.context && (
        <span class="visually-hidden" safe>
          {props.context}
        </span>
      )}
    </a>
  );
}

/**
 * A form of one button that changes something. `revision` is what the person has seen, so that the server can refuse
 * when it has changed in the meantime. `context` completes the button's name for those who hear it ("Withdraw 1.2.0").
 */
export function PostButton(
  props: Look & {
    action: string;
    revision?: number | string | null;
    context?: string;
    /** What is sent besides. */
    hidden?: Readonly<Record<string, string>>;
    /** It stands in a table, in the column of actions. */
    inRow?: boolean;
    /** Where the page comes again, the focus goes back to the button of this id. */
    id?: string;
    /** And where that is not there any more, to the one of this id. */
    focusNext?: string;
    /** What it leads to is an answer of its own, which has no address to come back to. */
    plain?: boolean;
  },
): JSX.Element {
  return (
    <form
      novalidate
      class={props.inRow ? "row-actions" : undefined}
      method="post"
      action={props.action}
      hx-boost={props.plain ? "false" : undefined}
    >
      <Revision value={props.revision ?? null} />
      <Hidden pairs={Object.entries(props.hidden ?? {})} />
      <button class={look(props)} type="submit" id={props.id} data-focus-next={props.focusNext}>
        {props.icon && <Icon ctx={props.ctx} name={props.icon} />}
        <span safe>{props.label}</span>
        {!!props.context && (
          <span class="visually-hidden" safe>
            {props.context}
          </span>
        )}
      </button>
    </form>
  );
}

/** What a form sends besides what is typed. A name may come more than once. */
export function Hidden(props: { pairs: readonly (readonly [name: string, value: string])[] }): JSX.Element {
  return (
    <>
      {props.pairs.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </>
  );
}

/** The hidden field of optimistic locking. */
export function Revision(props: { value: number | string | null }): JSX.Element {
  return <>{props.value !== null && <input type="hidden" name="revision" value={String(props.value)} />}</>;
}
