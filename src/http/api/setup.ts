/** /api/v1/setup: how far the store is set up. */
import { type Static, Type } from "@sinclair/typebox";
import type { KeptTrial } from "../../catalog/setup/kept.ts";
import { decideStep, readSetup } from "../../catalog/setup/setup.ts";
import type { JudgedStep } from "../../catalog/setup/steps.ts";
import { tryMailOf, tryStorageOf } from "../../catalog/setup/trials.ts";
import { rootSha256 } from "../../catalog/tuf/repository.ts";
import { askedAddress } from "../asked-address.ts";
import { jsonBody } from "../body.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { record } from "../schemas.ts";
import {
  JUDGED_STEP,
  MAIL_TRIAL,
  SETUP,
  SETUP_DECISION,
  SETUP_STEP,
  STORAGE_TRIAL,
} from "../schemas-setup.ts";

const PATH = "/api/v1/setup";
const TAG = "Store";

function stepJson({
  step,
  state,
  notes,
  decided,
  mark,
  isConfirmable,
}: JudgedStep): Static<typeof JUDGED_STEP> {
  const decision = decided && {
    decision: decided.decision,
    by: decided.by,
    at: new Date(decided.at).toISOString(),
  };
  return { step, state, notes: [...notes], decision, mark, confirmable: isConfirmable };
}

const trialJson = (trial: KeptTrial | null) =>
  trial && { good: trial.isGood, code: trial.code, at: new Date(trial.at).toISOString() };

export const setupRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "setup.read",
    name: "readSetup",
    summary: "Read how far the store is set up",
    description:
      "Each step is judged from what holds in the store, and from the address by which this very request came.",
    tag: TAG,
    replies: [{ status: 200, description: "The steps.", schema: SETUP }],
    errors: [],
    handle: (call) => {
      const { store, actor } = call;
      const asked = askedAddress(call);
      const { steps, publicUrl, rootKeys, mailTrial, storageTrial } = readSetup(store, actor, asked);
      return json({
        open: steps.filter(({ state }) => state === "open").length,
        steps: steps.map(stepJson),
        ...{ publicUrl, asked, rootSha256: rootSha256(store), rootKeys: [...rootKeys.keys] },
        mailTrial: trialJson(mailTrial),
        storageTrial: trialJson(storageTrial),
      });
    },
  }),
  defineRoute({
    area: "api",
    method: "PUT",
    path: `${PATH}/steps/:setupStep`,
    access: "setup.manage",
    name: "decideSetupStep",
    summary: "Say of a step of the set-up that it is right, or left for now",
    description:
      "Of the step root_key `confirmed` says that the keys of the root are backed up: it is audited, and counts until the keys are others, lie elsewhere, or are sealed with another master key. With null what was said is taken back. Again is no error.",
    tag: TAG,
    params: Type.Object({ setupStep: SETUP_STEP }),
    body: jsonBody(
      record({
        decision: SETUP_DECISION,
        seen: Type.Optional(
          Type.String({
            maxLength: 2000,
            description:
              "`mark` as it was read: if it is another by now, nothing is changed, and the error with the code `precondition.present` has it as `expected`. Without it nothing is compared.",
          }),
        ),
      }),
    ),
    replies: [{ status: 200, description: "The step as it is now.", schema: JUDGED_STEP }],
    errors: ["setup.not_confirmable", "precondition.failed"],
    handle: (call) => {
      const { store, actor, params, body } = call;
      const { decision, seen } = body;
      return json(stepJson(decideStep(store, actor, askedAddress(call), params.setupStep, decision, seen)));
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/mail-trial`,
    access: "setup.manage",
    name: "tryMail",
    summary: "Send a mail now",
    description:
      "Gives what the mail server answered; whether it arrives, only its reader can tell. A few an hour are sent, whoever asks; the audit log says to whom.",
    tag: TAG,
    body: jsonBody(record({ address: Type.String({ maxLength: 254, description: "Who gets it." }) })),
    replies: [{ status: 200, description: "The mail server took it.", schema: MAIL_TRIAL }],
    errors: [
      "mail.not_configured",
      "mail.recipient",
      "mail.deferred",
      "mail.refused",
      "mail.file",
      "mail.sender",
      "mail.sign_in",
      "mail.tls",
      "mail.unreachable",
      "setup.mail_tried_often",
    ],
    handle: async ({ store, actor, body, request }) =>
      json(await tryMailOf(store, actor, body.address, request.signal)),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/storage-trial`,
    access: "setup.manage",
    name: "tryStorage",
    summary: "Write a file to the storage, read it and remove it",
    tag: TAG,
    replies: [{ status: 200, description: "All of that went well.", schema: STORAGE_TRIAL }],
    errors: ["setup.storage_differs", "storage.full", "storage.failing"],
    handle: async ({ store, actor }) => json(await tryStorageOf(store, actor)),
  }),
];
