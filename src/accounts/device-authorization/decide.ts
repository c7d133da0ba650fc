/** A person decides whether a program that waits is signed in as them. */
import type { AuditChange } from "../../audit/entry.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { perDb } from "../../db/per-db.ts";
import { Problem } from "../../errors.ts";
import { say } from "../../say.ts";
import { type AccountActor, auditAuthor } from "../actor.ts";
import { MOST_KEY_DAYS } from "../api-keys/make.ts";
import { newPace, paced } from "../pace.ts";
import { authorise } from "../rights.ts";
import { refuseEndedSession } from "../sessions.ts";
import { userCodeHash, userCodeOf } from "./codes.ts";
import * as records from "./records.ts";

export type WaitingProgram = {
  /** As it is compared. */
  readonly userCode: string;
  readonly clientName: string;
  readonly address: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
};

const paceOf = perDb(() => newPace());

/**
 * The program that shows this code, at the pace of signing in: somebody who types others' codes could sign their programs in
 * as themselves.
 * @throws Problem `login.code_unknown`, `auth.too_many_attempts`
 */
export async function findWaiting(
  store: Store,
  actor: AccountActor,
  typed: { readonly code: string; readonly address: string },
): Promise<WaitingProgram> {
  authorise(actor, "self.keys");
  const found = await paced(
    paceOf(store),
    { accountKey: actor.accountId, address: typed.address },
    () => store.clock.now(),
    async () => {
      const userCode = userCodeOf(typed.code);
      const row = userCode && records.openByUserCode(store.db.orm, userCodeHash(userCode), store.clock.now());
      return row ? { ...row, userCode: userCode ?? "" } : null;
    },
  );
  if (found === null) throw unknown();
  const { userCode, clientName, address, createdAt, expiresAt } = found;
  return { userCode, clientName, address, createdAt, expiresAt };
}

/**
 * Lets it in: with its next question it is given a key of the person.
 * @param days How long the program stays signed in, from then on.
 * @throws Problem `login.code_unknown`, `login.days`, `auth.too_many_attempts`, `auth.required`
 */
export async function approveProgram(
  store: Store,
  actor: AccountActor,
  typed: { readonly code: string; readonly days: number; readonly address: string },
): Promise<void> {
  const { days } = typed;
  if (!Number.isInteger(days) || days < 1 || days > MOST_KEY_DAYS) {
    const message = say`A program stays signed in for 1 to ${MOST_KEY_DAYS} whole days.`;
    throw new Problem("unprocessable", "login.days", message, [
      { code: "login.days", pointer: "/days", message },
    ]);
  }
  await decide(store, actor, typed, "approved", days);
}

/** Sends it away. @throws Problem `login.code_unknown`, `auth.too_many_attempts` */
export async function denyProgram(
  store: Store,
  actor: AccountActor,
  typed: { readonly code: string; readonly address: string },
): Promise<void> {
  await decide(store, actor, typed, "denied", null);
}

async function decide(
  store: Store,
  actor: AccountActor,
  typed: { readonly code: string; readonly address: string },
  decision: "approved" | "denied",
  days: number | null,
): Promise<void> {
  const { userCode } = await findWaiting(store, actor, typed);
  if (actor.via.type !== "session") throw new Error("only a person in a browser decides on a program");
  const { accountId, via } = actor;
  const now = store.clock.now();
  write(store.db, (tx) => {
    refuseEndedSession(tx, actor);
    const row = records.openByUserCode(tx, userCodeHash(userCode), now);
    if (!row) throw unknown();
    const by = decision === "approved" ? { accountId, sessionId: via.sessionId, days } : {};
    records.decideAuthorization(tx, row.deviceCodeHash, { decision, ...by });
    const change: AuditChange = {
      action: decision === "approved" ? "account.program_let_in" : "account.program_sent_away",
      subject: { type: "account", id: accountId },
      ...(days === null ? {} : { after: { days } }),
      // The name of a computer and where it is tell of who has it.
      person: { after: { program: row.clientName, from: row.address } },
    };
    recordChange(tx, auditAuthor(actor), change, now);
  });
}

function unknown(): Problem {
  return new Problem(
    "unprocessable",
    "login.code_unknown",
    say`No program waits with this code. Type it as the program shows it; after ten minutes, or once it was used, the program has to begin again.`,
    [{ code: "login.code_unknown", pointer: "/code", message: say`No program waits with this code.` }],
  );
}
