/** Lists that the store gives a page at a time, read to their end. */
import type { Operator } from "../operator.ts";

const PER_PAGE = 500;

export async function everyItem<Item>(
  operator: Operator,
  name: string,
  input: Readonly<Record<string, unknown>> = {},
): Promise<Item[]> {
  const all: Item[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const page: { items: Item[]; nextCursor: string | null } = await operator.call(name, {
      ...input,
      limit: PER_PAGE,
      ...(after === undefined ? {} : { after }),
    });
    all.push(...page.items);
    after = page.nextCursor;
  }
  return all;
}
