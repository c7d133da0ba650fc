/** What many stars come to. Pure. */

export const FEWEST_STARS = 1;
export const MOST_STARS = 5;

/** How many gave an app 1, 2, 3, 4 and 5 stars. */
export type StarCounts = readonly [one: number, two: number, three: number, four: number, five: number];

export type RatingSummary = {
  /** 1 to 5, rounded to two decimals; null: nobody has rated it. */
  readonly average: number | null;
  readonly count: number;
  readonly stars: StarCounts;
};

/** @param rows Some of 1 to 5 stars, each once. */
export function summaryOf(
  rows: Iterable<{ readonly stars: number; readonly ratings: number }>,
): RatingSummary {
  const stars: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  let [count, sum] = [0, 0];
  for (const row of rows) {
    stars[row.stars - 1] = row.ratings;
    count += row.ratings;
    sum += row.ratings * row.stars;
  }
  return { average: count === 0 ? null : Math.round((100 * sum) / count) / 100, count, stars };
}

/** So many ratings with so many stars every app is taken to have beside its own: a few voices alone say little. */
const PRIOR_RATINGS = 8;
const PRIOR_STARS = 3.5;

/** The average of an app's own ratings and of those that every app is taken to have (a Bayesian average), 1 to 5. */
export function smoothedAverage(sum: number, count: number): number {
  return (sum + PRIOR_STARS * PRIOR_RATINGS) / (count + PRIOR_RATINGS);
}

/** From -1, of very many single stars, over 0, of no ratings, to 1, of very many with five. */
export function likedBy(sum: number, count: number): number {
  const over = smoothedAverage(sum, count) - PRIOR_STARS;
  return over / (over < 0 ? PRIOR_STARS - FEWEST_STARS : MOST_STARS - PRIOR_STARS);
}
