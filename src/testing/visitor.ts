/** People at browsers of their own in a journey through the pages: they act by the keyboard, and find things by what they read. */
import type { Browser, Locator, Page } from "playwright-core";
import { OPERATOR } from "../accounts/actor.ts";
import { handOver } from "../accounts/messages/hand-over.ts";
import { listMessages } from "../accounts/messages/outbox.ts";
import { openTab, type Tab } from "./browser.ts";
import { type Keyboard, keyboardOf } from "./keyboard.ts";
import { PASSWORD, type Portal } from "./portal.ts";

/** Somebody at a browser of their own, and what they find on its page. */
export type Visitor = Tab & Keyboard & ReturnType<typeof finders>;

/** By what people read. */
function finders(page: Page) {
  return {
    heading: (name: string | RegExp) => page.getByRole("heading", { level: 1, name }),
    button: (name: string) => page.getByRole("button", { name, exact: true }),
    link: (name: string | RegExp) => page.getByRole("link", { name, exact: true }).last(),
    // What need not be filled in says so behind its name.
    field: (name: string) => page.getByLabel(new RegExp(`^${name}`)),
    in: (language: string, name: string) =>
      page.getByRole("group", { name: language }).getByLabel(new RegExp(`^${name}`)),
    words: (text: string | RegExp) => page.getByText(text),
    refusal: (text: string) => page.getByRole("alert").getByText(text).first(),
    opener: (text: string) => page.locator("summary", { hasText: text }),
  };
}

export async function newVisitor(browser: Browser, script: boolean): Promise<Visitor> {
  const tab = await openTab(browser, { javaScriptEnabled: script });
  return { ...tab, ...keyboardOf(tab.page), ...finders(tab.page) };
}

export async function signIn(who: Visitor, email: string): Promise<void> {
  await who.type(who.field("Email address"), email);
  await who.type(who.field("Password"), PASSWORD);
  await who.press(who.button("Sign in"));
}

/** The link of the message to that address, once it is written: what is asked for without a session is looked into a little later. */
export async function linkTo({ store, url }: Portal, address: string): Promise<string> {
  for (let tries = 0; tries < 300; tries += 1, await Bun.sleep(50)) {
    const message = listMessages(store, OPERATOR, { limit: 50 }).items.find(
      (each) => each.address === address && each.link !== null,
    );
    if (message) return handOver(store, OPERATOR, message.id, url).url;
  }
  throw new Error(`nothing was written to ${address}`);
}

/** With scripts the page follows by itself; without, the person loads it again. */
export async function follows({ page, sees }: Visitor, what: Locator, script: boolean): Promise<void> {
  for (let tries = 0; !script && tries < 50; tries += 1) {
    if (await what.isVisible()) return;
    await Bun.sleep(400);
    await page.reload();
  }
  await sees(what);
}
