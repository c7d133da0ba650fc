/** Debian packages: installs what is missing, where it may, and says what to install where it may not. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { failed, type Outcome, passed } from "../lib/outcome.ts";
import { root, run } from "../lib/run.ts";

export type Package = { readonly name: string; readonly provides: string };

/** Lines of `package  command-or-path`; `#` begins a comment. @throws Error on any other line */
export function parsePackages(text: string): Package[] {
  const packages: Package[] = [];
  for (const line of text.split("\n")) {
    const words = line.replace(/#.*/, "").trim();
    if (words === "") continue;
    const [name, provides, ...rest] = words.split(/\s+/);
    if (
      name === undefined ||
      provides === undefined ||
      rest.length > 0 ||
      !/^[a-z0-9][a-z0-9.+-]+$/.test(name)
    )
      throw new Error(`expected "package command-or-path", found ${JSON.stringify(line)}`);
    packages.push({ name, provides });
  }
  return packages;
}

export function missing(packages: readonly Package[]): Package[] {
  return packages.filter(({ provides }) =>
    provides.startsWith("/") ? !existsSync(provides) : Bun.which(provides) === null,
  );
}

/** Installs the packages that are missing. Needs root and apt; without them it fails and says what to do. */
export async function ensurePackages(packages: readonly Package[]): Promise<Outcome> {
  const absent = missing(packages);
  if (absent.length === 0) return passed(packages.length);
  const names = absent.map(({ name }) => name);
  const advice = `missing: ${names.join(" ")}. As root: apt-get update && apt-get install -y --no-install-recommends ${names.join(" ")}`;
  if (Bun.which("apt-get") === null) return failed(names.length, `${advice} (there is no apt-get here)`);
  if (process.getuid?.() !== 0) return failed(names.length, `${advice} (not root, so not installed)`);
  console.log(`installing ${names.join(" ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const update = await run(["apt-get", "update", "-qq"], { env, quiet: true, timeoutMs: 180_000 });
  const install = await run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", ...names], {
    env,
    quiet: true,
    timeoutMs: 480_000,
  });
  const still = missing(packages);
  if (still.length === 0) return passed(packages.length);
  console.log(`${update.output}\n${install.output}`.trim().split("\n").slice(-20).join("\n"));
  return failed(still.length, `${advice} (apt-get ended with ${update.code} and ${install.code})`);
}

export async function checkPackages(): Promise<Outcome> {
  return ensurePackages(parsePackages(await readFile(join(root, ".ci/packages.txt"), "utf8")));
}
