/**
 * Switches off each place in src/format and src/signing that refuses a package, one at a time, and asks whether any package of the
 * kit notices: `bun conformance/mutate.ts`. Ends with 1 when a place is left that none does.
 *
 * A copy of the sources is changed, in dist/mutants; the product has no hooks. A place is a `throw`, a fault that is returned in words, or
 * a finding that is reported; deltas and catalogues are not covered yet. What is left may also be two checks of one rule. Only cases that come to a place can notice it, so that each is judged twice and no more.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import type { verifyPackage as Verify } from "../src/format/verify.ts";
import { authorities } from "./make/authorities.ts";
import { PACKAGE_CASES } from "./make/package-cases.ts";
import { makePackage } from "./make/packages.ts";

const root = join(import.meta.dirname, "..");
const copy = join(root, "dist/mutants");

type Hooks = { off: number; hits: Set<number> };
const hooks: Hooks = { off: -1, hits: new Set() };
Object.assign(globalThis, {
  /** Whether a place still refuses. */
  mutantIsOn: (place: number) => {
    hooks.hits.add(place);
    return hooks.off !== place;
  },
});

const places: string[] = [];

/** Guards every place of a source. */
function guard(path: string): void {
  const text = readFileSync(path, "utf8");
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const inserts: { at: number; text: string }[] = [];
  const visit = (node: ts.Node, inFault: boolean): void => {
    const name = ts.isFunctionDeclaration(node) ? (node.name?.text ?? "") : "";
    const isFault = inFault || /Fault$/.test(name);
    if (isPlace(node, isFault)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      inserts.push({ at: node.getStart(), text: `if (globalThis.mutantIsOn(${places.length})) ` });
      places.push(`${path.slice(copy.length + 1)}:${line + 1}`);
    }
    ts.forEachChild(node, (child) => visit(child, isFault));
  };
  visit(source, false);
  let changed = text;
  for (const { at, text: before } of inserts.sort((a, b) => b.at - a.at))
    changed = changed.slice(0, at) + before + changed.slice(at);
  writeFileSync(path, changed);
}

function isPlace(node: ts.Node, inFault: boolean): boolean {
  if (ts.isThrowStatement(node)) return !ts.isIdentifier(node.expression);
  if (ts.isReturnStatement(node) && node.expression)
    return inFault && (ts.isStringLiteral(node.expression) || ts.isTemplateExpression(node.expression));
  if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression)) return false;
  return /^(?:report|findings\.push)$/.test(node.expression.expression.getText());
}

/** What judging a package does not come to: making and signing, deltas, lineages, the log and private keys. */
const ELSEWHERE =
  /\/(?:delta|log)\/|\/(?:lineage|file-list|writer|append|sign|signer|keys|certificates|to-be-signed|extract|verify-installed|inspect|compare)\.ts$/;

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesBelow(path);
    return /\.ts$/.test(entry.name) && !/\.test\.ts$|codes|testing/.test(entry.name) && !ELSEWHERE.test(path)
      ? [path]
      : [];
  });
}

rmSync(copy, { recursive: true, force: true });
mkdirSync(copy, { recursive: true });
cpSync(join(root, "src"), join(copy, "src"), { recursive: true });
cpSync(join(root, "assets/schema"), join(copy, "assets/schema"), { recursive: true });
for (const path of [...sourcesBelow(join(copy, "src/format")), ...sourcesBelow(join(copy, "src/signing"))])
  guard(path);
const { verifyPackage }: { verifyPackage: typeof Verify } = await import(join(copy, "src/format/verify.ts"));
const { certificatesFromPem } = await import(join(copy, "src/signing/certificates.ts"));
const { sortAnchors } = await import(join(copy, "src/signing/chain.ts"));
const { bytesSource } = await import(join(copy, "src/format/source.ts"));

const pems = authorities();
const reached = new Map<number, { id: string; judge: () => Promise<string>; usual: string }[]>();
for (const made of PACKAGE_CASES) {
  if (made.sparseBytes !== undefined) continue;
  const bytes = makePackage(made.plan);
  const judge = async () => {
    try {
      const anchors = sortAnchors(certificatesFromPem(pems.get(made.ca) ?? ""));
      const verdict = await verifyPackage(bytesSource(bytes), {
        now: new Date(made.at),
        expect: ["signed", "released"],
        ...anchors,
      });
      return verdict.sections.flatMap(({ findings }) => findings)[0]?.code ?? "accepted";
    } catch (error) {
      return `failed: ${error instanceof Error ? error.message : ""}`;
    }
  };
  hooks.hits = new Set();
  const usual = await judge();
  for (const place of hooks.hits)
    reached.set(place, [...(reached.get(place) ?? []), { id: made.id, judge, usual }]);
}

const left: string[] = [];
let noticed = 0;
for (const [place, where] of places.entries()) {
  hooks.off = place;
  let isNoticed = false;
  for (const { judge, usual } of reached.get(place) ?? []) {
    if ((await judge()) === usual) continue;
    isNoticed = true;
    break;
  }
  if (isNoticed) noticed += 1;
  else left.push(`${where}${reached.has(place) ? "" : " (no case comes here)"}`);
}
console.log(left.join("\n"));
console.log(`${noticed} passed, ${left.length} failed`);
process.exitCode = left.length === 0 ? 0 : 1;
