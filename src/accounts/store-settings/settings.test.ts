/** Settings that change while the store runs: what goes before what, what is refused, and what a start makes of what is kept. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIVE_SETTINGS, overlaid } from "../../config.page.ts";
import { loadConfig } from "../../config.ts";
import { createLog } from "../../log.ts";
import { codeOfSync, problemOfSync } from "../../testing/problems.ts";
import { openTestStore, type TestStore, testClock } from "../../testing/store.ts";
import { OPERATOR } from "../actor.ts";
import { signUpOf } from "../sign-up.ts";
import { ON_PAGE } from "./live.ts";
import { changeSetting, listSettings, readOneSetting } from "./settings.ts";

let folder: string;
let store: TestStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "mosis-settings-"));
  store = await openTestStore({ dataDir: folder });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const change = (name: string, value: string | null) => changeSetting(store, OPERATOR, name, value);
const read = (name: string) => readOneSetting(store, OPERATOR, name);
const told = () =>
  store.db.raw
    .query<{ subject: string; before: string; after: string }, []>(
      "SELECT subject, before, after FROM audit_entries WHERE action = 'setting.changed' ORDER BY position",
    )
    .all()
    .map(({ subject, before, after }) => [subject, JSON.parse(before), JSON.parse(after)]);
/** As a start does it. */
async function again(options: Parameters<typeof openTestStore>[0] = {}) {
  store.close();
  store = await openTestStore({ dataDir: folder, ...options });
}

test("it counts at once and after a start, is told with before and after, and is taken back", async () => {
  expect(signUpOf(store)).toBeNull();
  expect(change("sign_up", " Example.com,example.org ")).toMatchObject({ origin: "page", isOpen: true });
  expect(signUpOf(store)).toEqual({ domains: ["example.com", "example.org"] });
  change("sign_up", "Example.com,example.org");
  await again();
  expect(signUpOf(store)?.domains).toHaveLength(2);
  change("sign_up", "open");
  expect(change("sign_up", null)).toMatchObject({ value: "invitation", origin: "default", onPage: null });
  change("sign_up", null);
  expect(signUpOf(store)).toBeNull();
  const standard = { value: "invitation", from: "default" };
  const domains = { value: "Example.com,example.org", from: "page" };
  const everybody = { value: "open", from: "page" };
  expect(told()).toEqual([
    ["sign_up", standard, domains],
    ["sign_up", domains, everybody],
    ["sign_up", everybody, standard],
  ]);
});

test("what a start says goes before the page, which says so and can take back what it said", async () => {
  change("sign_up", "open");
  change("restricted", "true");
  await again({ flags: { signUp: "closed" } });
  expect(read("sign_up")).toMatchObject({ value: "closed", origin: "flag", isOpen: false, onPage: "open" });
  expect([store.config.signUp, store.config.restricted]).toEqual(["closed", true]);
  const refused = problemOfSync(() => change("sign_up", "invitation"));
  expect([refused.code, refused.message]).toEqual([
    "setting.said_elsewhere",
    "sign_up is set by the flag --sign-up, which goes before this page. Take it out there and start the store again to set it here.",
  ]);
  expect(change("sign_up", null)).toMatchObject({ value: "closed", onPage: null });
  await again();
  expect(store.config.signUp).toBe("invitation");
});

test("what it does not take is refused by the rules of flags, and changes nothing", () => {
  for (const [name, value] of [
    ["sign_up", "nobody"],
    ["sign_up", ""],
    ["sign_up", "a.".repeat(1001)],
    ["restricted", "yes"],
    ["max_upload", "513MiB"],
    ["max_upload", "0"],
    ["second_factor", "owner"],
    ["account_deletion_days", "31"],
    ["account_deletion_days", "-1"],
    ["group_pause_hours", "0"],
    ["device_unseen_days", "1e3"],
    ["sign_up_messages", "0"],
    ["log_level", "quiet"],
  ] as const) {
    const problem = problemOfSync(() => change(name, value));
    expect([name, value, problem.code, problem.details[0]?.pointer]).toEqual([
      name,
      value,
      "setting.invalid",
      "/value",
    ]);
  }
  for (const name of ["port", "smtp", "smtp_password_file", "signers", "providers", "data"])
    expect([name, codeOfSync(() => change(name, "1"))]).toEqual([name, "setting.at_start"]);
  expect(codeOfSync(() => change("quota", "1"))).toBe("setting.not_found");
  expect(codeOfSync(() => read("__proto__"))).toBe("setting.not_found");
  expect(codeOfSync(() => changeSetting(store, { kind: "anonymous" }, "sign_up", "open"))).toBe(
    "auth.required",
  );
  expect(told()).toEqual([]);
  expect(store.config.onPage.size).toBe(0);
});

test("a kept value that cannot be used does not keep a store from starting: it is told, and the default counts", async () => {
  const keep = (name: string, value: string) =>
    store.db.raw.run("INSERT INTO settings (name, value, updated_at) VALUES (?, ?, 0)", [
      ON_PAGE + name,
      value,
    ]);
  keep("sign_up", '"everybody, please"');
  keep("max_upload", '{"a": 1}');
  keep("port", '"1"');
  keep("of_another_version", '"1"');
  keep("device_unseen_days", '"90"');
  const lines: { event: string; setting?: string }[] = [];
  const log = createLog(testClock(), "warn", (line) => void lines.push(JSON.parse(line)));
  await again({ log });
  const { signUp, maxUploadBytes, port, deviceUnseenDays } = store.config;
  expect([signUp, maxUploadBytes, port, deviceUnseenDays]).toEqual(["invitation", 512 * 2 ** 20, 8470, 90]);
  expect(lines.map(({ event, setting }) => [event, setting])).toEqual([
    ["settings.unusable", "maxUploadBytes"],
    ["settings.unusable", "signUp"],
  ]);
  expect(read("sign_up")).toMatchObject({ origin: "default", onPage: "everybody, please", isOpen: true });
  expect(String(read("sign_up").fault)).toContain("sign-up is closed, invitation, open");
  expect(change("sign_up", "open")).toMatchObject({ origin: "page", fault: null });
  expect(change("max_upload", null)).toMatchObject({ onPage: null, fault: null });
});

test("nothing that names a file, a command or a secret can be set on the page", () => {
  for (const setting of listSettings(store, OPERATOR))
    if (setting.isLive) expect([setting.file, setting.part]).not.toContainEqual("mail");
  for (const { key, isPath, isTable } of LIVE_SETTINGS)
    expect([key, isPath, isTable]).toEqual([key, undefined, undefined]);
});

test("each of them can be set to its own default, and what is laid over leaves the rest as it was", () => {
  const start = loadConfig({ dataDir: folder, host: "::1" }, {});
  const said = new Map(
    listSettings(store, OPERATOR)
      .filter(({ isLive }) => isLive)
      .map(({ file, fallback }) => [file, fallback ?? "none"]),
  );
  const found = overlaid(start, said);
  expect([...found.onPage.values()].map(({ fault }) => fault)).toEqual(LIVE_SETTINGS.map(() => null));
  for (const { key, fallback } of LIVE_SETTINGS) expect([key, found[key]]).toEqual([key, fallback]);
  expect([found.host, found.origins.get("host"), found.origins.get("signUp")]).toEqual([
    "::1",
    "flag",
    "page",
  ]);
});
