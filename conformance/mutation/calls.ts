/** Calls that refuse by themselves, and the limits that are handed to them. */
import ts from "typescript";
import type { PlaceKind } from "./places.ts";

/** What a part of the search needs of the whole. */
export type Insider = {
  readonly file: string;
  readonly add: (node: ts.Node, kind: PlaceKind, text?: string) => number;
  readonly wrap: (node: ts.Node, by: (inner: ts.Node) => ts.Node) => void;
  readonly called: (name: string, ...words: readonly ts.Expression[]) => ts.Expression;
};

/** Statements that check something. */
const CHECK = /^(?:(?:check|must|judge)[A-Z]?.*|equal|unique|find|exactly|literal|integer|match)$/;
/** Readers of a Shape: the value is the first word. */
const SHAPE = new Set(["object", "array", "string", "integer", "matching"]);
/** Readers of a document of the catalogue: the value is what `json` gives. */
const DOCUMENT = new Set(["match", "literal", "integer", "versionCode", "sha256", "text"]);
/** Functions that give what they are given first, or make something of it. */
const VALUES: Readonly<Record<string, (value: ts.Expression) => ts.Expression>> = {
  parseTime: (value) =>
    ts.factory.createNewExpression(ts.factory.createIdentifier("Date"), undefined, [value]),
  parseDigest: (value) => value,
  keyIdOf: (value) => value,
  keyOf: (value) => value,
  checkText: (value) => value,
};
/** Who is handed a limit. */
const LIMITED = /^(?:parse|read|must|isCount$|document$|integer$)/;
const LIMIT =
  /^(?:[A-Z_]*(?:MAX|MOST|LEAST)_?[A-Z_]*(?:\.\w+)?|FORMAT_LIMITS\.\w+|frameBound\(n\)|most\[index\] \?\? 0)$/;

const { factory } = ts;

const arrow = (body: ts.ConciseBody, isAsync = false) =>
  factory.createArrowFunction(
    isAsync ? [factory.createModifier(ts.SyntaxKind.AsyncKeyword)] : undefined,
    undefined,
    [],
    undefined,
    undefined,
    body,
  );

export function callSwitch(node: ts.Node, insider: Insider): void {
  statement(node, insider);
  limits(node, insider);
  if (ts.isCallExpression(node)) value(node, insider);
}

function nameOf(call: ts.CallExpression): string {
  return ts.isPropertyAccessExpression(call.expression)
    ? call.expression.name.text
    : call.expression.getText();
}

function statement(node: ts.Node, { add, wrap, called }: Insider): void {
  const isAlone = ts.isExpressionStatement(node);
  const expression = isAlone ? node.expression : ts.isArrowFunction(node) ? node.body : undefined;
  if (expression === undefined) return;
  const call = ts.isAwaitExpression(expression) ? expression.expression : expression;
  const isAwaited = waits(expression);
  if (!ts.isCallExpression(call) || !CHECK.test(nameOf(call))) return;
  if (!isAlone && !/^(?:equal|judge[A-Z].*)$/.test(nameOf(call))) return;
  const place = factory.createNumericLiteral(add(expression, "call"));
  wrap(expression, (inner) =>
    isAwaited
      ? factory.createAwaitExpression(called("wait", place, arrow(inner as ts.Expression, true)))
      : called("call", place, arrow(inner as ts.Expression)),
  );
}

/** Whether something is awaited in it, functions inside left out. */
function waits(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node)) return true;
  return !ts.isFunctionLike(node) && (ts.forEachChild(node, (child) => waits(child) || undefined) ?? false);
}

/** A reader whose value is used: off, the value is what it is. */
function value(call: ts.CallExpression, { file, add, wrap, called }: Insider): void {
  if (ts.isExpressionStatement(call.parent)) return;
  const raw = rawOf(call, file);
  if (raw === undefined) return;
  const place = factory.createNumericLiteral(add(call, "call"));
  wrap(call, (inner) => called("call", place, arrow(inner as ts.Expression), arrow(raw)));
}

function rawOf(call: ts.CallExpression, file: string): ts.Expression | undefined {
  const [first] = call.arguments;
  const callee = call.expression;
  if (ts.isIdentifier(callee)) return first && VALUES[callee.text]?.(first);
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  const name = callee.name.text;
  if (/^(?:shape)$/.test(callee.expression.getText()) && SHAPE.has(name)) return first;
  if (!/\/catalog\/tuf\//.test(file) || !DOCUMENT.has(name)) return undefined;
  return factory.createCallExpression(
    factory.createPropertyAccessExpression(callee.expression, "json"),
    undefined,
    [],
  );
}

function limits(node: ts.Node, { add, wrap, called }: Insider): void {
  const limited = (limit: ts.Expression, text: string, which: "least" | "most") => {
    const place = factory.createNumericLiteral(add(limit, "limit", text));
    wrap(limit, (inner) => called(which, place, inner as ts.Expression));
  };
  if (ts.isPropertyAssignment(node) && /^max(?:Bytes|Depth)$/.test(node.name.getText()))
    if (!/\.length$/.test(node.initializer.getText())) limited(node.initializer, node.getText(), "most");
  if (!ts.isCallExpression(node) || !LIMITED.test(nameOf(node))) return;
  const { arguments: words } = node;
  const bounds = boundsOf(node);
  for (const word of words) {
    const which = bounds.get(word) ?? (LIMIT.test(word.getText()) ? "most" : undefined);
    if (which !== undefined) limited(word, `${word.getText()} in ${node.getText()}`, which);
  }
}

/** The bounds of an integer: of a document both, of a shape the lower one, of `isCount` both after the value. */
function boundsOf(call: ts.CallExpression): ReadonlyMap<ts.Expression, "least" | "most"> {
  const [first, second, third] = call.arguments;
  const isOfShape = /^shape\./.test(call.expression.getText());
  const [least, most] =
    nameOf(call) === "isCount"
      ? [second, third]
      : nameOf(call) !== "integer"
        ? []
        : isOfShape
          ? [third]
          : [first, second];
  const bounds = new Map<ts.Expression, "least" | "most">();
  if (least) bounds.set(least, "least");
  if (most) bounds.set(most, "most");
  return bounds;
}
