import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { codeOf } from "../testing/problems.ts";
import { multipartBoundary, readMultipart } from "./multipart.ts";

type Found = readonly [name: string, fileName: string | null, text: string];

/** Reads a form that comes in pieces of these lengths, over and over. */
async function readAll(bytes: Uint8Array, boundary: string, lengths: readonly number[]): Promise<Found[]> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
      const length = lengths[turn % lengths.length] ?? bytes.length;
      yield bytes.subarray(at, at + length);
      at += length;
    }
  }
  const found: Found[] = [];
  for await (const part of readMultipart(pieces(), boundary)) {
    const text = Buffer.concat(await Array.fromAsync(part.bytes)).toString("latin1");
    found.push([part.name, part.fileName, text]);
  }
  return found;
}

test("what the platform writes is what is read, in whatever pieces it comes", async () => {
  const value = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }).map((text) => text.toWellFormed()),
    fc.constantFrom("", "\r\n", "--", "\r\n--", "--x--\r\n", "\r\n\r\n"),
  );
  // A percent sign in a name is not escaped (HTML standard), so that %22 could have been a quote.
  const name = fc.string({ minLength: 1, maxLength: 20 }).map((text) => text.replaceAll("%", "-"));
  /** Line ends of any kind are sent as CRLF (HTML standard). */
  const asSent = (text: string) => text.replace(/\r\n|\r|\n/g, "\r\n");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(name, value), { maxLength: 5 }),
      fc.uint8Array({ maxLength: 300 }),
      fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 6 }),
      async (fields, file, lengths) => {
        const form = new FormData();
        for (const [name, text] of fields) form.append(name, text);
        form.append("package", new Blob([file as Uint8Array<ArrayBuffer>]), "a.mosis");
        const response = new Response(form);
        const boundary = multipartBoundary(response.headers.get("content-type") ?? "");
        const bytes = new Uint8Array(await response.arrayBuffer());
        expect(await readAll(bytes, boundary, lengths)).toEqual([
          ...fields.map(
            ([name, text]): Found => [asSent(name), null, Buffer.from(asSent(text)).toString("latin1")],
          ),
          ["package", "a.mosis", Buffer.from(file).toString("latin1")],
        ]);
        // Cut off anywhere before the closing boundary it is no form.
        const cut = Math.floor(Math.random() * (bytes.length - 4));
        const code = await codeOf(() => readAll(bytes.subarray(0, cut), boundary, lengths));
        expect([cut, code]).toEqual([cut, "multipart.malformed"]);
      },
    ),
    { numRuns: 150 },
  );
});

const part = (head: string, text = "x") => `--b\r\n${head}\r\n\r\n${text}\r\n`;
const FIELD = 'Content-Disposition: form-data; name="n"';

describe("malformed", () => {
  const table: readonly (readonly [string, string])[] = [
    ["nothing", ""],
    ["text", "hello"],
    ["something before the first part", `hello\r\n${part(FIELD)}--b--`],
    ["another boundary", `--c\r\n${FIELD}\r\n\r\nx\r\n--c--`],
    ["line feeds alone", `--b\n${FIELD}\n\nx\n--b--`],
    ["no closing boundary", part(FIELD)],
    ["an end inside the headers", `--b\r\n${FIELD}\r\n`],
    ["an end inside a part", `--b\r\n${FIELD}\r\n\r\nx`],
    ["an end after the boundary", `${part(FIELD)}--b`],
    ["half an end", `${part(FIELD)}--b-`],
    ["something after the boundary", `${part(FIELD)}--bx\r\n`],
    ["no disposition", `${part("Content-Type: text/plain")}--b--`],
    ["two dispositions", `${part(`${FIELD}\r\n${FIELD}`)}--b--`],
    ["another disposition", `${part('Content-Disposition: attachment; name="n"')}--b--`],
    ["no name", `${part("Content-Disposition: form-data; x=1")}--b--`],
    ["headers without end", `--b\r\nX: ${"x".repeat(9000)}\r\n\r\nx\r\n--b--`],
    ["too many parts", `${part(FIELD).repeat(65)}--b--`],
  ];
  for (const [name, form] of table) {
    test(name, async () => {
      for (const lengths of [[form.length + 1], [1], [7, 3]]) {
        expect(await codeOf(() => readAll(Buffer.from(form), "b", lengths))).toBe("multipart.malformed");
      }
    });
  }

  test("the most parts are taken, and what follows the end is passed over", async () => {
    expect((await readAll(Buffer.from(`${part(FIELD).repeat(64)}--b--\r\nepilogue`), "b", [11])).length).toBe(
      64,
    );
  });
});

describe("the boundary", () => {
  for (const [type, boundary] of [
    ["multipart/form-data; boundary=abc", "abc"],
    ["multipart/form-data; charset=utf-8; BOUNDARY=abc", "abc"],
    ['multipart/form-data; boundary="a b:c"', "a b:c"],
    [`multipart/form-data; boundary=${"x".repeat(70)}`, "x".repeat(70)],
  ] as const) {
    test(type.slice(0, 60), () => expect(multipartBoundary(type)).toBe(boundary));
  }
  for (const type of [
    "multipart/form-data",
    "multipart/form-data; boundary=",
    'multipart/form-data; boundary=""',
    'multipart/form-data; boundary="a "',
    `multipart/form-data; boundary=${"x".repeat(71)}`,
    "multipart/form-data; boundary=a\u00e4",
    'multipart/form-data; boundary="a\\"b"',
    "multipart/form-data; xboundary=a",
  ]) {
    test(`none: ${type.slice(0, 60)}`, async () =>
      expect(await codeOf(() => multipartBoundary(type))).toBe("multipart.malformed"));
  }
});
