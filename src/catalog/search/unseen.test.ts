/** Whatever others keep in the store: who may not see it finds exactly what they would find without it. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { type Actor, OPERATOR } from "../../accounts/actor.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { createGroup } from "../../accounts/groups/groups.ts";
import { addPersonToGroup } from "../../accounts/groups/members.ts";
import { write } from "../../db/database.ts";
import { type AppId, type Audience, EVERYBODY, type GroupId, type OrganisationId } from "../../ids.ts";
import { insertPublished, type MadeUpApp } from "../../testing/many-apps.ts";
import { newOrganisation, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { audienceOf, SIGNED_IN } from "../visibility/audiences.ts";
import { addAppAudiences, endAppAudiences, markTold } from "../visibility/records.ts";
import { audiencesOfActor } from "../visibility/viewers.ts";
import { newestApps, visibleApps } from "../visibility/visible.ts";
import { searchApps } from "./ask.ts";
import { keepSearchable } from "./keep.ts";
import { expressionFor, keysFor } from "./partition.ts";
import { keysOfName, keysOfWord } from "./typos.ts";
import { selectWordsLike } from "./words.records.ts";

setDefaultTimeout(240_000);

const NOBODY: Actor = { kind: "anonymous" };

let portal: Portal;
let organisation: OrganisationId;
let groups: readonly GroupId[];
let askers: readonly Actor[];
/** Who has an account and is in no group. */
let outsider: Person;

beforeAll(async () => {
  // All of it happens at once: what the lists put first is then for the apps' ids to say, whenever each was put in.
  const now = new Date();
  portal = await startPortal({}, { now: () => now });
  const { store } = portal;
  organisation = newOrganisation(store, "Quasar Works");
  groups = ["One", "Two", "Three"].map((name) => createGroup(store, OPERATOR, { name }).id);
  outsider = await newPerson(store, "Olga Outside");
  const member = async (of: readonly GroupId[]) => {
    const { actor, accountId } = await newPerson(
      store,
      ["Nora None", "Otto One", "Toni Two"][of.length] ?? "",
    );
    for (const group of of) addPersonToGroup(store, OPERATOR, group, { accountId });
    return actor;
  };
  askers = [
    NOBODY,
    await member([]),
    await member(groups.slice(0, 1)),
    await member(groups.slice(1)),
    OPERATOR,
  ];
});
afterAll(() => portal.close());

type Seen = { readonly app: MadeUpApp; readonly audiences: readonly Audience[] };

function removeAll(): void {
  portal.store.db.raw.run("DELETE FROM apps");
}

async function fillWith(apps: readonly Seen[]): Promise<void> {
  removeAll();
  await insertPublished(
    portal.store,
    organisation,
    apps.map(({ app, audiences }) => ({ ...app, audiences })),
  );
}

type Became = {
  readonly id: AppId;
  readonly before: readonly Audience[];
  readonly after: readonly Audience[];
};

function become(changes: readonly Became[]): void {
  const now = portal.store.clock.now();
  write(portal.store.db, (tx) => {
    for (const { id, before, after } of changes) {
      endAppAudiences(tx, id, before, now);
      addAppAudiences(tx, { id, shard: 0 }, after, now);
      markTold(tx, id, now);
      keepSearchable(tx, id);
    }
  });
}

/** Every page of what is found, with the counts and cursors. */
function pagesOf(actor: Actor, question: string): readonly unknown[] {
  const pages: unknown[] = [];
  let after: string | undefined;
  do {
    const at = after === undefined ? {} : { after };
    const { items, found, nextCursor } = searchApps(
      portal.store,
      actor,
      { question, locale: "en" },
      { limit: 3, ...at },
    );
    pages.push({ ids: items.map(({ id }) => id), found, nextCursor });
    after = nextCursor ?? undefined;
  } while (after !== undefined);
  return pages;
}

const listsOf = (actor: Actor) => ({
  all: visibleApps(portal.store, actor, { limit: 100 }).items.map(({ id }) => id),
  newest: newestApps(portal.store, actor, 5).map(({ id }) => id),
});

const QUESTIONS = fc.array(
  fc.oneof(
    fc.constantFrom("quasarx", "quasar", "qua", "q", "kuasara", "quasarab", "good quasarx", "quasrab goood"),
    fc.string({ unit: fc.constantFrom(..."quasrb "), minLength: 1, maxLength: 12 }),
  ),
  { minLength: 3, maxLength: 6 },
);
/** More of them lie close to one question than are tried. */
const WORD = fc.oneof(
  fc
    .string({ unit: fc.constantFrom(..."abcdefghmnopqrstx"), minLength: 1, maxLength: 2 })
    .map((end) => `quasar${end}`),
  fc.constantFrom("good", "goods", "wood", "quaser", "qasar"),
);
const WORDS = fc.array(WORD, { minLength: 1, maxLength: 5 });
const someGroups = (any: readonly GroupId[]) => any.map(audienceOf);

const seenBy = fc.oneof(
  fc.constant<readonly Audience[]>([EVERYBODY]),
  fc.constant<readonly Audience[]>([SIGNED_IN]),
  fc.subarray([0, 1, 2], { minLength: 1 }).map((which) => which as readonly number[]),
);
const inOurs = (by: readonly (Audience | number)[]): readonly Audience[] =>
  by.map((one) => (typeof one === "number" ? (someGroups(groups)[one] ?? EVERYBODY) : one));

const APP = fc.record({
  name: WORDS,
  summary: WORDS,
  german: fc.option(WORDS),
  description: fc.option(WORDS),
  before: seenBy,
  after: seenBy,
});

test("whatever there is and for whom, each finds what they would find if the rest did not exist", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(APP, { minLength: 2, maxLength: 14 }), QUESTIONS, async (made, questions) => {
      const apps = made.map(({ name, summary, german, description, before, after }, n) => ({
        app: {
          id: `org.example.a${n}`,
          name: { en: name.join(" "), ...(german === null ? {} : { de: german.join(" ") }) },
          summary: { en: summary.join(" ") },
          ...(description === null ? {} : { description: description.join(" ") }),
        },
        before: inOurs(before),
        after: inOurs(after),
      }));
      await fillWith(apps.map(({ app, before }) => ({ app, audiences: before })));
      become(apps.map(({ app, before, after }) => ({ id: app.id as AppId, before, after })));
      const ask = (actor: Actor) => ({
        ...listsOf(actor),
        found: questions.map((one) => pagesOf(actor, one)),
      });
      const whole = askers.map(ask);
      // The operator sees all of it.
      for (const [n, actor] of askers.slice(0, -1).entries()) {
        const own = audiencesOfActor(portal.store.db.orm, actor);
        const seen = apps.flatMap(({ app, after }) => {
          const audiences = after.filter((audience) => own.includes(audience));
          return audiences.length === 0 ? [] : [{ app, audiences }];
        });
        await fillWith(seen);
        expect(ask(actor)).toEqual(whole[n] as never);
      }
    }),
    { numRuns: 6 },
  );
});

const PUBLIC: readonly Seen[] = [
  {
    app: {
      id: "org.example.near",
      name: { en: "Near" },
      summary: { en: "quasarm quasarn quasaro quasarp quasarq quasarr quasars" },
    },
    audiences: [EVERYBODY],
  },
  {
    app: { id: "org.example.good", name: { en: "Good" }, summary: { en: "quasart is good" } },
    audiences: [EVERYBODY],
  },
];

describe("a word that only others' apps have", () => {
  const as = (headers: Record<string, string>) => ({ headers });
  const api = async () => {
    const { accountId } = outsider;
    const { token } = createApiKey(portal.store, OPERATOR, { owner: { accountId }, name: "test" });
    const answer = await fetch(
      `${portal.url}/api/v1/catalog?q=quasarx`,
      as({ Authorization: `Bearer ${token}` }),
    );
    expect(answer.status).toBe(200);
    return answer.json();
  };
  const idsIn = async (page: Promise<Response>) =>
    [...(await (await page).text()).matchAll(/href="\/catalog\/([^"?/]+)"/g)].map(([, id]) => id).sort();

  test.each([
    ["a group's", "group", true],
    ["of who is signed in", "signed-in", false],
  ] as const)("%s takes no other word's place, in no page and no answer", async (_, whose, isSignedIn) => {
    await fillWith(PUBLIC);
    const answers = async () => ({
      stranger: await idsIn(fetch(`${portal.url}/catalog?q=quasarx`)),
      ...(isSignedIn
        ? {
            page: await idsIn(fetch(`${portal.url}/catalog?q=quasarx`, as({ Cookie: outsider.cookie }))),
            api: await api(),
          }
        : {}),
    });
    const before = await answers();
    expect(before.stranger).toEqual(["org.example.good", "org.example.near"]);
    const audiences = whose === "group" ? someGroups(groups.slice(0, 1)) : [SIGNED_IN];
    await insertPublished(
      portal.store,
      organisation,
      [..."abcdefghijkl"].map((end) => ({
        id: `org.example.hidden-${end}`,
        name: { en: `Quasar${end}` },
        audiences,
      })),
    );
    expect(await answers()).toEqual(before);
    expect(pagesOf(OPERATOR, "quasara")).not.toEqual(pagesOf(NOBODY, "quasara"));
  });
});

test("what takes an app from an audience takes its words and names from their index with it, at once", async () => {
  await fillWith(PUBLIC);
  const kept = () =>
    [
      ...["search_documents", "search_descriptions", "search_everything_docsize"],
      ...["search_name_keys", "search_words", "search_word_keys", "search_word_uses"],
    ].map((table) => portal.store.db.raw.query(`SELECT count(*) AS n FROM ${table}`).get());
  const before = kept();
  const hidden = "org.example.hidden" as AppId;
  const audience = someGroups(groups).slice(0, 2);
  await insertPublished(portal.store, organisation, [
    { id: hidden, name: { en: "Quasara Zephyr" }, description: "Quasarz", audiences: audience },
  ]);
  const both = kept();
  expect(both).not.toEqual(before);
  become([{ id: hidden, before: audience, after: audience.slice(0, 1) }]);
  expect(kept()).not.toEqual(both);
  // By nothing but the row of the audience, whoever takes it.
  endAppAudiences(portal.store.db.orm, hidden, audience, portal.store.clock.now());
  expect(kept()).toEqual(before);
});

/** The cuts of long lists are by what is there longest: a change that others see must not move it. */
test("an app that groups get as well keeps its place among what everybody finds", async () => {
  await fillWith(PUBLIC);
  const ids = () =>
    portal.store.db.raw.query("SELECT id FROM search_documents WHERE audience = '' ORDER BY id").all();
  const before = ids();
  const near = "org.example.near" as AppId;
  const now = portal.store.clock.now();
  write(portal.store.db, (tx) => {
    addAppAudiences(tx, { id: near, shard: 0 }, someGroups(groups), now);
    markTold(tx, near, now);
    keepSearchable(tx, near);
  });
  expect(ids()).toEqual(before);
  expect(pagesOf(OPERATOR, "near")).toEqual([{ ids: [near], found: 1, nextCursor: null }]);
});

/** So that how long an answer takes does not tell of them either. */
test("the index itself gives who asks nothing of what others keep", async () => {
  await fillWith(PUBLIC);
  const secret = { en: "Quasart Secret" };
  await insertPublished(
    portal.store,
    organisation,
    [
      { id: "org.example.signedin", name: secret, audiences: [SIGNED_IN] },
      ...groups.map((group, n) => ({
        id: `org.example.g${n}`,
        name: secret,
        audiences: [audienceOf(group)],
      })),
    ].map((app) => ({ ...app, description: "Quasaru" })),
  );
  const terms = [[{ word: "quasa", isBeginning: true }]];
  for (const actor of askers) {
    const own = audiencesOfActor(portal.store.db.orm, actor);
    const audiencesOf = (sql: string, value: string) =>
      portal.store.db.raw
        .query<{ audience: Audience }, [string]>(
          `SELECT DISTINCT audience FROM search_documents WHERE id IN (${sql})`,
        )
        .all(value)
        .map(({ audience }) => audience)
        .sort();
    for (const where of ["name", "anywhere"] as const) {
      const matched = audiencesOf(
        "SELECT rowid FROM search_text WHERE search_text MATCH ?",
        expressionFor({ audiences: own, categories: null }, terms, "AND", where),
      );
      const expected = own.filter((audience) => where === "anywhere" || audience !== EVERYBODY);
      expect(matched).toEqual([...expected].sort());
    }
    expect(
      audiencesOf(
        "SELECT rowid FROM search_everything WHERE search_everything MATCH ?",
        expressionFor({ audiences: own, categories: null }, terms, "AND", "anywhere"),
      ),
    ).toEqual(own.filter((audience) => audience !== EVERYBODY).sort());
    const keys = JSON.stringify(keysFor(own, keysOfName("quasartsecret")));
    const named = audiencesOf(
      "SELECT document FROM search_name_keys WHERE key IN (SELECT value FROM json_each(?))",
      keys,
    );
    expect(named).toEqual(own.filter((audience) => audience !== EVERYBODY).sort());
    const meant = selectWordsLike(portal.store.db.orm, keysOfWord("secrte"), own, 100);
    expect(meant).toEqual(actor === NOBODY ? [] : ["secret"]);
  }
});
