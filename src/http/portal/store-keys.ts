/** `/admin/keys` */
import { type StoreKeysProps, storeKeysPage } from "../../../views/pages/store-keys.tsx";
import { listTokenKeys, rotateTokenKeys } from "../../accounts/access-tokens/keys.ts";
import { allows } from "../../accounts/rights.ts";
import { commandsOf, type StepCommands } from "../../catalog/store-keys/commands.ts";
import {
  type NextStep,
  readStoreKeys,
  type StoreKeys,
  signedPart,
} from "../../catalog/store-keys/overview.ts";
import type { CertificateKind } from "../../keys/authority.ts";
import { fingerprintText } from "../../signing/keys.ts";
import { defineRoute, type Route } from "../route.ts";
import { goOn, show } from "./page.ts";

/** As the commands call what ends of each. */
const CERTIFICATE_NAMES: Readonly<Record<CertificateKind, string>> = {
  root: "ca-root",
  "developer-ca": "ca-developer",
  release: "release",
};

export const storeKeysRoute: Route = defineRoute({
  area: "page",
  method: "GET",
  path: "/admin/keys",
  access: "storekeys.read",
  name: "storeKeysPage",
  summary: "The store's own keys and certificates, and what of them runs out",
  handle: (call) => {
    const { store, actor } = call;
    const found = propsOf(readStoreKeys(store, actor), store.config.dataDir);
    const tokenKeys = listTokenKeys(store, actor).map(({ kid, state, signsFrom, signedUntil, endedAt }) => ({
      kid,
      state,
      signsFrom,
      until: endedAt ?? signedUntil,
    }));
    const canEndTokens = allows(actor, "tokenkeys.rotate");
    return show(call, (ctx) => storeKeysPage(ctx, { ...found, tokenKeys, canEndTokens }));
  },
});

export const endTokensRoute: Route = defineRoute({
  area: "page",
  method: "POST",
  path: "/admin/keys/end-tokens",
  access: "tokenkeys.rotate",
  name: "endTokensForm",
  summary: "End every access token, with the keys that signed them",
  handle: (call) => {
    rotateTokenKeys(call.store, call.actor);
    return goOn(call, "/admin/keys", "tokens_ended");
  },
});

/** Steps that the same commands are for stand together, where the most pressing of them is. */
function grouped(next: readonly NextStep[], dataDir: string): StoreKeysProps["next"] {
  const groups = new Map<string, { commands: readonly StepCommands[]; steps: NextStep[] }>();
  for (const step of next) {
    const commands = commandsOf(step, dataDir);
    const key = JSON.stringify(commands);
    const group = groups.get(key) ?? { commands, steps: [] };
    group.steps.push(step);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ commands, steps }) => ({
    commands,
    steps: steps.map((step) => ({
      do: step.do,
      what: "what" in step ? step.what : "",
      at: "at" in step ? step.at : null,
      count: "count" in step ? step.count : 0,
    })),
  }));
}

function propsOf(found: StoreKeys, dataDir: string): Omit<StoreKeysProps, "tokenKeys" | "canEndTokens"> {
  const stateOf = (what: string) => found.lapses.find((lapse) => lapse.what === what)?.state ?? "ok";
  return {
    next: grouped(found.next, dataDir),
    keys: found.keys
      .filter(({ state, holder }) => state !== "retired" || holder === "here_for_lists")
      .map(({ name, keyid, algorithm, holder, command, signs }) => ({
        name,
        fingerprint: fingerprintText(keyid),
        algorithm,
        holder,
        command,
        signs: signs.flatMap((words) => signedPart(words) ?? []),
      })),
    roles: found.roles.map((role) => ({
      ...role,
      state: stateOf(role.role),
      renewedBy: found.lapses.find(({ what }) => what === role.role)?.renewedBy ?? "job",
    })),
    certificates: found.certificates.map(({ kind, keyName, sha256, notBefore, notAfter, ...one }) => ({
      kind,
      keyName,
      fingerprint: fingerprintText(sha256),
      notBefore,
      notAfter,
      state: one.isRevoked ? "revoked" : one.isCurrent ? stateOf(CERTIFICATE_NAMES[kind]) : null,
    })),
    lists: found.lists.map((list) => {
      const issuer = found.certificates.find(
        ({ keyName, isCurrent }) => isCurrent && keyName === list.keyName,
      );
      const what = issuer?.kind === "root" ? "crl-root" : "crl-developer";
      return { ...list, state: issuer === undefined ? null : stateOf(what) };
    }),
  };
}
