/** The tree of command names: what `mosis --help` lists without loading a single command. */
import type { AnyCommand } from "./command.ts";

/** A command that is loaded when it is called, so that start-up does not pay for the others. */
export type Leaf = {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<AnyCommand>;
};
export type Group = {
  readonly name: string;
  readonly summary: string;
  readonly entries: readonly Entry[];
  /** The command that is meant when none of the group's is named. */
  readonly fallback?: string;
  /** One command line of the group with what it does, for its help. */
  readonly example?: readonly [line: string, does: string];
};
export type Entry = Leaf | Group;

export function isGroup(entry: Entry): entry is Group {
  return "entries" in entry;
}

export type Resolved = {
  /** From the root to what was named: `mosis`, `keys`, `new`. */
  readonly path: readonly string[];
  readonly entry: Entry;
  /** What is left of the command line. */
  readonly rest: readonly string[];
};

/**
 * Follows the names at the start of a command line as far as they lead. `--json` may stand before or between them, and
 * `help` before them asks for help as `--help` after them does.
 */
export function resolve(root: Group, argv: readonly string[]): Resolved {
  const path = [root.name];
  const kept: string[] = [];
  let entry: Entry = root;
  let index = 0;
  let help = false;
  for (; index < argv.length && isGroup(entry); index++) {
    const word = argv[index] ?? "";
    if (word === "--json") {
      kept.push(word);
      continue;
    }
    if (word === "help" && path.length === 1 && !help) {
      help = true;
      continue;
    }
    const next: Entry | undefined = entry.entries.find((candidate) => candidate.name === word);
    if (next === undefined) break;
    entry = next;
    path.push(next.name);
  }
  const rest = [...kept, ...argv.slice(index), ...(help ? ["--help"] : [])];
  const meant = isGroup(entry) && !isAboutGroup(rest) ? fallbackOf(entry) : undefined;
  return meant === undefined ? { path, entry, rest } : { path: [...path, meant.name], entry: meant, rest };
}

function fallbackOf(group: Group): Entry | undefined {
  return group.entries.find((entry) => entry.name === group.fallback);
}

/** Help of the group itself, or a word that is none of its commands. */
function isAboutGroup(rest: readonly string[]): boolean {
  const [first] = rest.filter((word) => word !== "--json");
  return (
    rest.some((word) => word === "--help" || word === "-h") || (first !== undefined && !first.startsWith("-"))
  );
}

/** Every leaf with its path, for the docs and for tests. */
export function leaves(
  entry: Entry,
  path: readonly string[] = [],
): { path: readonly string[]; leaf: Leaf }[] {
  const here = [...path, entry.name];
  return isGroup(entry)
    ? entry.entries.flatMap((child) => leaves(child, here))
    : [{ path: here, leaf: entry }];
}
