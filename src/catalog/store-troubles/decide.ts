/** Of which troubles somebody is told now: of each once while it lasts. Pure. */
import { DAY_MS, HOUR_MS } from "../../time.ts";
import type { Trouble, TroubleCode } from "./find.ts";

/** What is known of a trouble from earlier looks. */
export type KnownTrouble = {
  readonly code: string;
  readonly what: string;
  readonly foundAt: Date;
  /** null: it was found and nobody was told. */
  readonly toldAt: Date | null;
  /** When it was first found to be over; null: it lasts. */
  readonly overAt: Date | null;
};

/** These come and go by themselves, as does what a job renews after the store was away: what lasts from one look to another is told. */
const FLEETING: ReadonlySet<TroubleCode> = new Set<TroubleCode>([
  "keys.command_failing",
  "storage.failing",
  "jobs.stuck",
]);
const LASTS_MS = HOUR_MS / 2;
/** What comes again within that is the same trouble. */
const SAME_MS = DAY_MS;

export type Decision = {
  /** To be told of now. */
  readonly tell: readonly Trouble[];
  /** All that is remembered from now on, with what is told. */
  readonly kept: readonly KnownTrouble[];
};

export function decideTroubles(
  found: readonly Trouble[],
  known: readonly KnownTrouble[],
  now: Date,
): Decision {
  const idOf = ({ code, what }: Pick<Trouble, "what"> & { readonly code: string }) => `${code} ${what}`;
  const before = new Map(known.map((row) => [idOf(row), row]));
  const present = new Map(found.map((trouble) => [idOf(trouble), trouble]));
  const tell: Trouble[] = [];
  const kept: KnownTrouble[] = [];
  for (const [id, trouble] of present) {
    const { code, what } = trouble;
    const row = before.get(id);
    const same = row === undefined || isOther(row, now) ? null : row;
    const foundAt = same?.foundAt ?? now;
    const told = same?.toldAt ?? null;
    const toldAt = told === null || isMore(trouble, told, now) ? null : told;
    const isFleeting = FLEETING.has(code) || trouble.isRenewed;
    const lasts = !isFleeting || now.getTime() - foundAt.getTime() >= LASTS_MS;
    const tells = toldAt === null && lasts;
    if (tells) tell.push(trouble);
    kept.push({ code, what, foundAt, toldAt: tells ? now : toldAt, overAt: null });
  }
  for (const [id, row] of before) {
    if (present.has(id) || row.toldAt === null) continue;
    const overAt = row.overAt ?? now;
    if (now.getTime() - overAt.getTime() < SAME_MS) kept.push({ ...row, overAt });
  }
  return { tell, kept };
}

/** Others were given up since, which is told once a day: the first ones stay until somebody decides about them. */
function isMore({ code, at }: Trouble, toldAt: Date, now: Date): boolean {
  return code === "jobs.dead" && at !== null && at > toldAt && now.getTime() - toldAt.getTime() >= SAME_MS;
}

/** It was over for so long that what is there now is another one. */
function isOther({ overAt }: KnownTrouble, now: Date): boolean {
  return overAt !== null && now.getTime() - overAt.getTime() >= SAME_MS;
}
