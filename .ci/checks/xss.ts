/**
 * kitajs's scan for data that reaches HTML unescaped: over every page and component, and over one page that must
 * fail it, because a scan that cannot read its input has been seen to end with 0.
 */
import type { Outcome } from "../lib/outcome.ts";
import { files, run, tool } from "../lib/run.ts";

const FIXTURE = ".ci/xss-fixture/*.tsx";

export async function checkXss(): Promise<Outcome> {
  const pages = files("views/**/*.tsx", "src/**/*.tsx");
  const fixtures = files(FIXTURE);
  const notes: string[] = [];
  let passed = 0;
  if (pages.length === 0) notes.push("there are no pages to scan");
  else {
    const scan = await run(tool("xss-scan", ...pages), { timeoutMs: 180_000 });
    // 1 is a hole, 2 is a warning; a page has neither.
    if (scan.code === 0) passed += pages.length;
    else notes.push(`xss-scan found something in the pages (exit code ${scan.code})`);
  }
  if (fixtures.length === 0) notes.push(`there is no page that must fail (${FIXTURE})`);
  for (const fixture of fixtures) {
    const scan = await run(tool("xss-scan", fixture), { quiet: true, timeoutMs: 180_000 });
    // The scan names its finding (K601) and the file: anything else is a crash or a scan of nothing.
    const file = fixture.split("/").at(-1) ?? fixture;
    if (scan.code === 1 && /\bK601\b/.test(scan.output) && scan.output.includes(file)) passed += 1;
    else
      notes.push(`${fixture} must fail the scan and did not (exit code ${scan.code}): ${scan.output.trim()}`);
  }
  return notes.length === 0
    ? { passed, failed: 0 }
    : { passed, failed: notes.length, note: notes.join("; ") };
}
