/** Reads an event stream one event after the other. */
export type ReadEvent = { readonly name: string; readonly id: string | null; readonly data: string };

export type Events = {
  readonly response: Response;
  /** The next one that is not `alive`; null: the stream has ended. */
  next(): Promise<ReadEvent | null>;
  /** The next one, whatever it is. */
  any(): Promise<ReadEvent | null>;
  close(): Promise<void>;
};

/** @throws Error when the answer is no event stream */
export async function openEvents(address: string, headers: Record<string, string>): Promise<Events> {
  const leave = new AbortController();
  const response = await fetch(address, { headers, redirect: "manual", signal: leave.signal });
  const type = response.headers.get("content-type");
  if (type !== "text/event-stream" || response.body === null)
    throw new Error(`${response.status} ${type}: ${await response.text()}`);
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  const any = async (): Promise<ReadEvent | null> => {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end >= 0) {
        const event = eventOf(text.slice(0, end));
        text = text.slice(end + 2);
        return event;
      }
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (done) return null;
      text += decoder.decode(value, { stream: true });
    }
  };
  return {
    response,
    any,
    async next() {
      for (;;) {
        const event = await any();
        if (event?.name !== "alive") return event;
      }
    },
    async close() {
      leave.abort();
      await reader.cancel().catch(() => {});
    },
  };
}

/** The body of an answer; of an event stream its beginning, with the first state that it tells. */
export async function bodyOf(response: Response): Promise<string> {
  if (response.body === null || response.headers.get("content-type") !== "text/event-stream")
    return response.text();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (text.split("\n\n").length <= 2) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text;
}

/** The same as bytes. */
export async function bytesOf(response: Response): Promise<Uint8Array> {
  const isStream = response.headers.get("content-type") === "text/event-stream";
  return isStream ? Buffer.from(await bodyOf(response)) : response.bytes();
}

function eventOf(text: string): ReadEvent {
  const fields = text.split("\n").map((line) => line.split(/: (.*)/s));
  const of = (name: string) => fields.filter(([field]) => field === name).map(([, value]) => value ?? "");
  return { name: of("event")[0] ?? "message", id: of("id")[0] ?? null, data: of("data").join("\n") };
}
