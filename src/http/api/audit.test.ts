import { expect } from "bun:test";
import { createHash } from "node:crypto";
import { OPERATOR } from "../../accounts/actor.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { addMember } from "../../accounts/organisations.ts";
import { createAccount } from "../../accounts/people.ts";
import { checkAudit } from "../../audit/check.ts";
import { BEGINNING } from "../../audit/entry.ts";
import type { AuditLine } from "../../audit/line.ts";
import { canonicalize } from "../../signing/json.ts";
import { type Scenario, scenarios, send } from "../../testing/http/scenarios.ts";
import type { World } from "../../testing/http/world.ts";

const AUDIT = "/api/v1/audit";
const linesOf = (text: string): AuditLine[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

/** The hash of an entry as an auditor computes it, from a line of the export. */
function hashOf(previous: string, line: AuditLine): string {
  const { position, recordedAt, actor, via, action, subjectType, subject, organisationId, requestId } = line;
  const { before, after, personSha256 } = line;
  const said = { position, recordedAt, actor, via, action, subjectType, subject, organisationId, requestId };
  return createHash("sha256")
    .update(previous)
    .update(canonicalize({ ...said, before, after, personSha256 }))
    .digest("hex");
}

const cases: readonly Scenario[] = [
  { name: "without a key", request: `GET ${AUDIT}`, status: 401, code: "auth.required" },
  ...(["reviewer", "support", "developer", "viewer", "organisation", "nowhere"] as const).flatMap((as) =>
    ["", "/head", "/export?format=csv"].map(
      (more): Scenario => ({
        name: `a ${as} may not, ${more}`,
        as,
        request: `GET ${AUDIT}${more}`,
        status: 403,
        code: "rights.forbidden",
      }),
    ),
  ),
  ...["", "/export?format=jsonl", "/head"].map(
    (more): Scenario => ({
      name: `an owner may not read of the whole store, ${more}`,
      as: "owner",
      request: `GET ${AUDIT}${more}`,
      status: 403,
      code: "rights.forbidden",
      body: {
        detail:
          "You may not read, search or export the audit log of the whole store: name an organisation of which you are an owner.",
      },
    }),
  ),
  {
    name: "an owner reads page by page, and not where entries stand: others' between them could be counted",
    as: "owner",
    request: ({ organisationId }) => `GET ${AUDIT}?organisationId=${organisationId}&limit=1`,
    status: 200,
    also: async ({ json }, world) => {
      const path = `${AUDIT}?organisationId=${world.organisationId}&limit=1`;
      const seen: AuditLine[] = [];
      let page = json as { items: AuditLine[]; nextCursor: string | null };
      for (seen.push(...page.items); page.nextCursor !== null; seen.push(...page.items)) {
        const inside = Buffer.from(page.nextCursor, "base64url").toString("latin1");
        expect(inside).toMatch(/^audit:[0-9a-f]{60,}$/);
        page = (await send(world, { as: "owner", request: `GET ${path}&cursor=${page.nextCursor}` }))
          .json as typeof page;
      }
      const all = await send(world, {
        as: "auditor",
        request: `GET ${AUDIT}?organisationId=${world.organisationId}&limit=100`,
      });
      const { items } = all.json as { items: AuditLine[] };
      expect(items.length).toBeGreaterThan(1);
      expect(items.every(({ position, hash }) => position !== null && hash !== null)).toBe(true);
      expect(seen.map(({ recordedAt, action }) => [recordedAt, action])).toEqual(
        items.map(({ recordedAt, action }) => [recordedAt, action]),
      );
      expect(seen.every(({ position, hash }) => position === null && hash === null)).toBe(true);
    },
  },
  ...["?", "/export?format=jsonl&"].map(
    (more): Scenario => ({
      name: `another organisation is not there, ${more}`,
      as: "owner",
      request: ({ strangerId }) => `GET ${AUDIT}${more}organisationId=${strangerId}`,
      status: 404,
      code: "organisation.not_found",
    }),
  ),
  {
    name: "an owner reads of their own organisation, and of nothing else",
    as: "owner",
    request: ({ organisationId }) => `GET ${AUDIT}?organisationId=${organisationId}&limit=100`,
    status: 200,
    also: ({ json }, { organisationId }) => {
      const { items } = json as { items: AuditLine[] };
      expect(items.map(({ action }) => action)).toContain("member.role");
      expect([...new Set(items.map((item) => item.organisationId))]).toEqual([organisationId]);
    },
  },
  {
    name: "an owner sees from where their own people act, and never from where the store's do",
    as: "owner",
    before: async (world) => {
      const { id } = world.versions.in_review;
      const headers = { "If-Match": "*", "User-Agent": "staff/1" };
      await send(world, { as: "reviewer", request: `POST /api/v1/review/versions/${id}/approve`, headers });
      const request = `POST /api/v1/apps/${world.app}/versions/6/submit`;
      await send(world, { as: "developer", request, headers: { "If-Match": "*", "User-Agent": "own/1" } });
    },
    request: ({ organisationId }) => `GET ${AUDIT}?organisationId=${organisationId}&limit=2`,
    status: 200,
    also: async ({ json }, world) => {
      const { items } = json as { items: AuditLine[] };
      expect(items).toMatchObject([
        { action: "version.submitted", address: "127.0.0.1", userAgent: "own/1", via: expect.any(String) },
        { action: "review.approved", address: null, userAgent: null, via: null, actorName: "reviewer" },
      ]);
      const found = async (as: "owner" | "auditor", query: string) => {
        const request = `GET ${AUDIT}?organisationId=${world.organisationId}&${query}`;
        const { json } = await send(world, { as, request });
        return (json as { items: AuditLine[] }).items.map(({ action }) => action);
      };
      // Neither by words that stand there, nor by the address that the store's people sign in with.
      expect(await found("auditor", "q=staff/1")).toEqual(["review.approved"]);
      expect(await found("owner", "q=staff/1")).toEqual([]);
      expect(await found("owner", "q=own/1")).toEqual(["version.submitted"]);
      expect(await found("auditor", "q=reviewer@example")).toEqual(["review.approved"]);
      expect(await found("owner", "q=reviewer@example")).toEqual([]);
      expect(await found("auditor", "actor=Reviewer@example.com")).toEqual(["review.approved"]);
      expect(await found("owner", "actor=reviewer@example.com")).toEqual([]);
      expect(await found("owner", "actor=developer@example.com")).toEqual(["version.submitted"]);
      expect(await found("owner", "subject=developer@example.com")).toEqual(["member.role"]);
      const { text } = await send(world, {
        as: "owner",
        request: `GET ${AUDIT}/export?format=csv&organisationId=${world.organisationId}`,
      });
      expect([text.includes("own/1"), text.includes("staff/1")]).toEqual([true, false]);
    },
  },
  {
    name: "an owner exports their own organisation, as the list has it",
    as: "owner",
    request: ({ organisationId }) => `GET ${AUDIT}/export?format=jsonl&organisationId=${organisationId}`,
    status: 200,
    also: async ({ text }, world) => {
      const list = await send(world, {
        as: "owner",
        request: `GET ${AUDIT}?organisationId=${world.organisationId}&limit=100`,
      });
      expect(linesOf(text)).toEqual((list.json as { items: AuditLine[] }).items.toReversed());
    },
  },
  {
    name: "page by page, newest first, each once",
    as: "auditor",
    request: `GET ${AUDIT}?limit=4`,
    status: 200,
    also: async ({ json }, world) => {
      let page = json as { items: AuditLine[]; nextCursor: string | null };
      const seen = page.items.map(({ position }) => position);
      while (page.nextCursor !== null) {
        const request = `GET ${AUDIT}?limit=4&cursor=${page.nextCursor}`;
        page = (await send(world, { as: "auditor", request })).json as typeof page;
        seen.push(...page.items.map(({ position }) => position));
      }
      const { json: head } = await send(world, { as: "auditor", request: `GET ${AUDIT}/head` });
      const { size } = head as { size: number };
      expect(seen).toEqual(Array.from({ length: size }, (_, n) => size - 1 - n));
    },
  },
  {
    name: "from an entry on, by its position",
    as: "auditor",
    request: `GET ${AUDIT}?limit=2&entry=1`,
    status: 200,
    also: ({ json }) => {
      const { items, nextCursor } = json as { items: AuditLine[]; nextCursor: string | null };
      expect([items.map(({ position }) => position), nextCursor]).toEqual([[1, 0], null]);
    },
  },
  {
    name: "not from one that is not there",
    as: "auditor",
    request: `GET ${AUDIT}?entry=123456789`,
    status: 404,
    code: "not_found",
  },
  {
    name: "not from an entry, for an owner, who knows no positions",
    as: "owner",
    request: ({ organisationId }) => `GET ${AUDIT}?organisationId=${organisationId}&entry=1`,
    status: 403,
    code: "rights.forbidden",
  },
  {
    name: "by the name of a person who is named in no entry",
    as: "administrator",
    before: async ({ store, organisationId }) => {
      const { id } = await createAccount(store, OPERATOR, { email: "z@example.com", name: "Zoë Unique" });
      addMember(store, OPERATOR, organisationId, id, "viewer");
    },
    request: `GET ${AUDIT}?q=${encodeURIComponent("zoë uni")}&action=member.role`,
    status: 200,
    also: ({ json }) => {
      const { items } = json as { items: AuditLine[] };
      expect(items).toMatchObject([
        { action: "member.role", subjectName: "Zoë Unique", organisationName: "Example" },
      ]);
    },
  },
  {
    name: "as JSON lines, of which an auditor computes each hash again",
    as: "auditor",
    request: `GET ${AUDIT}/export?format=jsonl`,
    status: 200,
    also: async ({ text, headers }, world) => {
      expect(headers.get("content-disposition")).toMatch(
        /^attachment; filename="audit-\d{4}-\d\d-\d\d\.jsonl"$/,
      );
      let hash: string = BEGINNING;
      const lines = linesOf(text);
      for (const line of lines) {
        hash = hashOf(hash, line);
        expect(line.hash).toBe(hash);
      }
      const { json } = await send(world, { as: "auditor", request: `GET ${AUDIT}/head` });
      expect(json).toMatchObject({ size: lines.length, hash });
    },
  },
  {
    name: "by an app's id, also what was done to its versions",
    as: "auditor",
    request: ({ app }) => `GET ${AUDIT}?q=${app}&action=review.approved`,
    status: 200,
    also: ({ json }, { app }) => {
      const { items } = json as { items: AuditLine[] };
      expect(items.map(({ subjectName }) => subjectName)).toEqual([`${app} 5.0.0`, `${app} 1.0.0`]);
    },
  },
  {
    name: "by the request that it came with, as its answer named it",
    as: "owner",
    request: ({ app }) => `POST /api/v1/apps/${app}/versions/7/withdraw`,
    headers: { "If-Match": "*" },
    status: 200,
    // A leaf of the log, whose head is signed by a job.
    rows: { version_events: 1, jobs: 1 },
    also: async ({ headers }, world) => {
      const id = headers.get("x-request-id");
      const { json } = await send(world, { as: "auditor", request: `GET ${AUDIT}?requestId=${id}` });
      const { items } = json as { items: AuditLine[] };
      expect(items).toMatchObject([{ action: "version.withdrawn", requestId: id, actorName: "owner" }]);
    },
  },
  {
    name: "the head says what the last check found",
    as: "auditor",
    before: async ({ store, drain }) => {
      // The store does it by itself, once a day.
      store.clock.advance(86_400_000);
      await drain();
    },
    request: `GET ${AUDIT}/head`,
    status: 200,
    also: async ({ json }, world) => {
      const { size, hash, lastCheck } = json as { size: number; hash: string; lastCheck: unknown };
      const checkedAt = world.store.clock.now().toISOString();
      expect(lastCheck).toEqual({ checkedAt, sound: { size, hash }, damage: null });
      world.store.db.raw.run("DROP TRIGGER audit_entries_kept");
      world.store.db.raw.run(`DELETE FROM audit_entries WHERE position = ${size - 1}`);
      await checkAudit(world.store);
      const { json: later } = await send(world, { as: "auditor", request: `GET ${AUDIT}/head` });
      const damage = { position: size - 1, detail: expect.stringMatching(/^entry \d+ is missing: /) };
      expect(later).toMatchObject({ size: size - 1, lastCheck: { sound: { size, hash }, damage } });
    },
  },
  {
    name: "as CSV, in which no name is a formula",
    as: "administrator",
    before: ({ store, organisationId }: World) =>
      createApiKey(store, OPERATOR, { owner: { organisationId }, name: '=HYPERLINK("x")' }),
    request: `GET ${AUDIT}/export?format=csv&action=apikey.created`,
    status: 200,
    also: ({ text }) => {
      expect(text).toStartWith('"position","recordedAt","actor",');
      expect(text).toContain(`"'=HYPERLINK(""x"")"`);
      expect(text).not.toMatch(/(^|,)"=/m);
      expect(text).toEndWith("\r\n");
    },
  },
  ...[
    "actor=A",
    "action=account.dis",
    "since=yesterday",
    "until=2026-13-45T00:00:00Z",
    "requestId=%",
    "cursor=x",
  ].map(
    (query): Scenario => ({
      name: `with ${query}`,
      as: "administrator",
      request: `GET ${AUDIT}?${query}`,
      status: 400,
      code: query.startsWith("cursor") ? "cursor.invalid" : "request.invalid",
    }),
  ),
  ...["audit:1", "audit:1.x", "audit:1.-2", "audit:1.2.3", "log:1.2"].map(
    (cursor): Scenario => ({
      name: `with the cursor ${cursor}`,
      as: "administrator",
      request: `GET ${AUDIT}?cursor=${Buffer.from(cursor).toString("base64url")}`,
      status: 400,
      code: "cursor.invalid",
    }),
  ),
  {
    name: "an export in no format",
    as: "auditor",
    request: `GET ${AUDIT}/export`,
    status: 400,
    code: "request.invalid",
  },
];

scenarios("/api/v1/audit", cases);
