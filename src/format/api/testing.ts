/** Documents of an API manifest for tests: a small one that every rule lets pass. */
import type { ApiFile } from "./parse.ts";

export function sampleFunction(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: "read",
    since: "1.0",
    summary: "Reads a card.",
    async: true,
    permissions: ["nfc"],
    parameters: [],
    returns: [{ type: "string", meaning: "What is on it." }],
    errors: [{ code: "denied", when: "It was not granted." }],
    limits: [],
    example: "mosis.nfc.read(function(err, text) end)",
    ...changes,
  };
}

export function samplePermission(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: "nfc",
    danger: "dangerous",
    since: "1.0",
    title: { en: "Read cards" },
    meaning: { en: "The app reads cards that are held to the device." },
    ...changes,
  };
}

export function platformDocument(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    kind: "platform",
    versions: ["1.0", "1.1"],
    permissions: [samplePermission()],
    errors: [{ code: "denied", when: "It was not granted." }],
    lua: { version: "5.4", globals: ["print"], libraries: {}, missing: [] },
    ...changes,
  };
}

export function moduleDocument(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    kind: "module",
    name: "mosis.nfc",
    since: "1.0",
    summary: "Cards.",
    functions: [sampleFunction()],
    ...changes,
  };
}

/** As files, in the order given; a text stands for itself. */
export function apiFiles(documents: Readonly<Record<string, unknown>>): ApiFile[] {
  return Object.entries(documents).map(([name, document]) => ({
    name,
    bytes: new TextEncoder().encode(typeof document === "string" ? document : JSON.stringify(document)),
  }));
}
