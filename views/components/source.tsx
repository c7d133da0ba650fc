/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
/** Lines of files that anybody wrote, with their numbers; and what changed between two of them. */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";

export type ShownPiece = {
  readonly text: string;
  /** `unseen`: the name of a character that nobody would see; `space`: at the end of a line. */
  readonly as: "plain" | "tab" | "space" | "unseen";
  /** What is not the same in the line that takes this one's place. */
  readonly isMarked: boolean;
};

export type ShownLine = {
  /** `gap`: lines that are the same were left out; the numbers are those of the next line. */
  readonly kind: "same" | "removed" | "added" | "gap";
  readonly before: number | null;
  readonly after: number | null;
  /** It goes on with the line above, which is long. */
  readonly continues: boolean;
  /** The file ends here, without a line break. */
  readonly endsHere: boolean;
  readonly pieces: readonly ShownPiece[];
};

/** Some lines, and where the rest is. */
export type ShownLines = {
  readonly lines: readonly ShownLine[];
  /** The page with those that follow; null: these are the last. */
  readonly moreHref: string | null;
};

function Piece(props: { piece: ShownPiece }): JSX.Element {
  const { text, as, isMarked } = props.piece;
  const kind = as === "plain" ? undefined : `source-${as}`;
  const words = (
    <span class={kind} safe>
      {text}
    </span>
  );
  return isMarked ? <mark>{words}</mark> : words;
}

const WORDS = { added: "source.added", removed: "source.removed" } as const;

function Line(props: { ctx: PageContext; line: ShownLine; isDiff: boolean; found: boolean }): JSX.Element {
  const { ctx, line, isDiff, found } = props;
  const { kind, before, after, continues } = line;
  const { t } = ctx;
  if (kind === "gap") {
    return (
      <tr class="is-gap">
        <td colspan="3">
          <span safe>{t("source.from_line", { line: String(after ?? before ?? 1) })}</span>
        </td>
      </tr>
    );
  }
  const number = (value: number | null) => (
    <td class="source-number" safe>
      {value === null || continues ? "" : String(value)}
    </td>
  );
  return (
    <tr class={[`is-${kind}`, continues && "is-continued", found && "is-found"]}>
      {isDiff && number(before)}
      {isDiff ? (
        number(after)
      ) : (
        <td class="source-number" id={found ? "found" : undefined}>
          {!continues && (
            <a id={`L${after}`} href={`#L${after}`} safe>
              {String(after)}
            </a>
          )}
        </td>
      )}
      <td class="source-text">
        {kind !== "same" && (
          <span class="visually-hidden" safe>
            {`${t(WORDS[kind])} `}
          </span>
        )}
        <code>
          {line.pieces.map((piece) => (
            <Piece piece={piece} />
          ))}
        </code>
        {line.endsHere && (
          <span class="source-unseen" safe>
            {t("source.no_break")}
          </span>
        )}
      </td>
    </tr>
  );
}

/** Where more lines take the place of the link to them. */
const MORE = "source-more";

/** The lines, from left to right in every language. `found`: the number of one to which something leads. */
export function SourceLines(props: {
  ctx: PageContext;
  caption: string;
  shown: ShownLines;
  isDiff: boolean;
  found?: number | null;
}): JSX.Element {
  const { ctx, shown, isDiff, found = null } = props;
  const { t } = ctx;
  return (
    <div class={MORE}>
      <table class={["source", isDiff && "is-diff"]} dir="ltr">
        <caption class="visually-hidden" dir="auto" safe>
          {props.caption}
        </caption>
        <colgroup>
          {isDiff && <col class="source-count" />}
          <col class="source-count" />
          <col />
        </colgroup>
        <thead class="visually-hidden">
          <tr>
            {isDiff && (
              <th scope="col" safe>
                {t("source.line_before")}
              </th>
            )}
            <th scope="col" safe>
              {t(isDiff ? "source.line_after" : "source.line")}
            </th>
            <th scope="col" safe>
              {t("source.text")}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.lines.map((line) => (
            <Line
              ctx={ctx}
              line={line}
              isDiff={isDiff}
              found={found !== null && line.after === found && !line.continues}
            />
          ))}
        </tbody>
      </table>
      {shown.moreHref !== null && (
        <p class="source-foot">
          <a
            class="button is-secondary is-small"
            href={shown.moreHref}
            hx-get={shown.moreHref}
            hx-target="closest .source-foot"
            hx-select={`.${MORE}`}
            hx-swap="outerHTML"
            safe
          >
            {t("source.more")}
          </a>
        </p>
      )}
    </div>
  );
}
