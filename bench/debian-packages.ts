/**
 * Real pairs of versions: packages of Debian's suites, fetched by apt with lists of its own, from the mirror that this
 * machine uses already and checked by the keys that it trusts already. Nothing of the machine's own lists is touched.
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../.ci/lib/run.ts";

export type Suite = "bookworm" | "trixie" | "sid";
export type Fetched = {
  readonly file: string;
  /** As Debian numbers it. */
  readonly version: string;
};

export type Archive = {
  /** Null where the suite has no such package. */
  fetch(name: string, suite: Suite): Promise<Fetched | null>;
};

/** @throws Error when the machine has no Debian mirror */
export async function openArchive(folder: string, suites: readonly Suite[]): Promise<Archive> {
  const mirror = await mirrorOf();
  const options = optionsBelow(folder);
  mkdirSync(join(folder, "lists/partial"), { recursive: true });
  mkdirSync(join(folder, "cache/archives/partial"), { recursive: true });
  const lines = suites.map((suite) => `deb [signed-by=${KEYRING}] ${mirror} ${suite} main\n`);
  writeFileSync(join(folder, "sources.list"), lines.join(""));
  writeFileSync(join(folder, "status"), "");
  await must(["apt-get", ...options, "update"]);
  return {
    async fetch(name, suite) {
      const into = join(folder, suite);
      mkdirSync(into, { recursive: true });
      const { code } = await run(["apt-get", ...options, "download", `${name}/${suite}`], {
        cwd: into,
        quiet: true,
      });
      const file = readdirSync(into).find((each) => each.startsWith(`${name}_`));
      if (code !== 0 || file === undefined) return null;
      return { file: join(into, file), version: decodeURIComponent(file.split("_")[1] ?? "") };
    },
  };
}

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

function optionsBelow(folder: string): string[] {
  const settings = {
    "Dir::Etc::sourcelist": join(folder, "sources.list"),
    "Dir::Etc::sourceparts": "-",
    "Dir::State::lists": join(folder, "lists"),
    "Dir::State::status": join(folder, "status"),
    "Dir::Cache": join(folder, "cache"),
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
  };
  return Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
}

/** Where the machine's own packages come from. */
async function mirrorOf(): Promise<string> {
  const listed = await must([
    "apt-get",
    "indextargets",
    "--format",
    "$(REPO_URI) $(COMPONENT)",
    "Created-By: Packages",
  ]);
  const first = listed.split("\n").find((line) => line.endsWith(" main") && !line.includes("security"));
  if (first === undefined) throw new Error("apt has no mirror of Debian here");
  return first.split(" ")[0] ?? "";
}

async function must(command: readonly string[]): Promise<string> {
  const { code, output } = await run(command, { quiet: true });
  if (code !== 0) throw new Error(`${command[0]} ended with ${code}: ${output.slice(-1000)}`);
  return output;
}
