/** What somebody is told when what they said of an app is hidden, or shown again. Pure. */
import type { Notice } from "../../accounts/messages/outbox.ts";
import { say } from "../../say.ts";

type App = { readonly id: string; readonly name: string };

/** Who hid it is not named: the store did. */
export function hiddenNotice(app: App, reason: string): Notice {
  return {
    kind: "rating.hidden",
    subject: say`Your rating of ${app.name} was hidden`,
    body: [
      say`The store’s administration has hidden what you said of ${app.name} (${app.id}). Nobody but you reads it, and its stars count no more.`,
      say`The reason: ${reason}`,
      say`You can remove it, or ask them to show it again. It stands here:`,
    ],
    path: `/catalog/${app.id}/ratings`,
  };
}

export function shownNotice(app: App): Notice {
  return {
    kind: "rating.shown",
    subject: say`Your rating of ${app.name} is shown again`,
    body: [
      say`The store’s administration shows what you said of ${app.name} (${app.id}) again, and its stars count.`,
    ],
    path: `/catalog/${app.id}/ratings`,
  };
}
