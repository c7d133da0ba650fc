/** Which group a name on the command line means, in a store whose groups were named by an older rule. */
import { expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { createGroup } from "../../accounts/groups/groups.ts";
import { isProblem } from "../../errors.ts";
import { openTestStore } from "../../testing/store.ts";
import { runOperation } from "./operations.ts";

test("the very name means its group; one that fits two, and is neither's, means none", async () => {
  const store = await openTestStore();
  try {
    const [wide, plain] = ["Kiosks wide", "Kiosks A"].map((name) => createGroup(store, OPERATOR, { name }));
    // As it could be called before: then both are found by one name but for the white space.
    store.db.raw.run("UPDATE groups SET name = 'Kiosks  A', name_key = 'kiosks  a' WHERE id = ?", [
      wide?.id ?? "",
    ]);
    const offer = async (group: string) => {
      try {
        return ((await runOperation(store, "group.offer", { group })) as { id: string }).id;
      } catch (error) {
        return isProblem(error) ? error.code : String(error);
      }
    };
    expect(await offer("Kiosks A")).toBe(plain?.id ?? "");
    expect(await offer("Kiosks  A")).toBe(wide?.id ?? "");
    expect(await offer(plain?.id ?? "")).toBe(plain?.id ?? "");
    expect(await offer("KIOSKS a")).toBe("group.not_found");
    store.db.raw.run("DELETE FROM groups WHERE id = ?", [wide?.id ?? ""]);
    expect(await offer("KIOSKS   a")).toBe(plain?.id ?? "");
  } finally {
    store.close();
  }
});
