/** What a page says of a finding: its code's meaning in the reader's language, and the English message under it. */
import { expect, test } from "bun:test";
import { FindingsList } from "../../../views/components/findings.tsx";
import { testContext } from "../../../views/testing/context.ts";
import { HOSTILE } from "../../../views/testing/data.ts";
import type { FindingView } from "../../catalog/views.ts";
import { findingOf } from "./findings.ts";

const PLACE = { entry: null, pointer: null, offset: null, found: null, expected: null };
const ERROR: FindingView = {
  ...PLACE,
  check: "manifest",
  code: "MPK-M002",
  severity: "error",
  message: "There is no name.",
};
const WARNING: FindingView = { ...ERROR, code: "CHK-C001", severity: "warning", message: "It is unknown." };

async function shown(locale: string, ...found: FindingView[]): Promise<string> {
  const html = FindingsList({
    ctx: testContext({ locale }),
    findings: found.map((one) => findingOf(one, null)),
  });
  return (await html).replaceAll(/\s+/g, " ");
}

test("an error is headed and explained in the reader's language, and its message is marked as English", async () => {
  const page = await shown("de", ERROR);
  expect(page).toContain('<p class="finding-title">Schlüssel fehlt</p>');
  expect(page).toContain('lang="en" dir="auto">There is no name.</p>');
  expect(page).toContain("Ein erforderlicher Schlüssel ist nicht vorhanden.");
  expect(page).toContain("Korrigieren Sie das Manifest");
  expect(page).not.toContain("<details");
  expect(await shown("en", ERROR)).toContain('<p class="finding-title">Key missing</p>');
});

test("a warning, and an error that is the same as one before, are explained on demand", async () => {
  expect(await shown("ar", WARNING)).toMatch(/<details.*معنى ذلك.*فئة ملف البيان ليست من فئات هذا المتجر/);
  const twice = await shown("de", ERROR, ERROR);
  expect(twice.match(/<details/g)).toHaveLength(1);
  expect(twice.indexOf("Ein erforderlicher Schlüssel")).toBeLessThan(twice.indexOf("<details"));
});

test("commands run from left to right among words that do not", async () => {
  expect(await shown("ar", { ...ERROR, code: "CHK-O002" })).toContain(
    '<code dir="ltr">mosis keys enroll</code>',
  );
});

test("what a package wrote is no meaning, and a code that is no more has its message alone", async () => {
  for (const code of ["MPK-M999", "__proto__", "constructor"]) {
    const page = await shown("de", { ...ERROR, code, message: HOSTILE, found: HOSTILE });
    expect(page).not.toContain("finding-title");
    expect(page).not.toContain("<script");
    expect(page).not.toContain("<img");
  }
});
