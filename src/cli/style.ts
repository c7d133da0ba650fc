import { UNSEEN, WRITTEN_UNSEEN } from "../signing/refuse.ts";
import { characterName } from "../signing/text-rules.ts";
import { sizeIn, sizeInUnit } from "../sizes.ts";
import { minuteText } from "../time.ts";

/** How results look: colours where they are wanted, aligned columns, sizes and times for people. */
export type Style = {
  /** Cells that a line has on the terminal; Infinity where nothing is to be fitted in, as in a pipe. */
  readonly columns: number;
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
};

/**
 * Stands for the beginning of a colour until the text is shown, and is another one in each run: what a file holds cannot
 * have it, so that no file paints in our colours.
 */
const MARK = `\u0000${crypto.randomUUID()}\u0000`;

/**
 * Ends a line of what a command prints, and so does nothing else: a line feed that a file or a server holds is written out,
 * so that none of them begins a line, wherever their text is put.
 */
export const LINE_END = `${MARK}/`;
export const BLANK_LINE = `${LINE_END}${LINE_END}`;

/** SGR parameters (ECMA-48 §8.3.117) that begin and end each look. */
const LOOKS = { bold: [1, 22], dim: [2, 22], green: [32, 39], red: [31, 39], yellow: [33, 39] } as const;

export function createStyle(color: boolean, columns: number): Style {
  const as = (look: keyof typeof LOOKS) => (text: string) => {
    const [begin, end] = LOOKS[look];
    return color ? `${MARK}${begin}m${text}${MARK}${end}m` : text;
  };
  return {
    columns,
    bold: as("bold"),
    dim: as("dim"),
    good: as("green"),
    bad: as("red"),
    warn: as("yellow"),
  };
}

const LOOK = `${MARK}(\\d{1,2})m`;
/** What is not shown as it is; tabs are, where whole texts are shown. */
const UNSAFE = `(?![\\t${WRITTEN_UNSEEN}])${UNSEEN}`;
const OURS_OR_UNSAFE = new RegExp(`${LOOK}|${LINE_END}|${UNSAFE}`, "gu");

/**
 * Makes text safe to show: names and findings come from packages and servers, and a control sequence in them could
 * repaint the terminal. What is not ours is written out, such as `<U+001B>`.
 */
export function safeForTerminal(text: string): string {
  return text.replace(OURS_OR_UNSAFE, (found: string, look: string | undefined) => {
    if (found === LINE_END) return "\n";
    return look === undefined ? writtenOut(found) : `\u001b[${look}m`;
  });
}

/** A text that is shown as lines, such as where an error comes from: each is one of ours then. */
export function asLines(text: string): string {
  return text.split("\n").join(LINE_END);
}

/** In one line, without tabs, where something is made of the text before it is shown. */
export function inLine(text: string): string {
  return text.replace(/[\t\n\r]/g, writtenOut);
}

function writtenOut(character: string): string {
  return `<${characterName(character)}>`;
}

/** In JSON the joiners are the same when they are escaped. */
const UNSAFE_IN_JSON = new RegExp(UNSEEN, "gu");

/**
 * JSON as an answer: what a terminal would carry out, were it looked at, stands in it as escapes. Whoever parses it gets the same.
 */
export function jsonText(data: unknown): string | undefined {
  const text = JSON.stringify(data);
  return text && safeInJson(text);
}

export function safeInJson(json: string): string {
  return json.replace(UNSAFE_IN_JSON, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

/** What comes from a certificate, in a line: its beginning, when it is longer than anything that somebody needs to see. */
export function shortened(text: string): string {
  const points = [...text.slice(0, 2 * SHORT + 2)];
  return points.length > SHORT ? `${points.slice(0, SHORT - 1).join("")}…` : text;
}

const SHORT = 200;

const EVERY_LOOK = new RegExp(LOOK, "gu");

/** Cells that a text takes on the terminal (wide characters take two), colours not counted. */
export function width(text: string): number {
  return Bun.stringWidth(text.replace(EVERY_LOOK, ""));
}

export type Column = { readonly title: string; readonly align?: "start" | "end" };

/**
 * A table with a head and two spaces between columns; no borders, so that it can be cut and searched. On a terminal that
 * is too narrow for it each row becomes a block of lines.
 */
export function table(
  style: Style,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const widths = columns.map((column, index) =>
    Math.max(width(column.title), ...rows.map((row) => width(oneLine(row[index] ?? "")))),
  );
  const total = widths.reduce((sum, cells) => sum + cells + GAP, -GAP);
  if (total > style.columns) return rows.map((row) => block(style, columns, row)).join(BLANK_LINE);
  const line = (cells: readonly string[], decorate: (text: string) => string) =>
    cells
      .map((cell, index) => {
        const text = oneLine(cell);
        const padding = " ".repeat(Math.max(0, (widths[index] ?? 0) - width(text)));
        if (columns[index]?.align === "end") return padding + decorate(text);
        return index === cells.length - 1 ? decorate(text) : decorate(text) + padding;
      })
      .join("  ")
      .trimEnd();
  const head = line(
    columns.map((column) => column.title),
    style.dim,
  );
  return [head, ...rows.map((row) => line(row, (text) => text))].join(LINE_END);
}

function block(style: Style, columns: readonly Column[], row: readonly string[]): string {
  const pairs = columns.map(({ title }, index) => [title, row[index] ?? ""] as const);
  return fields(
    style,
    pairs.filter(([, value]) => value !== ""),
  );
}

const GAP = 2;
/** Values are not squeezed into less than this; they go below their name then. */
const MIN_VALUE = 20;

/**
 * Names and values below each other, the values aligned; on a terminal long values go on below themselves. What has no
 * spaces is left to the terminal to break, so that it can be copied.
 */
export function fields(style: Style, pairs: readonly (readonly [name: string, value: string])[]): string {
  const named = pairs.map(([name, value]) => [oneLine(name), value] as const);
  const widest = Math.max(0, ...named.map(([name]) => width(name)));
  const indent = widest + GAP;
  const stacked = style.columns - indent < MIN_VALUE;
  return named
    .map(([name, value]) => {
      const room = style.columns - (stacked ? GAP : indent);
      const margin = " ".repeat(stacked ? GAP : indent);
      const lines = wrapped(oneLine(value), room).join(`${LINE_END}${margin}`);
      if (stacked) return `${style.dim(name)}${LINE_END}${margin}${lines}`;
      return `${style.dim(name)}${" ".repeat(indent - width(name))}${lines}`;
    })
    .join(LINE_END);
}

/** Lines of at most `columns` cells, broken at spaces; a word that is longer is a line of its own. */
export function wrapped(text: string, columns: number): string[] {
  if (width(text) <= columns) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && width(line) + 1 + width(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A word as a shell takes it, quoted where it must be. */
export function shellWord(word: string): string {
  if (/^[\p{L}\p{N}_./:@%+=,-]+$/u.test(word) && !word.startsWith("-")) return word;
  const quoted = `'${word.replaceAll("'", "'\\''")}'`;
  return word.startsWith("-") ? `./${quoted}` : quoted;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, " ").replaceAll("\t", writtenOut);
}

/** A size for people, as pages say it: `812 bytes`, `1.5 MiB`. */
export function formatSize(sizeBytes: number): string {
  return sizeIn("en", sizeBytes).replace("\u00a0", " ");
}

/** The same with all its decimals, for what is written in place of itself and should not jump: `21.0 MiB`. */
export function formatSizeWide(sizeBytes: number): string {
  if (sizeBytes < 1024) return formatSize(sizeBytes);
  const { value, decimals, unit } = sizeInUnit(sizeBytes);
  return `${value.toFixed(decimals)} ${unit}`;
}

/** A time for people, to the minute and in UTC; what is no time is given back as it is. */
export function formatTime(time: string | Date | null): string {
  if (time === null) return "–";
  const date = typeof time === "string" ? new Date(time) : time;
  if (Number.isNaN(date.getTime())) return String(time);
  return minuteText(date);
}
