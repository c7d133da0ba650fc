/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { AuditAction } from "../../src/audit/actions.ts";
import type { AuditFactName } from "../../src/db/audit-facts.ts";
import { formatExact, formatNumber, languageNameIn } from "../format.ts";
import { type PageContext, wordsOf } from "../page.ts";
import { Facts } from "./card.tsx";
import { Icon } from "./icon.tsx";
import { type Column, Table } from "./table.tsx";
import { Time } from "./text.tsx";

export type AuditFactValue = string | number | boolean | null | undefined;

/** What of a thing changed; undefined: nothing was said of that side. */
export type AuditFactRow = {
  /** As the entry names it: `storeRole`. */
  readonly name: string;
  readonly before: AuditFactValue;
  readonly after: AuditFactValue;
};

export type AuditEntryRow = {
  /** Null, as the hash, where it is not for who looks. */
  readonly position: number | null;
  readonly at: Date;
  /** As the entry names it, also where this version of the program does not know it. */
  readonly action: string;
  /** The same; null where it is not known. */
  readonly said: AuditAction | null;
  readonly actor: {
    readonly kind: "person" | "key" | "device" | "publisher" | "operator" | "system" | "anonymous" | "gone";
    readonly name: string;
    /** As the entry names it: `account:acc-…`. */
    readonly label: string;
  };
  readonly subject: { readonly type: string; readonly id: string; readonly name: string };
  /** Whether the actor did it to their own account. */
  readonly isOwn: boolean;
  /** The role that somebody got. */
  readonly role: string | null;
  readonly organisation: { readonly id: string; readonly name: string } | null;
  readonly facts: readonly AuditFactRow[];
  readonly address: string | null;
  readonly userAgent: string | null;
  /** Id of a session or of a key. */
  readonly via: string | null;
  readonly requestId: string | null;
  readonly hash: string | null;
};

const SHORT_CHARACTERS = 24;

/** So many of what changed stand in the row, each up to this. */
const FACTS_IN_ROW = 3;
const FACT_CHARACTERS = 60;

/** One entry of the audit log in a row, as a sentence, with all of it below on demand. `find` gives the address of a search for the like. */
export function AuditEntry(props: {
  ctx: PageContext;
  entry: AuditEntryRow;
  /** With all of it. */
  isOpen?: boolean;
  find: (filter: Readonly<Record<string, string>>) => string;
}): JSX.Element {
  const { ctx, entry } = props;
  const { t } = ctx;
  return (
    <li class="audit-entry" {...(entry.position === null ? {} : { id: `entry-${entry.position}` })}>
      <details open={props.isOpen ?? false}>
        <summary>
          <span class="audit-words">
            <span class="audit-said">
              <Sentence ctx={ctx} entry={entry} />
            </span>
            <FactsInRow ctx={ctx} facts={entry.facts} />
          </span>
          <span class="audit-when meta">
            {entry.address !== null && <bdi safe>{entry.address}</bdi>}
            <Time ctx={ctx} at={entry.at} />
            <Icon ctx={ctx} name="chevron" />
          </span>
        </summary>
        <div class="audit-details">
          {entry.facts.length > 0 && (
            <div class="audit-facts">
              <Table
                caption={t("audit.changed")}
                rows={entry.facts}
                columns={factColumns(ctx, entry.facts)}
              />
            </div>
          )}
          <Facts wide items={technical(props)} />
        </div>
      </details>
    </li>
  );
}

/** Its number, with an address that opens the log with it, whatever page it would stand on. */
function OwnAddress(props: { ctx: PageContext; position: number }): JSX.Element {
  const { ctx, position } = props;
  // Without htmx: only the browser itself goes to a place of a page so that it is marked.
  return (
    <a href={`/admin/audit?entry=${position}#entry-${position}`} hx-boost="false">
      <bdi safe>{formatNumber(ctx.locale, position)}</bdi>
    </a>
  );
}

/** What changed, in one line, as far as it is short: from what to what, or what it is now. */
function FactsInRow(props: { ctx: PageContext; facts: readonly AuditFactRow[] }): JSX.Element {
  const { ctx } = props;
  const short = props.facts.filter(({ before, after }) =>
    [before, after].every((value) => rawText(ctx, value).length <= FACT_CHARACTERS),
  );
  if (short.length === 0) return <></>;
  return (
    <span class="audit-short">
      {short.slice(0, FACTS_IN_ROW).map(({ name, before, after }) => (
        <span>
          <span safe>{factName(ctx, name)}</span>{" "}
          {before !== undefined && after !== undefined ? (
            <>
              <bdi safe>{factText(ctx, name, before)}</bdi>
              <Icon ctx={ctx} name="arrow-next" />
              <bdi class="audit-value" safe>
                {factText(ctx, name, after)}
              </bdi>
            </>
          ) : (
            <bdi class="audit-value" safe>
              {factText(ctx, name, after ?? before)}
            </bdi>
          )}
        </span>
      ))}
    </span>
  );
}

/** In the sentence, before each name is put where it belongs: characters that stand in no text. */
const NAMES = { who: "\u0001", what: "\u0002", organisation: "\u0003" } as const;
const PLACES = new RegExp(`([${Object.values(NAMES).join("")}])`);

/** The page's own words, with each name in it as its own letters run. */
function Sentence(props: { ctx: PageContext; entry: AuditEntryRow }): JSX.Element {
  const { ctx, entry } = props;
  const names: Readonly<Record<string, string>> = {
    [NAMES.who]: entry.actor.name,
    [NAMES.what]: entry.subject.name,
    [NAMES.organisation]: entry.organisation?.name ?? "",
  };
  return (
    <>
      {sentence(ctx, entry)
        .split(PLACES)
        .map((part) => {
          const safeWords = Html.escapeHtml(part);
          return names[part] === undefined ? <>{safeWords}</> : <bdi safe>{names[part]}</bdi>;
        })}
    </>
  );
}

function sentence(ctx: PageContext, entry: AuditEntryRow): string {
  const { t } = ctx;
  const words = {
    ...NAMES,
    who: whoSaid(ctx, entry.actor),
    role: entry.role ?? "none",
    self: String(entry.isOwn),
  };
  return entry.said === null
    ? t("audit.said_other", { ...words, action: entry.action })
    : t(`audit.said.${entry.said}`, words);
}

function whoSaid({ t }: PageContext, { kind }: AuditEntryRow["actor"]): string {
  const name = NAMES.who;
  if (kind === "person") return name;
  if (kind === "key" || kind === "device" || kind === "publisher") return t(`audit.who.${kind}`, { name });
  return t(`audit.who.${kind}`);
}

function factColumns(ctx: PageContext, facts: readonly AuditFactRow[]): Column<AuditFactRow>[] {
  const { t } = ctx;
  const sides = (["before", "after"] as const).filter((side) =>
    facts.some((fact) => fact[side] !== undefined),
  );
  return [
    {
      header: t("audit.column.fact"),
      tight: true,
      cell: ({ name }) => (
        <span class="muted" safe>
          {factName(ctx, name)}
        </span>
      ),
    },
    ...sides.map(
      (side): Column<AuditFactRow> => ({
        header: t(`audit.column.${side}`),
        // In a narrow card a short value stands beside its side's name.
        long: facts.some((fact) => rawText(ctx, fact[side]).length > SHORT_CHARACTERS),
        cell: (fact) => (
          <span class="prewrap" dir="auto" safe>
            {factText(ctx, fact.name, fact[side])}
          </span>
        ),
      }),
    ),
  ];
}

/** Behind a point or a slash stands of which language or kind it is: `notes.de`. */
function factName(ctx: PageContext, name: string): string {
  const [base = name, ...rest] = name.split(/[./]/);
  const words = wordsOf(ctx, `audit.fact.${base}`) ?? inWords(base);
  return rest.length === 0 ? words : `${words} (${rest.map((part) => partName(ctx, part)).join(", ")})`;
}

function partName(ctx: PageContext, part: string): string {
  if (part === "sha256") return "SHA-256";
  return (
    wordsOf(ctx, `audit.word.${part}`) ??
    (/^[a-z]{2,3}(?:-|$)/.test(part) ? languageNameIn(ctx.locale, part) : part)
  );
}

/** `storeRole` is Store role. */
function inWords(name: string): string {
  const words = name.replace(
    /([a-z0-9])([A-Z])/g,
    (_, end: string, start: string) => `${end} ${start.toLowerCase()}`,
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Facts whose values are words of the program's, which the page says in the reader's language. */
const IN_WORDS: ReadonlySet<string> = new Set<AuditFactName>([
  "action",
  "by",
  "from",
  "kind",
  "outcome",
  "picture",
  "role",
  "said",
  "second",
  "state",
  "storeRole",
  "visibility",
]);

/** As the log has each: RFC 3339, in UTC. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

function factText(ctx: PageContext, name: string, value: AuditFactValue): string {
  if (typeof value === "string" && value !== "") {
    if (name === "language") return languageNameIn(ctx.locale, value);
    if (IN_WORDS.has(name)) return wordsOf(ctx, `audit.word.${value}`) ?? value;
    if (MOMENT.test(value)) return formatExact(ctx, new Date(value));
  }
  return rawText(ctx, value);
}

function rawText({ t }: PageContext, value: AuditFactValue): string {
  if (value === undefined) return "–";
  if (value === null || value === "") return t("audit.value.none");
  if (typeof value === "boolean") return t(value ? "audit.value.yes" : "audit.value.no");
  return String(value);
}

function technical({ ctx, entry, find }: Parameters<typeof AuditEntry>[0]) {
  const { t } = ctx;
  const { actor, subject, organisation, requestId, position } = entry;
  return [
    ...(position === null
      ? []
      : [{ term: t("audit.entry"), value: <OwnAddress ctx={ctx} position={position} /> }]),
    { term: t("audit.label"), value: <Found href={find({ actor: actor.label })} text={actor.label} /> },
    { term: t("audit.act"), value: <Mono text={entry.action} /> },
    {
      term: t("audit.on"),
      value: (
        <>
          <span safe>{wordsOf(ctx, `audit.of.${subject.type}`) ?? subject.type}</span>{" "}
          <Found href={find({ subject: subject.id })} text={subject.id} />
        </>
      ),
    },
    ...(organisation === null
      ? []
      : [
          {
            term: t("audit.organisation"),
            value: <Found href={`/organisations/${organisation.id}/audit`} text={organisation.id} />,
          },
        ]),
    {
      term: t("audit.from"),
      value:
        entry.address === null ? <span safe>{t("audit.from_unknown")}</span> : <Mono text={entry.address} />,
    },
    ...(entry.userAgent === null
      ? []
      : [{ term: t("audit.program"), value: <Mono text={entry.userAgent} /> }]),
    ...(entry.via === null ? [] : [{ term: t("audit.via"), value: <Mono text={entry.via} /> }]),
    ...(requestId === null
      ? []
      : [{ term: t("audit.request"), value: <Found href={find({ requestId })} text={requestId} /> }]),
    ...(entry.hash === null ? [] : [{ term: t("audit.hash"), value: <Mono text={entry.hash} /> }]),
  ];
}

function Mono(props: { text: string }): JSX.Element {
  return (
    <bdi class="mono" safe>
      {props.text}
    </bdi>
  );
}

function Found(props: { href: string; text: string }): JSX.Element {
  return (
    <a class="mono" href={props.href} safe>
      {props.text}
    </a>
  );
}
