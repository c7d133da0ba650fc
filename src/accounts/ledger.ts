/**
 * What counts from when it begins and may turn out not to have been: attempts of which some are withdrawn. What stands for a
 * key is then what it would be had those never begun, in whatever order they began and ended. For that each entry is
 * remembered until all that were entered before it have ended, which are few and soon over; of the others a sum is kept.
 */
export type Ledger<S> = {
  /** What stands for each key with what is under way, in the order of use. */
  readonly standing: Map<string, S>;
  /** Of the keys of which something is under way. */
  readonly open: Map<string, Page<S>>;
  /** What stands after one more at that time, in milliseconds. */
  readonly add: (before: S | undefined, at: number) => S;
  /** Writes down what stands, and forgets what is too much. */
  readonly put: (standing: Map<string, S>, key: string, state: S, at: number) => void;
};

/** The entries from the first on that is under way, and what stood before them. */
type Page<S> = { before: S | undefined; readonly entries: Entry[] };
type Entry = { readonly at: number; hasEnded: boolean };

/** What was entered. Whoever entered it says in the end, once, whether it counts. */
export type Entered = { readonly keep: () => void; readonly withdraw: () => void };

export function newLedger<S>({ add, put }: Pick<Ledger<S>, "add" | "put">): Ledger<S> {
  return { standing: new Map(), open: new Map(), add, put };
}

export function enter<S>(ledger: Ledger<S>, key: string, at: number): Entered {
  const { standing, open, add } = ledger;
  const before = standing.get(key);
  // What was forgotten of a key takes along what was under way of it.
  const page = (before !== undefined && open.get(key)) || { before, entries: [] };
  const entry = { at, hasEnded: false };
  page.entries.push(entry);
  open.set(key, page);
  ledger.put(standing, key, add(before, at), at);
  return {
    keep() {
      entry.hasEnded = true;
      if (isOpen(ledger, key, page)) close(ledger, key, page);
    },
    withdraw() {
      if (!isOpen(ledger, key, page)) return;
      page.entries.splice(page.entries.indexOf(entry), 1);
      const state = page.entries.reduce<S | undefined>((sum, each) => add(sum, each.at), page.before);
      if (state === undefined) standing.delete(key);
      else standing.set(key, state);
      close(ledger, key, page);
    },
  };
}

/** Nothing stands for the key, and what is under way of it counts no more, however it ends. */
export function forget<S>({ standing, open }: Ledger<S>, key: string): void {
  standing.delete(key);
  open.delete(key);
}

function isOpen<S>({ standing, open }: Ledger<S>, key: string, page: Page<S>): boolean {
  if (open.get(key) !== page) return false;
  if (!standing.has(key)) open.delete(key);
  return standing.has(key);
}

/** Takes into the sum what has ended and has nothing before it that is under way. */
function close<S>({ open, add }: Ledger<S>, key: string, page: Page<S>): void {
  for (const { at, hasEnded } of [...page.entries]) {
    if (!hasEnded) return;
    page.before = add(page.before, at);
    page.entries.shift();
  }
  open.delete(key);
}
