/**
 * Work that only a few may do at a time, shared fairly by the places that ask for it: each has a queue of its own, and these
 * take turns. When all of it is full, whoever comes from a place that has fewer waiting than another takes the newest turn of
 * the place that has the most, so that a crowd from some places keeps out nobody from elsewhere.
 */
export type FairQueue = {
  /** Runs the work in its turn. @throws what `full` makes, when there is no turn for it or another took it */
  run<T>(place: string, work: () => Promise<T>): Promise<T>;
};

type Turn = { readonly begin: () => void; readonly lose: (error: Error) => void };

export function fairQueue(most: {
  readonly sideBySide: number;
  readonly waiting: number;
  readonly full: () => Error;
}): FairQueue {
  let running = 0;
  let waiting = 0;
  /** In the order of their next turns; none is empty. */
  const places = new Map<string, Turn[]>();

  function makeRoom(place: string): void {
    if (waiting < most.waiting) return;
    const own = places.get(place)?.length ?? 0;
    let [largest, crowd]: [string, Turn[]] = ["", []];
    for (const [name, turns] of places) if (turns.length > crowd.length) [largest, crowd] = [name, turns];
    if (crowd.length <= own + 1) throw most.full();
    crowd.pop()?.lose(most.full());
    if (crowd.length === 0) places.delete(largest);
    waiting -= 1;
  }

  function wait(place: string): Promise<void> {
    makeRoom(place);
    return new Promise<void>((begin, lose) => {
      const turns = places.get(place);
      if (turns === undefined) places.set(place, [{ begin, lose }]);
      else turns.push({ begin, lose });
      waiting += 1;
    });
  }

  /** The place whose turn it is goes to the end of the row. */
  function next(): Turn | undefined {
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
    async run(place, work) {
      if (running >= most.sideBySide) await wait(place);
      else running += 1;
      try {
        return await work();
      } finally {
        const turn = next();
        if (turn === undefined) running -= 1;
        else turn.begin();
      }
    },
  };
}
