/** Reads out of the program what it says of what went wrong: each sentence that pages say in their language, and those that they cannot. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const ROOT = join(import.meta.dirname, "../..");

/** What is answered to people through pages. */
const SAID_TO_PEOPLE = "src/{accounts,catalog,db,http,jobs,review,storage}/**/*.ts";
/** The rules of settings, which a page says as well as a start. */
const ALSO = ["src/errors.ts", "src/config.page.ts", "src/config.values.ts"];
/**
 * Here everything is for programs, for the operator at the command line, or for the log: their English is what is documented, and what
 * scripts look for.
 */
const NOT_FOR_PEOPLE =
  /\.(?:test|measure)\.ts$|^src\/(?:http\/operator|catalog\/store-keys|catalog\/tuf|catalog\/log)\/|^src\/http\/(?:server|validate|schemas-audit)\.ts$|^src\/jobs\/child\.ts$/;

export type Sentences = {
  /** Each pattern, as `say` makes it. */
  readonly patterns: ReadonlySet<string>;
  /** Problems whose sentence is written without `say`: file and line. */
  readonly untagged: readonly string[];
};

export function readSentences(): Sentences {
  const patterns = new Set<string>();
  const untagged: string[] = [];
  for (const file of [...new Bun.Glob(SAID_TO_PEOPLE).scanSync(ROOT), ...ALSO].sort()) {
    if (NOT_FOR_PEOPLE.test(file)) continue;
    const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), "utf8"), ts.ScriptTarget.Latest);
    const visit = (node: ts.Node): void => {
      if (ts.isTaggedTemplateExpression(node) && isNamed(node.tag, "say"))
        patterns.add(patternOf(node.template));
      for (const words of wordsOf(node)) {
        if (!ts.isStringLiteralLike(words) && !ts.isTemplateExpression(words)) continue;
        const { line } = source.getLineAndCharacterOfPosition(words.getStart(source));
        untagged.push(`${file}:${line + 1}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { patterns, untagged };
}

const isNamed = (node: ts.Node, name: string): boolean => ts.isIdentifier(node) && node.text === name;

function patternOf(template: ts.TemplateLiteral): string {
  if (!ts.isTemplateExpression(template)) return template.text;
  const spans = template.templateSpans.map(({ literal }, index) => `{${index}}${literal.text}`);
  return template.head.text + spans.join("");
}

/** What a new Problem says, also where it has a name of its own first; of a choice of two, both. */
function wordsOf(node: ts.Node): ts.Expression[] {
  if (ts.isVariableDeclaration(node) && isNamed(node.name, "message") && node.initializer !== undefined)
    return choicesOf(node.initializer);
  if (!ts.isNewExpression(node) || !isNamed(node.expression, "Problem")) return [];
  const said = node.arguments?.[2];
  return said === undefined ? [] : choicesOf(said);
}

function choicesOf(node: ts.Expression): ts.Expression[] {
  return ts.isConditionalExpression(node)
    ? [...choicesOf(node.whenTrue), ...choicesOf(node.whenFalse)]
    : [node];
}
