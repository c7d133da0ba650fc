/** What owners are told when certificates of theirs count no more, since an authority is distrusted. Pure. */
import type { Notice } from "../accounts/messages/outbox.ts";
import type { AppId, KeyId } from "../ids.ts";
import { say, type Words } from "../say.ts";
import { fingerprintText } from "../signing/keys.ts";

const MOST_LINES = 20;

export function distrustNotice(losing: {
  readonly name: string;
  /** Those that sign nothing until they are enrolled again. */
  readonly keyids: readonly KeyId[];
  /** Those that devices would not install any more. */
  readonly versions: readonly {
    readonly appId: AppId;
    readonly version: string;
    readonly versionCode: number;
  }[];
}): Notice {
  const { name, keyids, versions } = losing;
  return {
    kind: "key.certificate_distrusted",
    subject: say`Certificates of ${name} count no more: enrol your keys again`,
    body: [
      say`The store does not trust any more an authority that issued signing certificates of ${name}, since somebody else may have its key. It is not about your keys: nobody says that they are in other hands.`,
      ...(keyids.length === 0
        ? []
        : [
            say`These keys sign nothing until they are enrolled again, with “mosis keys enroll”:`,
            some(keyids.map((keyid) => fingerprintText(keyid))),
          ]),
      ...(versions.length === 0
        ? []
        : [
            say`From their next refresh devices do not install these versions. Where one is installed it stays and starts:`,
            some(versions.map((one) => `${one.appId} ${one.version} (${one.versionCode})`)),
            say`Sign and submit a new version of each of these apps, with a certificate of the present authority.`,
          ]),
    ],
    path: "/keys",
  };
}

function some(lines: readonly string[]): readonly Words[] {
  const more = lines.length - MOST_LINES;
  return [
    ...lines.slice(0, MOST_LINES).map((text) => `    ${text}`),
    ...(more > 0 ? [say`and ${more} more`] : []),
  ];
}
