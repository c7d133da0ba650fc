/** Which functions of a source say yes or no. */
import ts from "typescript";

/** Whether an expression looks like one of yes and no. */
export function mayBeBoolean(node: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(node)) return mayBeBoolean(node.expression);
  if (ts.isPrefixUnaryExpression(node)) return node.operator === ts.SyntaxKind.ExclamationToken;
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.getText();
    if (["===", "!==", "<", "<=", ">", ">="].includes(operator)) return true;
    if (operator === "??") return ["true", "false"].includes(node.right.getText());
    return ["&&", "||"].includes(operator) && (mayBeBoolean(node.left) || mayBeBoolean(node.right));
  }
  if (!ts.isCallExpression(node)) return false;
  const name = ts.isPropertyAccessExpression(node.expression)
    ? node.expression.name.text
    : node.expression.getText();
  return /^(?:test|has|hasOwn|includes|startsWith|endsWith|every|some|equals|allows|(?:is|are|has|names|same)[A-Z].*)$/.test(
    name,
  );
}

/** Whether a `return`, or an arrow with its one expression, gives yes or no. */
export function isPredicate(node: ts.Node, result: ts.Expression): boolean {
  if (ts.isArrowFunction(node)) return mayBeBoolean(result);
  const holder = ts.findAncestor(node, (at) => ts.isFunctionLike(at));
  if (holder === undefined || !ts.isFunctionLike(holder)) return false;
  const type = holder.type;
  if (type === undefined) return mayBeBoolean(result);
  return type.kind === ts.SyntaxKind.BooleanKeyword || ts.isTypePredicateNode(type);
}
