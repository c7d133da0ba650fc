import { expect, test } from "bun:test";
import fc from "fast-check";
import { fairQueue } from "./fair-queue.ts";

const full = () => new Error("full");
/** Names in capitals go ahead. */
const asker = (place: string) => ({ place, ahead: place !== place.toLowerCase() });

/** Asks for turns while one works, and gives who came to work, in their order, and who was sent away. */
async function ask(places: readonly string[], waiting: number) {
  const queue = fairQueue({ sideBySide: 1, waiting, full });
  const worked: number[] = [];
  const refused: number[] = [];
  let open = () => {};
  const first = queue.run(asker("first"), () => new Promise<void>((resolve) => (open = resolve)));
  const asked = places.map((place, index) =>
    queue.run(asker(place), async () => void worked.push(index)).catch(() => void refused.push(index)),
  );
  open();
  await Promise.all([first, ...asked]);
  return { worked, refused };
}

test("places take turns, whoever asked how often", async () => {
  expect(await ask(["a", "a", "a", "a", "b", "c"], 10)).toEqual({ worked: [0, 4, 5, 1, 2, 3], refused: [] });
});

test("a newcomer takes the newest turn of the place that has the most", async () => {
  expect(await ask(["a", "a", "a", "b", "b", "c"], 5)).toEqual({ worked: [0, 3, 5, 1, 4], refused: [2] });
  // A crowd keeps itself out.
  expect(await ask(["a", "a", "a", "a", "a", "a"], 5)).toEqual({ worked: [0, 1, 2, 3, 4], refused: [5] });
  // Where nobody has more than one, the newest comes too late.
  expect(await ask(["a", "b", "c"], 2)).toEqual({ worked: [0, 1], refused: [2] });
});

test("everybody is answered once, and a place that asks once is never sent away for another's crowd", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 60 }),
      fc.nat({ max: 60 }),
      async (crowd, at) => {
        const places = [...crowd.slice(0, at), "alone", ...crowd.slice(at)];
        const { worked, refused } = await ask(places, 8);
        expect([...worked, ...refused].sort((a, b) => a - b)).toEqual(places.map((_, index) => index));
        expect(worked).toContain(Math.min(at, crowd.length));
      },
    ),
  );
});

test("work that fails lets the next one begin", async () => {
  const queue = fairQueue({ sideBySide: 1, waiting: 5, full });
  const failing = queue.run(asker("a"), async () => Promise.reject(new Error("no")));
  const after = queue.run(asker("a"), async () => "yes");
  expect(failing).rejects.toThrow("no");
  expect(await after).toBe("yes");
});

test("who goes ahead waits behind none of the others, and takes a turn of theirs", async () => {
  expect(await ask(["a", "b", "A", "c", "B", "A"], 10)).toEqual({ worked: [2, 4, 5, 0, 1, 3], refused: [] });
  // Also where each of them has but one.
  expect(await ask(["a", "b", "c", "A"], 3)).toEqual({ worked: [3, 1, 2], refused: [0] });
  // Among themselves they share as the others do.
  expect(await ask(["A", "A", "A", "B", "a"], 3)).toEqual({ worked: [0, 3, 1], refused: [4, 2] });
});

test("who has waited long enough is told so, and who has gone away leaves their turn to others", async () => {
  const queue = fairQueue({ sideBySide: 1, waiting: 3, full });
  let open = () => {};
  const first = queue.run(asker("a"), () => new Promise<void>((resolve) => (open = resolve)));
  const worked: string[] = [];
  const wait = (name: string, how: { waitsMs?: number; gone?: AbortSignal } = {}) =>
    queue
      .run({ ...asker(name), ...how }, async () => void worked.push(name))
      .catch(() => `${name} waits no more`);
  const leaving = new AbortController();
  const left = wait("a", { gone: leaving.signal });
  const impatient = wait("b", { waitsMs: 20 });
  const patient = wait("c", { waitsMs: 60_000, gone: new AbortController().signal });
  expect(await wait("d")).toBe("d waits no more");
  leaving.abort();
  expect(await left).toBe("a waits no more");
  expect(await impatient).toBe("b waits no more");
  // Their places are free again, and who is gone already takes none.
  expect(await wait("e", { gone: leaving.signal })).toBe("e waits no more");
  const later = [wait("f"), wait("g")];
  expect(await wait("h")).toBe("h waits no more");
  open();
  await Promise.all([first, patient, ...later]);
  expect(worked).toEqual(["c", "f", "g"]);
  expect(await wait("i")).toBeUndefined();
});
