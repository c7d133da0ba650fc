/**
 * Forms with files (RFC 7578), as a stream: a part's bytes pass through without being kept, so an upload of any size
 * needs the memory of one chunk. Strict: what no browser sends is refused.
 */
import { Problem } from "../errors.ts";
import { say } from "../say.ts";

export type MultipartPart = {
  readonly name: string;
  /** null for a field that is no file. */
  readonly fileName: string | null;
  /** To be read before the next part is asked for; what is left of it is skipped then. */
  readonly bytes: AsyncIterable<Uint8Array>;
};

const HEADER_BYTES = 8 * 1024;
const MOST_PARTS = 64;

function malformed(why: string): Problem {
  return new Problem(
    "invalid",
    "multipart.malformed",
    say`The form is not well-formed multipart/form-data: ${why}.`,
  );
}

/** The boundary that the Content-Type names. @throws Problem `multipart.malformed` */
export function multipartBoundary(contentType: string): string {
  // RFC 2046 §5.1.1: 1 to 70 of these characters, quoted where they are no token.
  const match = /;\s*boundary=(?:"([^"]*)"|([^\s;"]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2] ?? "";
  if (!/^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/.test(boundary)) {
    throw malformed("its Content-Type names no boundary");
  }
  return boundary;
}

/** A stream that can be looked into. */
type Window = {
  /** What was received and not yet taken. */
  held: Buffer;
  /** False at the end of the stream. */
  fill(): Promise<boolean>;
};

function windowOver(bytes: AsyncIterable<Uint8Array>): Window {
  const iterator = bytes[Symbol.asyncIterator]();
  return {
    // As if a line had ended before: then the first delimiter looks like all others.
    held: Buffer.from("\r\n"),
    async fill() {
      const next = await iterator.next();
      if (next.done) return false;
      this.held =
        this.held.byteLength === 0 ? Buffer.from(next.value) : Buffer.concat([this.held, next.value]);
      return true;
    },
  };
}

function take(window: Window, length: number): Buffer {
  const taken = window.held.subarray(0, length);
  window.held = window.held.subarray(length);
  return taken;
}

/** Bytes up to the delimiter, which is taken away with them. */
async function* upTo(window: Window, delimiter: Buffer): AsyncGenerator<Uint8Array> {
  for (;;) {
    const at = window.held.indexOf(delimiter);
    if (at >= 0) {
      if (at > 0) yield take(window, at);
      take(window, delimiter.byteLength);
      return;
    }
    // The delimiter may have begun in the last bytes.
    const sure = window.held.byteLength - (delimiter.byteLength - 1);
    if (sure > 0) yield take(window, sure);
    if (!(await window.fill())) throw malformed("it ends before its last part does");
  }
}

async function readHead(window: Window): Promise<string> {
  for (;;) {
    const end = window.held.indexOf("\r\n\r\n");
    if (end >= 0 && end <= HEADER_BYTES) {
      const head = take(window, end).toString("utf8");
      take(window, 4);
      return head;
    }
    if (end > HEADER_BYTES || window.held.byteLength > HEADER_BYTES + 4) {
      throw malformed(`the headers of a part are longer than ${HEADER_BYTES} bytes`);
    }
    if (!(await window.fill())) throw malformed("it ends inside the headers of a part");
  }
}

/** Browsers write a quote and line ends inside a name as %22, %0D and %0A (HTML standard, multipart/form-data encoding). */
function unescaped(text: string): string {
  return text.replace(/%22|%0D|%0A/gi, (code) => decodeURIComponent(code));
}

function disposition(head: string): { name: string; fileName: string | null } {
  const lines = head.split("\r\n").filter((line) => /^content-disposition\s*:/i.test(line));
  const [line] = lines;
  if (line === undefined || lines.length > 1 || !/^[^:]*:\s*form-data\s*;/i.test(line)) {
    throw malformed("a part has no Content-Disposition of form-data");
  }
  const name = /;\s*name="([^"]*)"/i.exec(line)?.[1];
  if (name === undefined) throw malformed("a part has no name");
  const fileName = /;\s*filename="([^"]*)"/i.exec(line)?.[1];
  return { name: unescaped(name), fileName: fileName === undefined ? null : unescaped(fileName) };
}

/**
 * The parts in their order.
 * @throws Problem `multipart.malformed`, and what the source throws
 */
export async function* readMultipart(
  bytes: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<MultipartPart> {
  const window = windowOver(bytes);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  for await (const chunk of upTo(window, delimiter)) {
    if (chunk.byteLength > 0) throw malformed("something stands before its first part");
  }
  for (let count = 0; ; count += 1) {
    while (window.held.byteLength < 2) {
      if (!(await window.fill())) throw malformed("it ends before its closing boundary");
    }
    const mark = take(window, 2).toString("latin1");
    if (mark === "--") break;
    if (mark !== "\r\n") throw malformed("a boundary is followed by something else than a line end");
    if (count === MOST_PARTS) throw malformed(`it has more than ${MOST_PARTS} parts`);
    const part = upTo(window, delimiter);
    yield { ...disposition(await readHead(window)), bytes: part };
    for await (const _ of part);
  }
  // Read to the end, so that the count of bytes is whole.
  do window.held = Buffer.alloc(0);
  while (await window.fill());
}
