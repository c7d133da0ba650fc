/** The folder of a demo: a temporary one, an empty one that is kept, or one where an earlier demo lies. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "../../errors.ts";
import { exists } from "../files.ts";
import { makePrivateFolder, writeFileAtomic } from "../write-files.ts";
import type { Demo } from "./seed.ts";

export type Place = {
  readonly dataDir: string;
  /** For what is not the store's: the developer's files and the device. */
  readonly folder: string;
  /** What the earlier demo made; null in an empty folder. */
  readonly earlier: Demo | null;
  /** Writes down that all is there. */
  readonly remember: (demo: Demo) => Promise<void>;
  /** Takes away what must not stay: all of a temporary folder, and of an empty one what did not come to its end. */
  readonly leave: () => Promise<void>;
};

/** @throws Problem `demo.folder_used` for a folder that holds something other than a finished demo */
export async function openPlace(kept: string | null): Promise<Place> {
  const dataDir = kept ?? (await mkdtemp(join(tmpdir(), "mosis-demo-")));
  const folder = join(dataDir, "demo");
  const memory = join(folder, "demo.json");
  const wasThere = await exists(dataDir);
  const earlier = (await exists(memory)) ? moved(await readDemo(memory), dataDir, folder) : null;
  if (earlier === null && wasThere && (await readdir(dataDir)).length > 0) {
    throw new Problem(
      "conflict",
      "demo.folder_used",
      `${dataDir} holds something that is no finished demo. Use an empty folder; if it is a store, start it with “mosis serve --data ${dataDir}”.`,
    );
  }
  let finished = earlier !== null;
  return {
    dataDir,
    folder,
    earlier,
    async remember(demo) {
      await makePrivateFolder(folder);
      await writeFileAtomic(memory, [new TextEncoder().encode(JSON.stringify(demo))], 0o600);
      finished = true;
    },
    async leave() {
      if (kept !== null && finished) return;
      if (kept === null || !wasThere) return rm(dataDir, { recursive: true, force: true });
      for (const name of await readdir(dataDir))
        await rm(join(dataDir, name), { recursive: true, force: true });
    },
  };
}

async function readDemo(memory: string): Promise<Demo> {
  return JSON.parse(await readFile(memory, "utf8")) as Demo;
}

/** The folder may have been moved since. */
function moved(demo: Demo, dataDir: string, folder: string): Demo {
  const here = (path: string) =>
    path.startsWith(demo.dataDir) ? join(dataDir, path.slice(demo.dataDir.length)) : path;
  return {
    ...demo,
    dataDir,
    deviceHome: join(folder, "device"),
    key: { file: here(demo.key.file), certFile: here(demo.key.certFile) },
  };
}
