/** Where a source checks something: each place gets a switch, in the text of a copy. */
import ts from "typescript";
import { callSwitch, type Insider } from "./calls.ts";
import { isPredicate, mayBeBoolean } from "./predicates.ts";
import { tableRows } from "./tables.ts";

export type PlaceKind =
  | "refusal"
  | "operand"
  | "guard"
  | "always yes"
  | "always no"
  | "choice"
  | "call"
  | "limit"
  | "row";

export type Place = {
  readonly file: string;
  readonly line: number;
  /** The name of the function that it stands in; empty outside of any. */
  readonly inside: string;
  readonly kind: PlaceKind;
  /** Its source on one line: what exceptions name it by. */
  readonly text: string;
};

type Wrap = (node: ts.Node) => ts.Node;

const { factory } = ts;

/**
 * Puts a switch at every place:
 *
 * - a `throw` of a refusal, a fault that is returned in words, a finding that is reported, `return false` at the end of a way;
 * - each operand of `||` and `&&` in what decides (off, the others decide);
 * - the condition of a way out (`if (…) return false`, `… return undefined`), and of a choice of which one outcome refuses;
 * - what a predicate says: always yes, and always no;
 * - each call of a check or of a reader that refuses by itself, as a shape's or a document's;
 * - each limit that is handed to a reader;
 * - each row of a table that is gone through until one refuses.
 */
export function addSwitches(file: string, source: string, places: Place[]): string {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ESNext, true);
  const wraps = new Map<ts.Node, Wrap[]>();
  const add = (node: ts.Node, kind: PlaceKind, text = node.getText()): number => {
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
    const place = { file, line: line + 1, inside: functionOf(node), kind };
    places.push({ ...place, text: text.replace(/\s+/g, " ").slice(0, 160) });
    return places.length - 1;
  };
  const wrap = (node: ts.Node, by: Wrap) => wraps.set(node, [...(wraps.get(node) ?? []), by]);
  const hook = (node: ts.Node, name: string, place: number, ...more: ts.Expression[]) =>
    wrap(node, (inner) => called(name, factory.createNumericLiteral(place), ...more, inner as ts.Expression));

  const operands = (node: ts.Expression): void => {
    const inner = ts.isParenthesizedExpression(node) ? node.expression : node;
    if (ts.isPrefixUnaryExpression(inner)) operands(inner.operand);
    if (!ts.isBinaryExpression(inner)) return;
    const operator = inner.operatorToken.kind;
    if (operator !== ts.SyntaxKind.BarBarToken && operator !== ts.SyntaxKind.AmpersandAmpersandToken) return;
    const name = operator === ts.SyntaxKind.BarBarToken ? "or" : "and";
    for (const operand of [inner.left, inner.right]) {
      const isChain = ts.isBinaryExpression(operand) && operand.operatorToken.kind === operator;
      if (!isChain) hook(operand, name, add(operand, "operand"));
      operands(operand);
    }
  };

  const visit = (node: ts.Node, isFault: boolean): void => {
    const inFault = isFault || (ts.isFunctionDeclaration(node) && /Fault$/.test(node.name?.text ?? ""));
    if (isRefusal(node, inFault)) {
      const place = add(node, "refusal");
      wrap(node, (inner) =>
        factory.createIfStatement(called("isOn", factory.createNumericLiteral(place)), inner as ts.Statement),
      );
    }
    const decides = decisionOf(node);
    if (decides !== undefined) operands(decides);
    if (ts.isIfStatement(node) && isWayOut(node)) hook(node.expression, "guard", add(node, "guard"));
    if (
      ts.isReturnStatement(node) &&
      node.expression?.kind === ts.SyntaxKind.FalseKeyword &&
      !isGuarded(node)
    ) {
      const place = add(node, "refusal");
      wrap(node.expression, () =>
        factory.createLogicalNot(called("isOn", factory.createNumericLiteral(place))),
      );
    }
    const says = predicateResult(node);
    if (says !== undefined) {
      const place = add(says, "always yes");
      add(says, "always no");
      hook(says, "is", place);
    }
    if (ts.isConditionalExpression(node)) {
      const good = goodOutcome(node, inFault);
      if (good !== undefined)
        hook(
          node.condition,
          "choose",
          add(node, "choice"),
          good ? factory.createTrue() : factory.createFalse(),
        );
    }
    const insider: Insider = { file, add, wrap, called };
    callSwitch(node, insider);
    tableRows(node, tree, insider);
    ts.forEachChild(node, (child) => visit(child, inFault));
  };
  visit(tree, false);

  const change: ts.TransformerFactory<ts.SourceFile> = (context) => {
    const inner = (node: ts.Node): ts.Node =>
      (wraps.get(node) ?? []).reduce((changed, by) => by(changed), ts.visitEachChild(node, inner, context));
    return (root) => ts.visitEachChild(root, inner, context);
  };
  const { transformed } = ts.transform(tree, [change]);
  return ts.createPrinter().printFile(transformed[0] ?? tree);
}

/** `globalThis.mutant.<name>(…)` */
function called(name: string, ...words: readonly ts.Expression[]): ts.Expression {
  const mutant = factory.createPropertyAccessExpression(factory.createIdentifier("globalThis"), "mutant");
  return factory.createCallExpression(factory.createPropertyAccessExpression(mutant, name), undefined, words);
}

function functionOf(node: ts.Node): string {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if ((ts.isFunctionDeclaration(at) || ts.isMethodDeclaration(at)) && at.name) return at.name.getText();
    const holder = at.parent;
    if (!ts.isArrowFunction(at)) continue;
    if (ts.isVariableDeclaration(holder) || ts.isPropertyAssignment(holder)) return holder.name.getText();
  }
  return "";
}

function isRefusal(node: ts.Node, inFault: boolean): boolean {
  // `throw new Error` is about a bug of the caller's, and a bare name is passed on.
  if (ts.isThrowStatement(node))
    return !ts.isIdentifier(node.expression) && !BUG.test(node.expression.getText());
  if (
    ts.isReturnStatement(node) &&
    node.expression &&
    /^(?:fault\(|\{ offset: )/.test(node.expression.getText())
  )
    return true;
  if (ts.isReturnStatement(node) && node.expression)
    return inFault && (ts.isStringLiteral(node.expression) || ts.isTemplateExpression(node.expression));
  if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression)) return false;
  return /^(?:report|refuse|findings\.push)$/.test(node.expression.expression.getText());
}

const BUG = /^new (?:Range|Type)?Error\b/;

/** The expression by which something is decided: a condition, or what a function or a name says of yes and no. */
function decisionOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node)) return isAboutBug(node) ? undefined : node.expression;
  if (ts.isConditionalExpression(node)) return node.condition;
  if (ts.isReturnStatement(node)) return node.expression;
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return node.body;
  if (ts.isVariableDeclaration(node) && node.initializer && mayBeBoolean(node.initializer))
    return node.initializer;
  return undefined;
}

/** Whether a caller is told that it has called wrongly. */
function isAboutBug({ thenStatement }: ts.IfStatement): boolean {
  const only = ts.isBlock(thenStatement) ? thenStatement.statements[0] : thenStatement;
  return only !== undefined && ts.isThrowStatement(only) && BUG.test(only.expression.getText());
}

const isAbsent = (node: ts.Expression | undefined): boolean =>
  node !== undefined && (node.kind === ts.SyntaxKind.FalseKeyword || /^undefined$/.test(node.getText()));

/** `if (…) return false;` or `… return undefined;` with nothing else. */
function isWayOut({ thenStatement, elseStatement }: ts.IfStatement): boolean {
  const only = ts.isBlock(thenStatement) ? thenStatement.statements[0] : thenStatement;
  return (
    elseStatement === undefined &&
    only !== undefined &&
    ts.isReturnStatement(only) &&
    isAbsent(only.expression)
  );
}

function isGuarded(node: ts.ReturnStatement): boolean {
  const holder = ts.isBlock(node.parent) ? node.parent.parent : node.parent;
  return ts.isIfStatement(holder) && isWayOut(holder);
}

/** What a predicate gives, where it is one thing that is not put together by `||` or `&&`. */
function predicateResult(node: ts.Node): ts.Expression | undefined {
  const result = ts.isReturnStatement(node)
    ? node.expression
    : ts.isArrowFunction(node) && !ts.isBlock(node.body)
      ? node.body
      : undefined;
  if (result === undefined || !isPredicate(node, result)) return undefined;
  const inner = ts.isParenthesizedExpression(result) ? result.expression : result;
  const isJoined =
    ts.isBinaryExpression(inner) &&
    [ts.SyntaxKind.BarBarToken, ts.SyntaxKind.AmpersandAmpersandToken].includes(inner.operatorToken.kind);
  const isLiteral = [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword].includes(inner.kind);
  return isJoined || isLiteral || ts.isConditionalExpression(inner) ? undefined : result;
}

const REFUSER = /^(?:throw |\{ offset: |fault|refus|malformed|wrong|fail|notThere|tooMuch|shape\.wrong)/;

/** Which outcome of a condition is the good one, when the other is a refusal, false or undefined. */
function goodOutcome(
  { whenTrue, whenFalse }: ts.ConditionalExpression,
  inFault: boolean,
): boolean | undefined {
  // A fault is what there is to say; undefined means that there is none.
  const isBad = (node: ts.Expression) =>
    inFault ? !isAbsent(node) : isAbsent(node) || REFUSER.test(node.getText());
  const [isYesBad, isNoBad] = [isBad(whenTrue), isBad(whenFalse)];
  return isYesBad === isNoBad ? undefined : isNoBad;
}
