/** A store with an app for everyone, one for who is signed in and one for a group, and whoever might look at them. */
import { issueAccessToken } from "../accounts/access-tokens/issue.ts";
import { OPERATOR } from "../accounts/actor.ts";
import { createApiKey } from "../accounts/api-keys/make.ts";
import { createGroup } from "../accounts/groups/groups.ts";
import { addDeviceToGroup, addPersonToGroup } from "../accounts/groups/members.ts";
import { createApp } from "../catalog/apps.ts";
import { findVersion } from "../catalog/records.ts";
import type { VisibilityInput } from "../catalog/visibility/audiences.ts";
import { changeVisibility, previewVisibility } from "../catalog/visibility/change.ts";
import type { Store } from "../context.ts";
import { greyPng, pngChunk } from "../format/testing.ts";
import type { AppId, GroupId, VersionId } from "../ids.ts";
import { approve } from "../review/decide.ts";
import type { Signer } from "../signing/signer.ts";
import { newDevice } from "./devices.ts";
import { newOrganisation, newPerson, type Person, type Portal, untilState } from "./portal.ts";
import { newSigner, reviewer, signedApp, submitBytes } from "./publishing.ts";
import { picturesMade, shownAddresses } from "./shown-pictures.ts";

export const KINDS = ["public", "signedIn", "group"] as const;
export type Kind = (typeof KINDS)[number];

/** Ids of one length, so that answers about them can be compared byte by byte. */
export const SHOWN: Readonly<Record<Kind, { readonly id: AppId; readonly name: string }>> = {
  public: { id: "org.quietworks.quince" as AppId, name: "Quince Ledger" },
  signedIn: { id: "org.quietworks.medlar" as AppId, name: "Medlar Ledger" },
  group: { id: "org.quietworks.damson" as AppId, name: "Damson Ledger" },
};
export const NOT_THERE = "org.quietworks.nothin" as AppId;

/** Who asks: with a session where there is a person, with the token where there is none or the API is asked. */
export type Asker = { readonly cookie?: string; readonly token?: string; readonly person?: Person };

export type ShownApps = {
  readonly group: GroupId;
  readonly owner: Person;
  readonly signer: Signer;
  readonly versions: Readonly<Record<Kind, VersionId>>;
  /** Addresses of an icon of each. */
  readonly icons: Readonly<Record<Kind, string>>;
  readonly askers: Readonly<Record<AskerName, Asker>>;
};

export const ASKERS = [
  "nobody",
  "signedIn",
  "member",
  "otherGroup",
  "orgViewer",
  "admin",
  "auditor",
  "orgKey",
  "narrowedKey",
  "insideDevice",
] as const;
export type AskerName = (typeof ASKERS)[number];

/** Each app's own: a picture that two apps have is for whoever may see one of them. */
function iconOf(text: string, size: number): Uint8Array {
  const png = greyPng(size);
  const comment = pngChunk("tEXt", new TextEncoder().encode(`Comment\0${text}`));
  const end = png.length - pngChunk("IEND", new Uint8Array(0)).length;
  return Buffer.concat([png.subarray(0, end), comment, png.subarray(end)]);
}

export async function publishShown(
  store: Store,
  by: { readonly owner: Person; readonly signer: Signer },
  kind: Kind,
  versionCode: number,
): Promise<VersionId> {
  const { id, name } = SHOWN[kind];
  const manifest = {
    id,
    name: { en: name },
    summary: { en: `${name} of the quiet.` },
    category: "finance",
    versionCode,
    version: `${versionCode}.0.0`,
  };
  const icons = new Map(
    [64, 128, 512].map((size) => [`icons/${size}.png`, iconOf(`${id}${versionCode}`, size)]),
  );
  const bytes = await signedApp(store, by.signer, manifest, icons);
  const sent = await submitBytes(store, by.owner.actor, bytes, { notes: `${name}: better.` });
  await untilState(store, sent.id, "in_review");
  approve(store, reviewer(), sent.id, {});
  await untilState(store, sent.id, "published");
  return sent.id;
}

export async function showTo(store: Store, id: AppId, input: VisibilityInput): Promise<void> {
  const { scope } = previewVisibility(store, OPERATOR, id, input);
  await changeVisibility(store, OPERATOR, id, input, scope);
}

export async function publishShownApps({ store }: Portal): Promise<ShownApps> {
  const organisation = newOrganisation(store, "Quiet Works");
  const owner = await newPerson(store, "Mara Owner", { organisations: [[organisation, "owner"]] });
  const people = {
    signedIn: await newPerson(store, "Sven Stranger", {
      organisations: [[newOrganisation(store, "Another"), "owner"]],
    }),
    member: await newPerson(store, "Mika Member"),
    otherGroup: await newPerson(store, "Otto Other"),
    orgViewer: await newPerson(store, "Vera Viewer", { organisations: [[organisation, "viewer"]] }),
    admin: await newPerson(store, "Ada Admin", { storeRole: "administrator" }),
    auditor: await newPerson(store, "Anouk Auditor", { storeRole: "auditor" }),
  };
  const group = createGroup(store, OPERATOR, { name: "Inner circle" }).id;
  const other = createGroup(store, OPERATOR, { name: "Other circle" }).id;
  addPersonToGroup(store, OPERATOR, group, { accountId: people.member.accountId });
  addPersonToGroup(store, OPERATOR, other, { accountId: people.otherGroup.accountId });
  const device = newDevice(store, { name: "Inside" }).id;
  addDeviceToGroup(store, OPERATOR, group, device);
  const signer = await newSigner(store, owner.actor);

  const visibility = { public: "everyone", signedIn: "signed-in", group: "signed-in" } as const;
  for (const kind of KINDS)
    createApp(store, owner.actor, { ...SHOWN[kind], visibility: { visibility: visibility[kind] } });
  // Not offered: an administrator says so.
  await showTo(store, SHOWN.group.id, { visibility: "groups", groups: [group] });
  const by = { owner, signer };
  const versions = {
    public: await publishShown(store, by, "public", 1),
    signedIn: await publishShown(store, by, "signedIn", 1),
    group: await publishShown(store, by, "group", 1),
  };
  await picturesMade(store);
  const iconOfVersion = (id: VersionId) =>
    shownAddresses(store, id).find((key) => key.endsWith("/192.png")) ?? "";
  const keyOf = (person: Person) =>
    createApiKey(store, OPERATOR, { owner: { accountId: person.accountId }, name: "k" }).token;
  const asker = (person: Person): Asker => ({ person, cookie: person.cookie, token: keyOf(person) });
  const narrowed = createApiKey(store, OPERATOR, {
    owner: { accountId: owner.accountId },
    name: "narrowed",
    actions: ["app.read"],
  });
  return {
    ...{ group, owner, signer, versions },
    icons: {
      public: iconOfVersion(versions.public),
      signedIn: iconOfVersion(versions.signedIn),
      group: iconOfVersion(versions.group),
    },
    askers: {
      nobody: {},
      signedIn: asker(people.signedIn),
      member: asker(people.member),
      otherGroup: asker(people.otherGroup),
      orgViewer: asker(people.orgViewer),
      admin: asker(people.admin),
      auditor: asker(people.auditor),
      orgKey: {
        token: createApiKey(store, OPERATOR, { owner: { organisationId: organisation }, name: "o" }).token,
      },
      narrowedKey: { token: narrowed.token },
      insideDevice: {
        token: (await issueAccessToken(store, { kind: "device", subject: device, audience: "files" })).token,
      },
    },
  };
}

/** What a version's row says, for tests that compare. */
export const versionRow = (store: Store, id: VersionId) => {
  const row = findVersion(store.db.orm, id);
  if (row === undefined) throw new Error(`there is no version ${id}`);
  return row;
};
