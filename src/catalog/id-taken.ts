/** What is said of an id that an app has, or had. */
import type { Actor } from "../accounts/actor.ts";
import { allows } from "../accounts/rights.ts";
import { Problem } from "../errors.ts";
import { say } from "../say.ts";
import { idUnavailable } from "./app-fields.ts";
import type * as records from "./records.ts";

/** That there is such an app, and whose, is told to those who may see it. */
export function idTaken(actor: Actor, app: records.AppRow): Problem {
  const { id, organisationId, organisationName, removedAt } = app;
  if (!allows(actor, "app.read", { organisationId, appId: id })) return idUnavailable(id);
  if (removedAt !== null)
    return new Problem(
      "conflict",
      "app.id_taken",
      say`There was an app ${id}, of ${organisationName}, and devices may still have it: its id is never given to another app. Choose another one.`,
    );
  return new Problem(
    "conflict",
    "app.id_taken",
    say`There is an app ${id} already, of ${organisationName}: upload versions to it, or choose another id.`,
  );
}
