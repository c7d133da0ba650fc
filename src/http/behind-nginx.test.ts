/** A refusal in the middle of an upload reaches the client through nginx, which answers 502 when a store breaks off. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { makeTemplate, openWorld, type Template, type World } from "../testing/http/world.ts";
import { type Nginx, noNginx, startNginx } from "../testing/nginx.ts";

const MIB = 2 ** 20;
const MOST = 4 * MIB;
const WAYS = [
  ["passed on as it comes", ["proxy_request_buffering off;", "proxy_http_version 1.1;"]],
  ["passed on as it comes, by HTTP/1.0", ["proxy_request_buffering off;", "proxy_http_version 1.0;"]],
  ["kept until it is whole", ["proxy_request_buffering on;"]],
] as const;

let template: Template;
let world: World;
beforeAll(async () => {
  template = await makeTemplate();
  world = await openWorld(template, {}, { publicUrl: "https://localhost", maxUploadBytes: MOST });
});
afterAll(async () => {
  await world.close();
  template.remove();
});

type Sending = {
  readonly headers: readonly string[];
  /** What the body begins with; zeros follow. */
  readonly begin: string;
  readonly mib: number;
  readonly isChunked: boolean;
  /** Reads while it sends, as most clients; else once all is sent. */
  readonly isReading: boolean;
};

/** What is answered: the status, and the code of the Problem. */
function upload(port: number, { headers, begin, mib, isChunked, isReading }: Sending): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let told = "";
    const pieces = [Buffer.from(begin), ...Array.from({ length: mib }, () => new Uint8Array(MIB))];
    const length = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
    const tellAll = () => {
      const [, status = "none"] = told.split(" ");
      resolve(`${status} ${/"code":"([^"]+)"/.exec(told)?.[1] ?? ""}`);
    };
    const late = setTimeout(() => socket.destroy(), 20_000);
    socket.on("data", (bytes) => {
      told += bytes.toString("latin1");
      if (/\}(?:\r\n0\r\n\r\n)?$/.test(told)) socket.destroy();
    });
    // What comes after the answer may find nobody.
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(late);
      tellAll();
    });
    if (!isReading) socket.pause();
    const framing = isChunked ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`;
    const head = ["POST /api/v1/versions HTTP/1.1", "Host: localhost", ...headers, framing];
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    const more = (): void => {
      if (socket.destroyed) return;
      const piece = pieces.shift();
      if (piece === undefined) {
        if (isChunked) socket.write("0\r\n\r\n");
        socket.resume();
        return;
      }
      if (isChunked) socket.write(`${piece.byteLength.toString(16)}\r\n`);
      socket.write(piece, isChunked ? undefined : more);
      if (isChunked) socket.write("\r\n", more);
    };
    more();
  });
}

const bearer = () => `Authorization: Bearer ${world.tokens.organisation}`;
const PACKAGE = "Content-Type: application/vnd.mosis.package";
const FORM = "Content-Type: multipart/form-data; boundary=x";
const part = (rest: string) => `--x\r\nContent-Disposition: form-data; ${rest}\r\n\r\n`;

const REFUSED: readonly (readonly [
  what: string,
  headers: () => string[],
  Pick<Sending, "begin" | "mib">,
  string,
])[] = [
  ["of too much", () => [bearer(), PACKAGE], { begin: "PK", mib: 24 }, "413 upload.too_large"],
  ["of nobody", () => [PACKAGE], { begin: "PK", mib: 24 }, "401 auth.required"],
  [
    "of another type",
    () => [bearer(), "Content-Type: text/css"],
    { begin: "a", mib: 24 },
    "415 request.media_type",
  ],
  ["of no package", () => [bearer(), PACKAGE], { begin: "PK", mib: 3 }, "422 MPK-C002"],
  ["of no form", () => [bearer(), FORM], { begin: "nothing of a form", mib: 3 }, "400 multipart.malformed"],
  [
    "of a form with another field",
    () => [bearer(), FORM],
    { begin: part('name="other"; filename="f"'), mib: 3 },
    "400 multipart.unexpected",
  ],
  [
    "of a form with a long field",
    () => [bearer(), FORM],
    { begin: part('name="notes"'), mib: 3 },
    "413 request.too_large",
  ],
];

describe.skipIf(noNginx).each(WAYS)("behind nginx, with what is %s", (_, options) => {
  let nginx: Nginx;
  beforeAll(async () => {
    nginx = await startNginx(Number(new URL(world.url).port), options);
  });
  afterAll(() => nginx.stop());

  test.each(REFUSED)(
    "the refusal of an upload %s is read",
    async (_what, headers, sent, answer) => {
      for (const isChunked of [true, false])
        for (const isReading of [true, false]) {
          const how = { ...sent, headers: headers(), isChunked, isReading };
          expect([isChunked, isReading, await upload(nginx.port, how)]).toEqual([
            isChunked,
            isReading,
            answer,
          ]);
        }
    },
    100_000,
  );
});

test.each(REFUSED)(
  "without a proxy the refusal of an upload %s is read",
  async (_what, headers, sent, answer) => {
    for (const isChunked of [true, false])
      for (const isReading of [true, false]) {
        const how = { ...sent, headers: headers(), isChunked, isReading };
        expect(await upload(Number(new URL(world.url).port), how)).toBe(answer);
      }
  },
  100_000,
);
