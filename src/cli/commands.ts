/** Every command of mosis, by name. Each is loaded when it is called. */
import type { Group } from "./tree.ts";

export const COMMANDS: Group = {
  name: "mosis",
  summary: "The app store that a company runs itself: server, developer's tool and reference device.",
  entries: [
    {
      name: "login",
      summary: "sign in to a store",
      load: async () => (await import("./login.ts")).loginCommand,
    },
    {
      name: "logout",
      summary: "sign out of a store",
      load: async () => (await import("./logout.ts")).logoutCommand,
    },
    {
      name: "whoami",
      summary: "show who you are at a store",
      load: async () => (await import("./whoami.ts")).whoamiCommand,
    },
    {
      name: "new",
      summary: "start a new app",
      load: async () => (await import("./new.ts")).newCommand,
    },
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
      name: "inspect",
      summary: "show what a package holds, asks for and who signed it",
      load: async () => (await import("./inspect.ts")).inspectCommand,
    },
    {
      name: "diff",
      summary: "show what one package has otherwise than another",
      load: async () => (await import("./diff.ts")).diffCommand,
    },
    {
      name: "verify-catalog",
      summary: "check a copy of a store's signed catalogue as a device does",
      load: async () => (await import("./verify-catalog.ts")).verifyCatalogCommand,
    },
    {
      name: "make-delta",
      summary: "make a delta or compact full container of a released package",
      load: async () => (await import("./make-delta.ts")).makeDeltaCommand,
    },
    {
      name: "apply-delta",
      summary: "rebuild a release from a delta or compact full container",
      load: async () => (await import("./apply-delta.ts")).applyDeltaCommand,
    },
    {
      name: "keys",
      summary: "make and enroll the key that signs your packages",
      example: ["mosis keys new", "makes the key pair that signs your packages"],
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
        {
          name: "list",
          summary: "list your organisation's keys and what each may sign",
          load: async () => (await import("./keys-list.ts")).keysListCommand,
        },
        {
          name: "rotate",
          summary: "let another key sign your apps",
          load: async () => (await import("./keys-rotate.ts")).keysRotateCommand,
        },
        {
          name: "recover",
          summary: "ask that a new key takes the place of lost ones",
          load: async () => (await import("./keys-recover.ts")).keysRecoverCommand,
        },
        {
          name: "object",
          summary: "stop a recovery of your keys",
          load: async () => (await import("./keys-object.ts")).keysObjectCommand,
        },
        {
          name: "revoke",
          summary: "revoke a signing key",
          load: async () => (await import("./keys-revoke.ts")).keysRevokeCommand,
        },
      ],
    },
    {
      name: "submit",
      summary: "upload a package to the store for review",
      load: async () => (await import("./submit.ts")).submitCommand,
    },
    {
      name: "publisher",
      summary: "which build jobs may upload versions of an app",
      example: ["mosis publisher list com.example.notes", "lists those that the app trusts"],
      entries: [
        {
          name: "list",
          summary: "show whom an app trusts",
          load: async () => (await import("./publisher.ts")).publisherListCommand,
        },
        {
          name: "add",
          summary: "trust a build job",
          load: async () => (await import("./publisher.ts")).publisherAddCommand,
        },
        {
          name: "remove",
          summary: "trust a build job no more",
          load: async () => (await import("./publisher.ts")).publisherRemoveCommand,
        },
        {
          name: "only",
          summary: "refuse every other upload, or take others too",
          load: async () => (await import("./publisher.ts")).publisherOnlyCommand,
        },
      ],
    },
    {
      name: "visibility",
      summary: "who may see an app: everyone, who is signed in, or groups",
      load: async () => (await import("./visibility.ts")).visibilityCommand,
    },
    {
      name: "transfer",
      summary: "apps that are given to another organisation",
      example: [
        "MOSIS_TOKEN_FILE=owner-token mosis transfer list --store https://store.example.com",
        "lists what your organisations offer and are offered",
      ],
      entries: [
        {
          name: "list",
          summary: "list the offers that you make and get",
          load: async () => (await import("./transfer.ts")).transferListCommand,
        },
        {
          name: "offer",
          summary: "offer an app to another organisation",
          load: async () => (await import("./transfer.ts")).transferOfferCommand,
        },
        {
          name: "show",
          summary: "show an offer",
          load: async () => (await import("./transfer.ts")).transferShowCommand,
        },
        {
          name: "accept",
          summary: "take an app over that you are offered",
          load: async () => (await import("./transfer.ts")).transferAcceptCommand,
        },
        {
          name: "decline",
          summary: "decline an app that you are offered",
          load: async () => (await import("./transfer.ts")).transferDeclineCommand,
        },
        {
          name: "withdraw",
          summary: "take an offer back",
          load: async () => (await import("./transfer.ts")).transferWithdrawCommand,
        },
      ],
    },
    {
      name: "publish",
      summary: "publish an approved version that was held",
      load: async () => (await import("./publish.ts")).publishCommand,
    },
    {
      name: "notes",
      summary: "show or change what is new in a version",
      load: async () => (await import("./notes.ts")).notesCommand,
    },
    {
      name: "withdraw",
      summary: "take back a version that is not published yet",
      load: async () => (await import("./withdraw.ts")).withdrawCommand,
    },
    {
      name: "yank",
      summary: "offer a published version to nobody any more",
      load: async () => (await import("./yank.ts")).yankCommand,
    },
    {
      name: "unyank",
      summary: "offer a version again that was yanked",
      load: async () => (await import("./yank.ts")).unyankCommand,
    },
    {
      name: "unlist",
      summary: "take an app out of the store's lists",
      load: async () => (await import("./listing.ts")).unlistCommand,
    },
    {
      name: "relist",
      summary: "put an app back into the store's lists",
      load: async () => (await import("./listing.ts")).relistCommand,
    },
    {
      name: "deprecate",
      summary: "advise against an app, and point to another",
      load: async () => (await import("./listing.ts")).deprecateCommand,
    },
    {
      name: "undeprecate",
      summary: "take back that an app is deprecated",
      load: async () => (await import("./listing.ts")).undeprecateCommand,
    },
    {
      name: "delete",
      summary: "delete an app",
      load: async () => (await import("./delete-app.ts")).deleteCommand,
    },
    {
      name: "undelete",
      summary: "take back that a published app is deleted",
      load: async () => (await import("./delete-app.ts")).undeleteCommand,
    },
    {
      name: "status",
      summary: "show an app's versions and how far each has come",
      load: async () => (await import("./status.ts")).statusCommand,
    },
    {
      name: "serve",
      summary: "run the store: portal, API, signed catalogue and jobs",
      load: async () => (await import("./serve.ts")).serveCommand,
    },
    {
      name: "demo",
      summary: "start a store with sample people, apps and a device",
      load: async () => (await import("./demo.ts")).demoCommand,
    },
    {
      name: "device",
      summary: "the reference device: install and update apps of a store",
      example: ["mosis device list --home ./device", "lists what is installed"],
      entries: [
        {
          name: "init",
          summary: "make a folder a device of a store",
          load: async () => (await import("./device/init.ts")).deviceInitCommand,
        },
        {
          name: "enrol",
          summary: "make the device known to its store",
          load: async () => (await import("./device/enrol.ts")).deviceEnrolCommand,
        },
        {
          name: "search",
          summary: "look for apps in the store's catalogue",
          load: async () => (await import("./device/search.ts")).deviceSearchCommand,
        },
        {
          name: "install",
          summary: "install an app",
          load: async () => (await import("./device/install.ts")).deviceInstallCommand,
        },
        {
          name: "update",
          summary: "update one app or all",
          load: async () => (await import("./device/update.ts")).deviceUpdateCommand,
        },
        {
          name: "list",
          summary: "list what is installed",
          load: async () => (await import("./device/list.ts")).deviceListCommand,
        },
        {
          name: "rollback",
          summary: "go back to the version before",
          load: async () => (await import("./device/rollback.ts")).deviceRollbackCommand,
        },
        {
          name: "remove",
          summary: "take an app off the device",
          load: async () => (await import("./device/remove.ts")).deviceRemoveCommand,
        },
        {
          name: "verify",
          summary: "check that what is installed is what was signed",
          load: async () => (await import("./device/verify.ts")).deviceVerifyCommand,
        },
      ],
    },
    {
      name: "admin",
      summary: "administer a store on this machine, while it runs or not",
      example: ["mosis admin review list --data /srv/mosis", "lists what waits for a review"],
      entries: [
        {
          name: "setup-link",
          summary: "make the one-time link that creates the first administrator",
          load: async () => (await import("./admin/setup-link.ts")).setupLinkCommand,
        },
        {
          name: "user",
          summary: "accounts of people",
          fallback: "list",
          example: ["mosis admin user --data /srv/mosis", "lists the accounts"],
          entries: [
            {
              name: "list",
              summary: "list the accounts",
              load: async () => (await import("./admin/user.ts")).userListCommand,
            },
            {
              name: "add",
              summary: "create an account",
              load: async () => (await import("./admin/user.ts")).userAddCommand,
            },
            {
              name: "role",
              summary: "give a person another role in the store",
              load: async () => (await import("./admin/user.ts")).userRoleCommand,
            },
            {
              name: "password",
              summary: "set a new password",
              load: async () => (await import("./admin/user.ts")).userPasswordCommand,
            },
            {
              name: "reset-factors",
              summary: "remove second factors that were lost",
              load: async () => (await import("./admin/user.ts")).userResetFactorsCommand,
            },
            {
              name: "disable",
              summary: "disable an account",
              load: async () => (await import("./admin/user.ts")).userDisableCommand,
            },
            {
              name: "enable",
              summary: "enable a disabled account",
              load: async () => (await import("./admin/user.ts")).userEnableCommand,
            },
            {
              name: "delete",
              summary: "delete a disabled account",
              load: async () => (await import("./admin/user-deletion.ts")).userDeleteCommand,
            },
            {
              name: "keep",
              summary: "keep an account that was to be deleted",
              load: async () => (await import("./admin/user-deletion.ts")).userKeepCommand,
            },
          ],
        },
        {
          name: "organisation",
          summary: "organisations and who is in them",
          fallback: "list",
          example: ["mosis admin organisation --data /srv/mosis", "lists the organisations"],
          entries: [
            {
              name: "list",
              summary: "list the organisations",
              load: async () => (await import("./admin/organisation.ts")).organisationListCommand,
            },
            {
              name: "add",
              summary: "create an organisation",
              load: async () => (await import("./admin/organisation.ts")).organisationAddCommand,
            },
            {
              name: "member",
              summary: "put a person into an organisation",
              load: async () => (await import("./admin/organisation.ts")).organisationMemberCommand,
            },
            {
              name: "rename",
              summary: "give an organisation another name",
              load: async () => (await import("./admin/organisation.ts")).organisationRenameCommand,
            },
            {
              name: "ownerless",
              summary: "list those without an owner who can sign in",
              load: async () => (await import("./admin/organisation.ts")).organisationOwnerlessCommand,
            },
            {
              name: "requests",
              summary: "list those that people ask for",
              load: async () => (await import("./admin/organisation.ts")).organisationRequestsCommand,
            },
            {
              name: "accept",
              summary: "make one that somebody asks for",
              load: async () => (await import("./admin/organisation.ts")).organisationAcceptCommand,
            },
            {
              name: "refuse",
              summary: "refuse one that somebody asks for",
              load: async () => (await import("./admin/organisation.ts")).organisationRefuseCommand,
            },
            {
              name: "take-over",
              summary: "name the owner of one that has none",
              load: async () => (await import("./admin/organisation.ts")).organisationTakeOverCommand,
            },
          ],
        },
        {
          name: "invitation",
          summary: "invitations to the store and into organisations",
          fallback: "list",
          example: ["mosis admin invitation --data /srv/mosis", "lists those to the store"],
          entries: [
            {
              name: "list",
              summary: "list those that can still be taken up",
              load: async () => (await import("./admin/invitation.ts")).invitationListCommand,
            },
            {
              name: "add",
              summary: "invite somebody",
              load: async () => (await import("./admin/invitation.ts")).invitationAddCommand,
            },
            {
              name: "link",
              summary: "make the link of an invitation, to hand it over",
              load: async () => (await import("./admin/invitation.ts")).invitationLinkCommand,
            },
            {
              name: "revoke",
              summary: "take an invitation back",
              load: async () => (await import("./admin/invitation.ts")).invitationRevokeCommand,
            },
          ],
        },
        {
          name: "session",
          summary: "where people are signed in",
          example: [
            "mosis admin session list ada@example.com --data /srv/mosis",
            "lists where somebody is signed in",
          ],
          entries: [
            {
              name: "list",
              summary: "list the sessions of a person",
              load: async () => (await import("./admin/session.ts")).sessionListCommand,
            },
            {
              name: "end",
              summary: "end one session",
              load: async () => (await import("./admin/session.ts")).sessionEndCommand,
            },
            {
              name: "end-all",
              summary: "end every session of a person",
              load: async () => (await import("./admin/session.ts")).sessionEndAllCommand,
            },
          ],
        },
        {
          name: "apikey",
          summary: "tokens for machines and people",
          fallback: "list",
          example: ["mosis admin apikey --data /srv/mosis", "lists the API keys"],
          entries: [
            {
              name: "list",
              summary: "list the API keys",
              load: async () => (await import("./admin/apikey.ts")).apikeyListCommand,
            },
            {
              name: "add",
              summary: "make an API key and print its token",
              load: async () => (await import("./admin/apikey.ts")).apikeyAddCommand,
            },
            {
              name: "revoke",
              summary: "revoke an API key",
              load: async () => (await import("./admin/apikey.ts")).apikeyRevokeCommand,
            },
          ],
        },
        {
          name: "review",
          summary: "the review queue and its decisions",
          fallback: "list",
          example: ["mosis admin review --data /srv/mosis", "lists what waits for a review"],
          entries: [
            {
              name: "list",
              summary: "list what waits for a review",
              load: async () => (await import("./admin/review.ts")).reviewListCommand,
            },
            {
              name: "show",
              summary: "show a version to its reviewer",
              load: async () => (await import("./admin/review.ts")).reviewShowCommand,
            },
            {
              name: "approve",
              summary: "approve a version",
              load: async () => (await import("./admin/review.ts")).reviewApproveCommand,
            },
            {
              name: "reject",
              summary: "reject a version, with the reason",
              load: async () => (await import("./admin/review.ts")).reviewRejectCommand,
            },
          ],
        },
        {
          name: "revoke",
          summary: "revoke a package, key, certificate, app or developer",
          load: async () => (await import("./admin/revoke.ts")).revokeCommand,
        },
        {
          name: "lift",
          summary: "lift a revocation",
          load: async () => (await import("./admin/revoke.ts")).liftCommand,
        },
        {
          name: "lowest-version",
          summary: "set the lowest version of an app that devices may have",
          load: async () => (await import("./admin/revoke.ts")).lowestVersionCommand,
        },
        {
          name: "revocations",
          summary: "list what is revoked",
          load: async () => (await import("./admin/revocations.ts")).revocationsCommand,
        },
        {
          name: "recovery",
          summary: "requests of developers who lost their signing keys",
          fallback: "list",
          example: ["mosis admin recovery --data /srv/mosis", "lists the requests"],
          entries: [
            {
              name: "list",
              summary: "list the requests",
              load: async () => (await import("./admin/recovery.ts")).recoveryListCommand,
            },
            {
              name: "show",
              summary: "show a request",
              load: async () => (await import("./admin/recovery.ts")).recoveryShowCommand,
            },
            {
              name: "approve",
              summary: "approve a request whose waiting time is over",
              load: async () => (await import("./admin/recovery.ts")).recoveryApproveCommand,
            },
            {
              name: "refuse",
              summary: "refuse a request, with the reason",
              load: async () => (await import("./admin/recovery.ts")).recoveryRefuseCommand,
            },
          ],
        },
        {
          name: "outbox",
          summary: "messages that the store has written to people",
          fallback: "list",
          example: ["mosis admin outbox --data /srv/mosis", "prints the messages, newest first"],
          entries: [
            {
              name: "list",
              summary: "show the newest messages, and what became of them",
              load: async () => (await import("./admin/outbox.ts")).outboxListCommand,
            },
            {
              name: "link",
              summary: "make the link of a message, to hand it over",
              load: async () => (await import("./admin/outbox.ts")).outboxLinkCommand,
            },
          ],
        },
        {
          name: "mail",
          summary: "the mail server that the store's messages go to",
          example: [
            "mosis admin mail test ada@example.com --data /srv/mosis",
            "sends a mail now, and says what the server answered",
          ],
          entries: [
            {
              name: "test",
              summary: "send a mail now, and say what the server answered",
              load: async () => (await import("./admin/mail.ts")).mailTestCommand,
            },
          ],
        },
        {
          name: "group",
          summary: "named groups of people and devices",
          fallback: "list",
          example: ["mosis admin group --data /srv/mosis", "lists the groups"],
          entries: [
            {
              name: "list",
              summary: "list the groups",
              load: async () => (await import("./admin/group.ts")).groupListCommand,
            },
            {
              name: "add",
              summary: "make a group",
              load: async () => (await import("./admin/group.ts")).groupAddCommand,
            },
            {
              name: "offer",
              summary: "let owners and maintainers choose a group",
              load: async () => (await import("./admin/group.ts")).groupOfferCommand,
            },
            {
              name: "delete",
              summary: "delete a group",
              load: async () => (await import("./admin/group.ts")).groupDeleteCommand,
            },
            {
              name: "put",
              summary: "put a person or a device into a group",
              load: async () => (await import("./admin/group.ts")).groupPutCommand,
            },
            {
              name: "take",
              summary: "take a person or a device out of a group",
              load: async () => (await import("./admin/group.ts")).groupTakeCommand,
            },
          ],
        },
        {
          name: "settings",
          summary: "the store's settings, and where each was said",
          fallback: "list",
          example: ["mosis admin settings --data /srv/mosis", "lists the settings"],
          entries: [
            {
              name: "list",
              summary: "list the settings",
              load: async () => (await import("./admin/settings.ts")).settingsListCommand,
            },
            {
              name: "set",
              summary: "change a setting while the store runs",
              load: async () => (await import("./admin/settings.ts")).settingsSetCommand,
            },
            {
              name: "reset",
              summary: "take back what was set",
              load: async () => (await import("./admin/settings.ts")).settingsResetCommand,
            },
          ],
        },
        {
          name: "category",
          summary: "the store's categories, by which people find apps",
          fallback: "list",
          example: ["mosis admin category --data /srv/mosis", "lists the categories"],
          entries: [
            {
              name: "list",
              summary: "list the categories",
              load: async () => (await import("./admin/category.ts")).categoryListCommand,
            },
            {
              name: "add",
              summary: "make a category",
              load: async () => (await import("./admin/category.ts")).categoryAddCommand,
            },
            {
              name: "change",
              summary: "change a category's names, descriptions or icon",
              load: async () => (await import("./admin/category.ts")).categoryChangeCommand,
            },
            {
              name: "move",
              summary: "put a category at another place",
              load: async () => (await import("./admin/category.ts")).categoryMoveCommand,
            },
            {
              name: "merge",
              summary: "merge a category into another one",
              load: async () => (await import("./admin/category.ts")).categoryMergeCommand,
            },
            {
              name: "remove",
              summary: "remove a category; its apps stay",
              load: async () => (await import("./admin/category.ts")).categoryRemoveCommand,
            },
            {
              name: "choose",
              summary: "choose the category that an app is in",
              load: async () => (await import("./admin/category.ts")).categoryChooseCommand,
            },
          ],
        },
        {
          name: "collection",
          summary: "collections of apps on the store front, and the featured apps",
          fallback: "list",
          example: ["mosis admin collection --data /srv/mosis", "lists the collections"],
          entries: [
            {
              name: "list",
              summary: "list the collections",
              load: async () => (await import("./admin/collection.ts")).collectionListCommand,
            },
            {
              name: "apps",
              summary: "list the apps of a collection",
              load: async () => (await import("./admin/collection.ts")).collectionAppsCommand,
            },
            {
              name: "add",
              summary: "make a collection",
              load: async () => (await import("./admin/collection.ts")).collectionAddCommand,
            },
            {
              name: "change",
              summary: "change what a collection says, and when it is shown",
              load: async () => (await import("./admin/collection.ts")).collectionChangeCommand,
            },
            {
              name: "move",
              summary: "put a collection at another place",
              load: async () => (await import("./admin/collection.ts")).collectionMoveCommand,
            },
            {
              name: "remove",
              summary: "remove a collection; its apps stay",
              load: async () => (await import("./admin/collection.ts")).collectionRemoveCommand,
            },
            {
              name: "put",
              summary: "put an app into a collection",
              load: async () => (await import("./admin/collection.ts")).collectionPutCommand,
            },
            {
              name: "take",
              summary: "take an app out of a collection",
              load: async () => (await import("./admin/collection.ts")).collectionTakeCommand,
            },
          ],
        },
        {
          name: "device",
          summary: "devices that have enrolled, and the codes with which they do",
          fallback: "list",
          example: ["mosis admin device --data /srv/mosis", "lists the devices"],
          entries: [
            {
              name: "list",
              summary: "list the devices",
              load: async () => (await import("./admin/device.ts")).deviceListCommand,
            },
            {
              name: "show",
              summary: "show a device",
              load: async () => (await import("./admin/device.ts")).deviceShowCommand,
            },
            {
              name: "rename",
              summary: "give a device another name",
              load: async () => (await import("./admin/device.ts")).deviceRenameCommand,
            },
            {
              name: "revoke",
              summary: "end a device's access",
              load: async () => (await import("./admin/device.ts")).deviceRevokeCommand,
            },
            {
              name: "code",
              summary: "the codes with which devices enrol",
              fallback: "list",
              example: ["mosis admin device code --data /srv/mosis", "lists the codes"],
              entries: [
                {
                  name: "list",
                  summary: "list the codes",
                  load: async () => (await import("./admin/device-code.ts")).deviceCodeListCommand,
                },
                {
                  name: "add",
                  summary: "make a code",
                  load: async () => (await import("./admin/device-code.ts")).deviceCodeAddCommand,
                },
                {
                  name: "revoke",
                  summary: "revoke a code",
                  load: async () => (await import("./admin/device-code.ts")).deviceCodeRevokeCommand,
                },
              ],
            },
          ],
        },
        {
          name: "sign-in",
          summary: "the outside providers with which people sign in",
          example: [
            "mosis admin sign-in test sso --data /srv/mosis",
            "asks a provider all that a sign-in needs, and says what is wrong",
          ],
          entries: [
            {
              name: "list",
              summary: "show the providers, and what must be registered with each",
              load: async () => (await import("./admin/sign-in.ts")).signInListCommand,
            },
            {
              name: "test",
              summary: "ask a provider all that a sign-in needs",
              load: async () => (await import("./admin/sign-in.ts")).signInTestCommand,
            },
          ],
        },
        {
          name: "tokens",
          summary: "the keys that access tokens of devices and trusted publishers are signed with",
          fallback: "list",
          example: ["mosis admin tokens --data /srv/mosis", "lists the keys, the newest first"],
          entries: [
            {
              name: "list",
              summary: "show the keys",
              load: async () => (await import("./admin/tokens.ts")).tokensListCommand,
            },
            {
              name: "rotate",
              summary: "end every access token, after a leak",
              load: async () => (await import("./admin/tokens.ts")).tokensRotateCommand,
            },
          ],
        },
        {
          name: "jobs",
          summary: "the job queue and its dead letters",
          fallback: "list",
          example: ["mosis admin jobs --data /srv/mosis", "lists the newest jobs"],
          entries: [
            {
              name: "list",
              summary: "list the newest jobs",
              load: async () => (await import("./admin/jobs.ts")).jobsListCommand,
            },
            {
              name: "replay",
              summary: "put a dead letter back into the queue",
              load: async () => (await import("./admin/jobs.ts")).jobsReplayCommand,
            },
          ],
        },
        {
          name: "keys",
          summary: "the store's own keys and certificates",
          fallback: "show",
          example: ["mosis admin keys --data /srv/mosis", "shows them, and what to do next"],
          entries: [
            {
              name: "show",
              summary: "show every key and certificate, and what to do next",
              load: async () => (await import("./admin/keys/show.ts")).keysShowCommand,
            },
            {
              name: "replace",
              summary: "put a new key in the place of one that is lost or known",
              load: async () => (await import("./admin/keys/change.ts")).keysReplaceCommand,
            },
            {
              name: "add",
              summary: "give a role of the catalogue one more key",
              load: async () => (await import("./admin/keys/change.ts")).keysAddCommand,
            },
            {
              name: "remove",
              summary: "take a key from its role",
              load: async () => (await import("./admin/keys/change.ts")).keysRemoveCommand,
            },
            {
              name: "threshold",
              summary: "say how many keys of a role must sign",
              load: async () => (await import("./admin/keys/change.ts")).keysThresholdCommand,
            },
            {
              name: "renew",
              summary: "sign a certificate or a role anew, with the same keys",
              load: async () => (await import("./admin/keys/change.ts")).keysRenewCommand,
            },
            {
              name: "distrust",
              summary: "take an authority's old certificates from what devices trust",
              load: async () => (await import("./admin/keys/distrust.ts")).keysDistrustCommand,
            },
            {
              name: "reseal",
              summary: "encrypt the keys under another master key",
              load: async () => (await import("./admin/keys/reseal.ts")).keysResealCommand,
            },
            {
              name: "cancel",
              summary: "forget the changes that wait",
              load: async () => (await import("./admin/keys/change.ts")).keysCancelCommand,
            },
            {
              name: "export-request",
              summary: "write what keys on another machine have to sign",
              load: async () => (await import("./admin/keys/exchange.ts")).keysExportCommand,
            },
            {
              name: "import",
              summary: "apply a signed request",
              load: async () => (await import("./admin/keys/exchange.ts")).keysImportCommand,
            },
            {
              name: "init",
              summary: "make the keys of another machine",
              load: async () => (await import("./admin/keys/offline.ts")).keysInitCommand,
            },
            {
              name: "sign-request",
              summary: "show and sign a request on the other machine",
              load: async () => (await import("./admin/keys/offline.ts")).keysSignRequestCommand,
            },
          ],
        },
        {
          name: "log",
          summary: "list the newest entries of the store's log",
          load: async () => (await import("./admin/log.ts")).adminLogCommand,
        },
        {
          name: "audit",
          summary: "who changed what",
          fallback: "list",
          example: ["mosis admin audit --data /srv/mosis", "lists the newest entries of the audit log"],
          entries: [
            {
              name: "list",
              summary: "list entries of the audit log",
              load: async () => (await import("./admin/audit.ts")).auditListCommand,
            },
            {
              name: "export",
              summary: "write entries of the audit log into a file",
              load: async () => (await import("./admin/audit-export.ts")).auditExportCommand,
            },
            {
              name: "verify",
              summary: "compute the audit log's hashes again",
              load: async () => (await import("./admin/audit.ts")).auditVerifyCommand,
            },
          ],
        },
        {
          name: "reconcile",
          summary: "compare rows, files and the signed catalogue with each other",
          load: async () => (await import("./admin/reconcile.ts")).reconcileCommand,
        },
      ],
    },
  ],
};
