/** What people are told of an app, and the channel of what is offered to nobody any more (package format §6). */
import { canonicalize } from "../../../src/signing/json.ts";
import type { CataloguePlan } from "../catalogue.ts";
import { bad, type CatalogueCase, ok, target } from "../catalogue-case.ts";
import { APP, INDEX, PATHS } from "../content.ts";

const malformed = bad("malformed");
type Fields = Readonly<Record<string, unknown>>;

const PATH = `apps/${APP}/notices.json`;
const YANK = { reason: "Loses drafts.", versionCode: 7, yankedAt: "2026-02-01T12:00:00Z" };
const DEPRECATED = { instead: "org.example.other", text: "Other takes its place." };
const NOTICES = { appId: APP, deprecated: DEPRECATED, v: 1, yanked: [YANK] };

const notices = (more: Fields): CataloguePlan => target(PATH, { ...NOTICES, ...more });
const yank = (more: Fields): CataloguePlan => notices({ yanked: [{ ...YANK, ...more }] });
const deprecated = (more: Fields): CataloguePlan => notices({ deprecated: { ...DEPRECATED, ...more } });
const yanks = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ ...YANK, versionCode: 1000 - at }));

const notice = (name: string, why: string, plan: CataloguePlan): CatalogueCase =>
  malformed(`notices-${name}`, why, plan, { neighbour: "notices" });

export const NOTICE_CASES: readonly CatalogueCase[] = [
  ok(
    "index-yanked",
    "The one release is yanked: it stands on the channel of that name.",
    target(PATHS.index, { ...INDEX, channels: { stable: [], yanked: INDEX.channels.stable } }),
  ),
  ok("notices", "An app that is deprecated, with a version that is yanked.", notices({})),
  ok("notices-none", "Nothing is told.", notices({ deprecated: null, yanked: [] })),
  ok("notices-instead-none", "Deprecated, without another app.", deprecated({ instead: null })),
  ok(
    "notices-longest",
    "Texts of the most characters, each of four bytes.",
    notices({
      deprecated: { ...DEPRECATED, text: "𝄞".repeat(500) },
      yanked: [{ ...YANK, reason: "𝄞".repeat(200) }],
    }),
  ),
  ok("notices-64", "As many yanked versions as there may be.", notices({ yanked: yanks(64) })),
  ok("notices-next", "Two versions beside each other.", notices({ yanked: yanks(2) })),
  notice("65", "More yanked versions than there may be.", notices({ yanked: yanks(65) })),
  notice("twice", "A version code that stands twice.", notices({ yanked: [YANK, YANK] })),
  notice("rising", "Version codes that rise.", notices({ yanked: yanks(2).reverse() })),
  bad("target_changed")(
    "notices-too-large",
    "Notices of a byte more than there may be.",
    target(PATH, Buffer.alloc(131_073, " ")),
    { neighbour: "notices" },
  ),
  notice(
    "largest",
    "Notices as large as they may be, that are no JSON.",
    target(PATH, Buffer.alloc(131_072, " ")),
  ),
  notice("not-json", "Notices that are no JSON.", target(PATH, Buffer.from("no notices"))),
  notice(
    "not-canonical",
    "Notices that are not canonical JSON.",
    target(PATH, Buffer.concat([canonicalize(NOTICES), Buffer.from("\n")])),
  ),
  notice("version", "Notices of another version.", notices({ v: 2 })),
  notice("key-more", "Notices with an unknown key.", notices({ x: 1 })),
  notice(
    "key-missing",
    "Notices without deprecated, where it is null instead.",
    notices({ deprecated: undefined }),
  ),
  notice(
    "of-another-app",
    "The notices of one app are about another.",
    notices({ appId: "org.example.other" }),
  ),
  notice("app-id", "Notices about what is no app id.", notices({ appId: "Org.Example" })),
  notice("yanked-null", "yanked is null.", notices({ yanked: null })),
  notice("yank-key-more", "A yanked version with an unknown key.", yank({ x: 1 })),
  notice("yank-code", "A version code of 0.", yank({ versionCode: 0 })),
  notice("yank-reason-none", "A reason without a character.", yank({ reason: "" })),
  notice("yank-reason-long", "A reason of 201 characters.", yank({ reason: "x".repeat(201) })),
  notice("yank-reason-lines", "A reason of two lines.", yank({ reason: "a\nb" })),
  notice("yank-reason-turned", "A reason that turns text around.", yank({ reason: "a\u202eb" })),
  notice("yank-time", "A time with a fraction.", yank({ yankedAt: "2026-02-01T12:00:00.5Z" })),
  notice("deprecated-text", "deprecated is a text.", notices({ deprecated: "Other." })),
  notice("deprecated-key-more", "A deprecation with an unknown key.", deprecated({ x: 1 })),
  notice("deprecated-text-none", "A text without a character.", deprecated({ text: "" })),
  notice("deprecated-text-long", "A text of 501 characters.", deprecated({ text: "x".repeat(501) })),
  notice("deprecated-text-lines", "A text of two lines.", deprecated({ text: "a\nb" })),
  notice("instead-form", "An app in its place that is no app id.", deprecated({ instead: "Other" })),
];
