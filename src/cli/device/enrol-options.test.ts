import { expect, test } from "bun:test";
import { asLines, createStyle } from "../style.ts";
import { enrolledText } from "./enrol-options.ts";

const OUTCOME = { deviceId: "dev-1", name: "Kiosk 4", groups: ["grp-1", "grp-2"], namedGroups: [] };

test("who has enrolled reads the names of its groups, the ids of those that are not named, and no escape of a name", () => {
  const groups = (outcome: Partial<typeof OUTCOME> | object) =>
    /groups +(.*)/.exec(asLines(enrolledText(createStyle(false, 80), { ...OUTCOME, ...outcome })))?.[1];
  expect(groups({ namedGroups: [{ id: "grp-1", name: "Kiosks" }] })).toBe("Kiosks, grp-2");
  // A store that is older names none.
  expect(groups({})).toBe("grp-1, grp-2");
  expect(groups({ groups: [] })).toBe("none");
  expect(groups({ namedGroups: [{ id: "grp-1", name: "Kiosks\u001b[31m" }] })).not.toContain("\u001b");
});
