/**
 * Uploading 200 MB with curl to ours and to nginx's DAV. Ours reads the package's table, hashes it, makes it durable
 * (fsync of the file and of its folder) and writes the row; nginx writes the file.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Measure, Sides } from "../harness.ts";
import { writeLargeApp } from "../large-app.ts";
import { startNginx } from "../nginx.ts";
import { uploads } from "../uploads.ts";

export const upload200: Measure = {
  name: "upload-200mb",
  about: "a package of 200 MB sent by curl until it is accepted, beside curl to nginx's DAV",
  unit: "s",
  rounds: 7,
  async open({ folder, binary }): Promise<Sides> {
    const source = join(folder, "app");
    writeLargeApp(source, { storedMiB: 191, textMiB: 0 });
    const nginx = await startNginx(folder);
    const store = await uploads({ folder, binary, source });
    rmSync(source, { recursive: true });
    return {
      ours: async () => {
        const { seconds } = await store.send();
        await store.takeBack();
        return seconds;
      },
      peer: () => store.sendTo(`${nginx.url}/upload/${crypto.randomUUID()}`, nginx.root),
      async close() {
        await store.close();
        await nginx.close();
      },
    };
  },
};
