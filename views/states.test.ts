/** What pages show in states that are easily forgotten: much of something, or nothing of it yet. */
import { expect, test } from "bun:test";
import { testContext } from "./testing/context.ts";
import { SAMPLES } from "./testing/samples.ts";

async function rendered(name: string, locale = "en"): Promise<string> {
  const sample = SAMPLES.find((one) => one.name === name);
  if (sample === undefined) throw new Error(`no sample ${name}`);
  const { path, viewer } = sample;
  return String(await sample.render(testContext({ path, viewer, locale })));
}

test("of many sessions five are seen, the present one first, and the others on demand", async () => {
  const page = await rendered("account-no-mail");
  const [seen = "", rest = ""] = page
    .slice(page.indexOf("/account/sessions/end") - 4000)
    .split('<details class="more rest-of-table">');
  const ends = (markup: string) => markup.split('action="/account/sessions/end"').length - 1;
  // The present one has no button.
  expect([ends(seen), ends(rest)]).toEqual([4, 7]);
  expect(rest).toContain("7 other sessions");
  expect(rest).toContain("2 older ones are not listed");
  expect(page).toContain('href="/keys"');
});

test("a store without an administrator says what is to be done, and asks nobody to ask one", async () => {
  const page = await rendered("landing-new");
  expect(page).toContain("mosis admin setup-link");
  expect(page).not.toContain("Ask an administrator");
});

test("whoever may make organisations is led to it, also from a list without any", async () => {
  const links = async (name: string) =>
    (await rendered(name)).split('class="button is-primary" href="/organisations/new"').length - 1;
  expect([
    await links("organisations"),
    await links("organisations-first"),
    await links("organisations-none"),
  ]).toEqual([1, 2, 0]);
});

test("what has no name in English says so in its list and on its page", async () => {
  expect((await rendered("categories")).split("No name in English").length - 1).toBe(1);
  expect(await rendered("collection-empty")).toContain("Add a name in English below");
});

test("to go without mail is offered beside the way on, and who said so when is no half of a sentence", async () => {
  const page = await rendered("setup-mail", "de");
  expect(/class="button is-primary"[^>]*href="\/admin\/setup\/storage"/.test(page)).toBe(true);
  expect(/class="button is-secondary"[^>]*>(?:<[^>]*>)*Ohne E-Mail auskommen/.test(page)).toBe(true);
});

test("the orders of a list are called by what people understand", async () => {
  const page = await rendered("catalog");
  expect(/<nav class="sort-links"[\s\S]*?<\/nav>/.exec(page)?.[0]).not.toContain("App id");
});
