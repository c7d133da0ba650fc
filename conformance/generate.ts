/**
 * Makes the conformance kit: `bun conformance/generate.ts [FOLDER]`, by default conformance/built.
 *
 *     --check    writes nothing, and ends with 1 when cases.json is not what the generator makes
 *
 * The same commit gives the same bytes on every machine. cases.json is committed, with the digest of every file; the files are
 * not, since everybody can make them.
 */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { COPIED } from "./make/archive.ts";
import { indexText, kitFiles } from "./make/kit.ts";

const here = import.meta.dirname;

async function main(words: readonly string[]): Promise<number> {
  const isCheck = words.includes("--check");
  const folder = words.find((word) => !word.startsWith("--")) ?? join(here, "built");
  if (!isCheck) await rm(folder, { recursive: true, force: true });
  const files = kitFiles();
  let count = 0;
  for (;;) {
    const next = await files.next();
    if (next.done) {
      const text = indexText(next.value);
      const indexFile = join(here, "cases.json");
      const isFresh = text === (await readFile(indexFile, "utf8").catch(() => ""));
      if (isCheck) {
        console.log(
          isFresh
            ? `conformance/cases.json: ${count} files`
            : "conformance/cases.json is stale: run bun conformance/generate.ts",
        );
        return isFresh ? 0 : 1;
      }
      await writeFile(indexFile, text);
      await writeFile(join(folder, "cases.json"), text);
      for (const name of COPIED) await writeFile(join(folder, name), await readFile(join(here, name)));
      console.log(`${folder}: ${count} files`);
      return 0;
    }
    count += 1;
    if (isCheck) continue;
    const path = join(folder, next.value.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, next.value.bytes);
  }
}

process.exitCode = await main(process.argv.slice(2));
