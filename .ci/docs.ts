/**
 * Writes the pages of assets/docs that are made from the program: commands, settings, API, errors, rights, tables,
 * limits, the manifest. They are committed, so that they read in a checkout and travel in the executable.
 *
 * With `--check` nothing is written; it ends with 1 when a page is not what the program says.
 */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { apiPages } from "./docs/api.ts";
import { commandsPage } from "./docs/commands.ts";
import { configurationPage } from "./docs/configuration.ts";
import { dataModelPage } from "./docs/data-model.ts";
import { errorsPage } from "./docs/errors.ts";
import { limitsPage } from "./docs/limits.ts";
import { manifestPage } from "./docs/manifest.ts";
import { permissionsPage, platformApiPage } from "./docs/platform-api.ts";
import { rightsPage } from "./docs/rights.ts";

const folder = join(import.meta.dirname, "../assets/docs");

/** All of its pages are made. */
const API_FOLDER = "reference/api";

const PAGES: readonly (readonly [file: string, make: () => string | Promise<string>])[] = [
  ["errors.md", errorsPage],
  ...apiPages().map(([file, markdown]) => [file, () => markdown] as const),
  ["reference/commands.md", commandsPage],
  ["reference/configuration.md", configurationPage],
  ["reference/data-model.md", dataModelPage],
  ["reference/limits.md", limitsPage],
  ["reference/manifest.md", manifestPage],
  ["reference/permissions.md", permissionsPage],
  ["reference/platform-api.md", platformApiPage],
  ["reference/rights.md", rightsPage],
];

async function main(): Promise<number> {
  const isCheck = process.argv.includes("--check");
  const stale: string[] = [];
  for (const [file, make] of PAGES) {
    const path = join(folder, file);
    const fresh = await make();
    if ((await readFile(path, "utf8").catch(() => "")) === fresh) continue;
    stale.push(file);
    if (isCheck) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, fresh);
  }
  // A tag that is no more leaves its page behind.
  for (const name of await readdir(join(folder, API_FOLDER))) {
    const file = `${API_FOLDER}/${name}`;
    if (PAGES.some(([made]) => made === file)) continue;
    stale.push(file);
    if (!isCheck) await rm(join(folder, file));
  }
  if (stale.length === 0)
    console.log(`assets/docs: ${PAGES.length} pages made from the program are up to date`);
  else if (!isCheck) console.log(`assets/docs: wrote or removed ${stale.join(", ")}`);
  else
    console.error(`assets/docs: ${stale.join(", ")} not up to date: run \`bun run assets\` and commit it.`);
  return isCheck && stale.length > 0 ? 1 : 0;
}

process.exitCode = await main();
