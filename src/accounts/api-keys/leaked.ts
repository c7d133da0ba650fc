/** A token that somebody found where it should not be: its key ends at once, whoever reports it. */
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { say, type Words } from "../../say.ts";
import type { Actor } from "../actor.ts";
import { endKey } from "./end.ts";
import { secretOf } from "./find.ts";
import { tellPeopleOf } from "./people.ts";
import { type ApiKeyRow, apiKeyById } from "./records.ts";
import { parseToken } from "./tokens.ts";

export type LeakedToken = {
  readonly token: string;
  /** Where it was found, in the reporter's words. */
  readonly url?: string;
};

const URL_CHARACTERS = 300;

/**
 * Ends the keys of those tokens that are in use, with the keys that they made, and tells their people. Whoever has the whole
 * token may end it: they could do worse with it. What is no key of ours is nothing, and nothing is said of which was which.
 */
export function reportLeaked(store: Store, actor: Actor, found: readonly LeakedToken[]): void {
  const live = found.filter(({ token }) => liveKeyOf(store.db.orm, token, store.clock.now()) !== null);
  // Who sends what is none must not make the store write.
  if (live.length === 0) return;
  write(store.db, (tx) => {
    const now = store.clock.now();
    for (const { token, url } of live) {
      const row = liveKeyOf(tx, token, now);
      if (row === null) continue;
      endKey(tx, actor, row, "apikey.leaked", now);
      tellLeak(tx, row, url, now);
    }
  });
  store.wakeJobs();
}

/**
 * The key, unless it is over. A replaced token counts while it works; and also later, when a key and no person replaced it:
 * whoever found that key could have done so.
 */
function liveKeyOf(tx: Tx, token: string, now: Date): ApiKeyRow | null {
  const parsed = parseToken(token.trim());
  const row = parsed === null ? undefined : apiKeyById(tx, parsed.keyId);
  if (parsed === null || row === undefined || row.revokedAt !== null || row.expiresAt <= now) return null;
  const secret = secretOf(tx, row, parsed);
  if (secret === undefined) return null;
  if (secret === "present" || secret.until > now || secret.replacedWith !== null) return row;
  return null;
}

function tellLeak(tx: Tx, row: ApiKeyRow, url: string | undefined, now: Date): void {
  const { name, id, lastUsedAt, lastUsedAddress } = row;
  const notice = {
    kind: "apikey.leaked",
    subject: say`The API key ${name} was found by others and has been ended`,
    body: [
      say`Somebody reported the token of the API key “${name}” (${id}) as leaked. The key was revoked at once, with every key that was made with it.`,
      ...(url === undefined || url.trim() === "" ? [] : [placeSaid(url)]),
      lastUsedAt === null
        ? say`It was never used.`
        : lastUsedAddress === null
          ? say`It was last used on ${lastUsedAt}.`
          : say`It was last used on ${lastUsedAt} from ${lastUsedAddress}.`,
      say`Look in the audit log for what was done with it, take the token out of where it was, and make a new key.`,
    ],
  } as const;
  tellPeopleOf(tx, row, notice, now);
}

/** A sentence about where a stranger says that it was. */
function placeSaid(url: string): Words {
  const place = unlinked(url);
  return place === null
    ? say`What they say of where it was found is no address of the web, and is left out.`
    : say`Where it was found, as they say, written so that nothing leads there by itself: ${place}`;
}

/**
 * Of a stranger's text the address of a page alone, or null: whatever else it says would be read as the store's words. It is in
 * visible ASCII, as addresses are once they are parsed (WHATWG URL), and has no part of which a mail program makes a link:
 * neither a scheme, nor a name with a dot in it, nor an address for mail.
 */
export function unlinked(text: string): string | null {
  if (!URL.canParse(text.trim())) return null;
  const { protocol, host, pathname, search } = new URL(text.trim());
  if (protocol !== "https:" && protocol !== "http:") return null;
  const address = `${host}${pathname}${search}`.replace(/[^\x21-\x7e]/g, (other) =>
    encodeURIComponent(other),
  );
  const shown = address.length > URL_CHARACTERS ? `${address.slice(0, URL_CHARACTERS)}[cut off]` : address;
  return shown.replaceAll(".", "[.]").replaceAll("@", "[at]").replaceAll(":", "[:]");
}
