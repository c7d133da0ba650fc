import { describe, expect, test } from "bun:test";
import { readCounts } from "./lua.ts";
import { missing, parsePackages } from "./packages.ts";
import { judge, type Report, readReport } from "./tests.ts";

const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="bun test" tests="5" assertions="9" failures="1" skipped="1" time="0.01">
  <testsuite name="src/a.test.ts" file="src/a.test.ts" tests="4" failures="1" skipped="1" time="12.5">
    <testcase name="x" file="src/a.test.ts" />
    <testcase name="y &quot;z&quot;" classname="a &lt;b&gt;" file="src/a.test.ts">
      <failure type="AssertionError" message="expected 1&#10;&#10;received &amp;lt;">at</failure>
    </testcase>
  </testsuite>
  <testsuite name="src/b.test.ts" file="src/b.test.ts" tests="1" failures="0" skipped="0" time="0.1"></testsuite>
</testsuites>`;

describe("a run of tests", () => {
  const good: Report = {
    tests: 3,
    failures: 0,
    skipped: 0,
    files: new Set(["a"]),
    failing: [],
    seconds: new Map(),
  };

  test("is read from the report", () => {
    expect(readReport(REPORT)).toEqual({
      tests: 5,
      failures: 1,
      skipped: 1,
      files: new Set(["src/a.test.ts", "src/b.test.ts"]),
      failing: ['src/a.test.ts: a <b> > y "z": expected 1 received &lt;'],
      seconds: new Map([
        ["src/a.test.ts", 12.5],
        ["src/b.test.ts", 0.1],
      ]),
    });
    for (const text of ["", "<testsuites>", '<testsuites tests="x" failures="0" skipped="0">', "<html/>"])
      expect(() => readReport(text)).toThrow();
  });

  test("passes only when every file ran, nothing was skipped and it ended well", () => {
    expect(judge(good, ["a"], 0)).toEqual({ passed: 3, failed: 0 });
    expect(judge({ ...good, skipped: 1 }, ["a"], 0)).toMatchObject({ passed: 2, failed: 1 });
    expect(judge({ ...good, failures: 2, failing: ["x", "y"] }, ["a"], 1)).toEqual({
      passed: 1,
      failed: 2,
      failing: ["x", "y"],
    });
    expect(judge(good, ["a", "b"], 1)).toMatchObject({
      passed: 3,
      failed: 1,
      note: "no test of these ran: b",
    });
    expect(judge(good, ["a"], 134)).toMatchObject({ passed: 3, failed: 1, note: "bun test ended with 134" });
    expect(
      judge({ tests: 0, failures: 0, skipped: 0, files: new Set(), failing: [], seconds: new Map() }, [], 0),
    ).toMatchObject({
      failed: 1,
    });
  });
});

test("the count of a Lua suite is its last line and nothing else", () => {
  expect(readCounts("FAILED x\n3 passed, 1 failed\n")).toEqual({ passed: 3, failed: 1 });
  for (const output of ["", "3 passed, 0 failed\nlua5.4: error", "all 3 passed, 0 failed", "3 passed"])
    expect(readCounts(output)).toBeNull();
});

describe("the list of packages", () => {
  test("is read, comments aside", () => {
    expect(parsePackages("# x\n\nstrace  strace # y\nfonts-x /usr/share/x\n")).toEqual([
      { name: "strace", provides: "strace" },
      { name: "fonts-x", provides: "/usr/share/x" },
    ]);
    for (const text of ["strace", "a b c", "--purge x", "Upper x"])
      expect(() => parsePackages(text)).toThrow();
  });

  test("says what is not there", () => {
    const here = { name: "here", provides: import.meta.path };
    const gone = { name: "gone", provides: "/no/such/file" };
    const unknown = { name: "unknown", provides: "no-such-command-anywhere" };
    expect(missing([here, gone, unknown])).toEqual([gone, unknown]);
  });
});
