/** What is told of settings: each of them, as it would be written, with its place; and no secret. */
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import en from "../assets/locales/en.json";
import { SETTINGS, type Settings } from "./config.settings.ts";
import { SETTING_PARTS, type SettingPart, toldSettings, toldValue } from "./config.told.ts";
import { loadConfig } from "./config.ts";

const folder = mkdtempSync(join(tmpdir(), "mosis-told-"));
const file = join(folder, "mosis.toml");

test("each setting is told once, with its value, its default and where it was said", () => {
  writeFileSync(
    file,
    [
      'host = "0.0.0.0"',
      "key_requests = 100",
      '[signers]\nhsm = ["/usr/bin/sign", "--pin", "1234"]',
      '[providers.sso]\nkind = "oidc"\nname = "SSO"\nissuer = "https://sso.example.com"\nclient_id = "mosis"\nclient_secret_file = "sso.secret"',
    ].join("\n"),
  );
  writeFileSync(join(folder, "sso.secret"), "hidden-secret");
  const flags = { configFile: file, port: "9000", dataDir: "/srv/mosis" };
  const environment = { MOSIS_SIGN_UP: "b.example,a.example", MOSIS_ADDRESS_REQUESTS: "off" };
  const told = toldSettings(loadConfig(flags, environment));
  rmSync(folder, { recursive: true });
  expect(told.map(({ key }) => key).sort()).toEqual(SETTINGS.map(({ key }) => key).sort());
  const parts = told.map(({ part }) => SETTING_PARTS.indexOf(part));
  expect(parts).toEqual(parts.toSorted((a, b) => a - b));
  const of = (name: string) => {
    const { value, fallback, origin, configFile } =
      told.find(({ file: key }) => key === name) ?? told[0] ?? raise();
    return [value, fallback, origin, configFile];
  };
  expect(of("port")).toEqual(["9000", "8470", "flag", null]);
  expect(of("data")).toEqual(["/srv/mosis", null, "flag", null]);
  expect(of("host")).toEqual(["0.0.0.0", "127.0.0.1", "file", file]);
  expect(of("key_requests")).toEqual(["100", "900", "file", file]);
  expect(of("address_requests")).toEqual(["off", "600", "environment", null]);
  expect(of("sign_up")).toEqual(["b.example, a.example", "invitation", "environment", null]);
  expect(of("max_upload")).toEqual(["512MiB", "512MiB", "default", null]);
  expect(of("second_factor")).toEqual([null, null, "default", null]);
  expect(of("restricted")).toEqual(["false", "false", "default", null]);
  // Tables by the names of what is in them: arguments of a command may be secret.
  expect(of("signers")).toEqual(["hsm", null, "file", file]);
  expect(of("providers")).toEqual(["sso", null, "file", file]);
  expect(JSON.stringify(told)).not.toMatch(/1234|hidden-secret/);
});

function raise(): never {
  throw new Error("no setting at all");
}

test("a value that is none is told so", () => {
  expect([null, "", [], {}].map((value) => toldValue(value))).toEqual([null, null, null, null]);
  expect([toldValue(0), toldValue(0, 0), toldValue(2 ** 20), toldValue(2 ** 20 + 1)]).toEqual([
    "0",
    "off",
    "1MiB",
    "1048577",
  ]);
});

test("the page says of each what the documentation says", () => {
  const texts: Readonly<Record<string, string>> = en;
  const plain = (text: string | undefined) => text?.replaceAll("’", "'").replaceAll('"', "");
  for (const { key, meaning } of SETTINGS)
    expect(plain(texts[`setting.meaning.${key}`])).toBe(plain(meaning));
});

/** A group for each on purpose: under a heading of the page stands what somebody looks for there. */
const GROUPS: Readonly<Record<SettingPart, readonly (keyof Settings)[]>> = {
  store: ["dataDir", "publicUrl", "masterKeyFile", "signers", "logLevel", "timeZone"],
  network: ["host", "port", "tlsCert", "tlsKey", "trustedProxies"],
  limits: ["maxUploadBytes", "addressRequests", "accountRequests", "keyRequests"],
  people: [
    ...(["signUp", "signUpMessages", "organisationMakers", "secondFactor", "providers"] as const),
    ...(["trustedIssuers", "groupPauseHours", "accountDeletionDays"] as const),
  ],
  apps: ["appDeletionDays", "recoveryWaitingDays", "ratings"],
  devices: ["restricted", "deviceUnseenDays"],
  mail: ["smtp", "smtpPasswordFile", "smtpCa", "mailFrom"],
};

test("each setting stands in the one group where it was put on purpose", () => {
  const told = toldSettings(loadConfig({ dataDir: "/srv/mosis" }, {}));
  const found = SETTING_PARTS.map((part) => [
    part,
    told.filter((one) => one.part === part).map(({ key }) => key),
  ]);
  expect(Object.fromEntries(found)).toEqual(GROUPS);
});
