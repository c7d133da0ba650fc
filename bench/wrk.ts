/** One client (wrk) that measures both sides over the same number of kept connections. */
import { timed } from "./process.ts";

export const CONNECTIONS = 8;

/** Time per request. @throws Error when an answer was no 2xx */
export async function microseconds(
  url: string,
  { headers = [], seconds = 3 }: { readonly headers?: readonly string[]; readonly seconds?: number } = {},
): Promise<number> {
  const { stdout } = await timed([
    ...["wrk", "-t1", `-c${CONNECTIONS}`, `-d${seconds}s`],
    ...headers.flatMap((header) => ["-H", header]),
    url,
  ]);
  const perSecond = Number(/^Requests\/sec:\s+([\d.]+)$/m.exec(stdout)?.[1]);
  if (!(perSecond > 0) || /Non-2xx|Socket errors/.test(stdout)) throw new Error(`wrk said:\n${stdout}`);
  return 1e6 / perSecond;
}
