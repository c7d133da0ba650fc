/** What the command line itself can answer with, beside what the store, a package or a device says. */
import { code, type ErrorCode } from "../errors.codes.form.ts";
import { SYSTEM_REASONS } from "./report.ts";

const SYSTEM_REMEDIES: Readonly<Record<string, string>> = {
  EEXIST: "Choose another name: what is there is not overwritten.",
  ENOENT: "Check the path that the message names.",
  ENOSPC: "Make room on the disk, then run the command again.",
  EDQUOT: "Make room in your quota, then run the command again.",
};

/** What the system says of files, as `file.` and its own code in lower case. */
const SYSTEM_CODES: Readonly<Record<string, ErrorCode>> = Object.fromEntries(
  Object.entries(SYSTEM_REASONS).map(([name, reason]) => [
    `file.${name.toLowerCase()}`,
    code(
      "unreachable",
      `A file or folder cannot be used: ${reason} (${name}).`,
      SYSTEM_REMEDIES[name] ?? "Check the path that the message names, and what this user may do there.",
    ),
  ]),
);

export const CLI_CODES: Readonly<Record<string, ErrorCode>> = {
  ...SYSTEM_CODES,
  "review.file_damaged": code(
    "conflict",
    "The version was approved, and its stored file is missing or is not the approved one any more.",
    "Have the developer upload it again; look at the disk, and at mosis admin reconcile.",
  ),
  "review.not_settled": code(
    "unreachable",
    "The approval is recorded, and the store has not signed and published the version within a minute.",
    "Look at mosis admin jobs: a dead letter says what is wrong, and can be replayed once that is mended.",
  ),
  "client.answer_too_large": code(
    "unreachable",
    "The store's answer is larger than any that is expected.",
    "Check that the address is the store's.",
  ),
  "client.connection_lost": code(
    "unreachable",
    "The connection to the store broke.",
    "Run the command again; nothing is done twice.",
  ),
  "client.group_unknown": code(
    "not_found",
    "There is no group of that name that you can choose.",
    "Give the name as the store has it, or the group's id. An administrator says which groups owners and maintainers may choose.",
  ),
  "client.no_route": code("unreachable", "There is no way to the store from here.", "Check the network."),
  "client.not_a_store": code(
    "unreachable",
    "Something answers at the address, but not as a Mosis store does.",
    "Check the address; a proxy may stand before the store.",
  ),
  "client.redirected": code(
    "unreachable",
    "The address sends callers elsewhere. A token is not sent after it.",
    "Give the address that it points to, if you trust it.",
  ),
  "client.refused": code(
    "unreachable",
    "Nothing listens at the address.",
    "Check the address and the port, and that the store runs.",
  ),
  "client.still_waiting": code(
    "unavailable",
    "The store was not done when the time to wait was over. It goes on.",
    "Look again with mosis status, or wait longer with --timeout.",
  ),
  "client.waiting_ended": code(
    "unavailable",
    "The store goes on with what it was given, but does not tell who waits any more: their token is over, and there is no other.",
    "Look at the app's page or with mosis status, or run the same command in another job: nothing is uploaded twice, and it waits.",
  ),
  "client.store_ca_unusable": code(
    "usage",
    "The file that --store-ca, MOSIS_STORE_CA or MOSIS_ID_TOKEN_CA names holds no certificate, or one that cannot be read, or has more than 1 MiB.",
    "Name a PEM file with the CERTIFICATE blocks of the CA.",
  ),
  "client.store_malformed": code(
    "usage",
    "The text is no store's address.",
    "Give https:// (or http://), a host and a port if need be, and no path.",
  ),
  "client.store_missing": code("usage", "No store was named.", "Give --store URL, or set MOSIS_STORE."),
  "client.timeout": code("unreachable", "The store did not answer in time.", "Try again later."),
  "client.tls_failed": code(
    "unreachable",
    "No TLS connection could be made.",
    "Check that the store speaks https:// on this port.",
  ),
  "client.tls_untrusted": code(
    "unreachable",
    "The store's TLS certificate is not trusted here, expired, or for another name.",
    "Use the name in the certificate; name your company's CA with --store-ca PEM.",
  ),
  "client.identity_missing": code(
    "usage",
    "The build job has no identity token, and the command was told to use one.",
    "Let the workflow have one: permissions id-token at GitHub, Gitea and Forgejo, id_tokens with MOSIS_ID_TOKEN at GitLab.",
  ),
  "client.identity_refused": code(
    "forbidden",
    "The CI server gives the build job no identity token.",
    "Give the job the permission id-token; jobs of pull requests from forks get none.",
  ),
  "client.identity_unreachable": code(
    "unreachable",
    "The CI server does not answer when it is asked for the job's identity token, or its TLS certificate is not trusted there.",
    "Run the job again; where it is about the certificate of a server of your company's own, name its CA in MOSIS_ID_TOKEN_CA.",
  ),
  "client.trusted_and_token": code(
    "usage",
    "A command comes with a build job's identity or with an API key, and was told both.",
    "Leave out --trusted or --token.",
  ),
  "client.token_malformed": code(
    "usage",
    "The text is no API key.",
    "Copy the key whole: one word that starts with mosis_.",
  ),
  "client.token_missing": code(
    "usage",
    "The command needs to know who you are.",
    "Sign in with mosis login, or put an API key into a file and name that in MOSIS_TOKEN_FILE.",
  ),
  "login.access_denied": code(
    "forbidden",
    "The program was sent away on the store's page, or who let it in has signed out since.",
    "Run mosis login again, and let it in on the page.",
  ),
  "login.expired_token": code(
    "forbidden",
    "Nobody let the program in within ten minutes.",
    "Run mosis login again, and open the page that it names.",
  ),
  "login.file_damaged": code(
    "unreachable",
    "The file of a login is not one that mosis login has written.",
    "Remove the file that is named, and sign in again.",
  ),
  "login.file_open": code(
    "forbidden",
    "Others on this machine can read the file of a login, and so the token in it.",
    "Sign out with mosis logout, since somebody may have the token, and sign in again.",
  ),
  "login.none": code("usage", "You are not signed in to that store.", "Sign in with mosis login."),
  "client.token_over_http": code(
    "forbidden",
    "The API key is not sent over plain HTTP to another machine.",
    "Use the store's https:// address.",
  ),
  "client.unexpected_answer": code(
    "unreachable",
    "The store's answer has another form than this version of mosis expects.",
    "Compare mosis --version with the store's, and update the older one.",
  ),
  "client.unknown_host": code(
    "unreachable",
    "There is no machine of that name.",
    "Check the address and the network.",
  ),
  "diff.not_a_package": code(
    "unreachable",
    "One of the two files is no valid package, so that there is nothing to compare.",
    "Look at it with mosis inspect.",
  ),
  "file.changed": code("unreachable", "A file became shorter while it was read.", "Run the command again."),
  "file.not_a_file": code(
    "unreachable",
    "A folder, a pipe, a device or a socket is there, where a plain file is needed.",
    "Name a plain file. A key, certificates, a passphrase or a root may also come from /dev/stdin, or by <(…) of a shell.",
  ),
  "file.not_a_folder": code("unreachable", "What was named is no folder.", "Name the app's folder."),
  "file.not_text": code("invalid", "The file is not text in UTF-8.", "Save it as UTF-8."),
  "file.private_key": code(
    "unreachable",
    "What is to be written has the name of a file that holds a private key, which nobody could make again.",
    "Choose another name.",
  ),
  "file.too_large": code(
    "invalid",
    "The file is larger than a file of its kind can be.",
    "Check that it is the right one.",
  ),
  interrupted: code("unavailable", "The command was interrupted before it was done.", "Run it again."),
  "keys.certificate_not_yet_valid": code(
    "invalid",
    "The certificate of your signing key begins later than now, by this machine's clock.",
    "Set the machine's clock.",
  ),
  "keys.certificate_expired": code(
    "invalid",
    "The certificate of your signing key has ended.",
    "Renew it with mosis keys enroll.",
  ),
  "keys.certificate_other": code(
    ["invalid", "unreachable"],
    "The certificate is for another key.",
    "Use the certificate that stands beside the key, or enrol the key again.",
  ),
  "keys.missing": code(
    ["unreachable", "unavailable"],
    "There is no signing key where one is looked for.",
    "Make one with mosis keys new, or name yours with --key. On a server it means that the folder is not a whole store's.",
  ),
  "keys.no_home": code(
    "usage",
    "There is no home folder to keep keys in.",
    "Set HOME, or name the key's file.",
  ),
  "keys.same_key": code(
    "usage",
    "The new key is the one that would sign for it: nothing would be rotated.",
    "Make another key with mosis keys new -o next.pem, and name that.",
  ),
  "keys.signs_nothing": code(
    "conflict",
    "The key that was to sign for another one, or that other one, may not sign the app, or no app any more: it or its certificate is revoked, or a recovery has taken its place.",
    "Rotate with a key that may sign, and to one that may or is new: mosis keys list shows what each may sign. A key whose certificate is revoked is enrolled again first. When no key is left: mosis keys recover.",
  ),
  "keys.not_enrolled": code(
    "unreachable",
    "The key has no certificate yet.",
    "Run mosis keys enroll --store URL.",
  ),
  "keys.offline_folder": code(
    "usage",
    "The command works on the keys of another machine, and was not told where they are.",
    "Give --offline DIR.",
  ),
  "keys.offline_not_empty": code(
    "conflict",
    "Keys are made in a folder of their own, and this one holds something.",
    "Name an empty folder, or one that is not there yet.",
  ),
  "keys.passphrase_needed": code(
    "usage",
    "The key has a passphrase, and nobody can be asked for it.",
    "Give --passphrase-file, MOSIS_KEY_PASSPHRASE or MOSIS_KEY_PASSPHRASE_FILE.",
  ),
  "new.exists": code("conflict", "The folder is there and is not empty.", "Choose another name."),
  "new.no_id": code("usage", "No app id can be made of the folder's name.", "Give one with --id."),
  "pack.changed": code("conflict", "A file changed while it was read.", "Pack again."),
  "pack.ignore_too_long": code(
    "invalid",
    ".mosisignore has more than 10,000 lines, or one of more than 4,096 characters.",
    "Leave whole folders out, or use patterns.",
  ),
  "pack.nested_ignore": code(
    "invalid",
    "A folder in the app has a .mosisignore of its own, which git would follow and pack does not.",
    "Put its rules into the .mosisignore beside manifest.json, and leave it out there: **/.mosisignore.",
  ),
  "pack.no_manifest": code(
    "invalid",
    "There is no manifest.json in the folder.",
    "Name the app's own folder; mosis new makes one.",
  ),
  "pack.not_a_file": code(
    "invalid",
    "The folder holds a link, device or other thing that is no plain file.",
    "Put a plain file in its place, or leave it out in .mosisignore, which must be a plain file itself.",
  ),
  "pack.reserved": code(
    "invalid",
    "The folder has a META-MOSIS of its own; that name is the package's.",
    "Remove or rename it.",
  ),
  "pack.secret": code(
    "invalid",
    "The folder holds what looks like a private key or credential.",
    "Leave it out in .mosisignore; --allow-secrets packs it, for everyone to read.",
  ),
  "pack.too_large": code(
    "unprocessable",
    "The app's files are larger than a package takes.",
    "Make them smaller; the limits are in the reference.",
  ),
  "pack.too_many": code(
    "unprocessable",
    "The app has more files than a package takes.",
    "Leave some out in .mosisignore.",
  ),
  "package.refused": code("unprocessable", "The package is not valid.", "Look at it with mosis verify."),
  "passphrase.differs": code("invalid", "The two passphrases differ.", "Type the same one twice."),
  "passphrase.exposed": code(
    "invalid",
    "Everyone on the machine can read the file with the passphrase.",
    "Run chmod 600 on the file.",
  ),
  "passphrase.short": code(
    "invalid",
    "A key was to be made with a passphrase of fewer than 12 characters.",
    "Choose a longer one. Keys of before open with the one that they have.",
  ),
  "passphrase.empty": code(
    "invalid",
    "The passphrase is empty.",
    "Give one, or make the key without a passphrase.",
  ),
  "notes.given_twice": code(
    "usage",
    "There are two texts of what is new in one language.",
    "Say it once: as a text, or as a file.",
  ),
  "notes.not_text": code("invalid", "A file of release notes is not in UTF-8.", "Save it as UTF-8."),
  "submit.released": code(
    "unprocessable",
    "The package has a store's signature already.",
    "Submit the one that you signed.",
  ),
  "submit.unsigned": code("unprocessable", "The package is not signed.", "Run mosis sign FILE first."),
  "usage.empty_path": code(
    "usage",
    "The name of a file or folder is empty, as an unset variable leaves it.",
    "Set the variable, or name the file.",
  ),
  "usage.excess_arguments": code("usage", "There are more arguments than the command takes.", "See --help."),
  "usage.invalid_value": code(
    "usage",
    "An argument or option has a value that it cannot have.",
    "See --help.",
  ),
  "usage.missing_argument": code("usage", "A required argument is missing.", "See --help."),
  "usage.missing_command": code(
    "usage",
    "The command has commands of its own.",
    "Name one; --help lists them.",
  ),
  "usage.missing_mandatory_option_value": code("usage", "A required option is missing.", "See --help."),
  "usage.name_not_text": code(
    "usage",
    "The name of a file or folder, or of the folder that the command runs in, is not in UTF-8.",
    "Rename it, or choose another name.",
  ),
  "usage.not_confirmed": code("usage", "The command undoes something for good.", "Add --yes to do it."),
  "usage.option_missing_argument": code("usage", "An option has no value.", "Put the value after it."),
  "usage.unknown_command": code("usage", "There is no such command.", "See mosis --help."),
  "usage.unknown_option": code("usage", "The command has no such option.", "See --help."),
  "verify.log_store": code(
    "usage",
    "It is not clear whose log is to be read.",
    "With --log give --home DIR of a device, or --store URL with --root-sha256 HEX.",
  ),
  "verify.token_missing": code(
    "unauthenticated",
    "The store whose log is to be read is restricted, or an audience is named, and nothing says who asks.",
    "Sign in with mosis login, or name an API key in MOSIS_TOKEN_FILE; --home DIR takes a device that has enrolled.",
  ),
  "verify.no_certificate": code(
    "usage",
    "The file that --ca names is unusable: it holds no certificate, or more than 64, or a line or block that does not belong there, or more than 1 MiB.",
    "Name a PEM file with CERTIFICATE blocks, such as the store's trust/ca.pem.",
  ),
  "verify.many_certificates": code(
    "usage",
    "The files that --ca names hold more than 64 certificates together.",
    "Leave out what the package does not rest on; a store's trust/ca.pem never has more.",
  ),
  "verify.no_root": code(
    "usage",
    "None of the certificates given with --ca is a root.",
    "Add the store's root; trust/ca.pem holds it.",
  ),
};
