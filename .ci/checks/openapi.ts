/** The OpenAPI document that the routes make, judged by Redocly's linter; no server is started for it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failed, type Outcome, single } from "../lib/outcome.ts";
import { bun, root, run, tool } from "../lib/run.ts";

export async function checkOpenApi(): Promise<Outcome> {
  const made = await run([bun, ".ci/openapi.ts"], { quiet: true, timeoutMs: 60_000 });
  if (made.code !== 0) {
    console.log(made.output.trim());
    return failed(1, "the document could not be made from the routes");
  }
  const paths = Object.keys((JSON.parse(made.output) as { paths?: object }).paths ?? {});
  if (paths.length === 0) return failed(1, "the document has no paths");
  const folder = mkdtempSync(join(tmpdir(), "mosis-openapi-"));
  try {
    const file = join(folder, "openapi.json");
    writeFileSync(file, made.output);
    const config = join(root, ".ci/redocly.yaml");
    const lint = await run(tool("redocly", "lint", file, `--config=${config}`, "--format=stylish"), {
      timeoutMs: 120_000,
    });
    return { ...single(lint.code, "the linter refuses the document"), note: `${paths.length} paths` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
