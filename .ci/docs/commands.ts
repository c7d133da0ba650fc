/** reference/commands.md: the help of every command, as --help prints it. */
import { COMMANDS } from "../../src/cli/commands.ts";
import { type Io, NO_TERMINAL } from "../../src/cli/io.ts";
import { helpText } from "../../src/cli/program.ts";
import { leaves } from "../../src/cli/tree.ts";
import { code, fence, MADE, page } from "./markdown.ts";

const IO: Io = {
  stdout: () => {},
  stderr: () => {},
  ...NO_TERMINAL,
  cwd: "/",
  signal: new AbortController().signal,
  clock: { now: () => new Date(0) },
};

const GROUPS: readonly (readonly [title: string, first: readonly string[]])[] = [
  ["For developers", ["new", "pack", "sign", "verify", "keys", "submit", "publish", "withdraw", "status"]],
  ["For whoever runs a store", ["serve", "admin", "demo"]],
  ["For devices and mirrors", ["device", "verify-catalog"]],
];

export async function commandsPage(): Promise<string> {
  const all = leaves(COMMANDS);
  const placed = new Set(GROUPS.flatMap(([, first]) => first));
  const others = [...new Set(all.map(({ path }) => path[1] ?? "").filter((name) => !placed.has(name)))];
  const groups = others.length === 0 ? GROUPS : [...GROUPS, ["Other commands", others] as const];
  const blocks: string[] = [];
  for (const [title, first] of groups) {
    const commands = first.flatMap((name) => all.filter(({ path }) => path[1] === name));
    if (commands.length === 0) continue;
    blocks.push(`## ${title}`);
    for (const { path } of commands) {
      const help = await helpText(path.slice(1), IO);
      if (help === "") throw new Error(`${path.join(" ")} has no help`);
      blocks.push(`### ${code(path.join(" "))}`, fence(help));
    }
  }
  return page(
    "# Commands",
    "Each command with its arguments, options and examples, as its `--help` prints them.",
    `All take \`--json\`, which prints one JSON document on stdout and nothing else; its names are stable. Exit codes: 0 done, 1 refused or invalid, 2 wrong usage, 3 could not reach or read something. Colours and progress bars appear on a terminal only, and never with \`NO_COLOR\`. Which error carries which code is in [errors](../errors.md#command-line). ${MADE}`,
    ...blocks,
  );
}
