/** What a keeper of a store copies into a shell: run by one, with paths that a shell and tar would read otherwise. */
import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { backupCommands, shellWord } from "./shell-commands.ts";

const run = (line: string) => {
  const { stdout, stderr, exitCode } = Bun.spawnSync(["sh", "-c", line]);
  return { text: stdout.toString(), error: stderr.toString(), exitCode };
};

test("a path is one word, whatever is in it", () => {
  for (const path of ["/srv/mosis", "/srv/it's here", "/srv/$(id) `id`", '/srv/"a\\b"', "/srv/a\nb", "", "*"])
    expect([path, run(`printf %s ${shellWord(path)}`).text]).toEqual([path, path]);
});

test("the archive has the data and no master key, wherever in the data folder that lies", () => {
  const folder = mkdtempSync(join(tmpdir(), "mosis-backup-"));
  try {
    const names = ["keys/the [1]*key", "other.key", "master.key"];
    for (const [at, key] of [...names, null].entries()) {
      const above = join(folder, `it's ${at}`);
      const data = join(above, "my data");
      const keyFile = key === null ? join(above, "kept.key") : join(data, key);
      // "1*key" is matched by what is no more than a pattern of the name.
      for (const file of [
        keyFile,
        ...["mosis.db", "master.key", "keys/the 1 key", "blobs/other.key"].map((one) => join(data, one)),
      ]) {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, "x");
      }
      const tar = backupCommands(data, keyFile)
        .split("\n")
        .find((line) => line.startsWith("tar -C"));
      const archive = join(above, "out.tar.gz");
      const line = (tar ?? "").replace("/media/backup/mosis-$(date +%F).tar.gz", shellWord(archive));
      expect([line, run(line)]).toMatchObject([line, { error: "", exitCode: 0 }]);
      const files = run(`tar -tzf ${shellWord(archive)}`)
        .text.split("\n")
        .filter((name) => !/\/$|^$/.test(name));
      expect(files.toSorted()).toEqual([
        ...["my data/blobs/other.key", "my data/keys/the 1 key", "my data/mosis.db"],
      ]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
