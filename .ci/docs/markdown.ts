/** Pieces of Markdown for the generated pages. */

export const MADE = "This page is made from the program itself, so it says what this version does.";

/** Words of code in a table cell or a line. */
export function code(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** A cell must not end its row. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");
}

/** @param align One letter a column: `l` or `r`. */
export function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  align = "l".repeat(titles.length),
): string {
  const rule = titles.map((_, index) => (align[index] === "r" ? "---:" : "---"));
  return [titles, rule, ...rows.map((row) => row.map(cell))]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}

export function fence(text: string, language = "text"): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

/** Blocks with an empty line between each; empty ones are left out. */
export function page(...blocks: readonly (string | readonly string[])[]): string {
  return `${blocks
    .flat()
    .filter((block) => block !== "")
    .join("\n\n")}\n`;
}

export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
