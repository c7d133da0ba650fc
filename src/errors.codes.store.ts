/** What whoever runs a store can meet: its folder, its keys, its configuration, its listening, its catalogue. */
import { code, type ErrorCode } from "./errors.codes.form.ts";

export const STORE_CODES: Readonly<Record<string, ErrorCode>> = {
  "api.invalid": code(
    "invalid",
    "A file of the API manifest is not what its schema or the rest of the manifest says.",
    "Mend the file at the JSON pointer that is named, or remove it.",
  ),
  "api.unreadable": code(
    "unreachable",
    "The folder with an API manifest cannot be read.",
    "Check the path, and that the user who runs mosis may read the folder and its files.",
  ),
  "catalog.forked": code(
    "conflict",
    "The database would sign other content under a name that was served before: it is older than the files beside it.",
    "Restore database and files from one backup, the newest.",
  ),
  "config.data_missing": code(
    "usage",
    "The command works on a store and was not told on which.",
    "Give --data DIR, or set MOSIS_DATA.",
  ),
  "config.invalid": code(
    "usage",
    "A setting has a value that it cannot have, or the configuration file a key that is none.",
    "Mend the setting that is named; the reference of settings says what each takes.",
  ),
  "config.secret_twice": code(
    "usage",
    "A secret is given both in a variable and in the file that its *_FILE variable names.",
    "Unset one of the two.",
  ),
  "config.tls_pair": code(
    "usage",
    "Only one of the TLS certificate and its key was given.",
    "Give both --tls-cert and --tls-key.",
  ),
  "config.unreadable": code(
    "unreachable",
    "The configuration file, or a file that a *_FILE variable names, cannot be read.",
    "Check the path, and that the user who runs mosis may read it.",
  ),
  "keys.algorithm": code(
    "invalid",
    "The key is of a kind that its place does not take: the catalogue is signed with Ed25519 or P-256, releases too; authorities may also have P-384.",
    "Give a key of a kind that is taken.",
  ),
  "keys.authorities_full": code(
    "conflict",
    "The store's file of certificates, trust/ca.pem, holds 64 roots and Developer CAs, and devices take no longer one.",
    "Take the certificates of an old key out with mosis admin keys distrust, which shows what would be refused, and ask again.",
  ),
  "keys.change_invalid": code(
    "conflict",
    "The change of the store's keys would leave a role without its keys, or names a key that is in no such place.",
    "Look at mosis admin keys, and ask for a change that fits what there is.",
  ),
  "keys.change_overtaken": code(
    "conflict",
    "Changes of the store's keys that wait would not be possible any more after this change or request. Nothing was changed.",
    "Export again with mosis admin keys export-request, which takes along all that waits, give the file of offline keys again if there was one, and have that signed. Or forget what waits with mosis admin keys cancel.",
  ),
  "keys.command_failed": code(
    "unavailable",
    "The external command that signs with one of the store's keys cannot be started, or ended with another status than 0.",
    "Run the command by hand with some bytes on its input; check its path and what this user may do.",
  ),
  "keys.command_output": code(
    "unavailable",
    "The external command wrote nothing, or more than a signature has.",
    "Let it write the bare signature to its output, and nothing else.",
  ),
  "keys.command_signature": code(
    "unavailable",
    "What the external command wrote is no signature of the registered public key over what was to be signed.",
    "Check that the command uses that key: ECDSA in DER over the curve's own hash, or the 64 bytes of Ed25519.",
  ),
  "keys.command_timeout": code(
    "unavailable",
    "The external command gave no signature in time.",
    "Look at the device or service that it asks.",
  ),
  "keys.command_unknown": code(
    "unavailable",
    "An external command signs with the key, and the configuration does not name that command.",
    "Add the command to the setting signers, under the name that mosis admin keys shows.",
  ),
  "keys.not_found": code(
    "not_found",
    "No key or role of that name signs for this store.",
    "Take the name from mosis admin keys.",
  ),
  "keys.nothing_to_sign": code(
    "conflict",
    "There is nothing that another machine would have to sign.",
    "Ask for a change first, give the file of keys that take over, or wait until something is due.",
  ),
  "keys.offline": code(
    "conflict",
    "The key is held on another machine, or was replaced: this store does not sign with it.",
    "Export a request with mosis admin keys export-request, and sign it where the key is.",
  ),
  "keys.offline_place": code(
    "conflict",
    "A key that is made on the store's machine would stand where another machine holds the key.",
    "Make the key on the other machine with mosis admin keys init, and give its public-keys.json with --offline-keys; or say --online.",
  ),
  "keys.public_key_invalid": code(
    "invalid",
    "What was given is not the public half of a key that is taken.",
    "Give the PEM file of the public key: openssl pkey -pubout writes it.",
  ),
  "keys.request_malformed": code(
    "invalid",
    "The file is not a signing request or a file of offline keys, or was changed on the way.",
    "Bring the file again from the machine that wrote it.",
  ),
  "keys.request_refused": code(
    "unprocessable",
    "The signing request asks for something that no honest store asks for. Nothing was signed.",
    "Do not sign it. Find out where the file comes from.",
  ),
  "keys.request_unknown": code(
    "conflict",
    "The file is not the request that this store exported last.",
    "Import the newest one, or export again.",
  ),
  "keys.request_stale": code(
    "conflict",
    "The catalogue has moved on since the request was exported.",
    "Export it again, have it signed, and import that.",
  ),
  "keys.root_unsigned": code(
    "conflict",
    "A new root is not signed by enough keys of the root before it and of its own, so no device would follow it.",
    "Have more of the root's keys sign the request.",
  ),
  "keys.signature_invalid": code(
    "unprocessable",
    "A signature in the file is not one of the key that it names, over what the file says.",
    "Have the request signed again, and bring the file over unchanged.",
  ),
  "keys.signatures_missing": code(
    "conflict",
    "The request is not signed by as many keys as it needs. Nothing was changed.",
    "Have it signed where the named keys are, one machine after the other, and import it then.",
  ),
  "keys.threshold_unmet": code(
    "conflict",
    "A role of the catalogue is not signed by as many of its keys as it asks for.",
    "Have more of the role's keys sign.",
  ),
  "keys.master_malformed": code(
    "unavailable",
    "The master key's file is no plain file that holds 32 bytes in base64.",
    "Put the file back from the backup; a new key opens nothing.",
  ),
  "keys.master_missing": code(
    "unavailable",
    "The file with the master key is not there or cannot be read, so the store's signing keys stay closed.",
    "Put it back from the backup, or name where it is with --master-key-file.",
  ),
  "keys.master_open": code(
    "unavailable",
    "Other users of the machine can read the master key.",
    "Run chmod 600 on the file that is named.",
  ),
  "keys.master_same": code(
    "conflict",
    "The new master key is the one that the store has.",
    "Name a file that is not there yet, so that a new key is made.",
  ),
  "keys.release_expired": code(
    "unavailable",
    "The certificate that the store signs approvals with has ended. The store renews it by itself only while it holds the key of the CA's root.",
    "Check the machine's clock and the job catalog.renew; with the root on another machine, export a request, have it signed and import it.",
  ),
  "keys.unsealable": code(
    "unavailable",
    "A signing key in the database was sealed with another master key, or its row was changed.",
    "Bring database and master key from one backup together.",
  ),
  "operator.forbidden": code(
    "forbidden",
    "The store that runs there is another user's.",
    "Run the command as the user who runs the server.",
  ),
  "operator.input": code(
    "invalid",
    "The running server does not take what this command sent it.",
    "Use the same version of mosis for the server and for mosis admin.",
  ),
  "operator.unknown": code(
    "not_found",
    "The running server does not know this administrative command.",
    "Use the same version of mosis for the server and for mosis admin.",
  ),
  "operator.unreachable": code(
    "unreachable",
    "The server that holds the data folder stopped answering on its socket.",
    "Look at its log; run the command again once it is up, or with the server stopped.",
  ),
  "server.address_invalid": code(
    "unreachable",
    "The server cannot listen on the address or port.",
    "Give an address of this machine with --host, and a port that this user may use with --port.",
  ),
  "server.address_taken": code(
    "unreachable",
    "Another program listens on the port.",
    "Stop it, or choose another port with --port; 0 takes a free one.",
  ),
  "server.tls_invalid": code(
    "invalid",
    "A TLS file does not hold a certificate or key, or the two do not belong together.",
    "Give a PEM chain with the server's own certificate first, and the key of that certificate.",
  ),
  "server.tls_unreadable": code(
    "unreachable",
    "A TLS file cannot be read.",
    "Check the paths of --tls-cert and --tls-key, and that the server's user may read them.",
  ),
  "store.locked": code(
    "conflict",
    "Another mosis process holds the data folder.",
    "Stop it first, or use another folder. mosis admin works beside a running server.",
  ),
  "store.not_initialised": code(
    ["unreachable", "unavailable"],
    "There is no store in the data folder.",
    "Check the path; mosis serve on an empty folder makes a store.",
  ),
  "store.socket_folder": code(
    "unavailable",
    "The folder for the administrator's socket belongs to somebody else or is open to others.",
    "Remove that folder, or use a data folder with a shorter path.",
  ),
  "store.unwritable": code(
    "unreachable",
    "The data folder cannot be made or written.",
    "Give the user who runs mosis the right to write there; in a container, mount a volume.",
  ),
  "store.wrong_user": code(
    "forbidden",
    "The data folder belongs to another user than the one who runs the command.",
    "Run it as that user, or give the whole folder to this one.",
  ),
};
