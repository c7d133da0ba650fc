import type { CodeText } from "../signing/codes.ts";

/** The codes of the container and of digests.json (package format §1 and §2). */
export const CONTAINER_CODES = {
  "MPK-C001": {
    title: "File too large",
    explanation: "A package has at most 512 MiB; a store may allow less.",
  },
  "MPK-C002": {
    title: "Not a package, or cut off",
    explanation:
      "The last 22 bytes of the file are the end-of-central-directory record. The file is no ZIP archive, was cut off, or has something after its end.",
  },
  "MPK-C003": {
    title: "End record says something that is not allowed",
    explanation: "No comment, both disk numbers 0, and both counts of entries the same.",
  },
  "MPK-C004": {
    title: "Too many entries",
    explanation:
      "A package has at most 20,000 entries, all counted; a store may allow less. A digests.json of more than 60,000 commas lists more. The 65,535 that stands for a count in ZIP64, which packages do not use, is more.",
  },
  "MPK-C005": {
    title: "Central directory is not where it must be",
    explanation:
      "By its offset and size in the end record, the central directory ends where that record starts; and so many entries can have that size, at 47 to 246 bytes each. With values that stand for ZIP64 it does not.",
  },
  "MPK-C006": {
    title: "Directory record malformed",
    explanation:
      "A record of the central directory is cut off or does not start with its signature, or after as many records as there are entries the directory goes on.",
  },
  "MPK-C007": {
    title: "Flags not allowed",
    explanation:
      "The general purpose flags are 0x0800 (UTF-8 names) and nothing else: no encryption, no data descriptor.",
  },
  "MPK-C008": { title: "Method not allowed", explanation: "Entries are stored (0) or deflated (8)." },
  "MPK-C009": {
    title: "Version field not allowed",
    explanation: "Version needed is 20 and version made by 0x0314.",
  },
  "MPK-C010": {
    title: "Date or time not allowed",
    explanation: "Every entry is dated 1980-01-01 00:00:00 (0x0021, 0x0000).",
  },
  "MPK-C011": {
    title: "Extra field or comment",
    explanation: "Entries have no extra fields, no comments, and are on disk 0.",
  },
  "MPK-C012": {
    title: "Attributes not allowed",
    explanation:
      "External attributes are those of a plain file with mode 0644; internal attributes are 0. No folders, links or devices.",
  },
  "MPK-C013": {
    title: "Name not allowed",
    explanation:
      "A name has 1 to 200 bytes: at most 16 segments of A–Z a–z 0–9 . _ - joined by /, none of which starts or ends with a dot.",
  },
  "MPK-C014": {
    title: "Name of a Windows device",
    explanation: "No segment is CON, PRN, AUX, NUL, COM0–9 or LPT0–9 before its first dot, in any case.",
  },
  "MPK-C015": {
    title: "Name given twice",
    explanation: "Names are unique without regard to case: a disk may not tell them apart.",
  },
  "MPK-C016": {
    title: "Folder spelled in two ways, or also a file",
    explanation:
      "A folder has one spelling throughout, and no file has the name of another's folder, without regard to case.",
  },
  "MPK-C017": {
    title: "Not a name for META-MOSIS",
    explanation:
      "META-MOSIS/ holds digests.json, developer.dsse and store.dsse only, and is spelled in no other way.",
  },
  "MPK-C018": {
    title: "Entries in the wrong order",
    explanation:
      "manifest.json, then the app's files by the bytes of their names, then META-MOSIS/digests.json, developer.dsse, store.dsse.",
  },
  "MPK-C019": {
    title: "Entry missing",
    explanation:
      "Every package has manifest.json and META-MOSIS/digests.json; one with store.dsse also has developer.dsse.",
  },
  "MPK-C020": {
    title: "Gap or overlap between entries",
    explanation:
      "Entries stand one after another from the first byte of the file, in the order of the directory, with nothing between, and the last one ends where the directory starts.",
  },
  "MPK-C021": {
    title: "Local header malformed",
    explanation: "An entry starts with a local file header where the directory says.",
  },
  "MPK-C022": {
    title: "Local header and directory disagree",
    explanation: "Every field that both have is the same in both: else two readers would see two packages.",
  },
  "MPK-C023": {
    title: "Entry too large",
    explanation: "An entry inflates to at most 256 MiB; a store may allow less.",
  },
  "MPK-C024": {
    title: "Contents too large",
    explanation: "All entries together inflate to at most 1 GiB; a store may allow less.",
  },
  "MPK-C025": {
    title: "Entry inflates too much",
    explanation: "An entry that inflates to more than 1 MiB is at most 200 times its compressed size.",
  },
  "MPK-C026": {
    title: "Stored entry with two sizes",
    explanation: "A stored entry's compressed size is its size.",
  },
  "MPK-C027": {
    title: "Compressed data broken",
    explanation: "The entry's bytes are not one whole deflate stream (RFC 1951).",
  },
  "MPK-C028": {
    title: "Bytes after the compressed data",
    explanation:
      "The deflate stream ends before the entry's last byte; something is hidden behind it. In META-MOSIS/store.dsse the unused bits of the last byte are zero as well.",
  },
  "MPK-C029": {
    title: "Entry has another size than declared",
    explanation: "The entry does not inflate to the size that its header says.",
  },
  "MPK-C030": {
    title: "Checksum does not match",
    explanation: "The entry's CRC-32 is not that of its bytes: the file was damaged or changed.",
  },
  "MPK-C031": {
    title: "Package of another kind",
    explanation:
      "A package is unsigned, signed (with developer.dsse) or released (with store.dsse too). Here another kind is asked for.",
  },
  "MPK-C032": {
    title: "Too many folders",
    explanation: "The names of a package need at most 20,000 different folders.",
  },
  "MPK-D001": {
    title: "digests.json malformed",
    explanation:
      "digests.json is canonical JSON with exactly the keys files and v, which is 1; each of files has exactly h, n and p.",
  },
  "MPK-D002": {
    title: "digests.json lists other files",
    explanation:
      "files holds every entry outside META-MOSIS/, in the order of the container: none less, none more.",
  },
  "MPK-D003": {
    title: "digests.json has another size",
    explanation: "The size of a file is not the one that digests.json lists.",
  },
  "MPK-D004": {
    title: "digests.json has another digest",
    explanation: "The SHA-256 of a file is not the one that digests.json lists: the file was changed.",
  },
} as const satisfies Readonly<Record<string, CodeText>>;
