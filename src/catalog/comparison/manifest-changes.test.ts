import { expect, test } from "bun:test";
import fc from "fast-check";
import { changesBetween } from "./manifest-changes.ts";

const BEFORE = {
  name: { en: "Notes", de: "Notizen" },
  summary: { en: "Keeps notes." },
  permissions: [{ name: "camera", optional: true }, { name: "network.http" }],
  network: { hosts: ["api.example.org", "*.tiles.example.org"] },
  runtime: { api: "1.0", lua: "5.4" },
};

test("says what is new, what is gone and what differs", () => {
  const after = {
    name: { en: "Bank", sv: "Bank" },
    permissions: [{ name: "camera" }, { name: "location" }],
    network: { hosts: ["api.example.org", "evil.example.net"] },
    runtime: { api: "1.1", lua: "5.4" },
  };
  expect(changesBetween(BEFORE, after)).toEqual([
    { what: "name", locale: "de", before: ["Notizen"], after: [] },
    { what: "name", locale: "en", before: ["Notes"], after: ["Bank"] },
    { what: "name", locale: "sv", before: [], after: ["Bank"] },
    { what: "summary", locale: "en", before: ["Keeps notes."], after: [] },
    { what: "permissions_added", locale: null, before: [], after: ["camera", "location"] },
    { what: "permissions_removed", locale: null, before: ["camera (optional)", "network.http"], after: [] },
    { what: "hosts_added", locale: null, before: [], after: ["evil.example.net"] },
    { what: "hosts_removed", locale: null, before: ["*.tiles.example.org"], after: [] },
    { what: "runtime", locale: null, before: ["1.0"], after: ["1.1"] },
  ]);
});

test("whatever hosts there are: what is added and removed leads from the one list to the other", () => {
  const hosts = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}\.example$/), { maxLength: 8 });
  fc.assert(
    fc.property(hosts, hosts, (before, after) => {
      const changes = changesBetween(
        { ...BEFORE, network: { hosts: before } },
        { ...BEFORE, network: { hosts: after } },
      );
      const of = (what: string) => changes.find((change) => change.what === what);
      const removed = of("hosts_removed")?.before ?? [];
      const added = of("hosts_added")?.after ?? [];
      const led = [...before.filter((host) => !removed.includes(host)), ...added];
      expect(led.sort()).toEqual([...after].sort());
      expect(changes.length === 0).toBe([...before].sort().join() === [...after].sort().join());
    }),
  );
});
