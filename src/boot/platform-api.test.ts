import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { rmSync, symlinkSync } from "node:fs";
import { modulesIn, permissionsIn } from "../format/api/platform-api.ts";
import { apiFiles, moduleDocument, platformDocument, samplePermission } from "../format/api/testing.ts";
import { sampleFiles } from "../format/testing.ts";
import { OTHER_THINGS } from "../testing/other-things.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";
import { openTestStore } from "../testing/store.ts";
import { builtInApi, openApi, storeApi } from "./platform-api.ts";

let here: Scratch;
beforeEach(() => {
  here = scratch();
});
afterEach(() => here.remove());

function write(folder: string, documents: Readonly<Record<string, unknown>>): void {
  for (const { name, bytes } of apiFiles(documents)) here.write(`${folder}/${name}`, bytes);
}

/** Module → functions of version 1.0, as the platform's design has them. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  "mosis.account": "current token",
  "mosis.app": "exit id locale on openUrl ready t version",
  "mosis.audio": "play record stop volume",
  "mosis.background": "register unregister",
  "mosis.bluetooth": "close connect scan send",
  "mosis.camera": "capture preview scanCode",
  "mosis.clipboard": "read write",
  "mosis.contacts": "get list pick write",
  "mosis.files": "list pick read remove share write",
  "mosis.haptics": "pattern vibrate",
  "mosis.location": "current stop watch",
  "mosis.log": "debug error info warn",
  "mosis.messages": "list send",
  "mosis.microphone": "level listen stop",
  "mosis.network": "download fetch status websocket",
  "mosis.notifications": "cancel channels post schedule",
  "mosis.phone": "call log",
  "mosis.sensors": "accelerometer gyroscope light stop",
  "mosis.storage": "clear get keys quota remove set",
  "mosis.system": "apps battery frameTime info memory",
  "mosis.telemetry": "breadcrumb consent event",
  "mosis.timer": "after cancel every now",
  "mosis.ui": "animate close dialog find keyboard load on setAttr setClass setText show theme toast",
};

describe("the manifest in the executable", () => {
  const api = builtInApi();
  test("has the modules and functions of 1.0", () => {
    const found = modulesIn(api, "1.0").map(({ name, functions }) => [
      name,
      functions
        .map((each) => each.name)
        .sort()
        .join(" "),
    ]);
    expect(Object.fromEntries(found)).toEqual(FUNCTIONS);
  });
  test("and what 1.1 adds and deprecates", () => {
    const named = (version: string) =>
      modulesIn(api, version).flatMap((module) =>
        module.functions.map(({ name }) => `${module.name}.${name}`),
      );
    const before = new Set(named("1.0"));
    expect(named("1.1").filter((name) => !before.has(name))).toEqual([
      "mosis.app.uptime",
      "mosis.audio.spatial",
      "mosis.sensors.headset",
      "mosis.ui.classList",
    ]);
    const deprecated = api.modules.flatMap((module) =>
      module.functions.flatMap((each) =>
        each.deprecated ? [[`${module.name}.${each.name}`, each.deprecated.since, each.deprecated.use]] : [],
      ),
    );
    expect(deprecated).toEqual([
      ["mosis.timer.now", "1.1", "mosis.app.uptime"],
      ["mosis.ui.setClass", "1.1", "mosis.ui.classList"],
    ]);
  });
  test("knows which permissions are dangerous", () => {
    const dangerous = [...permissionsIn(api, "1.0").values()].filter(({ danger }) => danger === "dangerous");
    expect(dangerous.map(({ name }) => name)).toEqual([
      "account",
      "bluetooth",
      "camera",
      "contacts.read",
      "contacts.write",
      "location.coarse",
      "location.precise",
      "messages.read",
      "messages.send",
      "microphone",
      "phone.call",
      "phone.log",
      "system.apps",
    ]);
  });
  test("asks for each permission somewhere, and calls in each example what it is an example of", () => {
    const asked = new Set(
      api.modules.flatMap(({ functions }) => functions.flatMap(({ permissions }) => permissions)),
    );
    expect([...asked].sort()).toEqual(api.permissions.map(({ name }) => name));
    for (const module of api.modules) {
      for (const each of module.functions) expect(each.example).toContain(`${module.name}.${each.name}(`);
    }
  });
});

describe("a store's own", () => {
  test("is laid over it; without a folder it is the built-in one", () => {
    expect(storeApi(here.path("data"))).toBe(builtInApi());
    write("data/api", {
      "own.json": { kind: "platform", versions: ["1.2"], permissions: [samplePermission({ since: "1.2" })] },
    });
    here.write("data/api/README.md", "not read");
    const api = storeApi(here.path("data"));
    expect(api.versions).toEqual(["1.0", "1.1", "1.2"]);
    expect(permissionsIn(api, "1.2").has("nfc")).toBe(true);
    expect(permissionsIn(api, "1.1").has("nfc")).toBe(false);
  });
  test("that is not valid lets no store start, and says where it is wrong", async () => {
    write("data/api", { "card.json": moduleDocument() });
    const opening = openTestStore({ dataDir: here.path("data") });
    await expect(opening).rejects.toMatchObject({
      kind: "invalid",
      code: "api.invalid",
      details: [
        { entry: here.path("data/api/card.json"), pointer: "/functions/0/permissions", found: "nfc" },
      ],
    });
    const command = await here.run(["serve", "--data", here.path("data"), "--port", "0"]);
    expect(command.exitCode).toBe(1);
    expect(command.stderr).toContain("[api.invalid]");
    expect(command.stderr).toContain("card.json /functions/0/permissions");
  });
  test("that cannot be read is an error too", async () => {
    here.write("data/api", "a file");
    expect(() => storeApi(here.path("data"))).toThrow("cannot be read (ENOTDIR)");
  });
  test.each(["api", "api/own.json"])("whose %s is a link to nothing does not count as none", (name) => {
    here.write("data/api/README.md", "not read");
    if (name === "api") rmSync(here.path("data/api"), { recursive: true });
    symlinkSync(here.path("elsewhere"), here.path(`data/${name}`));
    expect(() => openApi(here.path("data"))).toThrow("cannot be read (ENOENT)");
    expect(() => storeApi(here.path("data"))).toThrow("cannot be read (ENOENT)");
  });
});

describe("mosis pack", () => {
  const pack = (...more: string[]) => here.run(["pack", "app", "-o", "app.mosis", "--json", ...more]);
  const app = (manifest: Record<string, unknown>) => {
    for (const [name, bytes] of sampleFiles(manifest)) here.write(`app/${name}`, bytes);
  };
  test.each([
    [
      { permissions: [{ name: "camera.photo" }] },
      "MPK-M021",
      "/permissions/0/name",
      "camera.photo",
      "a permission of API 1.0, such as camera",
    ],
    [
      { permissions: [{ name: "wallet" }] },
      "MPK-M021",
      "/permissions/0/name",
      "wallet",
      "a permission of API 1.0",
    ],
    [
      { permissions: [{ name: "camera" }] },
      "MPK-M022",
      "/permissions/0/reason",
      "nothing",
      "a reason, because camera is dangerous",
    ],
    [
      { runtime: { api: "1.7", lua: "5.4" } },
      "MPK-M026",
      "/runtime/api",
      "1.7",
      "a platform API that is known here: 1.0, 1.1",
    ],
    [
      { permissions: [{ name: "network.http" }] },
      "MPK-M023",
      "/network",
      "nothing",
      "the hosts that the permission network.http is for",
    ],
    [
      { network: { hosts: ["example.org"] } },
      "MPK-M023",
      "/network",
      "hosts",
      "no hosts, or a network permission",
    ],
  ])("refuses %j", async (manifest, code, pointer, found, expected) => {
    app(manifest);
    const { exitCode, json } = await pack();
    expect(exitCode).toBe(1);
    expect(json).toMatchObject({ error: { code, details: [{ code, pointer, found, expected }] } });
  });
  test("takes a store's own manifest, and says when a permission is of a later API", async () => {
    write("own", {
      "own.json": { kind: "platform", versions: ["1.2"], permissions: [samplePermission({ since: "1.2" })] },
    });
    const reason = { en: "To read your badge." };
    app({ permissions: [{ name: "nfc", reason }], runtime: { api: "1.2", lua: "5.4" } });
    expect((await pack()).exitCode).toBe(1);
    expect((await pack("--api", "own")).exitCode).toBe(0);
    app({ permissions: [{ name: "nfc", reason }], runtime: { api: "1.1", lua: "5.4" } });
    expect((await pack("--api", "own")).json).toMatchObject({
      error: { details: [{ code: "MPK-M021", expected: "runtime.api 1.2 or later for it" }] },
    });
    write("own", { "own.json": platformDocument({ versions: [] }) });
    expect((await pack("--api", "own")).json).toMatchObject({ error: { code: "api.invalid" } });
    expect((await pack("--api", "missing")).json).toMatchObject({ error: { code: "api.unreadable" } });
  });
  test.each(OTHER_THINGS)("%s in the place of a file is not waited for", async (_what, put) => {
    app({});
    write("own", { "own.json": platformDocument({ versions: ["1.0"] }) });
    put(here.path("own/own.json"));
    expect((await pack("--api", "own")).json).toMatchObject({
      error: { code: "api.unreadable", message: expect.stringContaining(here.path("own")) },
    });
  });
  test("verify judges the form only", async () => {
    const { packApp } = await import("../format/zip/writer.ts");
    const permissions = [{ name: "wallet" }];
    here.write("w.mosis", await packApp(sampleFiles({ permissions, runtime: { api: "9.9", lua: "5.4" } })));
    expect((await here.run(["verify", "w.mosis", "--unsigned"])).exitCode).toBe(0);
  });
});
