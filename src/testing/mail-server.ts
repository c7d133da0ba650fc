/** Real mail servers: one that takes mail, and one that says what a test wants. */
import { createServer, type Socket } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

export type Taken = {
  readonly from: string;
  readonly to: readonly string[];
  readonly isSecure: boolean;
  readonly user: string | null;
  readonly raw: string;
  readonly mail: ParsedMail;
};

export type MailServer = {
  readonly port: number;
  readonly taken: readonly Taken[];
  /** How many connections there were. */
  readonly connections: () => number;
  stop(): Promise<void>;
};

export type MailServerOptions = {
  /** Always the same one, after a stop. */
  readonly port?: number;
  readonly tls?: "starttls" | "from_start" | "none";
  readonly certificate?: { readonly cert: string; readonly key: string };
  readonly user?: { readonly name: string; readonly password: string };
  /** The status with which it answers a recipient, or the whole mail, and what it says; null: it takes it. */
  readonly onRecipient?: (address: string) => readonly [status: number, words: string] | null;
  readonly onMail?: (raw: string) => readonly [status: number, words: string] | null;
  readonly onSender?: (address: string) => readonly [status: number, words: string] | null;
};

export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const taken: Taken[] = [];
  let connections = 0;
  const { tls = "none", certificate, user } = options;
  const server = new SMTPServer({
    secure: tls === "from_start",
    ...(certificate ?? {}),
    disabledCommands: [...(tls === "starttls" ? [] : ["STARTTLS"]), ...(user === undefined ? ["AUTH"] : [])],
    allowInsecureAuth: true,
    authOptional: user === undefined,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onConnect: (_session, done) => {
      connections += 1;
      done();
    },
    onAuth: ({ username, password }, _session, done) => {
      if (username === user?.name && password === user?.password) done(null, { user: username });
      else done(failure([535, `5.7.8 not you, with ${password}`]));
    },
    onMailFrom: ({ address }, _session, done) => done(failure(options.onSender?.(address) ?? null)),
    onRcptTo: ({ address }, _session, done) => done(failure(options.onRecipient?.(address) ?? null)),
    onData: (stream, session, done) => {
      void (async () => {
        // Who is killed in the middle of a mail has not sent it.
        const raw = await new Response(stream as unknown as BodyInit).text().catch(() => null);
        if (raw === null) return;
        const refusal = options.onMail?.(raw) ?? null;
        if (refusal === null)
          taken.push({
            from: session.envelope.mailFrom === false ? "" : session.envelope.mailFrom.address,
            to: session.envelope.rcptTo.map(({ address }) => address),
            isSecure: session.secure,
            user: session.user ?? null,
            raw,
            mail: await simpleParser(raw),
          });
        done(failure(refusal));
      })();
    },
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", () => resolve()));
  const address = server.server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    taken,
    connections: () => connections,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function failure(answer: readonly [status: number, words: string] | null): Error | null {
  return answer === null ? null : Object.assign(new Error(answer[1]), { responseCode: answer[0] });
}

/** A server that does with each connection what the test says. */
export async function startOddServer(converse: (socket: Socket) => void): Promise<{
  readonly port: number;
  readonly connections: () => number;
  stop(): Promise<void>;
}> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    converse(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    connections: () => connections,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** For an odd server: answers each line that begins so; closes at the one that begins with `closesAt`. */
export function script(socket: Socket, answers: Readonly<Record<string, string>>, closesAt?: string): void {
  socket.write("220 hello\r\n");
  socket.on("data", (data) => {
    const text = data.toString();
    if (closesAt !== undefined && text.includes(closesAt)) {
      socket.destroy();
      return;
    }
    for (const [begin, answer] of Object.entries(answers))
      if (text.startsWith(begin) || (begin.startsWith(".") && text.endsWith(`\r\n${begin}`)))
        socket.write(`${answer}\r\n`);
  });
}
