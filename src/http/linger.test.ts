/** A refusal that comes before the body was read reaches also who sends all of it first, such as a proxy. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect } from "node:net";
import { makeTemplate, openWorld, type Template, type World } from "../testing/http/world.ts";

let template: Template;
let world: World;
beforeAll(async () => {
  template = await makeTemplate();
  world = await openWorld(template);
});
afterAll(async () => {
  await world.close();
  template.remove();
});

const MIB = 2 ** 20;
const SENT_MIB = 24;

type Told = { readonly text: string; readonly error: string | null };

/** Sends a part of the body that it declares, as fast as it is taken, and reads nothing until it is sent. */
function sendFirst(path: string, headers: readonly string[]): Promise<Told> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(world.url).port), "127.0.0.1");
    let text = "";
    let error: string | null = null;
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      if (text.endsWith("\r\n0\r\n\r\n")) socket.destroy();
    });
    socket.on("error", (cause) => {
      error = cause.message;
    });
    socket.on("close", () => resolve({ text, error }));
    socket.pause();
    const head = [`POST ${path} HTTP/1.1`, "Host: localhost", ...headers, `Content-Length: ${600 * MIB}`];
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    let left = SENT_MIB;
    const more = (): void => {
      left -= 1;
      if (left < 0) socket.resume();
      else socket.write(new Uint8Array(MIB), more);
    };
    more();
  });
}

const PACKAGE = "Content-Type: application/vnd.mosis.package";
const bearer = () => `Authorization: Bearer ${world.tokens.organisation}`;

test.each<[string, string, () => readonly string[], number, string]>([
  ["that is too large", "/api/v1/versions", () => [bearer(), PACKAGE], 413, "upload.too_large"],
  ["of nobody", "/api/v1/versions", () => [PACKAGE], 401, "auth.required"],
  [
    "of another type",
    "/api/v1/versions",
    () => [bearer(), "Content-Type: text/css"],
    415,
    "request.media_type",
  ],
  ["to nowhere", "/api/v1/nowhere", () => [bearer()], 404, "not_found"],
])("the refusal of an upload %s is read by who sends first", async (_, path, headers, status, code) => {
  const { text, error } = await sendFirst(path, headers());
  expect([error, text.split(" ")[1]]).toEqual([null, String(status)]);
  expect(text).toContain(`"code":"${code}"`);
  expect(text.toLowerCase()).toContain("x-content-type-options: nosniff");
});

test("who sends on and on is cut off in the end", async () => {
  const startedAt = performance.now();
  const ended = new Promise<void>((resolve) => {
    const socket = connect(Number(new URL(world.url).port), "127.0.0.1");
    socket.on("error", () => {});
    socket.resume();
    socket.write(
      `POST /api/v1/versions HTTP/1.1\r\nHost: a\r\n${bearer()}\r\n${PACKAGE}\r\nContent-Length: ${600 * MIB}\r\n\r\n`,
    );
    const dripping = setInterval(() => socket.write(new Uint8Array(1024)), 50);
    socket.on("close", () => {
      clearInterval(dripping);
      resolve();
    });
  });
  await ended;
  expect((performance.now() - startedAt) / 1000).toBeWithin(3, 20);
}, 60_000);
