import { Problem } from "../errors.ts";

/**
 * If-Match against a row's revision; without one nothing is compared (whether one is needed is the route's matter).
 * @throws Problem `precondition.failed`
 */
export function ifUnchanged(revision: number, ifMatch: number | undefined): void {
  if (ifMatch === undefined || ifMatch === revision) return;
  throw new Problem(
    "precondition_failed",
    "precondition.failed",
    `It was changed by somebody else: you have seen revision ${ifMatch}, now it is ${revision}. Look again, then decide.`,
  );
}
