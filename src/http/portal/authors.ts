/** Who did something, in words. */
import type { PageContext } from "../../../views/page.ts";
import { authorOf } from "../../accounts/labels.ts";
import type { Store } from "../../context.ts";

/** The name behind a label such as `account:acc-…`. */
export function authorName(ctx: PageContext, store: Store, label: string): string {
  const author = authorOf(store, label);
  if (author.kind === "person") return author.name;
  if (author.kind === "key" || author.kind === "publisher" || author.kind === "device")
    return ctx.t(`author.${author.kind}`, { name: author.name });
  return ctx.t(`author.${author.kind}`);
}

/** As above; null for what the store did by itself. */
export function personName(ctx: PageContext, store: Store, label: string): string | null {
  return authorOf(store, label).kind === "system" ? null : authorName(ctx, store, label);
}
