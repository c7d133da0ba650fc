/** What somebody is told when what they said of an app is hidden, or shown again. Pure. */
import type { Notice } from "../../accounts/messages/outbox.ts";
import { say } from "../../say.ts";

/** null: the app is not shown any more to who reads it, and so is not named. */
type App = { readonly id: string; readonly name: string | null };

const named = ({ id, name }: App): string => (name === null ? id : `${name} (${id})`);

/** Who hid it is not named: the store did. */
export function hiddenNotice(app: App, reason: string): Notice {
  return {
    kind: "rating.hidden",
    subject: say`Your rating of ${app.name ?? app.id} was hidden`,
    body: [
      say`The store’s administration has hidden what you said of ${named(app)}. Beside you only they read it, and its stars count no more.`,
      say`The reason: ${reason}`,
      say`You can remove it, or ask them to show it again. It stands here:`,
    ],
    path: `/catalog/${app.id}/ratings`,
  };
}

export function shownNotice(app: App): Notice {
  return {
    kind: "rating.shown",
    subject: say`Your rating of ${app.name ?? app.id} is shown again`,
    body: [say`The store’s administration shows what you said of ${named(app)} again, and its stars count.`],
    path: `/catalog/${app.id}/ratings`,
  };
}
