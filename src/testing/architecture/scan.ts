/** What architecture.test.ts has to know of a source file, read with TypeScript's own parser. */
import ts from "typescript";

export type Import = {
  /** The specifier as written; null where it is an expression, which nothing can judge. */
  readonly specifier: string | null;
  /** True when only types come in, so that nothing of the module runs. */
  readonly typeOnly: boolean;
  /** `import … from` and `import()`, `export … from`, or `require`. */
  readonly form: "import" | "re-export" | "dynamic" | "require";
  readonly line: number;
};

/** A place that a rule looks for. */
export type Mark = {
  readonly kind:
    | "process.exit"
    | "environment"
    | "system clock"
    | "Math.random"
    | "global I/O"
    | "SQL"
    | "default export"
    | "export everything"
    | "leftover";
  readonly text: string;
  readonly line: number;
};

export type Scanned = {
  readonly imports: readonly Import[];
  readonly marks: readonly Mark[];
  /** True when the file declares nothing of its own and only passes on what others export. */
  readonly onlyReExports: boolean;
};

const SQL =
  /^\s*(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|CREATE|DROP|ALTER|PRAGMA|BEGIN|COMMIT|VACUUM|ATTACH)\s+\S/;
const BUN_IO = new Set([
  "file",
  "write",
  "spawn",
  "spawnSync",
  "serve",
  "listen",
  "connect",
  "stdin",
  "stdout",
  "S3Client",
  "s3",
  "sql",
  "SQL",
  "redis",
  "dns",
  "udpSocket",
  "$",
]);

function importsTypesOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const bindings = clause.namedBindings;
  return (
    clause.name === undefined &&
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.length > 0 &&
    bindings.elements.every((element) => element.isTypeOnly)
  );
}

function literal(node: ts.Node | undefined): string | null {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : null;
}

/** The import that a node is, if it is one. */
function importOf(node: ts.Node): Omit<Import, "line"> | null {
  if (ts.isImportDeclaration(node)) {
    return {
      specifier: literal(node.moduleSpecifier),
      typeOnly: importsTypesOnly(node.importClause),
      form: "import",
    };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return { specifier: literal(node.moduleSpecifier), typeOnly: node.isTypeOnly, form: "re-export" };
  }
  if (ts.isImportTypeNode(node)) {
    const argument = ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
    return { specifier: literal(argument), typeOnly: true, form: "import" };
  }
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    return {
      specifier: literal(node.moduleReference.expression),
      typeOnly: node.isTypeOnly,
      form: "require",
    };
  }
  if (ts.isCallExpression(node)) {
    const callee = node.expression.getText();
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword)
      return { specifier: literal(node.arguments[0]), typeOnly: false, form: "dynamic" };
    if (callee === "require" || callee === "import.meta.require")
      return { specifier: literal(node.arguments[0]), typeOnly: false, form: "require" };
  }
  return null;
}

function textOfTemplate(node: ts.Node): string | null {
  if (ts.isStringLiteralLike(node)) return node.text;
  return ts.isTemplateExpression(node) ? node.head.text : null;
}

function isWritten(node: ts.Node): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
}

/** The mark that a node is, if it is one. */
function markOf(node: ts.Node): Mark["kind"] | null {
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    const object = node.expression.getText().replace(/^globalThis\./, "");
    const name = ts.isPropertyAccessExpression(node) ? node.name.text : literal(node.argumentExpression);
    if (object === "process" && name === "exit") return "process.exit";
    if (["process", "Bun", "import.meta"].includes(object) && name === "env") return "environment";
    if (object === "Date" && name === "now") return "system clock";
    if (object === "Math" && name === "random") return "Math.random";
    if (object === "Bun" && name !== null && BUN_IO.has(name)) return "global I/O";
  }
  if (ts.isNewExpression(node)) {
    const what = node.expression.getText().replace(/^globalThis\./, "");
    if (what === "Date" && (node.arguments?.length ?? 0) === 0) return "system clock";
    if (["XMLHttpRequest", "WebSocket", "EventSource", "Worker"].includes(what)) return "global I/O";
  }
  if (ts.isCallExpression(node)) {
    const callee = node.expression.getText().replace(/^globalThis\./, "");
    if (["mock.module", "setSystemTime", "jest.setSystemTime", "process.chdir"].includes(callee))
      return "leftover";
    // Date() without new gives the present as a text.
    if (callee === "Date") return "system clock";
    if (callee === "fetch") return "global I/O";
  }
  if (isWritten(node) && /^(process|Bun|import\.meta)\.env\b/.test(node.left.getText())) return "leftover";
  if (ts.isVariableDeclaration(node) && node.initializer && ts.isObjectBindingPattern(node.name)) {
    const names = node.name.elements.map((element) => (element.propertyName ?? element.name).getText());
    if (["process", "Bun"].includes(node.initializer.getText()) && names.includes("env"))
      return "environment";
    if (node.initializer.getText() === "Math" && names.includes("random")) return "Math.random";
    if (node.initializer.getText() === "process" && names.includes("exit")) return "process.exit";
  }
  if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === "sql") return "SQL";
  const text = textOfTemplate(node);
  if (text !== null && SQL.test(text)) return "SQL";
  if (ts.isExportAssignment(node)) return "default export";
  if (
    ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.DefaultKeyword)
  )
    return "default export";
  if (ts.isExportSpecifier(node) && node.name.text === "default") return "default export";
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && !node.exportClause) return "export everything";
  return null;
}

/** Reads one file; comments and the insides of strings are never taken for code. */
export function scan(path: string, source: string): Scanned {
  const kind = path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.ESNext, true, kind);
  const imports: Import[] = [];
  const marks: Mark[] = [];
  const visit = (node: ts.Node): void => {
    const start = node.getStart(file);
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    const found = importOf(node);
    if (found) imports.push({ ...found, line });
    const mark = markOf(node);
    if (mark) marks.push({ kind: mark, text: node.getText(file).split("\n")[0] ?? "", line });
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  const others = file.statements.filter((statement) => !ts.isImportDeclaration(statement));
  const onlyReExports = others.length > 0 && others.every((statement) => ts.isExportDeclaration(statement));
  return { imports, marks, onlyReExports };
}
