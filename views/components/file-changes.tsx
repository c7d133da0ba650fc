/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
/** Which files two versions do not have alike, and what changed inside of them. */
import { Html } from "@kitajs/html";
import type { FileTotals } from "../../src/catalog/comparison/file-changes.ts";
import { formatNumber } from "../format.ts";
import type { MessageKey, PageContext, Pager } from "../page.ts";
import { Badge, type Tone } from "./badge.tsx";
import { Card, Facts } from "./card.tsx";
import { NoPicture, Picture, type Screenshot } from "./screenshots.tsx";
import { type ShownLines, SourceLines } from "./source.tsx";
import { PagerLinks } from "./table.tsx";
import { Bytes } from "./text.tsx";

/** A picture as the store has decoded it; `state` says whether there is one yet. */
export type ShownFilePicture = Pick<Screenshot, "state" | "sizes">;

/** What is shown of the contents of a file in two versions. */
export type FileView = {
  readonly path: string;
  /** Null where it is no text, or too large. */
  readonly shown: ShownLines | null;
  readonly added: number;
  readonly removed: number;
  /** Why there are no lines. */
  readonly kind: "text" | "binary" | "large";
  readonly isCoarse: boolean;
  readonly isLaidOut: boolean;
  readonly pictures: {
    readonly before: ShownFilePicture | null;
    readonly after: ShownFilePicture | null;
  } | null;
};

export type FileChangeRow = {
  readonly path: string;
  readonly change: "added" | "removed" | "changed" | "moved";
  readonly movedFrom: string | null;
  readonly sizeBefore: number | null;
  readonly sizeAfter: number | null;
  readonly sha256Before: string | null;
  readonly sha256After: string | null;
  /** The page with what changed in it; null of one that was only moved. */
  readonly href: string | null;
  /** Shown at once; null: when somebody asks for it. */
  readonly view: FileView | null;
};

export type FilesProps = {
  readonly totals: FileTotals;
  readonly rows: readonly FileChangeRow[];
  readonly pager: Pager;
};

const LOOK: Readonly<Record<FileChangeRow["change"], { tone: Tone; label: MessageKey }>> = {
  added: { tone: "good", label: "compare.added" },
  removed: { tone: "bad", label: "compare.removed" },
  changed: { tone: "accent", label: "compare.changed" },
  moved: { tone: "neutral", label: "compare.moved" },
};

const PART = "file-lines";

/** What changed inside of one file. */
export function FileLines(props: { ctx: PageContext; view: FileView }): JSX.Element {
  const { ctx, view } = props;
  const { t } = ctx;
  const { shown, pictures } = view;
  const note = (key: MessageKey) => (
    <p class="meta" safe>
      {t(key)}
    </p>
  );
  return (
    <div class={PART}>
      {view.isLaidOut && note("compare.laid_out")}
      {view.isCoarse && note("compare.coarse")}
      {shown === null &&
        pictures === null &&
        note(view.kind === "large" ? "compare.large" : "compare.binary")}
      {pictures !== null && (
        <div class="picture-pair">
          <PictureSide ctx={ctx} label={t("changes.before")} picture={pictures.before} path={view.path} />
          <PictureSide ctx={ctx} label={t("changes.after")} picture={pictures.after} path={view.path} />
        </div>
      )}
      {shown !== null && <SourceLines ctx={ctx} caption={view.path} shown={shown} isDiff />}
    </div>
  );
}

function PictureSide(props: {
  ctx: PageContext;
  label: string;
  picture: ShownFilePicture | null;
  path: string;
}): JSX.Element {
  const { ctx, label, picture, path } = props;
  if (picture === null) return <></>;
  return (
    <figure>
      {picture.state === "ready" ? (
        <Picture sizes={picture.sizes} alt={path} />
      ) : (
        <NoPicture ctx={ctx} state={picture.state} />
      )}
      <figcaption class="meta" safe>
        {label}
      </figcaption>
    </figure>
  );
}

function Sizes(props: { ctx: PageContext; row: FileChangeRow }): JSX.Element {
  const { ctx, row } = props;
  const { sizeBefore, sizeAfter } = row;
  if (sizeBefore === null || sizeAfter === null || sizeBefore === sizeAfter)
    return <Bytes ctx={ctx} value={sizeAfter ?? sizeBefore ?? 0} />;
  return <FromTo ctx={ctx} before={sizeBefore} after={sizeAfter} />;
}

/** Two sizes; each with its unit, in the direction of the page. */
function FromTo(props: { ctx: PageContext; before: number; after: number }): JSX.Element {
  const { ctx, before, after } = props;
  return (
    <>
      <bdi>
        <Bytes ctx={ctx} value={before} />
      </bdi>
      <span>{ctx.dir === "rtl" ? " ← " : " → "}</span>
      <bdi>
        <Bytes ctx={ctx} value={after} />
      </bdi>
    </>
  );
}

/** How many lines are new and gone. */
export function LineCounts(props: { ctx: PageContext; view: FileView }): JSX.Element {
  const { ctx, view } = props;
  if (view.shown === null) return <></>;
  return (
    <bdi class="num meta" dir="ltr" safe>
      {`+${formatNumber(ctx.locale, view.added)} −${formatNumber(ctx.locale, view.removed)}`}
    </bdi>
  );
}

function FileChangeItem(props: { ctx: PageContext; row: FileChangeRow; id: string }): JSX.Element {
  const { ctx, row, id } = props;
  const { t } = ctx;
  const look = LOOK[row.change];
  const digests = [row.sha256Before, row.sha256After].filter((digest) => digest !== null).join(" → ");
  return (
    <li class="file-change">
      <div class="row">
        <Badge tone={look.tone} label={t(look.label)} />
        <span class="mono whole" dir="ltr" title={digests} safe>
          {row.movedFrom === null ? row.path : `${row.movedFrom} → ${row.path}`}
        </span>
        <span class="meta">
          <Sizes ctx={ctx} row={row} />
        </span>
        {row.view !== null && <LineCounts ctx={ctx} view={row.view} />}
        {row.href !== null && row.view === null && (
          <a
            class="button is-secondary is-small"
            href={row.href}
            hx-get={row.href}
            hx-target={`#${id}`}
            hx-select={`.${PART}`}
            hx-swap="innerHTML"
          >
            <span safe>{t("compare.show")}</span>{" "}
            <span class="visually-hidden" safe>
              {row.path}
            </span>
          </a>
        )}
      </div>
      <div id={id}>{row.view !== null && <FileLines ctx={ctx} view={row.view} />}</div>
    </li>
  );
}

/** The files that are not the same, with how many there are of each kind. */
export function FileChangesCard(props: {
  ctx: PageContext;
  title?: string;
  files: FilesProps;
  /** That there are more than these. */
  foot?: string | null;
}): JSX.Element {
  const { ctx, files } = props;
  const { t } = ctx;
  const { totals } = files;
  const count = (value: number) => (
    <span class="num" safe>
      {formatNumber(ctx.locale, value)}
    </span>
  );
  return (
    <Card title={props.title ?? t("compare.files")} flush id="files">
      <div class="card-body">
        <Facts
          strip
          items={[
            { term: t("compare.changed"), value: count(totals.changed) },
            { term: t("compare.added"), value: count(totals.added) },
            { term: t("compare.removed"), value: count(totals.removed) },
            { term: t("compare.moved"), value: count(totals.moved) },
            { term: t("compare.same"), value: count(totals.same) },
            {
              term: t("compare.unpacked"),
              value: (
                <span>
                  <FromTo ctx={ctx} before={totals.bytesBefore} after={totals.bytesAfter} />
                </span>
              ),
            },
          ]}
        />
      </div>
      {files.rows.length === 0 ? (
        <p class="card-foot muted" safe>
          {t("compare.no_files")}
        </p>
      ) : (
        <ul class="list changed-files">
          {files.rows.map((row, at) => (
            <FileChangeItem ctx={ctx} row={row} id={`file-${at + 1}`} />
          ))}
        </ul>
      )}
      {!!props.foot && (
        <p class="card-foot" safe>
          {props.foot}
        </p>
      )}
      <PagerLinks ctx={ctx} pager={files.pager} />
    </Card>
  );
}
