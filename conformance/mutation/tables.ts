/** Tables whose rows refuse something: each row is a check. */
import ts from "typescript";
import type { Insider } from "./calls.ts";

/** By the name of the constant. */
const TABLES = new Set([
  "FIXED_FIELDS",
  "checks",
  "REQUIRED_ICON_SIZES",
  "ANIMATION_CHUNKS",
  "GRANDFATHERED",
]);

const { factory } = ts;

export function tableRows(node: ts.Node, tree: ts.SourceFile, { add, wrap, called }: Insider): void {
  const table = ts.isForOfStatement(node) ? node.expression : hasOwner(node);
  if (table === undefined) return;
  const rows = rowsOf(table, tree);
  if (rows.length === 0) return;
  const numbers = rows.map((row) =>
    add(row, "row", `${row.getText()} of ${ts.isIdentifier(table) ? table.text : "a table"}`),
  );
  const place = factory.createNumericLiteral(numbers[0] ?? 0);
  if (ts.isForOfStatement(node)) {
    wrap(table, (inner) => called("rows", place, inner as ts.Expression));
  } else {
    const [value] = ts.isCallExpression(node) ? node.arguments : [];
    if (value) wrap(node, () => called("has", place, table, value));
  }
}

/** `TABLE.has(…)` → TABLE */
function hasOwner(node: ts.Node): ts.Expression | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  return node.expression.name.text === "has" ? node.expression.expression : undefined;
}

function rowsOf(table: ts.Expression, tree: ts.SourceFile): readonly ts.Node[] {
  const inner = ts.isAsExpression(table) ? table.expression : table;
  if (ts.isArrayLiteralExpression(inner))
    return inner.elements.some(ts.isSpreadElement) ? [] : inner.elements;
  if (!ts.isIdentifier(inner) || !TABLES.has(inner.text)) return [];
  let found: readonly ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === inner.text && node.initializer) {
      const made = ts.isNewExpression(node.initializer) ? node.initializer.arguments?.[0] : node.initializer;
      if (made && ts.isArrayLiteralExpression(made)) found = made.elements;
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}
