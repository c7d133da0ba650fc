/** What was typed into a form that could not be carried out: told on the page of what went wrong, from which it is sent once more. */
import type { ErrorTyped } from "../../../views/components/send-again.tsx";
import { isProblem } from "../../errors.ts";
import type { ProblemPage } from "../app.ts";
import { fieldsSentBy, formPairs, readBody } from "../body.ts";
import { refuseCrossSite } from "../guard.ts";
import { holdsSecret, keptOf, type Pairs, sentPairs } from "./kept-forms.ts";

/** Shorter ones are typed again as quickly as they are read; what is one long word of plain characters was made by a program. */
const isWorthShowing = (value: string): boolean => value.length >= 40 && !/^[\x21-\x7e]+$/.test(value);
/** More than any form of ours has. */
const MOST_PAIRS = 500;
/** What may go better the next time, with nothing of it changed. */
const isPassing = (status: number): boolean => status === 429 || status >= 500;

/** null: there is nothing to show, or it was not sent by a page of ours. */
export async function typedAgain(view: ProblemPage): Promise<ErrorTyped | null> {
  const { route, request, status } = view;
  if (route === null || route.area !== "page" || route.method === "GET") return null;
  const pairs = await sentOwn(view);
  if (pairs === null || pairs.length > MOST_PAIRS || holdsSecret(pairs)) return null;
  const kept = keptOf(pairs);
  const { pathname, search } = new URL(request.url);
  const texts = kept.map(([, value]) => value).filter(isWorthShowing);
  const again = isPassing(status) && route.body?.kind !== "multipart";
  if (!again && texts.length === 0) return null;
  return { texts, again: again ? { action: pathname + search, pairs: kept } : null };
}

/**
 * Another site's form is not ours to keep: whoever sends it from here would send it as their own. Nor is anything read of a stranger
 * for whom it was too much already, and of one whose session may have ended as much as a plain form has.
 */
async function sentOwn(view: ProblemPage): Promise<Pairs | null> {
  const { route, request, info, viewer, status, store, arrival } = view;
  if (route === null) return null;
  try {
    refuseCrossSite(route, request, info);
    const read = fieldsSentBy(request);
    if (read.length > 0 || route.body?.kind !== "form") return read;
    // Begun and not come to its end: half a form is none.
    if (request.bodyUsed) return null;
    if (viewer?.kind === "account") return await sentPairs(route, view);
    return status === 401 ? await readBody(formPairs(), request, store, arrival) : null;
  } catch (error) {
    if (isProblem(error)) return null;
    throw error;
  }
}
