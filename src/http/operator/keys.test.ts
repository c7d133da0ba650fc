/** Two people, or a person and a script, who change keys at once. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { readStoreKeys } from "../../catalog/store-keys/overview.ts";
import { initialiseTrust } from "../../catalog/tuf/repository.ts";
import { isProblem } from "../../errors.ts";
import { openTestStore } from "../../testing/store.ts";
import { runOperation } from "./operations.ts";

setDefaultTimeout(60_000);

test("changes of keys that come at once are made one after the other", async () => {
  const store = await openTestStore();
  try {
    await initialiseTrust(store);
    const replace = (name: string) => runOperation(store, "keys.replace", { names: [name] });
    const outcomes = await Promise.allSettled([
      replace("tuf-bins"),
      replace("tuf-bins"),
      replace("tuf-timestamp"),
      runOperation(store, "keys.renew", { what: "ca-root" }),
      runOperation(store, "keys.add", { role: "root" }),
    ]);
    // The second is told that the key is gone, and not of a request that nobody has exported.
    expect(
      outcomes.map((outcome) => (outcome.status === "fulfilled" ? "done" : codeOf(outcome.reason))),
    ).toEqual(["done", "keys.not_found", "done", "done", "done"]);
    const inUse = readStoreKeys(store, OPERATOR)
      .keys.filter(({ state }) => state === "in use")
      .map(({ name }) => name);
    expect(inUse).toEqual(expect.arrayContaining(["tuf-bins-2", "tuf-timestamp-2", "tuf-root-2"]));
    expect(inUse).not.toContain("tuf-bins");
  } finally {
    store.close();
  }
});

function codeOf(error: unknown): string {
  return isProblem(error) ? error.code : String(error);
}
