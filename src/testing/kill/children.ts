/**
 * The processes that kill themselves as one program, whose first word is a script of this folder. A check compiles it once: from its
 * source each process takes most of its time to be read.
 */
const [runtime = "", program = "", script = "", ...words] = process.argv;

/** All of them: a compiled program loads what it can be seen to. */
const CHILDREN: Readonly<Record<string, () => Promise<unknown>>> = {
  "api-keys-child.ts": () => import("./api-keys-child.ts"),
  "app-deletion-child.ts": () => import("./app-deletion-child.ts"),
  "child.ts": () => import("./child.ts"),
  "deletion-child.ts": () => import("./deletion-child.ts"),
  "device-child.ts": () => import("./device-child.ts"),
  "enrolment-child.ts": () => import("./enrolment-child.ts"),
  "groups-child.ts": () => import("./groups-child.ts"),
  "lineage-child.ts": () => import("./lineage-child.ts"),
  "mail-child.ts": () => import("./mail-child.ts"),
  "renaming-child.ts": () => import("./renaming-child.ts"),
  "revocation-child.ts": () => import("./revocation-child.ts"),
  "sign-again-child.ts": () => import("./sign-again-child.ts"),
  "store-keys-child.ts": () => import("./store-keys-child.ts"),
  "taking-back-child.ts": () => import("./taking-back-child.ts"),
  "transfer-child.ts": () => import("./transfer-child.ts"),
  "visibility-child.ts": () => import("./visibility-child.ts"),
};

const child = CHILDREN[script];
if (child) process.argv = [runtime, program, ...words];
// What a child of ours starts is the program itself.
await (child ?? (() => import("../../main.ts")))();

export {};
