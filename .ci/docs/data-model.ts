/** reference/data-model.md, made from the drizzle tables; meanings are the comments in src/db/schema.ts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getTableColumns, is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import ts from "typescript";
import * as schema from "../../src/db/schema.ts";
import { VERSION_STATES } from "../../src/db/version-states.ts";
import { ORGANISATION_ROLES, STORE_ROLES } from "../../src/roles.ts";
import { code, MADE, page, table } from "./markdown.ts";

const FILE = join(import.meta.dirname, "../../src/db/schema.ts");

/** What a column of that name means in every table that does not say it otherwise. */
const EVERYWHERE: Readonly<Record<string, string>> = {
  id: "The row's id.",
  created_at: "When the row was made.",
  created_by: "Who made it: `account:` or `key:` with an id, `operator` or `system`.",
  updated_at: "When the row was last changed.",
  at: "When it happened.",
  actor: "Who did it: a label as in `created_by`.",
  account_id: "Whose it is.",
  organisation_id: "The organisation that it belongs to.",
  app_id: "The app that it belongs to.",
  version_id: "The version that it belongs to.",
  size_bytes: "Size in bytes.",
};

/** The words of types that are made from a list of values, which the schema does not spell out. */
const LISTED: Readonly<Record<string, readonly string[]>> = {
  StoreRole: STORE_ROLES,
  OrganisationRole: ORGANISATION_ROLES,
  VersionState: VERSION_STATES,
};

/** The runner of migrations keeps its own table, which drizzle does not know (src/db/migrate.ts). */
const MIGRATIONS = [
  "### `migrations`",
  "Which migrations made this database, each applied once, in the order of their names.",
  table(
    ["Column", "Type", "May be null", "Key", "Meaning"],
    [
      ["`name`", "text", "", "primary key", "The name of the migration's file."],
      [
        "`checksum`",
        "text",
        "",
        "",
        "SHA-256 of that file: a program with another one does not open the database.",
      ],
      ["`applied_at`", "time", "", "", "When it was applied."],
    ],
  ),
];

type Comments = {
  readonly table: string;
  readonly columns: ReadonlyMap<string, string>;
  /** `"queued" | "running"`, as the source says it. */
  readonly types: ReadonlyMap<string, string>;
};

/** The doc comments of tables and columns, and the words that a text column may hold. */
function comments(): ReadonlyMap<string, Comments> {
  const source = ts.createSourceFile(FILE, readFileSync(FILE, "utf8"), ts.ScriptTarget.Latest, true);
  const unions = new Map<string, string>();
  for (const [name, list] of Object.entries(LISTED)) unions.set(name, list.join(" | "));
  const found = new Map<string, Comments>();
  for (const statement of source.statements) {
    if (ts.isTypeAliasDeclaration(statement)) unions.set(statement.name.text, words(statement.type));
    if (!ts.isVariableStatement(statement)) continue;
    const declaration = statement.declarationList.declarations[0];
    const call = declaration?.initializer;
    if (!declaration || !call || !ts.isCallExpression(call)) continue;
    if (call.expression.getText() !== "sqliteTable") continue;
    const columns = call.arguments[1];
    const meanings = new Map<string, string>();
    const types = new Map<string, string>();
    if (columns && ts.isObjectLiteralExpression(columns)) {
      for (const property of columns.properties) {
        const name = property.name?.getText() ?? "";
        const meaning = docOf(property, source);
        if (meaning !== "") meanings.set(name, meaning);
        const type = /\.\$type<([^(]+)>\(\)/.exec(property.getText())?.[1];
        if (type !== undefined) types.set(name, unions.get(type) ?? (type.includes('"') ? type : ""));
      }
    }
    found.set(declaration.name.getText(), { table: docOf(statement, source), columns: meanings, types });
  }
  return found;
}

function words(type: ts.TypeNode): string {
  return type
    .getText()
    .replaceAll(/\s*\|\s*/g, " | ")
    .replace(/^ \| /, "");
}

function docOf(node: ts.Node, source: ts.SourceFile): string {
  const last = ts.getLeadingCommentRanges(source.text, node.pos)?.at(-1);
  if (!last) return "";
  const text = source.text.slice(last.pos, last.end);
  if (!text.startsWith("/**")) return "";
  return text
    .replace(/^\/\*\*|\*\/$/g, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\*? ?/, "").trim())
    .join(" ")
    .trim();
}

function typeOf(column: { getSQLType(): string; mapFromDriverValue?: unknown; columnType: string }): string {
  if (column.columnType === "SQLiteTimestamp") return "time";
  if (column.columnType === "SQLiteBoolean") return "boolean";
  if (column.columnType === "SQLiteTextJson") return "JSON";
  // Those of the two logs: see db/checked-columns.ts.
  if (column.columnType === "SQLiteCustomColumn") return column.getSQLType() === "integer" ? "time" : "JSON";
  return column.getSQLType();
}

export function dataModelPage(): string {
  const known = comments();
  const tables = Object.entries(schema).flatMap(([name, value]) =>
    is(value, SQLiteTable) ? [{ name, value }] : [],
  );
  const blocks = tables.flatMap(({ name, value }) => {
    const config = getTableConfig(value);
    const about = known.get(name);
    const keys = Object.entries(getTableColumns(value));
    const primary = new Set([
      ...keys.filter(([, column]) => column.primary).map(([, column]) => column.name),
      ...config.primaryKeys.flatMap((key) => key.columns.map((column) => column.name)),
    ]);
    const foreign = new Map(
      config.foreignKeys.map((key) => {
        const { columns, foreignColumns, foreignTable } = key.reference();
        const target = `${getTableConfig(foreignTable).name}.${foreignColumns[0]?.name ?? ""}`;
        const also = key.onDelete === "cascade" ? ", deleted with it" : "";
        return [columns[0]?.name ?? "", `→ ${code(target)}${also}`] as const;
      }),
    );
    const rows = keys.map(([key, column]) => {
      const values = about?.types.get(key) ?? "";
      const meaning = about?.columns.get(key) ?? EVERYWHERE[column.name] ?? "";
      return [
        code(column.name),
        typeOf(column),
        column.notNull ? "" : "yes",
        [primary.has(column.name) ? "primary key" : "", foreign.get(column.name) ?? ""]
          .filter(Boolean)
          .join("; "),
        [
          meaning,
          values === ""
            ? ""
            : `One of ${values
                .split(" | ")
                .map((word) => code(word.replaceAll('"', "")))
                .join(", ")}.`,
        ]
          .filter(Boolean)
          .join(" "),
      ];
    });
    const indexes = config.indexes.map((index) => {
      const { name: label, columns, unique, where } = index.config;
      const names = columns.map((column) => ("name" in column ? code(String(column.name)) : "an expression"));
      return `- ${code(label)}${unique ? ", unique" : ""}: ${names.join(", ")}${where ? ", of some rows only" : ""}`;
    });
    return [
      `### ${code(config.name)}`,
      about?.table ?? "",
      table(["Column", "Type", "May be null", "Key", "Meaning"], rows),
      indexes.length === 0 ? "" : `Indexes:\n\n${indexes.join("\n")}`,
    ];
  });
  return page(
    "# Data model",
    `The ${tables.length + 1} tables of a store's database, with their columns and keys.`,
    `It is one SQLite file, \`mosis.db\` in the data folder, in write-ahead mode. Times are milliseconds since 1970 (UTC), sizes are bytes, digests are lower-case hexadecimal. Every change is one transaction, and what must follow from it is a row of \`jobs\` in the same one. Packages, pictures and the copy of the catalogue that devices read are files beside it; \`mosis admin reconcile\` compares the two. The database is the store's own: read it as you like, change it only through the program. ${MADE}`,
    "## Tables",
    ...blocks,
    ...MIGRATIONS,
  );
}
