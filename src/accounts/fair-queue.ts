/**
 * Work that only a few may do at a time, shared fairly by the places that ask for it: each has a queue of its own, and these
 * take turns. When all of it is full, whoever comes from a place that has fewer waiting than another takes the newest turn of
 * the place that has the most, so that a crowd from some places keeps out nobody from elsewhere. Places of whom something is
 * known go ahead of all others, and take a turn of theirs when it is full, so that no number of places keeps them out. Who has
 * waited long enough, or has gone away, waits no more.
 */
export type FairQueue = {
  /** Runs the work in its turn. @throws what `full` makes, when there is no turn for it in time or another took it */
  run<T>(asker: Asker, work: () => Promise<T>): Promise<T>;
};

export type Asker = {
  readonly place: string;
  readonly ahead: boolean;
  /** How long it waits for its turn at most. */
  readonly waitsMs?: number;
  /** Aborted when nobody is there any more to whom it matters. */
  readonly gone?: AbortSignal | undefined;
};

type Places = Map<string, Turn[]>;
type Turn = { readonly begin: () => void; readonly lose: (error: Error) => void };

export function fairQueue(most: {
  readonly sideBySide: number;
  readonly waiting: number;
  readonly full: () => Error;
}): FairQueue {
  let running = 0;
  let waiting = 0;
  /** In the order of their next turns; none is empty. */
  const first: Places = new Map();
  const others: Places = new Map();

  function makeRoom({ place, ahead }: Asker): void {
    if (waiting < most.waiting) return;
    const places = ahead && others.size === 0 ? first : others;
    let [largest, crowd]: [string, Turn[]] = ["", []];
    for (const [name, turns] of places) if (turns.length > crowd.length) [largest, crowd] = [name, turns];
    const least = ahead && places === others ? 1 : (places.get(place)?.length ?? 0) + 2;
    if (crowd.length < least) throw most.full();
    crowd.pop()?.lose(most.full());
    if (crowd.length === 0) places.delete(largest);
    waiting -= 1;
  }

  function wait(asker: Asker): Promise<void> {
    const { place, waitsMs, gone } = asker;
    if (gone?.aborted) throw most.full();
    makeRoom(asker);
    const places = asker.ahead ? first : others;
    return new Promise<void>((resolve, reject) => {
      const leave = () => {
        takeOut(places, place, turn);
        turn.lose(most.full());
      };
      const timer = waitsMs === undefined ? undefined : setTimeout(leave, waitsMs);
      gone?.addEventListener("abort", leave);
      const stopWaiting = () => {
        clearTimeout(timer);
        gone?.removeEventListener("abort", leave);
      };
      const turn: Turn = {
        begin() {
          stopWaiting();
          resolve();
        },
        lose(error) {
          stopWaiting();
          reject(error);
        },
      };
      const turns = places.get(place);
      if (turns === undefined) places.set(place, [turn]);
      else turns.push(turn);
      waiting += 1;
    });
  }

  function takeOut(places: Places, place: string, turn: Turn): void {
    const left = places.get(place)?.filter((each) => each !== turn) ?? [];
    if (left.length > 0) places.set(place, left);
    else places.delete(place);
    waiting -= 1;
  }

  /** The place whose turn it is goes to the end of the row. */
  function next(places: Places): Turn | undefined {
    for (const [place, turns] of places) {
      places.delete(place);
      const turn = turns.shift();
      if (turns.length > 0) places.set(place, turns);
      if (turn === undefined) continue;
      waiting -= 1;
      return turn;
    }
    return undefined;
  }

  return {
    async run(asker, work) {
      if (running >= most.sideBySide) await wait(asker);
      else running += 1;
      try {
        return await work();
      } finally {
        const turn = next(first) ?? next(others);
        if (turn === undefined) running -= 1;
        else turn.begin();
      }
    },
  };
}
