/** The shapes of setting a store up. */
import { Type } from "@sinclair/typebox";
import {
  SETUP_DECISIONS,
  SETUP_NOTES,
  SETUP_STATES,
  SETUP_STEPS,
  type SetupStep,
} from "../catalog/setup/steps.ts";
import { oneOf, orNull, record, SHA256, TIME } from "./schemas.ts";

export const SETUP_STEP = Type.Unsafe<SetupStep>(
  Type.String({
    pattern: `^(?:${SETUP_STEPS.join("|")})$`,
    description: `a step of the set-up: ${SETUP_STEPS.join(", ")}`,
    examples: ["root_key"],
  }),
);

export const SETUP_DECISION = orNull(oneOf(...SETUP_DECISIONS));

export const JUDGED_STEP = record(
  {
    step: oneOf(...SETUP_STEPS),
    state: {
      ...oneOf(...SETUP_STATES),
      description:
        "done: by what holds in the store, or somebody said that it is right as it is. skipped: left for now. open: neither.",
    },
    notes: Type.Array({
      ...oneOf(...SETUP_NOTES),
      description: "What there is to be said of it. More may be added.",
    }),
    decision: orNull({
      ...record({
        decision: oneOf(...SETUP_DECISIONS),
        by: Type.String({ description: "Who said it, as the audit log has it." }),
        at: TIME,
      }),
      description: "What was said of it, so long as it is about the same; null: nothing.",
    }),
    confirmable: Type.Boolean({ description: "Whether it can be said to be right as it is." }),
    mark: Type.String({
      description: "What a decision is about: with another one it counts no more. To be sent as `seen`.",
    }),
  },
  "SetupStep",
);

const TRIAL = record({
  good: Type.Boolean(),
  code: orNull(Type.String({ description: "Of what went wrong." })),
  at: TIME,
});

export const SETUP = record(
  {
    open: Type.Integer({ minimum: 0, description: "How many steps are open." }),
    steps: Type.Array(JUDGED_STEP),
    publicUrl: orNull(Type.String({ description: "What links begin with; null: what each came by." })),
    asked: Type.String({ description: "The address by which this request came, as the store sees it." }),
    rootSha256: { ...SHA256, description: "The root's digest, which every device is set up with." },
    mailTrial: orNull({
      ...TRIAL,
      description: "Of the settings of mail that hold; null: they were not tried.",
    }),
    storageTrial: orNull({ ...TRIAL, description: "Of the data folder; null: it was not tried." }),
    rootKeys: Type.Array(
      record({
        name: Type.String(),
        holder: { ...oneOf("here", "command", "offline"), description: "Who has its private half." },
        command: orNull(Type.String({ description: "Of a key that a command signs with." })),
      }),
      { description: "The keys of the root, which a backup has to have." },
    ),
  },
  "Setup",
);

export const MAIL_TRIAL = record(
  {
    server: Type.String({ description: "Which mail server took it." }),
    answer: Type.String({ description: "What that said." }),
  },
  "MailTrial",
);

export const STORAGE_TRIAL = record(
  { sizeBytes: Type.Integer({ minimum: 1, description: "How much was written, read and removed." }) },
  "StorageTrial",
);
