/** `mosis transfer`: giving an app to another organisation, and answering such an offer. */
import { randomUUID } from "node:crypto";
import { isProblem, Problem } from "../errors.ts";
import { object, readPage, text } from "./answers.ts";
import { apiPath, type Client } from "./client.ts";
import { argument, type Context, defineCommand, option, type Result } from "./command.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { fields, formatTime, LINE_END, type Style, table } from "./style.ts";
import { parseAppId } from "./values.ts";
import { connect } from "./version-calls.ts";

type Transfer = {
  readonly id: string;
  readonly appId: string;
  /** Null where what the app is now is not told. */
  readonly appName: string | null;
  readonly side: string;
  /** Of whom it is, or to whom it is offered as far as that is said. */
  readonly other: string;
  readonly state: string;
  readonly reason: string;
  readonly offeredAt: string;
  readonly expiresAt: string;
  /** Null while nobody has answered it or taken it back. */
  readonly decidedAt: string | null;
  readonly version: string | null;
  readonly signing: string | null;
};

function readTransfer(json: unknown): Transfer {
  const found = object(json, "an offer");
  const { to, appName, version, signing, reason, decidedAt } = found;
  const side = text(found, "side");
  const other =
    side === "to" ? object(found.from, "who offers it") : to === null ? null : object(to, "who gets it");
  return {
    id: text(found, "id"),
    appId: text(found, "appId"),
    appName: typeof appName === "string" ? appName : null,
    side,
    other: other === null ? text(found, "named") : text(other, "name"),
    state: text(found, "state"),
    reason: typeof reason === "string" ? reason : "",
    offeredAt: text(found, "offeredAt"),
    expiresAt: text(found, "expiresAt"),
    decidedAt: typeof decidedAt === "string" ? decidedAt : null,
    version: typeof version === "string" ? version : null,
    signing: typeof signing === "string" ? signing : null,
  };
}

const NO_KEY = "None of your keys is among those that devices take updates of this app from.";
const CANNOT_SIGN = [
  `${NO_KEY} Before you accept, send the`,
  "certificate of one to the owners there, who add it with “mosis keys rotate”; without it you have to recover the app's",
  "keys afterwards, which takes days.",
].join(LINE_END);
/** The other side cannot add one any more by its commands. */
const CANNOT_SIGN_NOW = [
  `${NO_KEY} The way on is a recovery of`,
  "its keys, “mosis keys recover”, which takes days.",
].join(LINE_END);

/** The organisations that one owns: nobody else deals with offers. */
async function ownedBy(client: Client): Promise<readonly string[]> {
  const { organisations } = object(await client.get(apiPath("me")), "who you are");
  return readPage({ items: organisations }, (each) => object(each, "an organisation"))
    .items.filter(({ role }) => role === "owner")
    .map((each) => text(each, "id"));
}

type Found = { readonly organisationId: string; readonly transfer: Transfer; readonly json: unknown };

async function readOf(client: Client, organisationId: string, id: string): Promise<Found | null> {
  try {
    const json = await client.get(apiPath("organisations", organisationId, "transfers", id));
    return { organisationId, transfer: readTransfer(json), json };
  } catch (error) {
    // What is no id of an offer is none of theirs.
    if (isProblem(error) && (error.code === "transfer.not_found" || error.code === "not_found")) return null;
    throw error;
  }
}

/**
 * Who owns both sides has it twice: the side that may do it is taken.
 * @throws Problem `transfer.not_found`
 */
async function find(client: Client, id: string, side: "from" | "to" | null): Promise<Found> {
  const found: Found[] = [];
  for (const organisationId of await ownedBy(client)) {
    const one = await readOf(client, organisationId, id);
    if (one !== null) found.push(one);
  }
  const wanted = found.find(({ transfer }) => transfer.side === side) ?? found[0];
  if (wanted !== undefined) return wanted;
  throw new Problem(
    "not_found",
    "transfer.not_found",
    "No organisation that you own makes or gets such an offer. “mosis transfer list” shows them.",
  );
}

export const transferListCommand = defineCommand({
  name: "list",
  summary: "List the apps that your organisations offer to others, and are offered.",
  description: ["For owners. The newest 100 of each organisation."],
  arguments: {},
  options: STORE_OPTIONS,
  examples: [
    {
      line: "MOSIS_TOKEN_FILE=owner-token mosis transfer list --store https://store.example.com",
      does: "lists them with their ids",
    },
  ],
  run: async (context): Promise<Result> => {
    const client = await connect(context, context.options);
    const pages: unknown[] = [];
    for (const organisationId of await ownedBy(client)) {
      const json = await client.get(apiPath("organisations", organisationId, "transfers"), { limit: 100 });
      pages.push(...readPage(json, (item) => item).items);
    }
    return {
      data: { items: pages },
      text: (style) => (pages.length === 0 ? "There are no offers." : rows(style, pages.map(readTransfer))),
    };
  },
});

function rows(style: Style, items: readonly Transfer[]): string {
  return table(
    style,
    [{ title: "Id" }, { title: "App" }, { title: "With" }, { title: "State" }, { title: "Ends" }],
    items.map(({ id, appId, side, other, state, expiresAt }) => [
      id,
      appId,
      `${side === "to" ? "from" : "to"} ${other}`,
      state,
      state === "open" ? formatTime(expiresAt) : "",
    ]),
  );
}

const app = argument("APP", "the app's id", parseAppId);
const to = argument("TO", "the other organisation's id, or its exact name");
const offerOptions = {
  reason: option("--reason", "TEXT", "what the owners of both read"),
  ...STORE_OPTIONS,
};
const offerArguments = { app, to };

export const transferOfferCommand = defineCommand({
  name: "offer",
  summary: "Offer an app to another organisation.",
  description: [
    "For owners. When an owner there accepts, the app is theirs with all that is published of it; until then nothing changes, and you can take the offer back. It ends by itself after 14 days. The store does not tell whether there is an organisation of that name.",
    "So that they can sign updates, let one of their keys in while the offer is open: have them send you its certificate, and name that in keys rotate.",
  ],
  arguments: offerArguments,
  options: offerOptions,
  examples: [
    {
      line: 'MOSIS_TOKEN_FILE=owner-token mosis transfer offer com.example.notes "Harbour Tools" --store https://store.example.com',
      does: "offers the app to that organisation",
    },
  ],
  run: offer,
});

async function offer(context: Context<typeof offerArguments, typeof offerOptions>): Promise<Result> {
  const client = await connect(context, context.options);
  const { app: appId, to: named } = context.arguments;
  const { reason } = context.options;
  const { json } = await client.call({
    method: "POST",
    path: apiPath("apps", appId, "transfers"),
    json: { to: named, ...(reason === undefined ? {} : { reason }) },
    idempotencyKey: randomUUID(),
  });
  const made = readTransfer(json);
  return {
    data: json,
    text: (style) =>
      [
        style.good("Offered."),
        fields(style, [
          ["id", made.id],
          ["app", made.appId],
          ["to", made.other],
          ["ends", formatTime(made.expiresAt)],
        ]),
        "",
        `So that they can sign updates: mosis keys rotate THEIR.cert.pem --app ${appId}`,
      ].join(LINE_END),
  };
}

const id = argument("ID", "the offer's id, trf-…, as transfer list gives it");

export const transferShowCommand = defineCommand({
  name: "show",
  summary: "Show an offer of an app, and whether its new owner can sign updates.",
  arguments: { id },
  options: STORE_OPTIONS,
  examples: [
    {
      line: "MOSIS_TOKEN_FILE=owner-token mosis transfer show trf-0190… --store https://store.example.com",
      does: "shows it before you answer",
    },
  ],
  run: async (context): Promise<Result> => {
    const client = await connect(context, context.options);
    const { transfer, json } = await find(client, context.arguments.id, null);
    const { appId, side, other, state, reason, version, signing, decidedAt } = transfer;
    return {
      data: json,
      text: (style) =>
        [
          fields(style, [
            ["app", appId],
            [side === "to" ? "offered by" : "offered to", other],
            ["state", state],
            ["offered", formatTime(transfer.offeredAt)],
            ...(decidedAt === null
              ? [["ends", formatTime(transfer.expiresAt)] as const]
              : [["answered", formatTime(decidedAt)] as const]),
            ...(transfer.appName === null ? [] : [["on devices", version ?? "nothing"] as const]),
            ...(reason === "" ? [] : [["said", reason] as const]),
          ]),
          ...(side === "to" && signing === "missing" ? adviceFor(state) : []),
        ].join(LINE_END),
    };
  },
});

function adviceFor(state: string): readonly string[] {
  if (state === "open") return ["", CANNOT_SIGN];
  return state === "accepted" ? ["", CANNOT_SIGN_NOW] : [];
}

type Ending = {
  readonly verb: "accept" | "decline" | "withdraw";
  readonly side: "from" | "to";
  readonly summary: string;
  readonly description: string;
  readonly does: string;
  readonly said: (transfer: Transfer) => string;
};

function endingCommand({ verb, side, summary, description, does, said }: Ending) {
  return defineCommand({
    name: verb,
    summary,
    description: [description],
    arguments: { id },
    options: STORE_OPTIONS,
    examples: [
      {
        line: `MOSIS_TOKEN_FILE=owner-token mosis transfer ${verb} trf-0190… --store https://store.example.com`,
        does,
      },
    ],
    run: async (context): Promise<Result> => {
      const client = await connect(context, context.options);
      const { organisationId, transfer } = await find(client, context.arguments.id, side);
      const path = apiPath("organisations", organisationId, "transfers", transfer.id, verb);
      const { json } = await client.call({ method: "POST", path });
      const cannotSign = verb === "accept" && transfer.signing === "missing";
      return {
        data: json,
        text: () => [said(transfer), ...(cannotSign ? adviceFor("accepted") : [])].join(LINE_END),
      };
    },
  });
}

export const transferAcceptCommand = endingCommand({
  verb: "accept",
  side: "to",
  summary: "Take an app over that your organisation is offered.",
  description:
    "For owners. What is published of the app stays on devices; versions that are not published are withdrawn. Look with transfer show whether you can sign its updates.",
  does: "makes the app your organisation's",
  said: ({ appId }) => `${appId} is your organisation's now.`,
});

export const transferDeclineCommand = endingCommand({
  verb: "decline",
  side: "to",
  summary: "Decline an app that your organisation is offered.",
  description: "For owners. The owners of the other organisation are told.",
  does: "leaves the app where it is",
  said: ({ appId, other }) => `Declined: ${appId} stays with ${other}.`,
});

export const transferWithdrawCommand = endingCommand({
  verb: "withdraw",
  side: "from",
  summary: "Take an offer of an app back.",
  description: "For owners, until it is answered.",
  does: "keeps the app",
  said: ({ appId }) => `Taken back: ${appId} stays yours.`,
});
