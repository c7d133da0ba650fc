import type { Job } from "../../jobs/queue.ts";
import { argument, option } from "../command.ts";
import { formatTime } from "../style.ts";
import { callCommand, listCommand } from "./operation-command.ts";

type JobJson = Pick<Job, "id" | "kind" | "key" | "state" | "attempts" | "lastError"> & {
  runAt: string;
  finishedAt: string | null;
};

function jobState(text: string): string {
  if (["queued", "running", "done", "dead"].includes(text)) return text;
  throw new Error("a job is queued, running, done or dead");
}

export const jobsListCommand = listCommand<JobJson>({
  summary: "List the newest 100 jobs of the store.",
  operation: "jobs.list",
  isWhole: true,
  options: { state: option("--state", "STATE", "queued, running, done or dead", jobState) },
  columns: [
    ["Id", ({ id }) => id],
    ["Kind", ({ kind }) => kind],
    ["State", ({ state }) => state],
    ["Tries", ({ attempts }) => String(attempts), "end"],
    ["When", ({ finishedAt, runAt }) => formatTime(finishedAt ?? runAt)],
    ["Last error", ({ lastError }) => lastError ?? ""],
  ],
  examples: [
    {
      line: "mosis admin jobs list --state dead --data /srv/mosis",
      does: "prints what gave up, with the reason",
    },
  ],
});

export const jobsReplayCommand = callCommand({
  name: "replay",
  summary: "Put a dead letter back into the queue.",
  operation: "jobs.replay",
  arguments: { id: argument("ID", "the job's id, job-…") },
  examples: [
    {
      line: "mosis admin jobs replay job-0190… --data /srv/mosis",
      does: "tries it again, with fresh attempts",
    },
  ],
  says: ({ id, kind }: JobJson) => `${id} (${kind}) is queued again.`,
});
