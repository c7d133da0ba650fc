/** Which release is taken: what holds for every index and every device (package format, section 9, steps 2 and 4). */
import { expect, test } from "bun:test";
import fc from "fast-check";
import type { AppIndex, IndexedRelease } from "../catalog/tuf/documents.ts";
import { isProblem } from "../errors.ts";
import type { AppId, OrganisationId, Sha256, VersionCode } from "../ids.ts";
import {
  chooseRelease,
  decideChange,
  meetsApi,
  type Present,
  rolloutPosition,
  type Terms,
} from "./choose.ts";

const DIGEST = "0".repeat(64) as Sha256;

/** Small numbers, so that codes meet, bounds are hit and what is replaced is installed. */
const code = fc.integer({ min: 1, max: 12 }).map((number) => number as VersionCode);
const api = fc
  .tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 3 }))
  .map(([a, b]) => `${a}.${b}`);
/** Low, so that something is left above it. */
const lowest = fc.oneof(fc.constant(1 as VersionCode), code);
const percent = fc.oneof(fc.constantFrom(0, 1, 99, 100), fc.integer({ min: 0, max: 100 }));

const release = fc
  .record({
    versionCode: code,
    rolloutPercent: percent,
    replaces: fc.array(code, { maxLength: 3 }),
    runtimeApi: api,
    dataVersion: fc.integer({ min: 0, max: 3 }),
  })
  .map(
    (drawn): IndexedRelease => ({
      ...drawn,
      version: `${drawn.versionCode}.0.0`,
      contentDigest: DIGEST,
      package: { url: `packages/${DIGEST}.mosis`, sha256: DIGEST, sizeBytes: 1 },
      deltas: [],
      compact: null,
      permissions: [],
      publishedAt: "2026-01-01T00:00:00Z",
      notes: "",
      log: { approval: { position: 0, salt: null }, publication: { position: 1, salt: null } },
    }),
  );

const releases = fc.uniqueArray(release, { selector: (each) => each.versionCode, maxLength: 8 });

const index = fc.record({ stable: releases, beta: releases, lowest }).map(
  ({ stable, beta, lowest }): AppIndex => ({
    appId: "org.example.sample" as AppId,
    developerId: "org-1" as OrganisationId,
    formerDevelopers: [],
    lineage: [{ kind: "first", keyId: DIGEST }],
    lowestVersionCode: lowest,
    channels: new Map([
      ["stable", stable],
      ["beta", beta],
    ]),
  }),
);

const terms = fc.record({
  channel: fc.constantFrom("stable", "stable", "beta", "none"),
  runtimeApi: api,
  deviceId: fc.uuid(),
  lowestVersionCode: fc.option(lowest, { freq: 1 }),
  wanted: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: code }),
}) satisfies fc.Arbitrary<Terms>;

function holds<Drawn>(property: fc.IRawProperty<Drawn>): void {
  fc.assert(property, { numRuns: 500 });
}

/** The reasons for which a device must not take a release, in words; none when it may. */
function objections(index: AppIndex, terms: Terms, release: IndexedRelease): string[] {
  const [major, minor] = release.runtimeApi.split(".").map(Number);
  const [ownMajor, ownMinor] = terms.runtimeApi.split(".").map(Number);
  const share = rolloutPosition(terms.deviceId, index.appId, release.versionCode) / 100;
  return [
    ...(release.versionCode < index.lowestVersionCode ? ["below the index's lowest"] : []),
    ...(terms.lowestVersionCode !== null && release.versionCode < terms.lowestVersionCode
      ? ["below the revocations' lowest"]
      : []),
    ...(major !== ownMajor ? ["another major API"] : []),
    ...(Number(minor) > Number(ownMinor) ? ["a newer minor API"] : []),
    ...(share >= release.rolloutPercent ? ["not this device's share"] : []),
    ...(terms.wanted !== null && terms.wanted !== release.versionCode ? ["not the one that is wanted"] : []),
  ];
}

test("what is chosen is on offer, without an objection, and nothing above it is", () => {
  let chosenOnes = 0;
  holds(
    fc.property(index, terms, (index, terms) => {
      const offered = index.channels.get(terms.channel) ?? [];
      const chosen = chooseRelease(index, terms);
      if (chosen !== null) {
        chosenOnes += 1;
        expect(offered).toContain(chosen);
        expect(objections(index, terms, chosen)).toEqual([]);
      }
      const above = offered.filter((each) => chosen === null || each.versionCode > chosen.versionCode);
      for (const each of above) expect(objections(index, terms, each)).not.toEqual([]);
    }),
  );
  expect(chosenOnes).toBeGreaterThan(50);
});

test("neither the order of the index nor another channel has a say", () => {
  holds(
    fc.property(index, terms, fc.infiniteStream(fc.nat()), (index, terms, order) => {
      const offered = index.channels.get(terms.channel) ?? [];
      const keys = new Map(offered.map((each) => [each, order.next().value ?? 0]));
      const shuffled = [...offered].sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
      const alone = { ...index, channels: new Map([[terms.channel, shuffled]]) };
      expect(chooseRelease(alone, terms)).toBe(chooseRelease(index, terms));
    }),
  );
});

test("more of a rollout never takes a release away from a device, and a device's share stays its own", () => {
  holds(
    fc.property(release, fc.integer({ min: 0, max: 100 }), index, terms, (release, more, drawn, terms) => {
      const withPercent = (rolloutPercent: number) =>
        chooseRelease(
          { ...drawn, channels: new Map([[terms.channel, [{ ...release, rolloutPercent }]]]) },
          terms,
        ) !== null;
      const before = withPercent(release.rolloutPercent);
      if (before && more >= release.rolloutPercent) expect(withPercent(more)).toBe(true);
      expect(withPercent(release.rolloutPercent)).toBe(before);
      expect(withPercent(0)).toBe(false);
    }),
  );
});

test("a newer minor API of the device never brings it a lower release", () => {
  holds(
    fc.property(index, terms, (index, terms) => {
      const [major, minor] = terms.runtimeApi.split(".").map(Number);
      const newer = chooseRelease(index, { ...terms, runtimeApi: `${major}.${Number(minor) + 1}` });
      expect(newer?.versionCode ?? 0).toBeGreaterThanOrEqual(chooseRelease(index, terms)?.versionCode ?? 0);
    }),
  );
});

test("the API is met by the same major version and at least the minor one", () => {
  for (const [offered, needed, met] of [
    ["1.0", "1.0", true],
    ["1.10", "1.9", true],
    ["1.9", "1.10", false],
    ["2.0", "1.0", false],
    ["1.5", "2.0", false],
    ["0.1", "0.1", true],
  ] as const)
    expect({ offered, needed, met: meetsApi(offered, needed) }).toEqual({ offered, needed, met });
});

const VECTORS = [
  ["device-1", 1, 6448],
  ["device-2", 1, 6194],
  ["device-1", 2, 1445],
] as const;

test("where a device stands is what openssl makes of the documented formula", () => {
  // printf %s device-1/org.example.sample/1 | openssl dgst -sha256, the first eight digits modulo 10,000
  for (const [device, versionCode, position] of VECTORS)
    expect(rolloutPosition(device, "org.example.sample" as AppId, versionCode as VersionCode)).toBe(position);
});

test("a share of the rollout is that share of the devices", () => {
  const devices = Array.from({ length: 4000 }, (_, number) => `device-${number}`);
  const positions = devices.map((id) => rolloutPosition(id, "org.example.sample" as AppId, 1 as VersionCode));
  expect(Math.min(...positions)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...positions)).toBeLessThan(10_000);
  for (const percent of [1, 10, 25, 50, 90]) {
    const expected = devices.length * (percent / 100);
    const spread = Math.sqrt(expected * (1 - percent / 100));
    const taken = positions.filter((position) => position < percent * 100).length;
    expect(Math.abs(taken - expected)).toBeLessThan(4 * spread);
  }
});

const present = fc.record({
  versionCode: fc.option(code),
  dataVersion: fc.integer({ min: 0, max: 3 }),
}) satisfies fc.Arbitrary<Present>;

test("nothing is taken that does not rise, unless it replaces what is installed, nor whose data version falls", () => {
  const seen = new Set<string>();
  holds(
    fc.property(release, present, (release, present) => {
      const installed = present.versionCode;
      let outcome: string;
      try {
        outcome = decideChange(release, present);
      } catch (error) {
        if (!isProblem(error)) throw error;
        outcome = error.code;
      }
      seen.add(outcome);
      const rises = installed === null || release.versionCode > installed;
      const replaces = installed !== null && release.replaces.includes(installed);
      switch (outcome) {
        case "none":
          return expect(release.versionCode).toBe(installed as VersionCode);
        case "install":
          return expect([installed, release.dataVersion >= present.dataVersion]).toEqual([null, true]);
        case "update":
          return expect([rises, installed !== null, release.dataVersion >= present.dataVersion]).toEqual([
            true,
            true,
            true,
          ]);
        case "rollback":
          return expect([rises, replaces, release.dataVersion >= present.dataVersion]).toEqual([
            false,
            true,
            true,
          ]);
        case "device.version_not_above":
          return expect([rises, replaces, release.versionCode === installed]).toEqual([false, false, false]);
        case "device.data_version":
          return expect(release.dataVersion).toBeLessThan(present.dataVersion);
        default:
          throw new Error(`there is no outcome ${outcome}`);
      }
    }),
  );
  expect([...seen].sort()).toEqual([
    "device.data_version",
    "device.version_not_above",
    "install",
    "none",
    "rollback",
    "update",
  ]);
});
