/** Questions at a real terminal: what is shown while one types, and what is not. */
import { expect, test } from "bun:test";
import { join } from "node:path";

const child = `
  import { createQuestions } from ${JSON.stringify(join(import.meta.dir, "prompt.ts"))};
  const end = new AbortController();
  const { ask, askSecret } = createQuestions(process.stdin, process.stderr, end.signal, () => end.abort());
  const answer = await ask("Word: ").catch(() => "(interrupted)");
  if (answer === "(interrupted)") { console.log("ended"); process.exit(3); }
  const secret = await askSecret("Secret: ");
  console.log(JSON.stringify({ answer, secret }));
`;

/** Types each text once the question before it stands on the screen; gives all that was shown. */
async function typeIn(dialogue: readonly (readonly [question: string, typed: string])[]) {
  let screen = "";
  let next = 0;
  const run = Bun.spawn([process.execPath, "-e", child], {
    terminal: {
      cols: 100,
      rows: 20,
      data(terminal, bytes) {
        screen += new TextDecoder().decode(bytes);
        const [question, typed] = dialogue[next] ?? ["", ""];
        if (next >= dialogue.length || !screen.includes(question)) return;
        next += 1;
        terminal.write(typed);
      },
    },
  });
  const code = await run.exited;
  run.terminal?.close();
  return { screen, code };
}

test("a word is shown as it is typed, with its corrections; a secret is not", async () => {
  const { screen, code } = await typeIn([
    ["Word: ", "nyex\u007fs\u0015yes\r"],
    ["Secret: ", "hunter2\r"],
  ]);
  expect(code).toBe(0);
  expect(screen).toContain("Word: nyex\b \bs\b \b\b \b\b \b\b \byes\r\n");
  expect(screen).toContain("Secret: \r\n");
  expect(screen).toContain('{"answer":"yes","secret":"hunter2"}');
});

test("Ctrl-C ends the question", async () => {
  const { screen, code } = await typeIn([["Word: ", "ye\u0003"]]);
  expect(code).toBe(3);
  expect(screen).toContain("Word: ye");
  expect(screen).toContain("ended");
});
