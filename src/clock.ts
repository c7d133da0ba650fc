/** The one place that reads the time. Everything else is given a Clock. */
export type Clock = { now(): Date };

export const systemClock: Clock = { now: () => new Date() };
