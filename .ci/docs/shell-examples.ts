/**
 * The examples of the guides as a script: each page's `sh` fences, top to bottom, in one shell, against a real server
 * with the real command line. The convention of the pages:
 *
 * - a fence `sh` is run and must end well; `shell` and all other languages are only shown.
 * - `# in a terminal of its own` as its first line: it stays up, and what follows finds it answering.
 * - a fence `text` right after it is what it prints, stdout and stderr together; `…` stands for anything on a line, a
 *   line of nothing but `…` for any lines. Notes that end in ` …` may come or not, so they are not compared.
 * - 127.0.0.1:8470 is a free port here, and at 127.0.0.1:2525 a mail server listens.
 */
import MarkdownIt from "markdown-it";

export type Example = {
  readonly code: string;
  readonly expected: string | null;
  /** It stays up. */
  readonly server: boolean;
  readonly line: number;
};

const SERVER = /^# in a terminal of its own\n/;

export function examplesOf(markdown: string): readonly Example[] {
  const tokens = new MarkdownIt().parse(markdown, {});
  return tokens.flatMap((token, index) => {
    if (token.type !== "fence" || token.info.trim() !== "sh") return [];
    const next = tokens[index + 1];
    return [
      {
        code: token.content.replace(SERVER, ""),
        expected: next?.type === "fence" && next.info.trim() === "text" ? next.content : null,
        server: SERVER.test(token.content),
        line: (token.map?.[0] ?? 0) + 1,
      },
    ];
  });
}

/** A bash script that leaves what example N printed in the file `out.N`, and stops at the first that fails. */
export function scriptOf(
  setup: string,
  examples: readonly Example[],
  port: number,
  mailPort: number,
): string {
  const served = (code: string, index: number) => `(
exec ${code.trim()}
) > out.${index} 2> err.${index} &
SERVER=$!
wait_for_store`;
  const parts = examples.map(({ code, server }, index) =>
    server ? served(code, index) : `echo ${index} > at\n{\n${code}\n} > out.${index} 2>&1`,
  );
  return `set -euo pipefail
SERVER=
trap '[ -z "$SERVER" ] || { kill $SERVER; wait $SERVER || true; }' EXIT
wait_for_store() {
  for attempt in $(seq 300); do
    if curl -sf -o /dev/null http://127.0.0.1:8470/healthz; then return; fi
    kill -0 $SERVER || return 1
    sleep 0.1
  done
  return 1
}
echo setup > at
{
${setup || ":"}
} > setup.out 2>&1
${parts.join("\n")}
echo done > at
`
    .replaceAll("127.0.0.1:8470", `127.0.0.1:${port}`)
    .replaceAll("127.0.0.1:2525", `127.0.0.1:${mailPort}`);
}

/** What a setup writes where a page takes a running store for granted. */
export function serveInBackground(): string {
  return `(exec mosis serve --data ./store) > serve.out 2> serve.err &
SERVER=$!
wait_for_store`;
}

/** True when the output is what the page says. */
export function matchesExpected(output: string, expected: string, port: number, mailPort: number): boolean {
  const lines = (text: string) =>
    text
      .trim()
      .replaceAll(`127.0.0.1:${port}`, "127.0.0.1:8470")
      .replaceAll(`127.0.0.1:${mailPort}`, "127.0.0.1:2525")
      .split("\n")
      .map((line) => line.trimEnd());
  const pattern = lines(expected)
    .map((line) =>
      line === "…"
        ? "(?:[^\\n]*\\n)*"
        : `${line
            .split("…")
            .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
            .join("[^\\n]*")}\\n`,
    )
    .join("");
  const said = lines(output).filter((line) => !line.endsWith(" …"));
  return new RegExp(`^${pattern}$`).test(`${said.join("\n")}\n`);
}
