/** What is left of where somebody was, with what, and how they are called, once their account is deleted: nothing, whatever they did. */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { verifyAudit } from "../../audit/verify.ts";
import { HANDLERS_HERE } from "../../boot/handlers.ts";
import { emptyLog } from "../../db/wal.ts";
import { startScheduler } from "../../jobs/scheduler.ts";
import { createLog } from "../../log.ts";
import { openTestStore, testClock } from "../../testing/store.ts";
import { actorOfAccount } from "../account-actor.ts";
import { type AccountActor, ANONYMOUS, OPERATOR } from "../actor.ts";
import { askToChangeAddress, confirmAddress } from "../address.ts";
import { revokeApiKey } from "../api-keys/end.ts";
import { createApiKey } from "../api-keys/make.ts";
import { rotateApiKey } from "../api-keys/rotate.ts";
import { beginAuthorization, forgetAuthorizations } from "../device-authorization/begin.ts";
import { collectKey } from "../device-authorization/collect.ts";
import { approveProgram, denyProgram } from "../device-authorization/decide.ts";
import { addApp, offerApp, removeFactor, resetFactors } from "../factors/change.ts";
import { factorsOf } from "../factors/records.ts";
import { stepOf, totpCode } from "../factors/totp.ts";
import { askForPassword, resetPassword } from "../forgotten.ts";
import { acceptWithNewAccount } from "../invitations/accept.ts";
import { invite } from "../invitations/invite.ts";
import { handOver } from "../messages/hand-over.ts";
import { listMessages } from "../messages/outbox.ts";
import { changePassword } from "../own.ts";
import { exportOwn } from "../own-data/export.ts";
import { createAccount, disableAccount, enableAccount, setStoreRole } from "../people.ts";
import { accountById } from "../records.ts";
import { createSession, endSession } from "../sessions.ts";
import { createSetupLink, redeemSetup } from "../setup.ts";
import { askToDelete } from "./ask.ts";

const DAY_MS = 86_400_000;
const HOST = "yurkinas-laptop";
const ADDRESS = "203.0.113.177";
const AGENT = "WhimbrelBrowser/7.7";
const FROM = { requestId: "r", address: ADDRESS, userAgent: AGENT };
const NOBODY = { ...ANONYMOUS, from: FROM };
const TRACES = [HOST, ADDRESS, AGENT, "yurkina", "Yurkina"];

/** By whom the account is made: the first of the store, and one by invitation. */
test.each(["by the set-up link", "by invitation"])(
  "made %s",
  async (way) => {
    const lines: string[] = [];
    const clock = testClock();
    const store = await openTestStore({ clock, log: createLog(clock, "debug", (line) => lines.push(line)) });
    const scheduler = startScheduler(store, { handlers: HANDLERS_HERE, cron: [], ticking: false });
    const tokenOf = (link: string): string => {
      const message = listMessages(store, OPERATOR, { limit: 50 }).items.find((each) => each.link === link);
      if (!message) throw new Error(`no message has a link for ${link}`);
      return new URL(handOver(store, OPERATOR, message.id, "http://x").url).searchParams.get("token") ?? "";
    };
    const found = () =>
      readdirSync(store.dataDir)
        .filter((name) => name.startsWith("mosis.db"))
        .flatMap((name) => {
          const bytes = readFileSync(join(store.dataDir, name));
          return TRACES.filter((word) => bytes.includes(Buffer.from(word))).map(
            (word) => `${word} in ${name}`,
          );
        });
    try {
      const made = { name: "Olga Yurkina", password: "seven green bicycles" };
      const email = "olga@yurkina.example";
      const root = { email: "root@example.org", name: "Root", storeRole: "administrator" } as const;
      if (way === "by invitation") {
        await createAccount(store, OPERATOR, root);
        invite(store, OPERATOR, { email, storeRole: "reviewer" });
        await acceptWithNewAccount(store, NOBODY, { ...made, token: tokenOf("invitation") });
      } else {
        const { token } = createSetupLink(store, OPERATOR);
        await redeemSetup(store, NOBODY, { ...made, token, email, storeName: "Ours" });
        await createAccount(store, OPERATOR, root);
      }
      const id = store.db.raw
        .query<{ id: AccountActor["accountId"] }, [string]>("SELECT id FROM accounts WHERE email = ?")
        .get(email)?.id;
      if (id === undefined) throw new Error("nobody");
      const signIn = async (): Promise<AccountActor & { via: { type: "session"; sessionId: string } }> => {
        const { sessionId } = await createSession(store, id, FROM);
        const row = accountById(store.db.orm, id);
        if (row === undefined) throw new Error("nobody");
        const via = { type: "session", sessionId } as const;
        return { ...actorOfAccount(store, store.db.orm, row, via), via, from: FROM };
      };
      let olga = await signIn();

      const begin = () => beginAuthorization(store, { clientName: `mosis on ${HOST}`, address: ADDRESS });
      const typed = (code: string) => ({ code, address: ADDRESS });
      const [letIn, sentAway] = [begin(), begin()];
      await approveProgram(store, olga, { ...typed(letIn.userCode), days: 90 });
      const { key } = collectKey(store, { deviceCode: letIn.deviceCode, from: FROM });
      await denyProgram(store, olga, typed(sentAway.userCode));
      rotateApiKey(store, olga, key.id, { overlapHours: 1, days: 30 });
      createApiKey(store, olga, { owner: { accountId: id }, name: `Backups of ${HOST}` });
      revokeApiKey(store, olga, key.id);

      const addFactor = () => {
        const { secret, offer } = offerApp(store, olga);
        const code = totpCode(fromBase32(secret), stepOf(clock.now()));
        addApp(store, olga, { offer, code, name: `App on ${HOST}` });
      };
      addFactor();
      if (way === "by invitation") {
        const [factor] = factorsOf(store.db.orm, id);
        if (factor) removeFactor(store, { ...olga, storeRole: null }, factor.id);
        addFactor();
      }
      resetFactors(store, OPERATOR, id);

      olga = await signIn();
      await askToChangeAddress(store, olga, {
        email: "olga@elsewhere.yurkina.example",
        current: made.password,
        address: ADDRESS,
      });
      confirmAddress(store, NOBODY, tokenOf("address"));
      askForPassword(store, { email: "olga@elsewhere.yurkina.example", from: FROM });
      clock.advance(5000);
      await scheduler.drain();
      await resetPassword(store, NOBODY, { token: tokenOf("password"), password: "eight yellow tricycles" });
      olga = await signIn();
      await changePassword(store, olga, {
        current: "eight yellow tricycles",
        password: "nine purple unicycles",
        address: ADDRESS,
      });
      for await (const _ of exportOwn(store, olga));
      endSession(store, await signIn(), olga.via.sessionId);
      setStoreRole(store, OPERATOR, id, null);
      disableAccount(store, OPERATOR, id);
      enableAccount(store, OPERATOR, id);

      expect(found().length).toBeGreaterThan(3);
      askToDelete(store, await signIn(), { confirm: "olga@elsewhere.yurkina.example" });
      clock.advance(7 * DAY_MS);
      await scheduler.drain();
      forgetAuthorizations(store);
      emptyLog(store.db);
      expect(accountById(store.db.orm, id)).toBeUndefined();
      expect(found()).toEqual([]);
      expect(lines.length).toBeGreaterThan(0);
      expect(TRACES.filter((word) => lines.join("\n").includes(word))).toEqual([]);
      expect((await verifyAudit(store.db)).fault).toBeNull();
      const actions = store.db.raw
        .query<{ action: string }, []>("SELECT action FROM audit_entries")
        .all()
        .map(({ action }) => action);
      for (const action of ["account.program_let_in", "account.program_sent_away", "apikey.rotated"])
        expect(actions).toContain(action);
    } finally {
      await scheduler.stop(1000);
      store.close();
    }
  },
  60_000,
);

function fromBase32(text: string): Uint8Array {
  const bits = [...text.replaceAll(" ", "")]
    .map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}
