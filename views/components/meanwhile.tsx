/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { Button, Hidden } from "./button.tsx";
import { Notice } from "./notice.tsx";
import { type ShownLine, SourceLines } from "./source.tsx";
import { Time } from "./text.tsx";

/** A field of which what was typed is not what is saved by now. */
export type DifferingField = {
  readonly name: string;
  readonly label: string;
  readonly yours: string;
  readonly saved: string;
  /** Of long texts: from what is saved to what was typed. */
  readonly lines: readonly ShownLine[] | null;
};

export type MeanwhileProps = {
  /** Null where nobody knows, or it is not for who sees this. */
  readonly last: { readonly at: Date; readonly by: string | null; readonly isOwn: boolean } | null;
  /** The form does something to the thing: nothing of it is saved as it was typed. */
  readonly isAct: boolean;
  readonly differing: readonly DifferingField[];
  /** The name of the buttons that take what is saved of one field. */
  readonly take: string;
  /** A hidden field, whose value is the page that has the form. */
  readonly page: readonly [name: string, value: string];
  /** What the form's own button sends. */
  readonly button: readonly [name: string, value: string] | null;
  readonly hadFile: boolean;
};

function Who(props: { ctx: PageContext; last: NonNullable<MeanwhileProps["last"]> }): JSX.Element {
  const { ctx, last } = props;
  const { by, isOwn, at } = last;
  const { t } = ctx;
  const words = isOwn
    ? t("meanwhile.by_you")
    : by === null
      ? t("meanwhile.by_somebody")
      : t("meanwhile.by", { name: by });
  return (
    <p>
      <bdi safe>{words}</bdi>
      {" · "}
      <bdi>
        <Time ctx={ctx} at={at} />
      </bdi>
    </p>
  );
}

function Value(props: { ctx: PageContext; label: string; text: string }): JSX.Element {
  const { ctx, label, text } = props;
  return (
    <div>
      <dt safe>{label}</dt>
      {text.trim() === "" ? (
        <dd class="is-empty" safe>
          {ctx.t("meanwhile.empty")}
        </dd>
      ) : (
        <dd dir="auto" safe>
          {text}
        </dd>
      )}
    </div>
  );
}

function Differing(props: { ctx: PageContext; field: DifferingField; take: string }): JSX.Element {
  const { ctx, field, take } = props;
  const { t } = ctx;
  const { name, label, lines } = field;
  const id = `meanwhile-${name}`;
  return (
    <li class="meanwhile-field">
      <div class="meanwhile-head">
        <a id={id} href={`#field-${name}`} safe>
          {label}
        </a>
        <button class="button is-secondary is-small" type="submit" name={take} value={name} formnovalidate>
          <span safe>{t("meanwhile.take")}</span>{" "}
          <span class="visually-hidden" safe>
            {label}
          </span>
        </button>
      </div>
      {lines === null ? (
        <dl class="meanwhile-values">
          <Value ctx={ctx} label={t("meanwhile.yours")} text={field.yours} />
          <Value ctx={ctx} label={t("meanwhile.saved")} text={field.saved} />
        </dl>
      ) : (
        <>
          <p class="hint" safe>
            {t("meanwhile.lines")}
          </p>
          <div class="meanwhile-lines">
            <SourceLines ctx={ctx} caption={label} shown={{ lines, moreHref: null }} isDiff />
          </div>
        </>
      )}
    </li>
  );
}

/**
 * First in a form whose thing somebody else has saved since its page was made: what is saved by now beside what was typed, which
 * stands in the form. The first button is the one that Enter in a field presses: it saves what was typed, as the form's own.
 */
export function Meanwhile(props: MeanwhileProps & { ctx: PageContext }): JSX.Element {
  const { ctx, last, differing, page, button } = props;
  const { t } = ctx;
  const [name, value] = button ?? ["", ""];
  const lead = props.isAct ? "meanwhile.act" : differing.length === 0 ? "meanwhile.alike" : "meanwhile.lead";
  return (
    <div class="meanwhile" data-unsaved>
      <Hidden pairs={[page]} />
      <div tabindex="-1" data-focus>
        <Notice ctx={ctx} tone="warn" title={t("meanwhile.title")} live>
          {last !== null && <Who ctx={ctx} last={last} />}
          <p safe>{t(lead)}</p>
          {props.hadFile && <p safe>{t("meanwhile.file")}</p>}
        </Notice>
      </div>
      {!props.isAct && (
        <div class="row">
          {name === "" ? (
            <Button ctx={ctx} label={t("meanwhile.keep")} kind="primary" />
          ) : (
            <button class="button is-primary" type="submit" name={name} value={value}>
              <span safe>{t("meanwhile.keep")}</span>
            </button>
          )}
          <a class="button is-secondary" href={page[1]} data-leave>
            <span safe>{t("meanwhile.take_all")}</span>
          </a>
        </div>
      )}
      {differing.length > 0 && (
        <ul class="meanwhile-fields">
          {differing.map((field) => (
            <Differing ctx={ctx} field={field} take={props.take} />
          ))}
        </ul>
      )}
    </div>
  );
}
