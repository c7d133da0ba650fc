import { expect, test } from "bun:test";
import fc from "fast-check";
import { browserName, systemName } from "./user-agent.ts";

const KNOWN: readonly (readonly [userAgent: string, browser: string | null, system: string | null])[] = [
  ["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox", "Linux"],
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36",
    "Chrome",
    "Windows",
  ],
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36 Edg/125.0.0.0",
    "Edge",
    "Windows",
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    "Safari",
    "macOS",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "Safari",
    "iOS",
  ],
  [
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Mobile Safari/537.36 OPR/82.0",
    "Opera",
    "Android",
  ],
  ["curl/8.5.0", null, null],
  ["", null, null],
];

test.each(KNOWN)("%s", (userAgent, browser, system) => {
  expect([browserName(userAgent), systemName(userAgent)]).toEqual([browser, system]);
});

test("any text gives a name that is known, or none", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 256 }), (text) => {
      expect(["Edge", "Opera", "Firefox", "Chrome", "Safari", null]).toContain(browserName(text));
    }),
  );
});
