/**
 * A person at a keyboard, who has neither a mouse nor a script that puts the focus anywhere: Tab and Shift+Tab to get somewhere,
 * Enter, Space and arrows to act, and letters. What has the focus on the way has to show it, and nothing may lose it.
 */
import type { ElementHandle, Locator, Page } from "playwright-core";

export type Keyboard = {
  /** Goes to a control, by the skip link where that shortens the way. @throws Error when no Tab leads there */
  reach(control: Locator): Promise<void>;
  /** Goes to a link, a button or a summary, and presses Enter. */
  press(control: Locator): Promise<void>;
  /** Goes to a field, and types this in place of what is in it. */
  type(field: Locator, text: string): Promise<void>;
  /** Goes to a checkbox, and presses Space. */
  tick(box: Locator): Promise<void>;
  /** Goes to a list to choose from, and types what its option begins with. */
  choose(list: Locator, option: string): Promise<void>;
  /** Goes to the radio buttons of which this is one, and takes it by the arrows. */
  mark(radio: Locator): Promise<void>;
  /** Goes to the field of a file, and has the browser ask for one. */
  file(field: Locator, path: string): Promise<void>;
  /** Waits for what a press leads to; a page that came without a load has to have put the focus somewhere. */
  sees(what: Locator): Promise<void>;
  /** Where the focus was and could not be seen. */
  readonly unseen: readonly string[];
};

/** More controls than any page of a journey has between two. */
const MOST_TABS = 150;

type Standing = {
  readonly isThere: boolean;
  /** What follows by itself has replaced the control meanwhile. */
  readonly isGone: boolean;
  /** Which key leads nearer. */
  readonly key: "Tab" | "Shift+Tab" | "Enter" | "ArrowDown";
  /** What has the focus, where nobody sees that it has; null: it is seen, or is the page itself. */
  readonly unseen: string | null;
};

/** Runs in the page: where the focus is, as seen from the control that is looked for. */
function standing(target: Element): Standing {
  const active = document.activeElement ?? document.body;
  const isPage = active === document.body || active.getAttribute("tabindex") === "-1";
  // The ring is around the control, around the choice that it is a part of, or around the card all of which is a link.
  const hasRing = (one: Element, part?: string) => {
    const { outlineStyle, outlineWidth, opacity } = getComputedStyle(one, part);
    return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2 && opacity !== "0";
  };
  const ringed = [active, active.closest("label"), active.closest(".choice, .drop-zone")].find(
    (one) => one && (hasRing(one) || hasRing(one, "::after")),
  );
  const box = ringed?.getBoundingClientRect();
  const isSeen =
    box !== undefined &&
    box.width >= 8 &&
    box.height >= 8 &&
    box.bottom > 0 &&
    box.right > 0 &&
    box.top < innerHeight &&
    box.left < innerWidth;
  const radio = (one: Element) => one instanceof HTMLInputElement && one.type === "radio" && one.name;
  const isSkip = active.matches(".skip-link") && document.querySelector("#main")?.contains(target);
  const isBehind = active.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING;
  return {
    isThere: active === target,
    isGone: !target.isConnected,
    key: isSkip
      ? "Enter"
      : radio(target) && radio(active) === radio(target)
        ? "ArrowDown"
        : isBehind && active !== document.body
          ? "Shift+Tab"
          : "Tab",
    unseen: isPage || isSeen ? null : active.outerHTML.slice(0, 160),
  };
}

export function keyboardOf(page: Page): Keyboard {
  const unseen: string[] = [];
  /** Since the last press. */
  let isLoaded = true;
  page.on("domcontentloaded", () => {
    isLoaded = true;
  });
  // Who listens from the beginning is asked for files; who begins when a key is pressed may be too late.
  page.on("filechooser", () => {});

  async function handleOf(control: Locator): Promise<ElementHandle<Element>> {
    await control.waitFor({ state: "attached" });
    const handle = await control.elementHandle();
    if (handle === null) throw new Error(`${control} is not there`);
    return handle as ElementHandle<Element>;
  }

  async function reach(control: Locator): Promise<void> {
    let target: ElementHandle<Element> | null = null;
    for (let presses = 0; presses < MOST_TABS; presses += 1) {
      target ??= await handleOf(control);
      let at = await target.evaluate(standing);
      // A ring that comes by a transition is not there at once.
      for (let looks = 0; at.unseen !== null && looks < 25; looks += 1) {
        await Bun.sleep(20);
        at = await target.evaluate(standing);
      }
      if (at.unseen !== null) unseen.push(`${page.url()}: ${at.unseen}`);
      if (at.isThere) return;
      if (at.isGone) target = null;
      else await page.keyboard.press(at.key);
    }
    throw new Error(`no Tab of ${MOST_TABS} leads to ${control}`);
  }

  async function strike(control: Locator, key: string): Promise<void> {
    await reach(control);
    isLoaded = false;
    await page.keyboard.press(key);
  }

  return {
    unseen,
    reach,
    press: (control) => strike(control, "Enter"),
    tick: (box) => strike(box, "Space"),
    async type(field, text) {
      await reach(field);
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type(text);
    },
    async choose(list, option) {
      await reach(list);
      await page.keyboard.type(option);
    },
    async mark(radio) {
      await reach(radio);
      if (!(await radio.isChecked())) await page.keyboard.press("Space");
    },
    async file(field, path) {
      await reach(field);
      const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Space")]);
      await chooser.setFiles(path);
    },
    async sees(what) {
      await what.first().waitFor();
      if (isLoaded) return;
      for (let tries = 0; tries < 200; tries += 1) {
        if (isLoaded || (await page.evaluate(() => document.activeElement !== document.body))) return;
        await Bun.sleep(20);
      }
      throw new Error(`${page.url()} came without a load, and left the focus nowhere`);
    },
  };
}
