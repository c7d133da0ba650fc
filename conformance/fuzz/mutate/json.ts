/** Changes JSON documents as JSON: values, keys, numbers, depth; and their text: escapes, white space, forms of numbers. */
import type { Random } from "../random.ts";
import { MOST_BYTES, mutateBytes } from "./bytes.ts";

/** Text of a scalar as it will stand there, so that it can be one that no writer writes. */
type Raw = { kind: "raw"; text: string };
type Tree = { kind: "object"; members: [string, Tree][] } | { kind: "array"; items: Tree[] } | Raw;

const raw = (text: string): Raw => ({ kind: "raw", text });

function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return { kind: "array", items: value.map(treeOf) };
  if (typeof value === "object" && value !== null)
    return { kind: "object", members: Object.entries(value).map(([key, member]) => [key, treeOf(member)]) };
  return raw(JSON.stringify(value) ?? "null");
}

function textOf(tree: Tree, sorted: boolean): string {
  if (tree.kind === "raw") return tree.text;
  if (tree.kind === "array") return `[${tree.items.map((item) => textOf(item, sorted)).join(",")}]`;
  const members = sorted ? [...tree.members].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) : tree.members;
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${textOf(member, sorted)}`).join(",")}}`;
}

const VALUES = [
  "null",
  "true",
  "false",
  "0",
  "1",
  "-1",
  "-0",
  "0.5",
  "1e2",
  "1.0",
  "16",
  "2147483647",
  "2147483648",
  "4294967296",
  "9007199254740991",
  "9007199254740993",
  "1e21",
  "1e400",
  "1e-400",
  "123456789012345678901234567890",
  '""',
  '" "',
  '"a"',
  '"A"',
  "[]",
  "{}",
  '"__proto__"',
  '{"__proto__":{}}',
  '{"constructor":1}',
  '"2026-02-30T00:00:00Z"',
  '"2026-03-01T12:00:60Z"',
  '"9999-12-31T23:59:59Z"',
  '"0000-01-01T00:00:00Z"',
  '"2026-03-01T12:00:00.0Z"',
  '"../x"',
  '"/"',
  '"a/../b"',
  '"con.lua"',
  '"en-a-bbb-x-a-ccc"',
  '"i-klingon"',
  '"\\u0000"',
  '"\\ud800"',
  '"\\ud83d\\ude00"',
  '"\\ufffe"',
  '"e\\u0301"',
  '"\\u202e"',
  '"\u2028"',
  '"*.a.b"',
  `"${"0".repeat(64)}"`,
  `"${"f".repeat(64)}"`,
  `"${"a".repeat(300)}"`,
  `"${"é".repeat(130)}"`,
  '"AA=="',
  '"AB=="',
] as const;
const KEYS = [
  "__proto__",
  "constructor",
  "toString",
  "",
  "a",
  "v",
  "é",
  "\u{1f600}",
  "\ufb33",
  "x-y",
  "0",
] as const;
const LETTERS = [
  "",
  "\u0000",
  "\n",
  "\u007f",
  "\u0301",
  "\u202e",
  "\ud800",
  "\uffff",
  "/",
  ".",
  "é",
  "A",
  "-",
  "%",
  "\u{1f600}",
] as const;

type Slot = { readonly tree: Tree; put(tree: Tree): void };

function slotsOf(root: { tree: Tree }): Slot[] {
  const slots: Slot[] = [];
  const visit = (slot: Slot): void => {
    slots.push(slot);
    const { tree } = slot;
    if (tree.kind === "array")
      for (const [at, item] of tree.items.entries())
        visit({
          tree: item,
          put: (next) => {
            tree.items[at] = next;
          },
        });
    if (tree.kind === "object")
      for (const member of tree.members)
        visit({
          tree: member[1],
          put: (next) => {
            member[1] = next;
          },
        });
  };
  visit({
    tree: root.tree,
    put: (next) => {
      root.tree = next;
    },
  });
  return slots;
}

function changeOnce(root: { tree: Tree }, random: Random): void {
  const slots = slotsOf(root);
  const slot = random.some(slots) ?? { tree: root.tree, put: () => {} };
  const kind = random.int(10);
  if (kind === 0) slot.put(raw(random.pick(VALUES)));
  else if (kind === 1) slot.put(structuredClone((random.some(slots) ?? slot).tree));
  else if (kind === 2) slot.put(wrapped(slot.tree, random));
  else if (slot.tree.kind === "raw") slot.put(changedScalar(slot.tree, random));
  else if (slot.tree.kind === "array") changeItems(slot.tree.items, random);
  else changeMembers(slot.tree.members, random);
}

function wrapped(tree: Tree, random: Random): Tree {
  const levels = random.oneIn(20) ? 2 ** random.int(17) : 1 + random.int(20);
  const text = textOf(tree, true);
  return random.oneIn(2)
    ? raw("[".repeat(levels) + text + "]".repeat(levels))
    : raw('{"a":'.repeat(levels) + text + "}".repeat(levels));
}

function changedScalar({ text }: Raw, random: Random): Raw {
  if (/^-?\d+$/.test(text)) {
    const value = BigInt(text);
    return raw(
      String(random.pick([value + 1n, value - 1n, -value, value * 2n, value * 1000n, value << 31n])),
    );
  }
  if (!text.startsWith('"')) return raw(random.pick(VALUES));
  const value = [...text.slice(1, -1)];
  const at = random.int(value.length + 1);
  const kind = random.int(4);
  if (kind === 0) value.splice(at, 1);
  else if (kind === 1) value.splice(at, 0, escaped(random.pick(LETTERS)));
  else if (kind === 2) value.splice(at, 1, random.some([..."0123456789abcdefAZ.-_ "]) ?? "");
  else value.splice(at, 0, ...value.slice(at, at + 1 + random.int(40)));
  return raw(`"${value.join("")}"`);
}

const escaped = (letter: string): string => JSON.stringify(letter).slice(1, -1);

function changeItems(items: Tree[], random: Random): void {
  const at = random.int(items.length);
  const item = items[at];
  const kind = random.int(6);
  if (item === undefined || kind === 0) items.push(raw(random.pick(VALUES)));
  else if (kind === 1) items.splice(at, 1);
  else if (kind === 2) items.splice(at, 0, structuredClone(item));
  else if (kind === 3) items.reverse();
  else if (kind === 4) items.push(...items.splice(at, 1));
  else {
    const mostTimes = Math.floor(MOST_BYTES / 4 / Math.max(8, textOf(item, true).length));
    const times = Math.min(mostTimes, random.oneIn(10) ? 2 ** random.int(15) : random.int(70));
    items.push(...Array.from({ length: times }, () => item));
  }
}

function changeMembers(members: [string, Tree][], random: Random): void {
  const at = random.int(members.length);
  const member = members[at];
  const kind = random.int(7);
  if (member === undefined || kind === 0) members.push([random.pick(KEYS), raw(random.pick(VALUES))]);
  else if (kind < 3) members.splice(at, 1);
  else if (kind === 3) members.push([member[0], structuredClone(member[1])]);
  else if (kind === 4) members.push([random.pick(KEYS), structuredClone(member[1])]);
  else if (kind === 5)
    member[0] = random.oneIn(2) ? random.pick(KEYS) : `${member[0]}${random.pick(LETTERS)}`;
  else member[1] = structuredClone((random.some(members) ?? member)[1]);
}

function changedText(text: string, random: Random): string {
  const at = random.int(text.length);
  const letter = text.charCodeAt(at);
  const kind = random.int(5);
  if (kind === 0)
    return (
      text.slice(0, at) + random.pick([" ", "\n", "\t", ",", "\ufeff", "}", '"', "\u00a0"]) + text.slice(at)
    );
  if (kind === 1)
    return `${text.slice(0, at)}\\u${letter.toString(16).padStart(4, "0")}${text.slice(at + 1)}`;
  if (kind === 2)
    return text.replace(/\d+/, (digits) =>
      random.pick([`${digits}.0`, `${digits}e0`, `0${digits}`, `+${digits}`, `-0`, `${digits}E+2`]),
    );
  if (kind === 3) return text.replaceAll(",", random.pick([", ", ",,", ",\n"]));
  return text + random.pick([" ", "\n", "\u0000", "{}", ","]);
}

export type JsonRepair = "none" | "text" | "canonical";

/** The document changed: as bytes ("none"), in its text, or as a value that is written canonically. */
export function mutateJson(
  bytes: Uint8Array,
  random: Random,
  other: Uint8Array = bytes,
): { readonly bytes: Uint8Array; readonly repaired: JsonRepair } {
  // What is no JSON any more teaches little when it is changed again.
  const value = parsed(bytes) ?? parsed(other);
  const level = random.int(10);
  if (level === 0 || value === undefined)
    return { bytes: mutateBytes(bytes, random, other), repaired: "none" };
  const root = { tree: treeOf(value) };
  for (let count = 1 + random.int(3); count > 0; count--) changeOnce(root, random);
  const canonical = level > 2;
  const text = textOf(root.tree, canonical);
  const written = canonical ? text : changedText(text, random);
  return {
    bytes: new TextEncoder().encode(written.slice(0, MOST_BYTES)),
    repaired: canonical ? "canonical" : "text",
  };
}

/** A value changed and read again, for what is signed afterwards; as it was when the change cannot be read. */
export function mutateValue<Value>(value: Value, random: Random): unknown {
  const root = { tree: treeOf(value) };
  for (let count = 1 + random.int(3); count > 0; count--) changeOnce(root, random);
  return parsed(new TextEncoder().encode(textOf(root.tree, false))) ?? value;
}

function parsed(bytes: Uint8Array): unknown {
  if (bytes.length > MOST_BYTES) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return value;
  } catch {
    return undefined;
  }
}
