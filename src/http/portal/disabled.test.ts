/** Disabling an account that its person wants deleted: by the page and the API, and what the link then says. */
import { expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { askToDelete } from "../../accounts/deletion/ask.ts";
import { handOver } from "../../accounts/messages/hand-over.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { readAccount } from "../../accounts/people.ts";
import type { AccountId } from "../../ids.ts";
import { newAdministrator, newPerson, startPortal } from "../../testing/portal.ts";

test("the page and the API disable it, and the link keeps it disabled", async () => {
  const portal = await startPortal();
  const { store, url } = portal;
  try {
    const { cookie, actor, accountId } = await newAdministrator(store);
    const headers = { Cookie: cookie, Origin: url };
    const post = (path: string) =>
      fetch(`${url}${path}`, { method: "POST", headers, body: new URLSearchParams(), redirect: "manual" });
    const pageOf = async (id: AccountId) =>
      (await fetch(`${url}/admin/people/${id}`, { headers: { Cookie: cookie } })).text();
    const leads = (text: string) =>
      ["disable", "enable", "keep", "delete"].filter((verb) => text.includes(`/${verb}"`));
    const bo = await newPerson(store, "Bo");
    expect(leads(await pageOf(bo.accountId))).toEqual(["disable"]);
    askToDelete(store, bo.actor, { confirm: bo.email });
    expect(leads(await pageOf(bo.accountId))).toEqual(["disable", "enable", "keep"]);
    const message = listMessages(store, OPERATOR, { limit: 9 }).items.find(({ link }) => link === "keep");
    if (message === undefined) throw new Error("no message has such a link");
    const link = handOver(store, OPERATOR, message.id, url).url;
    const stays = "nobody can sign in to it. Ask the administrator.";
    expect(await (await fetch(link)).text()).not.toContain(stays);

    expect((await post(`/admin/people/${bo.accountId}/disable`)).status).toBe(303);
    expect(leads(await pageOf(bo.accountId))).toEqual(["enable", "keep"]);
    expect(await (await fetch(link)).text()).toContain(stays);
    const kept = await fetch(`${url}/keep-account`, {
      method: "POST",
      headers: { Origin: url },
      body: new URLSearchParams({ token: new URL(link).searchParams.get("token") ?? "" }),
      redirect: "manual",
    });
    expect(kept.status).toBe(303);
    expect(kept.headers.get("Set-Cookie")).toContain("account_kept_disabled");
    expect(readAccount(store, bo.accountId)).toMatchObject({ deletionAt: null, staysDisabled: true });

    const cy = await newPerson(store, "Cy");
    askToDelete(store, cy.actor, { confirm: cy.email });
    const api = `${url}/api/v1/accounts/${cy.accountId}`;
    const { token } = createApiKey(store, actor, { owner: { accountId }, name: "k" });
    const bearer = { Authorization: `Bearer ${token}` };
    const before = await (await fetch(api, { headers: bearer })).json();
    expect(before).toMatchObject({ staysDisabled: false });
    const answer = await fetch(`${api}/disable`, { method: "POST", headers: bearer });
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { staysDisabled: true, deletionAt: expect.any(String) },
    ]);
  } finally {
    await portal.close();
  }
});
