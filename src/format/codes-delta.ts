import type { CodeText } from "../signing/codes.ts";

/** The codes of the delta container (package format §8). */
export const DELTA_CODES = {
  "MPK-B001": {
    title: "Not a delta container, or cut off",
    explanation:
      "The file begins with MOSISD1 and a line feed, and holds every byte that its headers announce.",
  },
  "MPK-B002": {
    title: "Header malformed",
    explanation:
      "The header is canonical JSON with exactly the keys base, content, meta and v, within the limits.",
  },
  "MPK-B003": {
    title: "Made for another base",
    explanation:
      "The content digest of the installed version is not the one that the container was made from. A wrong base would decode to garbage.",
  },
  "MPK-B004": {
    title: "Group header malformed",
    explanation: "A group's header is canonical JSON with exactly the keys d, n and z, within the limits.",
  },
  "MPK-B005": {
    title: "Dictionary not within the base",
    explanation:
      "The ranges of a group's dictionary are sorted by file and offset, do not touch, lie within the base's files, and add up to at most 8 MiB.",
  },
  "MPK-B006": {
    title: "Frame of a form that is not allowed",
    explanation:
      "A group is one Zstandard frame: a single segment that says its size, without checksum, dictionary id or anything after its last block.",
  },
  "MPK-B007": {
    title: "Frame does not decode",
    explanation: "A group's frame is damaged, or gives another number of bytes than its header says.",
  },
  "MPK-B008": {
    title: "Groups and files do not add up",
    explanation:
      "The groups give exactly the documents and the changed files, and the container ends with the last group.",
  },
  "MPK-B009": {
    title: "digests.json is not the announced one",
    explanation: "The SHA-256 of the target's digests.json is the header's content.",
  },
  "MPK-B010": {
    title: "A file is not what digests.json says",
    explanation: "A rebuilt file has another SHA-256 than the target's digests.json lists.",
  },
  "MPK-B011": {
    title: "The base is damaged",
    explanation:
      "A file that is taken over from the installed version is not what that version's digests.json says.",
  },
  "MPK-B012": {
    title: "More work than its bytes are worth",
    explanation:
      "All groups so far give at most 1 MiB and 200 times the bytes of their frames and dictionaries, and their dictionaries are at most 8 MiB and 8 times what the groups give, and there are at most 64 of them and one more for each 256 KiB that they give.",
  },
} as const satisfies Readonly<Record<string, CodeText>>;
