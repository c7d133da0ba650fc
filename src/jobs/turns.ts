/** Whose turn it is among the jobs that are due. Pure. */

/** What somebody waits for, all else, and what strangers may ask for as often as they like; the first goes first. */
export const PRIORITIES = [2, 1, 0] as const;
export type Priority = (typeof PRIORITIES)[number];
export const URGENT: Priority = 2;
export const USUAL: Priority = 1;
export const PATIENT: Priority = 0;

/** As often in a row a priority lets higher ones go ahead of what is due of it: none waits for ever. */
export const MOST_AHEAD = 4;

/** How often each priority was passed over since it last had its turn. */
export type PassedOver = Readonly<Record<Priority, number>>;
export const NONE_PASSED: PassedOver = { 0: 0, 1: 0, 2: 0 };

/** @param due The priorities of which a job could begin now, the highest first. null: there is none. */
export function decideNext(
  due: readonly Priority[],
  passed: PassedOver,
): { readonly next: Priority; readonly passed: PassedOver } | null {
  const next = due.find((priority) => passed[priority] >= MOST_AHEAD) ?? due[0];
  if (next === undefined) return null;
  const after = { ...passed, [next]: 0 };
  for (const priority of due) if (priority < next) after[priority] += 1;
  return { next, passed: after };
}
