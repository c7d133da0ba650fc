import type { Job } from "../../jobs/queue.ts";
import { argument, defineCommand, option } from "../command.ts";
import { withOperator } from "../operator.ts";
import { dataOptions } from "../store-options.ts";
import { formatTime, table } from "../style.ts";

type JobJson = Pick<Job, "id" | "kind" | "key" | "state" | "attempts" | "lastError"> & {
  runAt: string;
  finishedAt: string | null;
};

function jobState(text: string): string {
  if (["queued", "running", "done", "dead"].includes(text)) return text;
  throw new Error("a job is queued, running, done or dead");
}

export const jobsListCommand = defineCommand({
  name: "list",
  summary: "List the newest 100 jobs of the store.",
  arguments: {},
  options: { ...dataOptions, state: option("--state", "STATE", "queued, running, done or dead", jobState) },
  examples: [
    {
      line: "mosis admin jobs list --state dead --data /srv/mosis",
      does: "prints what gave up, with the reason",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { state } = context.options;
      const { items } = await operator.call<{ items: JobJson[] }>(
        "jobs.list",
        state === undefined ? {} : { state },
      );
      return {
        data: { items },
        text: (style) =>
          items.length === 0
            ? "There are none."
            : table(
                style,
                [
                  { title: "Id" },
                  { title: "Kind" },
                  { title: "State" },
                  { title: "Tries", align: "end" },
                  { title: "When" },
                  { title: "Last error" },
                ],
                items.map((job) => [
                  job.id,
                  job.kind,
                  job.state,
                  String(job.attempts),
                  formatTime(job.finishedAt ?? job.runAt),
                  job.lastError ?? "",
                ]),
              ),
      };
    }),
});

export const jobsReplayCommand = defineCommand({
  name: "replay",
  summary: "Put a dead letter back into the queue.",
  arguments: { id: argument("ID", "the job's id, job-…") },
  options: dataOptions,
  examples: [
    {
      line: "mosis admin jobs replay job-0190… --data /srv/mosis",
      does: "tries it again, with fresh attempts",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const job = await operator.call<JobJson>("jobs.replay", { id: context.arguments.id });
      return { data: job, text: () => `${job.id} (${job.kind}) is queued again.` };
    }),
});
