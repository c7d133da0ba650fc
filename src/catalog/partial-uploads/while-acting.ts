/** What somebody sends ends with their right to send it: a part may take hours. */
import type { Actor } from "../../accounts/actor.ts";
import { authorise } from "../../accounts/rights.ts";
import { stillActing } from "../../accounts/still.ts";
import type { Store } from "../../context.ts";

const ASKED_MS = 250;

/** The bytes, as long as who sends them may upload. @throws Problem those of `stillActing`, `rights.forbidden` */
export async function* whileActing(
  store: Store,
  actor: Actor,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let asked = performance.now();
  for await (const piece of bytes) {
    if (performance.now() - asked > ASKED_MS) {
      authorise(stillActing(store, store.db.orm, actor), "version.upload");
      asked = performance.now();
    }
    yield piece;
  }
}
