/** A line to a store that is cut in the middle of an upload. */
import { connect, createServer, type Server, type Socket } from "node:net";

/** Hands on what comes, until it is cut; notes where each part that it hands on begins. */
export type Line = {
  readonly url: string;
  readonly offsets: number[];
  /** After so many bytes of a part the connection ends; then every connection does, until it is mended. */
  cutAfterBytes: number | null;
  isDown: boolean;
  /** What is waited for before it is cut: what a line hands on may be thrown away with it before the store has it. */
  arrived: () => Promise<unknown>;
  /** So many questions how far an upload is are answered with 502, as a proxy does whose store is starting anew. */
  badGateways: number;
  readonly server: Server;
};

const QUESTION = /^HEAD \/(?:api\/v1\/)?uploads\/\S+ HTTP/;
const PART = /^PATCH \/(?:api\/v1\/)?uploads\/\S+ HTTP[\s\S]*?upload-offset: (\d+)/i;

export async function newLine(port: number): Promise<Line> {
  const open = new Set<Socket>();
  const line = {
    offsets: [] as number[],
    cutAfterBytes: null as number | null,
    isDown: false,
    arrived: (): Promise<unknown> => Bun.sleep(100),
    badGateways: 0,
  };
  const server = createServer((from) => {
    const to = connect(port, "127.0.0.1");
    let ofPart: number | null = null;
    const end = () => {
      from.destroy();
      to.destroy();
    };
    for (const socket of [from, to]) {
      open.add(socket);
      socket.on("error", end);
      socket.on("close", () => {
        open.delete(socket);
        end();
      });
    }
    if (line.isDown) return end();
    from.on("data", (bytes: Buffer) => {
      if (line.badGateways > 0 && QUESTION.test(bytes.toString("latin1"))) {
        line.badGateways -= 1;
        from.end("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        return;
      }
      const [, offset] = PART.exec(bytes.toString("latin1")) ?? [];
      if (offset !== undefined) {
        line.offsets.push(Number(offset));
        ofPart = 0;
      }
      to.write(bytes);
      if (ofPart === null) return;
      ofPart += bytes.byteLength;
      if (line.cutAfterBytes === null || ofPart < line.cutAfterBytes) return;
      line.cutAfterBytes = null;
      line.isDown = true;
      from.pause();
      void line.arrived().then(() => {
        for (const socket of open) socket.destroy();
      });
    });
    to.on("data", (bytes: Buffer) => from.write(bytes));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the line has no port");
  return Object.assign(line, { server, url: `http://127.0.0.1:${address.port}` });
}
