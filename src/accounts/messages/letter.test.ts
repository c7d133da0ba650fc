/** What stands in a message beside its link is written by people, and is no place for the link. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { write } from "../../db/database.ts";
import { newAdministrator } from "../../testing/portal.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { OPERATOR } from "../actor.ts";
import { invite } from "../invitations/invite.ts";
import { createOrganisation } from "../organisations.ts";
import { changeOwnName } from "../own.ts";
import { letterOf } from "./letter.ts";
import { LINK_PLACE, listMessages } from "./outbox.ts";
import { messageById } from "./records.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

test("who and what is called like the place of the link keeps the name, and the link its place", async () => {
  const { actor } = await newAdministrator(store, "Ada Okafor");
  const { id: organisationId } = createOrganisation(store, OPERATOR, { name: `A ${LINK_PLACE}` });
  const written = (address: string) => {
    const row = listMessages(store, OPERATOR, { limit: 100 }).items.find((each) => each.address === address);
    return write(store.db, (tx) => {
      const message = row && messageById(tx, row.id);
      const how = { origin: "https://apps.example.com", mailed: true };
      return message && letterOf(tx, message, how, store.clock.now());
    });
  };
  changeOwnName(store, actor, LINK_PLACE);
  invite(store, { ...actor, name: LINK_PLACE }, { email: "friend@example.org" });
  const member = { organisationId, role: "developer" } as const;
  invite(store, OPERATOR, { email: "member@example.org", member });
  for (const [address, name] of [
    ["friend@example.org", LINK_PLACE],
    ["member@example.org", `A ${LINK_PLACE}`],
  ] as const) {
    const letter = written(address);
    const paragraphs = letter?.text.split("\n\n") ?? [];
    expect(paragraphs[0]).toContain(name);
    expect(paragraphs[0]).not.toContain("token=");
    expect(paragraphs.indexOf(letter?.url ?? "")).toBe(2);
    expect(letter?.text.match(/token=/g)).toHaveLength(1);
  }
});
