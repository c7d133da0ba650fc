/** Who was put out while they did something does not finish it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { ApiKeyId } from "../ids.ts";
import { newPerson } from "../testing/portal.ts";
import { codeOf } from "../testing/problems.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { type AccountActor, OPERATOR } from "./actor.ts";
import { createApiKey } from "./api-keys/make.ts";
import { renewSession } from "./renewal.ts";
import { createSession, endSession } from "./sessions.ts";
import { stillActing } from "./still.ts";

const FROM = { address: "192.0.2.1", userAgent: "test" };
let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

test("a key that has expired finishes nothing", async () => {
  const person = await newPerson(store, "Kim Key");
  const { key } = createApiKey(store, OPERATOR, {
    owner: { accountId: person.accountId },
    name: "short",
    days: 1,
  });
  const by = (keyId: ApiKeyId): AccountActor => ({ ...person.actor, via: { type: "api-key", keyId } });
  const finish = (actor: AccountActor) => codeOf(() => stillActing(store, store.db.orm, actor));
  expect(await finish(by(key.id))).toBe("no problem");
  store.clock.advance(86_400_000);
  expect(await finish(by(key.id))).toBe("auth.token_expired");
});

test("a session that was ended finishes nothing; one that goes on under another id does", async () => {
  const person = await newPerson(store, "Sara Slow");
  const { secret, sessionId } = await createSession(store, person.accountId, FROM);
  const actor: AccountActor = {
    ...person.actor,
    via: { type: "session", sessionId },
    from: { ...FROM, requestId: "r" },
  };
  const finish = () => codeOf(() => stillActing(store, store.db.orm, actor));
  expect(await finish()).toBe("no problem");
  const renewed = renewSession(store, actor, secret, "password");
  expect(await finish()).toBe("no problem");
  endSession(store, actor, renewed?.sessionId ?? "");
  expect(await finish()).toBe("auth.required");
});
