/**
 * The reference device's updater as the TUF client conformance suite wants to be spoken to (its CLIENT-CLI.md):
 *
 *     bun conformance/tuf-client.ts --metadata-dir DIR [--metadata-url URL] … init ROOT | refresh | download
 *
 * The updater is tuf-js with the fetcher of src/device, as src/device/catalogue.ts makes it. What a device adds around it (the pinned
 * digest of the root, the form of metadata that this catalogue has, generations of the folder, the log) is not what the suite measures.
 */
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Updater } from "tuf-js";
import { DEFAULT_TIMEOUTS } from "../src/device/context.ts";
import { storeFetcher } from "../src/device/tuf-fetcher.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "metadata-dir": { type: "string" },
    "metadata-url": { type: "string" },
    "target-name": { type: "string", multiple: true },
    "target-base-url": { type: "string" },
    "target-dir": { type: "string" },
  },
});

function needed(name: "metadata-dir" | "metadata-url" | "target-base-url" | "target-dir"): string {
  const value = values[name];
  if (value === undefined) throw new Error(`--${name} is needed`);
  return value;
}

async function openUpdater(more: { targetDir?: string; targetBaseUrl?: string } = {}): Promise<Updater> {
  const metadataDir = needed("metadata-dir");
  const staging = join(metadataDir, "..", "staging");
  await mkdir(staging, { recursive: true });
  const url = needed("metadata-url");
  return new Updater({
    metadataDir,
    metadataBaseUrl: url.endsWith("/") ? url : `${url}/`,
    fetcher: storeFetcher(staging, { timeouts: DEFAULT_TIMEOUTS, signal: new AbortController().signal }),
    config: { fetchRetry: false },
    ...more,
  });
}

async function download(): Promise<void> {
  const targetDir = needed("target-dir");
  await mkdir(targetDir, { recursive: true });
  const updater = await openUpdater({ targetDir, targetBaseUrl: needed("target-base-url") });
  for (const name of values["target-name"] ?? []) {
    const info = await updater.getTargetInfo(name);
    if (!info) throw new Error(`there is no target ${name}`);
    if ((await updater.findCachedTarget(info)) === undefined) await updater.downloadTarget(info);
  }
}

async function main(): Promise<void> {
  const [command, root] = positionals;
  if (command === "init" && root !== undefined) {
    await mkdir(needed("metadata-dir"), { recursive: true });
    await copyFile(root, join(needed("metadata-dir"), "root.json"));
  } else if (command === "refresh") await (await openUpdater()).refresh();
  else if (command === "download") await download();
  else throw new Error("init ROOT, refresh or download is needed");
}

try {
  await main();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
