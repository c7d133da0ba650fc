/**
 * The names of a package as a tree of folders, without regard to case: whether each of them is the only one of its kind.
 * It stands in a few arrays of numbers, since a text and an object for each of the 40,000 files and folders that there can be are
 * the most time and memory that a directory could cost. Only each folder's or file's place in a name is kept, and found again by a hash.
 */
import { randomBytes } from "node:crypto";
import { type FormatError, formatError } from "../findings.ts";
import { MAX_SEGMENTS } from "./names.ts";

/** What is kept of a node, one after the other; its own spelling is `name.slice(start, end)`, and start follows from the parent. */
const PARENT = 0;
/** The place of the first name that it stands in. */
const NAME = 1;
const END = 2;
const HASH = 3;
const IS_FILE = 4;
const FIELDS = 5;

const ROOT = 0;
const NONE = -1;

/**
 * A check to be called with each of at most `most` names in turn, which are such as an entry may have: unique, and folders of
 * one spelling, without regard to case (MPK-C015, C016); and no more than so many folders (MPK-C032).
 */
export function createNameSet(most: number, mostFolders: number): (name: string, offset?: number) => void {
  const names: string[] = [];
  // As large as it can become: memory that is not written to is not taken, and arrays that grow leave those before them behind.
  // The name with which there are too many folders may bring some more.
  const mostNodes = 1 + most + Math.min(most * MAX_SEGMENTS, mostFolders + MAX_SEGMENTS);
  const nodes = new Int32Array(FIELDS * mostNodes);
  // The root: its name would end one before the first character.
  nodes[END] = NONE;
  let count = 1;
  /** Open addressing: the nodes by their hash, 0 for none. */
  const table = new Int32Array(2 ** Math.ceil(Math.log2(2 * mostNodes)));
  // By numbers that nobody else knows, so that nobody can choose names that all stand in one place of the table.
  const [seed, factor] = new Int32Array(Uint8Array.from(randomBytes(8)).buffer);
  const field = (node: number, which: number): number => nodes[node * FIELDS + which] ?? 0;

  /** The hash of a segment below a folder. */
  function hashOf(name: string, start: number, end: number, parent: number): number {
    let hash = (seed ?? 0) ^ parent;
    for (let at = start; at < end; at++) {
      hash = Math.imul(hash ^ lowerAt(name, at), (factor ?? 0) | 1);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  /** Whether a node is `name`'s segment, by what counts of each character. */
  function isSegment(node: number, name: string, start: number, end: number, unit: typeof lowerAt): boolean {
    if (field(node, END) - startOf(node) !== end - start) return false;
    const other = names[field(node, NAME)] ?? "";
    const shift = startOf(node) - start;
    for (let at = start; at < end; at++) if (unit(name, at) !== unit(other, at + shift)) return false;
    return true;
  }

  function find(name: string, start: number, end: number, parent: number, hash: number): number {
    const mask = table.length - 1;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const node = table[place] ?? 0;
      if (node === 0) return NONE;
      const isIt = field(node, HASH) === hash && field(node, PARENT) === parent;
      if (isIt && isSegment(node, name, start, end, lowerAt)) return node;
    }
  }

  function add(parent: number, end: number, hash: number): number {
    const node = count++;
    const at = node * FIELDS;
    nodes[at + PARENT] = parent;
    nodes[at + NAME] = names.length;
    nodes[at + END] = end;
    nodes[at + HASH] = hash;
    const mask = table.length - 1;
    let place = hash & mask;
    while (table[place] !== 0) place = (place + 1) & mask;
    table[place] = node;
    return node;
  }

  const startOf = (node: number): number => field(field(node, PARENT), END) + 1;
  /** A node's whole name, as it was spelled first. */
  const spelled = (node: number): string => (names[field(node, NAME)] ?? "").slice(0, field(node, END));

  return (name, offset) => {
    let parent = ROOT;
    let clash: string | undefined;
    for (let start = 0; ; ) {
      const slash = name.indexOf("/", start);
      const end = slash === -1 ? name.length : slash;
      const hash = hashOf(name, start, end, parent);
      let node = find(name, start, end, parent, hash);
      if (slash === -1) {
        if (node !== NONE && field(node, IS_FILE) === 1) throw refuseTwin(name, spelled(node), offset);
        if (node !== NONE) throw refuseFolder(name, `${spelled(node)}/`, offset);
        if (clash !== undefined) throw refuseFolder(name, clash, offset);
        node = add(parent, end, hash);
        nodes[node * FIELDS + IS_FILE] = 1;
        names.push(name);
        // All but the root and the files are folders.
        const folders = count - 1 - names.length;
        if (folders > mostFolders) throw refuseMore(name, folders, mostFolders, offset);
        return;
      }
      if (node === NONE) {
        node = add(parent, end, hash);
      } else if (field(node, IS_FILE) === 1) {
        // There is nothing below a file.
        throw refuseFolder(name, clash ?? spelled(node), offset);
      } else if (clash === undefined && !isSegment(node, name, start, end, unitAt)) {
        // A file of this name, in another spelling, would be the first thing to say.
        clash = `${spelled(node)}/`;
      }
      parent = node;
      start = end + 1;
    }
  };
}

function unitAt(name: string, at: number): number {
  return name.charCodeAt(at);
}

/** The code of a character, of A–Z that of the small letter. */
function lowerAt(name: string, at: number): number {
  const code = name.charCodeAt(at);
  return code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
}

function refuseTwin(name: string, twin: string, offset: number | undefined): FormatError {
  return formatError("container", "MPK-C015", `“${name}” and “${twin}” are one name on some disks.`, {
    entry: name,
    ...(offset === undefined ? {} : { offset }),
    found: `${twin} and ${name}`,
    expected: "names that are unique without regard to case",
  });
}

function refuseMore(name: string, found: number, most: number, offset: number | undefined): FormatError {
  return formatError("container", "MPK-C032", `With “${name}” there are more than ${most} folders.`, {
    entry: name,
    ...(offset === undefined ? {} : { offset }),
    found: `${found} folders`,
    expected: `at most ${most}`,
  });
}

function refuseFolder(name: string, found: string, offset: number | undefined): FormatError {
  return formatError("container", "MPK-C016", `The folder of “${name}” clashes with “${found}”.`, {
    entry: name,
    ...(offset === undefined ? {} : { offset }),
    found,
    expected: "one spelling for a folder, and no file of that name",
  });
}
