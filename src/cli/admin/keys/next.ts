/** The next steps in words for a terminal. */
import type { NextStep } from "../../../catalog/store-keys/overview.ts";
import { dayText } from "../../../time.ts";

type Step = {
  readonly do: NextStep["do"];
  readonly what?: string;
  readonly at?: string | Date;
  readonly count?: number;
  readonly inRequest?: boolean;
  readonly waits?: boolean;
  readonly renewedBy?: "job" | "request";
};

export function wordsOf(step: Step): string {
  const at = step.at === undefined ? "" : dayText(new Date(step.at));
  switch (step.do) {
    case "release_revoked":
      return `the release key ${step.what} is revoked: nothing can be approved until it is replaced. ${step.waits ? "What replaces it waits for signatures: see the next lines." : `“mosis admin keys replace ${step.what}”.`}`;
    case "master_key":
      return `${step.count === 1 ? `the key ${step.what} was` : `${step.what} and ${(step.count ?? 0) - 1} more keys were`} sealed with another master key, or changed in the database: put the right master key back (--master-key-file), or see “When a key is lost” in the guide “The store's keys”.`;
    case "command_missing":
      return `${step.count === 1 ? "a key is" : `${step.count} keys are`} held by the command “${step.what}”, and the configuration names no such command: add it to the setting signers.`;
    case "command_fails":
      return `the command “${step.what}” did not sign when it was last asked to: run it by hand, as the setting signers has it. “mosis admin jobs” has what it said; what waits for it is tried again by itself.`;
    case "list_expired":
      return `${step.what}, a list of revoked certificates, has ended on ${at}: programs that go by it refuse the store's certificates. Devices do not need it. ${renewal(step, "those programs")}`;
    case "expired":
      return `${step.what} has ended on ${at}: devices or packages are refused. ${renewal(step, "devices")}`;
    case "overlong":
      return `${step.what} ends on ${at}, later than what is signed now: this machine's clock was ahead when it was signed. ${overlong(step)}`;
    case "renewal_fails":
      return `${step.what} ends on ${at}, and the store has not renewed it: look at “mosis admin jobs”.`;
    case "request_renewal":
      return step.inRequest
        ? `${step.what} ends on ${at}: the request that was exported renews it.`
        : `${step.what} ends on ${at}, and its keys are on another machine: “mosis admin keys export-request”.`;
    case "import":
      return "a request was exported: have it signed with “mosis admin keys sign-request”, then “mosis admin keys import”.";
    case "held_here":
      return `${step.what} is on this machine, though another one holds the keys of its role: “mosis admin keys replace ${step.what} --offline-keys FILE”.`;
    case "export_newer":
      return `${countOf(step)} asked for after that request was exported and ${step.count === 1 ? "is" : "are"} not in it. Import it first, then “mosis admin keys export-request” again; or export now, have the new request signed, and leave the old one.`;
    case "export":
      return `${step.count === 1 ? "1 change waits" : `${step.count} changes wait`} for keys on another machine: “mosis admin keys export-request”.`;
    case "export_due":
      return `${step.what} is at half of its time: the next signing request includes it.`;
    case "export_list":
      return "the root's list of revoked certificates is out of date, or at half of its time, and its key is on another machine: the next signing request includes it. Devices do not need it.";
    case "move_offline":
      return "every key is on this machine. To move the root and what it rests on: “mosis admin keys init --offline DIR” on another machine, then “mosis admin keys export-request --offline-keys FILE” here.";
  }
}

/** How something that ends too late is signed anew. */
function overlong({ what = "", renewedBy, inRequest }: Step): string {
  if (renewedBy === "request")
    return inRequest
      ? "The request that was exported renews it."
      : `Its keys are on another machine${RENEWED_BY_HAND.includes(what) ? `: “mosis admin keys renew ${what}”, then “mosis admin keys export-request”` : ": “mosis admin keys export-request”"}.`;
  return RENEWED_BY_HAND.includes(what)
    ? `See that the clock is right, then “mosis admin keys renew ${what}”.`
    : "The store signs it anew within an hour; if it does not, look at “mosis admin jobs”.";
}

/** Certificates: the old one goes on counting, and each takes room in trust/ca.pem. */
const RENEWED_BY_HAND: readonly string[] = ["ca-root", "ca-developer", "release"];

/** How something that has ended is signed anew, and who waits for it. */
function renewal({ renewedBy, inRequest }: Step, who: string): string {
  if (renewedBy !== "request")
    return "The store renews it by itself and has not: look at “mosis admin jobs”.";
  return inRequest
    ? "The request that was exported renews it: have it signed, and import it."
    : `Its keys are on another machine: “mosis admin keys export-request”, as always; ${who} go on once it is imported.`;
}

function countOf({ count }: Step): string {
  return count === 1 ? "1 change was" : `${count} changes were`;
}
