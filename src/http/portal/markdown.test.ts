/** What developers write in Markdown, whatever it is: markup that cannot do anything comes out. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { markdownHtml } from "./markdown.ts";

test("says what Markdown says", () => {
  expect(markdownHtml("# Notes\n\nKeeps *what* you would **forget**.\n\n* one\n* two")).toBe(
    "<h3>Notes</h3>\n<p>Keeps <em>what</em> you would <strong>forget</strong>.</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>",
  );
  expect(markdownHtml("")).toBe("");
});

test("links lead to https, and say whose they are", () => {
  expect(markdownHtml("[here](https://example.com/a)")).toBe(
    '<p><a href="https://example.com/a" rel="nofollow noopener noreferrer ugc">here</a></p>',
  );
});

describe("none of it does anything:", () => {
  test.each([
    ["<script>alert(1)</script>"],
    ["<img src=x onerror=alert(1)>"],
    ["![a picture](https://example.com/track.png)"],
    ["[x](javascript:alert(1))"],
    ["[x](JaVaScRiPt:alert(1))"],
    ["[x](data:text/html;base64,PHNjcmlwdD4=)"],
    ["[x](/admin/settings)"],
    ["[x](//example.com)"],
    ["[x](http://example.com)"],
    ["[x]: javascript:alert(1)\n\n[x]"],
    ['<https://example.com/"onmouseover=alert(1)>'],
    ["<svg onload=alert(1)>"],
    ["a <style>*{display:none}</style> b"],
    ["| a |\n|:-:|\n| b |"],
    ["```js onload\nx\n```"],
  ])("%s", (text) => {
    const html = markdownHtml(text);
    // What was markup is text now; what is a tag is one of ours.
    for (const [tag] of html.matchAll(/<[^>]*>/g))
      expect(tag).not.toMatch(/<\/?(?:script|img|svg|style|iframe|form|input)|\son\w+=|style=|class=/i);
    for (const [, href = ""] of html.matchAll(/href="([^"]*)"/g)) expect(href).toStartWith("https://");
  });

  test("whatever is written", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            "<",
            ">",
            "[x](",
            ")",
            "javascript:",
            "https://a.b",
            "#",
            "\n",
            "`",
            "*",
            '"',
            "&lt;",
            "onload=",
            "![",
          ),
          { maxLength: 30 },
        ),
        (parts) => {
          const html = markdownHtml(parts.join(""));
          const tags = [...html.matchAll(/<\/?([a-z0-9]+)([^>]*)>/gi)];
          for (const [, tag = "", rest = ""] of tags) {
            expect(tag).toMatch(
              /^(?:h[3-6]|p|a|ul|ol|li|pre|code|em|strong|s|hr|br|blockquote|table|thead|tbody|tr|th|td)$/,
            );
            expect(rest).toMatch(/^(?: href="https:[^"]*"| rel="[a-z ]+"| start="\d+"| tabindex="0"| \/)*$/);
          }
        },
      ),
    );
  });
});
