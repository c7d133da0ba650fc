import { expect, test } from "bun:test";
import type { KeyId } from "../../ids.ts";
import { factsOf } from "./facts.ts";

const keyId = "0123456789abcdef".repeat(4) as KeyId;

test("what the entry of a store's key calls its role is shown as what it is: the key's name", () => {
  const entry = { type: "store-key", change: "added", role: "tuf-timestamp-2", keyId } as const;
  expect(factsOf(entry)).toEqual([
    { name: "change", value: "added" },
    { name: "name", value: "tuf-timestamp-2" },
    { name: "keyId", value: expect.stringContaining("0123") },
  ]);
  expect(factsOf({ type: "store-threshold", role: "root", threshold: 2 })).toEqual([
    { name: "role", value: "root" },
    { name: "threshold", value: "2" },
  ]);
});

test("what is null is left out", () => {
  const entry = { type: "revocation", action: "block", subject: "app", id: "com.example.notes" } as const;
  expect(factsOf({ ...entry, approvalsUntil: null }).map(({ name }) => name)).toEqual([
    "action",
    "subject",
    "id",
  ]);
});
