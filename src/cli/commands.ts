/** Every command of mosis, by name. Each is loaded when it is called. */
import type { Group } from "./tree.ts";

export const COMMANDS: Group = {
  name: "mosis",
  summary: "The app store that a company runs itself: server, developer's tool and reference device.",
  entries: [
    {
      name: "pack",
      summary: "make a package of an app's folder",
      load: async () => (await import("./pack.ts")).packCommand,
    },
    {
      name: "sign",
      summary: "sign a package as its developer",
      load: async () => (await import("./sign.ts")).signCommand,
    },
    {
      name: "verify",
      summary: "check a package and say what each part of it is worth",
      load: async () => (await import("./verify.ts")).verifyCommand,
    },
    {
      name: "keys",
      summary: "make and enroll the key that signs your packages",
      entries: [
        {
          name: "new",
          summary: "make a key pair",
          load: async () => (await import("./keys-new.ts")).keysNewCommand,
        },
        {
          name: "enroll",
          summary: "have the store certify your key",
          load: async () => (await import("./keys-enroll.ts")).keysEnrollCommand,
        },
        {
          name: "show",
          summary: "show a key's id and its certificate",
          load: async () => (await import("./keys-show.ts")).keysShowCommand,
        },
      ],
    },
    {
      name: "submit",
      summary: "upload a package to the store for review",
      load: async () => (await import("./submit.ts")).submitCommand,
    },
    {
      name: "publish",
      summary: "publish an approved version that was held",
      load: async () => (await import("./publish.ts")).publishCommand,
    },
    {
      name: "withdraw",
      summary: "take back a version that is not published yet",
      load: async () => (await import("./withdraw.ts")).withdrawCommand,
    },
    {
      name: "status",
      summary: "show an app's versions and how far each has come",
      load: async () => (await import("./status.ts")).statusCommand,
    },
  ],
};
