/** Where a source refuses something: each place gets a switch, in the text of a copy. */
import ts from "typescript";

export type Place = {
  readonly file: string;
  readonly line: number;
  readonly kind: "refusal" | "operand";
  /** Its source on one line: what exceptions name it by. */
  readonly text: string;
};

type Insert = { readonly at: number; readonly text: string; readonly order: number };

/**
 * Puts a switch at every place: a `throw` of a refusal, a fault that is returned in words, a finding that is reported, and each
 * operand of `||` and `&&` in what decides. An operand of `||` that is switched off is false, one of `&&` true: then the others decide.
 */
export function addSwitches(file: string, source: string, places: Place[]): string {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ESNext, true);
  const inserts: Insert[] = [];
  const add = (node: ts.Node, kind: Place["kind"]): number => {
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
    places.push({ file, line: line + 1, kind, text: node.getText().replace(/\s+/g, " ").slice(0, 160) });
    return places.length - 1;
  };
  const operands = (node: ts.Expression): void => {
    const inner = ts.isParenthesizedExpression(node) ? node.expression : node;
    if (ts.isPrefixUnaryExpression(inner)) operands(inner.operand);
    if (!ts.isBinaryExpression(inner)) return;
    const operator = inner.operatorToken.kind;
    if (operator !== ts.SyntaxKind.BarBarToken && operator !== ts.SyntaxKind.AmpersandAmpersandToken) return;
    const hook = operator === ts.SyntaxKind.BarBarToken ? "mutantOr" : "mutantAnd";
    for (const operand of [inner.left, inner.right]) {
      const isChain =
        ts.isBinaryExpression(operand) && operand.operatorToken.kind === inner.operatorToken.kind;
      if (!isChain) {
        const number = add(operand, "operand");
        const order = inserts.length;
        inserts.push({ at: operand.getStart(), text: `globalThis.${hook}(${number}, `, order });
        inserts.push({ at: operand.getEnd(), text: ")", order: -order });
      }
      operands(operand);
    }
  };
  const visit = (node: ts.Node, isFault: boolean): void => {
    const inFault = isFault || (ts.isFunctionDeclaration(node) && /Fault$/.test(node.name?.text ?? ""));
    if (isRefusal(node, inFault))
      inserts.push({
        at: node.getStart(),
        text: `if (globalThis.mutantIsOn(${add(node, "refusal")})) `,
        order: inserts.length,
      });
    const decides = decisionOf(node);
    if (decides !== undefined) operands(decides);
    ts.forEachChild(node, (child) => visit(child, inFault));
  };
  visit(tree, false);
  let changed = source;
  for (const { at, text } of inserts.sort((a, b) => b.at - a.at || b.order - a.order))
    changed = changed.slice(0, at) + text + changed.slice(at);
  return changed;
}

function isRefusal(node: ts.Node, inFault: boolean): boolean {
  // `throw new Error` is about a bug of the caller's, and a bare name is passed on.
  if (ts.isThrowStatement(node))
    return !ts.isIdentifier(node.expression) && !/^new Error\b/.test(node.expression.getText());
  if (ts.isReturnStatement(node) && node.expression)
    return inFault && (ts.isStringLiteral(node.expression) || ts.isTemplateExpression(node.expression));
  if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression)) return false;
  return /^(?:report|refuse|findings\.push)$/.test(node.expression.expression.getText());
}

/** The expression by which something is decided: a condition, or what a function or a name says of yes and no. */
function decisionOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node)) return node.expression;
  if (ts.isConditionalExpression(node)) return node.condition;
  if (ts.isReturnStatement(node)) return node.expression;
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return node.body;
  if (ts.isVariableDeclaration(node) && /^(?:is|has)[A-Z]/.test(node.name.getText())) return node.initializer;
  return undefined;
}
