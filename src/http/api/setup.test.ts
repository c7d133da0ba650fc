/** How far a store is set up, by the API: who may read and say it, and what comes of it. */
import { expect } from "bun:test";
import { type Scenario, scenarios, send } from "../../testing/http/scenarios.ts";

const SETUP = "/api/v1/setup";
const ROOT_KEY = `${SETUP}/steps/root_key`;
type Steps = {
  readonly open: number;
  readonly asked: string;
  readonly steps: readonly { readonly step: string; readonly state: string; readonly mark: string }[];
};
type Needs = { readonly items: readonly { readonly kind: string; readonly path: string }[] };

scenarios("setup", [
  { name: "a reviewer", as: "reviewer", request: `GET ${SETUP}`, status: 403, code: "rights.forbidden" },
  {
    name: "an auditor says nothing of it",
    as: "auditor",
    request: `PUT ${ROOT_KEY}`,
    json: { decision: "confirmed" },
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "an auditor reads it: the address is the one that they came by",
    as: "auditor",
    request: `GET ${SETUP}`,
    status: 200,
    also: ({ json }, world) => {
      const { steps, asked, open } = json as Steps;
      expect(asked).toBe(world.url);
      expect(open).toBe(steps.filter(({ state }) => state === "open").length);
      expect(steps.map(({ step }) => step)).toEqual([
        ...["name", "address", "mail", "storage", "sign_in", "root_key"],
      ]);
    },
  },
  {
    name: "a backup that is confirmed reminds nobody any more; of other keys it is not confirmed",
    as: "administrator",
    request: `PUT ${ROOT_KEY}`,
    json: { decision: "confirmed", seen: "of others" },
    status: 412,
    code: "precondition.failed",
    also: async (_, world) => {
      const ask = (request: string, json?: unknown) => send(world, { as: "administrator", request, json });
      const reminds = async () =>
        ((await ask("GET /api/v1/me/needs")).json as Needs).items.filter(
          ({ kind }) => kind === "root_backup",
        );
      expect(await reminds()).toMatchObject([{ path: "/admin/setup/root_key" }]);
      const { steps } = (await ask(`GET ${SETUP}`)).json as Steps;
      const seen = steps.find(({ step }) => step === "root_key")?.mark;
      const { json } = await ask(`PUT ${ROOT_KEY}`, { decision: "confirmed", seen });
      expect(json).toMatchObject({
        ...{ state: "done", confirmable: false },
        decision: { decision: "confirmed", by: expect.stringMatching(/^account:acc-/) },
      });
      expect(await reminds()).toEqual([]);
      const told = await ask("GET /api/v1/audit?action=store.backed_up");
      expect((told.json as { items: unknown[] }).items).toHaveLength(1);
      expect((await ask(`PUT ${ROOT_KEY}`, { decision: null })).json).toMatchObject({ state: "open" });
    },
  },
  {
    name: "the storage is tried",
    as: "administrator",
    request: `POST ${SETUP}/storage-trial`,
    status: 200,
    body: { sizeBytes: 65_536 },
  },
  {
    name: "there is no mail server to try",
    as: "administrator",
    request: `POST ${SETUP}/mail-trial`,
    json: { address: "ada@example.com" },
    status: 409,
    code: "mail.not_configured",
  },
  {
    name: "a step that there is not",
    as: "administrator",
    request: `PUT ${SETUP}/steps/nothing`,
    json: { decision: "skipped" },
    status: 404,
    code: "not_found",
  },
] satisfies readonly Scenario[]);
