/**
 * Every code that the source can answer with, by reading it: the second argument of `new Problem`, the `code` of a
 * detail or rule. Where the code is computed, the place is listed here with the codes that it can give.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "../..");

/** `file: expression` of a code that is not written out → why that is well, or which codes it gives. */
const COMPUTED: Readonly<Record<string, readonly string[]>> = {
  // That of a Problem which was thrown before.
  "src/errors.ts: first.code": [],
  "src/catalog/release-notes/translations.ts: first.code": ["upload.notes_invalid", "upload.notes_too_long"],
  "src/http/portal/notes-form.ts: notes.code": ["upload.notes_invalid", "upload.notes_too_long"],
  "src/keys/command-signer.ts: code": [
    "keys.command_failed",
    "keys.command_output",
    "keys.command_signature",
    "keys.command_timeout",
  ],
  "src/device/store-answers.ts: code": [
    "device.assertion_invalid",
    "device.enrolment_code_expired",
    "device.enrolment_code_malformed",
    "device.enrolment_code_revoked",
    "device.enrolment_code_unknown",
    "device.enrolment_code_used",
    "device.enrolment_proof",
    "device.enrolment_revoked",
  ],
  "src/catalog/tuf/reader.ts: code": ["catalogue.malformed", "catalogue.metadata_malformed"],
  "src/format/log/json.ts: code": ["log.head_malformed", "log.leaf_malformed"],
  "src/catalog/recovery-reason.ts: code": [
    "recovery.reason_invalid",
    "recovery.reason_required",
    "recovery.reason_too_long",
  ],
  "src/catalog/revocation/change.ts: code": [
    "revocation.action_invalid",
    "revocation.code_invalid",
    "revocation.id_invalid",
    "revocation.reason_invalid",
    "revocation.subject_invalid",
    "revocation.until_invalid",
  ],
  // Given to a helper as a word, which the scan finds at the helper's callers.
  "src/accounts/api-keys/find.ts: code": [
    "auth.token_invalid",
    "auth.token_expired",
    "auth.token_revoked",
    "auth.account_disabled",
  ],
  "src/accounts/trusted-publishing/identity-token.ts: code": [
    "trusted.audience",
    "trusted.issuer_unknown",
    "trusted.token_expired",
    "trusted.token_invalid",
  ],
  "src/accounts/messages/try-mail.ts: code": [
    "mail.deferred",
    "mail.file",
    "mail.refused",
    "mail.sender",
    "mail.sign_in",
    "mail.tls",
    "mail.unreachable",
  ],
  // The words of OAuth: the one side of the sign-in of programs says them to the other.
  "src/accounts/device-authorization/collect.ts: code": ["login.access_denied", "login.expired_token"],
  "src/cli/client-problems.ts: `login.${error}`": ["login.access_denied", "login.expired_token"],
  // Why a job is tried again, which is for the log.
  "src/accounts/messages/send.ts: code": [],
  "src/catalog/app-fields.ts: code": ["app.name_invalid", "app.summary_invalid"],
  'src/cli/submit.ts: `submit.${verdict.kind ?? "unknown"}`': ["submit.unsigned", "submit.released"],
  "src/device/verify-catalogue-files.ts: code": [
    "catalogue.expired",
    "catalogue.foreign",
    "catalogue.malformed",
    "catalogue.metadata_malformed",
    "catalogue.missing",
    "catalogue.mixed",
    "catalogue.not_in_log",
    "catalogue.not_signed",
    "catalogue.rolled_back",
    "catalogue.root_refused",
    "catalogue.target_changed",
  ],
  // Commander's own words for what is wrong with a command line.
  "src/cli/program.ts: code": [
    "usage.excess_arguments",
    "usage.missing_argument",
    "usage.missing_mandatory_option_value",
    "usage.option_missing_argument",
    "usage.unknown_command",
    "usage.unknown_option",
  ],
  // What a store or a running server answered: a code of theirs.
  "src/cli/client-problems.ts: code": [],
  "src/cli/client-problems.ts: rule.code": [],
  "src/cli/operator.ts: code": [],
  'src/cli/demo/runner.ts: failure?.code ?? "demo.command_failed"': ["demo.command_failed"],
  // Findings: codes of their own tables, which the compiler holds.
  "src/cli/app-folder.ts: first.code": [],
  "src/cli/new.ts: first.code": [],
  'src/cli/verdict.ts: first?.code ?? "package.refused"': ["package.refused"],
  "src/signing/refuse.ts: code": [],
  // A code of what was refused, with the place put beside it.
  "src/device/verify-catalogue-targets.ts: code": [],
  "src/format/lineage.ts: error.code": [],
  // What a certificate in a file is refused with, with its place in the file.
  "src/signing/certificates.ts: error.code": [],
  // The system's own names for what is wrong with a file: src/cli/codes.ts lists them.
  "src/cli/report.ts: `file.${error.code.toLowerCase()}`": [],
};

export type Scan = {
  readonly codes: ReadonlyMap<string, string>;
  /** Computed codes that the table above does not know. */
  readonly unknown: readonly string[];
  /** Entries of the table that the source no longer has. */
  readonly unused: readonly string[];
};

const CODE = /^(?:[a-z]+(?:\.[a-z_0-9]+)+|internal|interrupted|not_found)$/;

export function scanSources(): Scan {
  const codes = new Map<string, string>();
  const unknown: string[] = [];
  const used = new Set<string>();
  const note = (code: string, place: string) => {
    if (!codes.has(code)) codes.set(code, place);
  };
  for (const file of [...new Bun.Glob("src/**/*.ts").scanSync({ cwd: root })].sort()) {
    if (/\.(test|e2e|measure)\.ts$|\/testing\/|test-io|assets\.list|\/testing\.ts$/.test(file)) continue;
    const source = ts.createSourceFile(
      file,
      readFileSync(join(root, file), "utf8"),
      ts.ScriptTarget.Latest,
      true,
    );
    const place = (node: ts.Node) =>
      `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    const visit = (node: ts.Node): void => {
      if (ts.isNewExpression(node) && node.expression.getText() === "Problem") {
        const code = node.arguments?.[1];
        if (code && ts.isStringLiteral(code)) note(code.text, place(code));
        else if (code) {
          const key = `${file}: ${code.getText()}`;
          const given = COMPUTED[key];
          used.add(key);
          if (given === undefined) unknown.push(`${place(code)} ${code.getText()}`);
          else for (const one of given) note(one, place(code));
        }
      }
      if (
        ts.isPropertyAssignment(node) &&
        node.name.getText() === "code" &&
        ts.isStringLiteral(node.initializer) &&
        CODE.test(node.initializer.text)
      )
        note(node.initializer.text, place(node));
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { codes, unknown, unused: Object.keys(COMPUTED).filter((key) => !used.has(key)) };
}
