/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { expect, test } from "bun:test";
import { Html } from "@kitajs/html";
import { ADMINISTRATOR, REVIEWER, testContext } from "../testing/context.ts";
import { Sections } from "./sections.tsx";

const sectionsAt = async (path: string, viewer = ADMINISTRATOR) =>
  `${await (<Sections ctx={testContext({ path, viewer })} viewer={viewer} />)}`;
const SECTION = /<details class="nav-section"( open)?>(.*?)<\/details>/gs;
const HREF = /<a class="nav-item" href="([^"]+)"/g;

test("an administrator's present page is in the one section that is open, and no section begins open elsewhere", async () => {
  const sections = [...(await sectionsAt("/account")).matchAll(SECTION)];
  expect(sections.map(([, open]) => open)).toEqual(sections.map(() => undefined));
  const inside = sections.flatMap(([, , items = ""]) =>
    [...items.matchAll(HREF)].map(([, href = ""]) => href),
  );
  expect(inside).toContain("/admin/settings");
  for (const href of inside) {
    const open = [...(await sectionsAt(`${href}/more`)).matchAll(SECTION)].filter(([, opened]) => opened);
    expect([href, open.length]).toEqual([href, 1]);
    expect(open[0]?.[2]).toContain(`href="${href}" aria-current="true"`);
  }
});

test("who has little to do with the store opens nothing first", async () => {
  expect(await sectionsAt("/account", REVIEWER)).not.toContain("<details");
  const support = await sectionsAt("/account", { ...REVIEWER, storeRole: "support" });
  expect([...support.matchAll(SECTION)].map(([, open]) => open)).toEqual([" open", " open"]);
});

test("no drawing stands for two things", async () => {
  const drawn = [...(await sectionsAt("/account")).matchAll(/icons\.svg#([a-z-]+)/g)]
    .map(([, name]) => name)
    .filter((name) => name !== "chevron");
  expect(new Set(drawn).size).toBe(drawn.length);
});
