/** The most memory that the server ever had, after one upload of 500 MB and the checks of it. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Measure, Sides } from "../harness.ts";
import { writeLargeApp } from "../large-app.ts";
import { startNginx } from "../nginx.ts";
import { peakMiB } from "../process.ts";
import { uploads } from "../uploads.ts";

/** 150 MB. */
const LIMIT_MIB = 150e6 / 2 ** 20;

export const upload500Rss: Measure = {
  name: "upload-500mb-rss",
  about:
    "peak resident memory of the server over uploads of 500 MB and their checks, beside nginx's over the same",
  unit: "MiB",
  rounds: 2,
  limit: LIMIT_MIB,
  async open({ folder, binary }): Promise<Sides> {
    const source = join(folder, "app");
    writeLargeApp(source, { storedMiB: 477, textMiB: 0 });
    const nginx = await startNginx(folder);
    const store = await uploads({ folder, binary, source });
    rmSync(source, { recursive: true });
    return {
      ours: async () => {
        await store.send();
        await store.takeBack();
        return peakMiB(store.pid);
      },
      peer: async () => {
        await store.sendTo(`${nginx.url}/upload/${crypto.randomUUID()}`, nginx.root);
        return peakMiB(nginx.pid);
      },
      async close() {
        await store.close();
        await nginx.close();
      },
    };
  },
};
