/**
 * The pages of keys, recoveries, the log and revocations with real things on them, light and dark, narrow and wide: axe,
 * console, policy, no scrolling sideways, nothing too low for a finger. With MOSIS_SHOTS=DIR each is also drawn there.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { OPERATOR } from "../../accounts/actor.ts";
import { listDeveloperKeys } from "../../catalog/developer-keys.ts";
import { requestRecovery } from "../../catalog/recovery.ts";
import { enact } from "../../catalog/revocation/act.ts";
import { parseChange } from "../../catalog/revocation/change.ts";
import type { KeyId, OrganisationId } from "../../ids.ts";
import { faultsOf, openTab, smallTargetsOf, startBrowser, useSession } from "../../testing/browser.ts";
import { type Portal, startPortal } from "../../testing/portal.ts";
import { newSigner } from "../../testing/publishing.ts";
import { fillStore, type SampleStore } from "../../testing/sample-store.ts";

const SHOTS = process.env.MOSIS_SHOTS;
const REASON = "It sends what people write to strangers.";
let browser: Browser;
let portal: Portal;
let sample: SampleStore;
let recovery: string;
let key: string;

beforeAll(async () => {
  [browser, portal] = await Promise.all([startBrowser(), startPortal()]);
  sample = await fillStore(portal);
  const { store } = portal;
  const { actor } = sample.people.developer;
  key = (await newSigner(store, actor)).keyid;
  const { items } = listDeveloperKeys(store, actor, { limit: 10 });
  const lost = items.find(({ keyid }) => keyid !== key);
  if (lost === undefined) throw new Error("there are two keys");
  recovery = requestRecovery(store, actor, { keyid: key as KeyId, reason: "The laptop was stolen." }).id;
  const [organisation] = actor.organisations.keys();
  for (const input of [
    { act: "revoke", subject: "app", id: sample.apps.published, action: "disable", reason: REASON },
    { act: "revoke", subject: "key", id: lost.keyid, action: "block", reason: REASON },
    {
      act: "revoke",
      subject: "developer",
      id: organisation as OrganisationId,
      action: "remove",
      reason: REASON,
    },
    { act: "lowest-version", appId: sample.apps.published, versionCode: 240, reason: REASON },
  ] as const) {
    await enact(store, OPERATOR, parseChange(input));
  }
}, 120_000);
afterAll(async () => {
  await browser.close();
  await portal.close();
});

type Step = {
  readonly who: "administrator" | "developer";
  readonly path: string;
  /** What leads from there to the page that is meant, which is the answer to a form. */
  readonly go?: (page: Page) => Promise<void>;
};

async function preview(page: Page): Promise<void> {
  await page.getByLabel("Reason").fill(REASON);
  await page.getByRole("button", { name: "Show what it concerns" }).click();
  await page.getByText("Nothing is done yet.").waitFor();
}

const form = () => `/admin/revocations/new?act=revoke&subject=app&id=${sample.apps.published}&action=remove`;

function pages(): Readonly<Record<string, Step>> {
  const app = `/apps/${sample.apps.published}`;
  return {
    revocations: { who: "administrator", path: "/admin/revocations" },
    "revocations-lowest": { who: "administrator", path: "/admin/revocations?show=lowest" },
    "revocations-history": { who: "administrator", path: "/admin/revocations?show=history" },
    revoke: { who: "administrator", path: form() },
    "revoke-key": { who: "administrator", path: "/admin/revocations/new?subject=key" },
    lift: {
      who: "administrator",
      path: `/admin/revocations/new?act=lift&subject=app&id=${sample.apps.published}`,
    },
    lowest: {
      who: "administrator",
      path: `/admin/revocations/new?act=lowest-version&appId=${sample.apps.published}`,
    },
    "revoke-preview": { who: "administrator", path: form(), go: preview },
    "store-keys": { who: "administrator", path: "/admin/keys" },
    log: { who: "administrator", path: "/admin/log" },
    storage: { who: "administrator", path: "/admin/storage" },
    recoveries: { who: "administrator", path: "/admin/recoveries" },
    recovery: { who: "administrator", path: `/recoveries/${recovery}` },
    outbox: { who: "administrator", path: "/admin/outbox" },
    keys: { who: "developer", path: "/keys" },
    key: { who: "developer", path: `/keys/${key}` },
    recover: { who: "developer", path: "/recoveries/new" },
    "recovery-own": { who: "developer", path: `/recoveries/${recovery}` },
    "app-revoked": { who: "developer", path: app },
    "version-revoked": { who: "developer", path: `${app}/versions/${sample.versions.published}` },
    "dashboard-told": { who: "developer", path: "/dashboard" },
  };
}

describe.each([
  ["wide", 1280, 860],
  ["narrow", 320, 640],
] as const)("%s pages", (_, width, height) => {
  test.each(["light", "dark"] as const)(
    "have no fault in the %s theme",
    async (theme) => {
      const faults: string[] = [];
      for (const who of ["administrator", "developer"] as const) {
        const { page, complaints, context } = await openTab(browser, {
          viewport: { width, height },
          isMobile: width === 320,
          hasTouch: width === 320,
        });
        try {
          await useSession(context, portal.url, sample.people[who].cookie);
          await context.addCookies([{ name: "mosis_theme", value: theme, url: portal.url }]);
          for (const [name, step] of Object.entries(pages())) {
            if (step.who !== who) continue;
            const response = await page.goto(portal.url + step.path);
            if (response?.status() !== 200) faults.push(`${name}: ${response?.status()}`);
            await step.go?.(page);
            for (const fault of await faultsOf(page)) faults.push(`${name}: ${fault}`);
            if (width === 320) {
              for (const fault of await smallTargetsOf(page)) faults.push(`${name}: ${fault}`);
            }
            if (SHOTS)
              await page.screenshot({ path: join(SHOTS, `${name}-${width}-${theme}.png`), fullPage: true });
          }
          faults.push(...complaints);
        } finally {
          await context.close();
        }
      }
      expect(faults).toEqual([]);
    },
    600_000,
  );
});
