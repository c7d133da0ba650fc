/** Each setting is one row of SETTINGS; the docs and `--help` are made from it. */
import { ISSUER_PATHS, type TrustedIssuer, trustedIssuers } from "./config.issuers.ts";
import { withoutPassword } from "./config.mail.ts";
import { PROVIDER_PATHS, type Provider, providers } from "./config.providers.ts";
import {
  bytes,
  days,
  factorRoles,
  fewDays,
  host,
  hours,
  logLevel,
  mailbox,
  manyDays,
  messages,
  networks,
  type OrganisationMakers,
  organisationMakers,
  path,
  port,
  requests,
  type SignUp,
  signers,
  signUp,
  smtp,
  timeZone,
  truth,
  url,
} from "./config.values.ts";
import type { LogLevel } from "./log.ts";
import type { StoreRole } from "./roles.ts";
import { UTC } from "./zones.ts";

export type Settings = {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  readonly tlsCert: string | null;
  readonly tlsKey: string | null;
  /** Where people and devices reach the store when a proxy stands before it; no slash at the end. */
  readonly publicUrl: string | null;
  /** Addresses and ranges (CIDR) of the proxies whose word counts. */
  readonly trustedProxies: readonly string[];
  readonly logLevel: LogLevel;
  readonly maxUploadBytes: number;
  /** Requests a minute that are answered to one address without an account, to one account, with one key; 0: all. */
  readonly addressRequests: number;
  readonly accountRequests: number;
  readonly keyRequests: number;
  readonly masterKeyFile: string | null;
  /** Name → program and arguments of the commands that sign with keys of the store. */
  readonly signers: Readonly<Record<string, readonly string[]>>;
  /** How long a recovery of lost developers' keys waits, so that every owner can object. */
  readonly recoveryWaitingDays: number;
  /** How long the deletion of an account can be taken back. */
  readonly accountDeletionDays: number;
  /** How long the deletion of a published app can be taken back. */
  readonly appDeletionDays: number;
  /** Who may make an account. */
  readonly signUp: SignUp;
  /** Messages an hour that all who ask for an account may have the store write together; 0: any number. */
  readonly signUpMessages: number;
  /** Who may make an organisation: others ask for one. */
  readonly organisationMakers: OrganisationMakers;
  /** Roles in the store that count only for who has a second factor. */
  readonly secondFactor: readonly StoreRole[];
  /** Who vouches for people beside passwords. */
  readonly providers: readonly Provider[];
  /** CI servers whose identity tokens trusted publishers come with. */
  readonly trustedIssuers: readonly TrustedIssuer[];
  /** So long after a provider last confirmed a group, what rests on it pauses. */
  readonly groupPauseHours: number;
  /** Whether the store's files are for enrolled devices only. */
  readonly restricted: boolean;
  /** Whether people and devices rate the apps that they have. */
  readonly ratings: boolean;
  /** Name of the zone in which times are told to who chose none (IANA). */
  readonly timeZone: string;
  /** Devices that have not come for so long are warned of; 0: none is. */
  readonly deviceUnseenDays: number;
  /** Where mail is handed to: `smtpOf` reads it. null: nothing is mailed. */
  readonly smtp: string | null;
  /** The file with the password of the user in it. */
  readonly smtpPasswordFile: string | null;
  /** PEM of the authorities that may vouch for the mail server, in place of the public ones. */
  readonly smtpCa: string | null;
  /** Who mail comes from: `mailboxOf` reads it. */
  readonly mailFrom: string | null;
};

export type Setting = {
  readonly key: keyof Settings;
  readonly flag: string;
  readonly environment: string;
  /** Key in mosis.toml. */
  readonly file: string;
  readonly meaning: string;
  readonly fallback: Settings[keyof Settings];
  /** A file or folder: from mosis.toml it starts at that file's folder, else at the one where the command runs. */
  readonly isPath?: true;
  /** In mosis.toml a table, which stands for its JSON text. */
  readonly isTable?: true;
  /** Keys in the tables of such a table that name files, which start at the folder of mosis.toml. */
  readonly tablePaths?: readonly string[];
  /** What of a refused value may be said, where it may hold a secret. */
  readonly sayable?: (text: string) => string;
  /** The number that is written `off`. */
  readonly offAt?: 0;
  /** It may be set on the page of settings too, and a change of it is taken up while the store runs. */
  readonly isLive?: true;
  /** @throws Error that says what is allowed. */
  readonly parse: (text: string) => Settings[keyof Settings];
};

export const SETTINGS: readonly Setting[] = [
  {
    key: "dataDir",
    flag: "--data",
    environment: "MOSIS_DATA",
    file: "data",
    meaning: "The folder that holds everything: database, blobs, keys.",
    fallback: "",
    isPath: true,
    parse: path,
  },
  {
    key: "host",
    flag: "--host",
    environment: "MOSIS_HOST",
    file: "host",
    meaning: "The address to listen on.",
    fallback: "127.0.0.1",
    parse: host,
  },
  {
    key: "port",
    flag: "--port",
    environment: "MOSIS_PORT",
    file: "port",
    meaning: "The port to listen on; 0 takes a free one.",
    fallback: 8470,
    parse: port,
  },
  {
    key: "tlsCert",
    flag: "--tls-cert",
    environment: "MOSIS_TLS_CERT",
    file: "tls_cert",
    meaning: "The TLS certificate chain, a PEM file.",
    fallback: null,
    isPath: true,
    parse: path,
  },
  {
    key: "tlsKey",
    flag: "--tls-key",
    environment: "MOSIS_TLS_KEY",
    file: "tls_key",
    meaning: "The TLS certificate's private key, a PEM file.",
    fallback: null,
    isPath: true,
    parse: path,
  },
  {
    key: "publicUrl",
    flag: "--public-url",
    environment: "MOSIS_PUBLIC_URL",
    file: "public_url",
    meaning: "The store's address as people and devices use it, when a proxy with TLS stands before it.",
    fallback: null,
    parse: url,
  },
  {
    key: "trustedProxies",
    flag: "--trusted-proxies",
    environment: "MOSIS_TRUSTED_PROXIES",
    file: "trusted_proxies",
    meaning:
      "Addresses and ranges of the proxies before the store, with commas between them; without it, this machine's own.",
    fallback: ["127.0.0.0/8", "::1"],
    parse: networks,
  },
  {
    key: "logLevel",
    flag: "--log-level",
    environment: "MOSIS_LOG_LEVEL",
    file: "log_level",
    meaning: "The least grave log lines to write: debug, info, warn or error.",
    fallback: "info",
    isLive: true,
    parse: logLevel,
  },
  {
    key: "maxUploadBytes",
    flag: "--max-upload",
    environment: "MOSIS_MAX_UPLOAD",
    file: "max_upload",
    meaning: "The largest package that is taken, in bytes or MiB.",
    fallback: 512 * 2 ** 20,
    isLive: true,
    parse: bytes,
  },
  {
    key: "addressRequests",
    flag: "--address-requests",
    environment: "MOSIS_ADDRESS_REQUESTS",
    file: "address_requests",
    meaning:
      "How many requests a minute are answered to one address, of those that show no account or key; off for all. Files of the catalogue and of pages do not count.",
    fallback: 600,
    offAt: 0,
    isLive: true,
    parse: requests,
  },
  {
    key: "accountRequests",
    flag: "--account-requests",
    environment: "MOSIS_ACCOUNT_REQUESTS",
    file: "account_requests",
    meaning:
      "How many requests a minute are answered to one person, or with all keys of one organisation together; off for all.",
    fallback: 1800,
    offAt: 0,
    isLive: true,
    parse: requests,
  },
  {
    key: "keyRequests",
    flag: "--key-requests",
    environment: "MOSIS_KEY_REQUESTS",
    file: "key_requests",
    meaning:
      "How many requests a minute are answered with one API key, or to one device or trusted publisher; off for all.",
    fallback: 900,
    offAt: 0,
    isLive: true,
    parse: requests,
  },
  {
    key: "masterKeyFile",
    flag: "--master-key-file",
    environment: "MOSIS_MASTER_KEY_FILE",
    file: "master_key_file",
    meaning:
      "The file with the key that encrypts the store's private keys; without it one is made in the data folder.",
    fallback: null,
    isPath: true,
    parse: path,
  },
  {
    key: "signers",
    flag: "--signers",
    environment: "MOSIS_SIGNERS",
    file: "signers",
    meaning:
      "External commands that sign with keys of the store, as JSON: a name, and the program with its arguments.",
    fallback: {},
    isTable: true,
    parse: signers,
  },
  {
    key: "recoveryWaitingDays",
    flag: "--recovery-waiting-days",
    environment: "MOSIS_RECOVERY_WAITING_DAYS",
    file: "recovery_waiting_days",
    meaning:
      "How many days a recovery of lost developers' keys waits before it can be approved, 1 to 90; its owners can object until then.",
    fallback: 7,
    // Whom the waiting restrains must not be able to shorten it.
    parse: days,
  },
  {
    key: "accountDeletionDays",
    flag: "--account-deletion-days",
    environment: "MOSIS_ACCOUNT_DELETION_DAYS",
    file: "account_deletion_days",
    meaning:
      "How many days the deletion of an account can be taken back, 0 to 30, in which nobody can sign in to it; with 0 it is deleted at once.",
    fallback: 7,
    isLive: true,
    parse: fewDays,
  },
  {
    key: "appDeletionDays",
    flag: "--app-deletion-days",
    environment: "MOSIS_APP_DELETION_DAYS",
    file: "app_deletion_days",
    meaning:
      "How many days the deletion of a published app can be taken back, 1 to 90; so long nobody gets it, and all of it is kept.",
    fallback: 30,
    parse: days,
  },
  {
    key: "signUp",
    flag: "--sign-up",
    environment: "MOSIS_SIGN_UP",
    file: "sign_up",
    meaning:
      "Who may make an account: closed (those whom the operator adds), invitation, open, or the domains of mail addresses with commas between them, such as example.com,example.org.",
    fallback: "invitation",
    isLive: true,
    parse: signUp,
  },
  {
    key: "signUpMessages",
    flag: "--sign-up-messages",
    environment: "MOSIS_SIGN_UP_MESSAGES",
    file: "sign_up_messages",
    meaning:
      "How many messages an hour the store writes for people who ask for an account, for all of them together; off for any number. Who is beyond waits, up to a day.",
    fallback: 300,
    offAt: 0,
    isLive: true,
    parse: messages,
  },
  {
    key: "organisationMakers",
    flag: "--organisation-makers",
    environment: "MOSIS_ORGANISATION_MAKERS",
    file: "organisation_makers",
    meaning:
      "Who may make an organisation: administrators, whom others ask for one, or everyone, which is each person whose address is proven, until they have made three.",
    fallback: "administrators",
    isLive: true,
    parse: organisationMakers,
  },
  {
    key: "secondFactor",
    flag: "--second-factor",
    environment: "MOSIS_SECOND_FACTOR",
    file: "second_factor",
    meaning:
      "The roles in the store that need a second factor, with commas between them: administrator, reviewer, support, auditor; or none. Who has such a role has nothing of it until they have added one.",
    fallback: [],
    isLive: true,
    parse: factorRoles,
  },
  {
    key: "providers",
    flag: "--providers",
    environment: "MOSIS_PROVIDERS",
    file: "providers",
    meaning:
      "Outside providers with which people sign in, as JSON; the guide on signing in with a provider says what each takes.",
    fallback: [],
    isTable: true,
    tablePaths: PROVIDER_PATHS,
    parse: providers,
  },
  {
    key: "trustedIssuers",
    flag: "--trusted-issuers",
    environment: "MOSIS_TRUSTED_ISSUERS",
    file: "trusted_issuers",
    meaning:
      "CI servers whose build jobs may be trusted publishers of apps, as JSON; the guide on continuous integration says what each takes.",
    fallback: [],
    isTable: true,
    tablePaths: ISSUER_PATHS,
    parse: trustedIssuers,
  },
  {
    key: "groupPauseHours",
    flag: "--group-pause-hours",
    environment: "MOSIS_GROUP_PAUSE_HOURS",
    file: "group_pause_hours",
    meaning:
      "How many hours after a provider last confirmed somebody's groups the roles that rest on them pause, 1 to 720.",
    fallback: 24,
    isLive: true,
    parse: hours,
  },
  {
    key: "restricted",
    flag: "--restricted",
    environment: "MOSIS_RESTRICTED",
    file: "restricted",
    meaning:
      "Whether the catalogue and the packages are for devices that have enrolled with a code, and for nobody else: true or false.",
    fallback: false,
    isLive: true,
    parse: truth,
  },
  {
    key: "ratings",
    flag: "--ratings",
    environment: "MOSIS_RATINGS",
    file: "ratings",
    meaning:
      "Whether people who are signed in and enrolled devices rate the apps that they have: true or false. Otherwise nothing of ratings is shown, and nobody notes who fetched an app.",
    fallback: true,
    isLive: true,
    parse: truth,
  },
  {
    key: "timeZone",
    flag: "--time-zone",
    environment: "MOSIS_TIME_ZONE",
    file: "time_zone",
    meaning:
      "The time zone in which pages and letters tell times to visitors and to people who chose none, such as Europe/Berlin.",
    fallback: UTC,
    isLive: true,
    parse: timeZone,
  },
  {
    key: "deviceUnseenDays",
    flag: "--device-unseen-days",
    environment: "MOSIS_DEVICE_UNSEEN_DAYS",
    file: "device_unseen_days",
    meaning:
      "After how many days in which a device did not come its administrators are warned of it, 1 to 3650; with 0 they are not.",
    fallback: 30,
    isLive: true,
    parse: manyDays,
  },
  {
    key: "smtp",
    flag: "--smtp",
    environment: "MOSIS_SMTP",
    file: "smtp",
    meaning:
      "The mail server that takes the store's messages: smtp://user@host:587 with STARTTLS, or smtps://user@host:465 with TLS from the start; without it they wait in the outbox.",
    fallback: null,
    sayable: withoutPassword,
    parse: smtp,
  },
  {
    key: "smtpPasswordFile",
    flag: "--smtp-password-file",
    environment: "MOSIS_SMTP_PASSWORD_FILE",
    file: "smtp_password_file",
    meaning: "The file with the password of the mail server's user.",
    fallback: null,
    isPath: true,
    parse: path,
  },
  {
    key: "smtpCa",
    flag: "--smtp-ca",
    environment: "MOSIS_SMTP_CA",
    file: "smtp_ca",
    meaning:
      "The certificates, a PEM file, of the authorities that vouch for the mail server, in place of the public ones.",
    fallback: null,
    isPath: true,
    parse: path,
  },
  {
    key: "mailFrom",
    flag: "--mail-from",
    environment: "MOSIS_MAIL_FROM",
    file: "mail_from",
    meaning: 'Who the store\'s mail comes from, such as "App store <apps@example.com>".',
    fallback: null,
    parse: mailbox,
  },
];
