import { describe, expect, test } from "bun:test";
import { Problem } from "../../errors.ts";
import { nearestName } from "./nearest.ts";
import { type ApiFile, parsePlatformApi } from "./parse.ts";
import { compareApiVersions, modulesIn, type PlatformApi, permissionsIn } from "./platform-api.ts";
import { apiFiles, moduleDocument, platformDocument, sampleFunction, samplePermission } from "./testing.ts";

const whole = (platform = {}, module = {}) =>
  apiFiles({ "platform.json": platformDocument(platform), "mosis.nfc.json": moduleDocument(module) });

/** [file, pointer, found] of each fault. */
function faultsOf(files: readonly ApiFile[], base?: PlatformApi): unknown[] {
  try {
    parsePlatformApi(files, base);
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(error.code).toBe("api.invalid");
    expect(error.message).toContain(String(error.details[0]?.entry));
    for (const detail of error.details) expect(detail.expected ?? "").not.toBe("");
    return error.details.map(({ entry, pointer, found }) => [entry, pointer, found]);
  }
}

test("a manifest that keeps every rule", () => {
  const api = parsePlatformApi(whole());
  expect(api.versions).toEqual(["1.0", "1.1"]);
  expect(api.modules.map(({ name }) => name)).toEqual(["mosis.nfc"]);
  expect(permissionsIn(api, "1.0").get("nfc")?.danger).toBe("dangerous");
});

const WRONG: readonly (readonly [what: string, files: ApiFile[], file: string, pointer: string])[] = [
  ["no file at all", [], "platform.json", "/lua"],
  ["no JSON", apiFiles({ "a.json": "{" }), "a.json", ""],
  ["a key twice", apiFiles({ "a.json": '{"kind":"module","kind":"module"}' }), "a.json", ""],
  ["an array", apiFiles({ "a.json": [] }), "a.json", "/kind"],
  ["another kind", apiFiles({ "a.json": { kind: "runtime" } }), "a.json", "/kind"],
  ["a key that is not known", whole({ permission: [] }), "platform.json", "/permission"],
  ["a version that is none", whole({ versions: ["1"] }), "platform.json", "/versions/0"],
  ["a version with leading zeros", whole({ versions: ["1.01"] }), "platform.json", "/versions/0"],
  ["no versions", whole({ versions: undefined }), "platform.json", "/versions"],
  ["no Lua", whole({ lua: undefined }), "platform.json", "/lua"],
  [
    "another danger",
    whole({ permissions: [samplePermission({ danger: "high" })] }),
    "platform.json",
    "/permissions/0/danger",
  ],
  [
    "a permission's name in capitals",
    whole({ permissions: [samplePermission({ name: "NFC" })] }),
    "platform.json",
    "/permissions/0/name",
  ],
  [
    "no English title",
    whole({ permissions: [samplePermission({ title: { de: "Karten lesen" } })] }),
    "platform.json",
    "/permissions/0/title/en",
  ],
  [
    "a permission twice",
    whole({ permissions: [samplePermission(), samplePermission()] }),
    "platform.json",
    "/permissions/1/name",
  ],
  [
    "a permission since a version that there is not",
    whole({ permissions: [samplePermission({ since: "2.0" })] }),
    "platform.json",
    "/permissions/0/since",
  ],
  ["a module since such a version", whole({}, { since: "2.0" }), "mosis.nfc.json", "/since"],
  [
    "a function with an unknown permission",
    whole({}, { functions: [sampleFunction({ permissions: ["nfd"] })] }),
    "mosis.nfc.json",
    "/functions/0/permissions",
  ],
  [
    "a function with an unknown error",
    whole({}, { functions: [sampleFunction({ errors: [{ code: "lost", when: "It is." }] })] }),
    "mosis.nfc.json",
    "/functions/0/errors/0/code",
  ],
  [
    "two permissions and no word of which",
    whole(
      { permissions: [samplePermission(), samplePermission({ name: "nfc.write" })] },
      { functions: [sampleFunction({ permissions: ["nfc", "nfc.write"] })] },
    ),
    "mosis.nfc.json",
    "/functions/0/chosenBy",
  ],
  [
    "a function twice",
    whole({}, { functions: [sampleFunction(), sampleFunction()] }),
    "mosis.nfc.json",
    "/functions/1/name",
  ],
  ["no functions", whole({}, { functions: [] }), "mosis.nfc.json", "/functions"],
  ["a module twice", [...whole(), ...apiFiles({ "other.json": moduleDocument() })], "other.json", "/name"],
  [
    "two platform documents",
    [...whole(), ...apiFiles({ "other.json": platformDocument() })],
    "other.json",
    "/kind",
  ],
];

test.each(WRONG)("refused: %s", (_, files, file, pointer) => {
  const faults = faultsOf(files);
  expect(faults.map((fault) => (fault as string[]).slice(0, 2))).toContainEqual([file, pointer]);
});

describe("laid over another", () => {
  const base = parsePlatformApi(whole());
  test("it adds, and takes the place of what has its name", () => {
    const api = parsePlatformApi(
      apiFiles({
        "own.json": {
          kind: "platform",
          versions: ["1.2"],
          permissions: [
            samplePermission({ danger: "normal" }),
            samplePermission({ name: "torch", since: "1.2" }),
          ],
        },
        "torch.json": moduleDocument({ name: "mosis.torch", since: "1.2" }),
      }),
      base,
    );
    expect(api.versions).toEqual(["1.0", "1.1", "1.2"]);
    expect(api.permissions.map(({ name, danger }) => [name, danger])).toEqual([
      ["nfc", "normal"],
      ["torch", "dangerous"],
    ]);
    expect([...permissionsIn(api, "1.1").keys()]).toEqual(["nfc"]);
    expect(modulesIn(api, "1.1").map(({ name }) => name)).toEqual(["mosis.nfc"]);
    expect(modulesIn(api, "1.2").map(({ name }) => name)).toEqual(["mosis.nfc", "mosis.torch"]);
    expect(api.lua).toBe(base.lua);
  });
  test("a module may lean on the permissions of the base", () => {
    expect(faultsOf(apiFiles({ "m.json": moduleDocument({ name: "mosis.card" }) }), base)).toEqual([]);
  });
  test("and with “replaces” nothing of the base is left", () => {
    const api = parsePlatformApi(
      apiFiles({ "own.json": platformDocument({ replaces: true, versions: ["3.0"], permissions: [] }) }),
      base,
    );
    expect([api.versions, api.permissions, api.modules]).toEqual([["3.0"], [], []]);
  });
});

test("versions are compared as numbers", () => {
  expect(["1.10", "2.0", "1.9", "1.2"].sort(compareApiVersions)).toEqual(["1.2", "1.9", "1.10", "2.0"]);
});

test.each([
  ["camera.photo", "camera"],
  ["location", "location.coarse"],
  ["contact.read", "contacts.read"],
  ["microfone", "microphone"],
  ["network", "network.http"],
  ["wallet", undefined],
  ["x", undefined],
  [`${"a".repeat(63)}b`, undefined],
])("what is meant by %s", (name, expected) => {
  const known = [
    "camera",
    "contacts.read",
    "location.coarse",
    "location.precise",
    "microphone",
    "network.http",
  ];
  expect(nearestName(name, known)).toBe(expected);
});
