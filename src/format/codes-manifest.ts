import type { CodeText } from "../signing/codes.ts";

/** The codes of manifest.json and of the pictures that it names (package format §4). */
export const MANIFEST_CODES = {
  "MPK-M001": {
    title: "Value of the wrong JSON type",
    explanation: "The manifest's reference says which type each key has.",
  },
  "MPK-M002": { title: "Key missing", explanation: "A required key is not there." },
  "MPK-M003": {
    title: "Key unknown",
    explanation: "A manifest has exactly the keys of the reference, at every level.",
  },
  "MPK-M004": {
    title: "Value not allowed",
    explanation:
      "The value is outside of the set, range or pattern that is allowed; where only a few are allowed, this is also told of one of another type.",
  },
  "MPK-M005": {
    title: "Text too short or too long",
    explanation:
      "The schema says how short and how long: lengths count Unicode code points; for locales, paths, hosts, URLs, addresses and ids bytes.",
  },
  "MPK-M006": {
    title: "Too few or too many items",
    explanation: "The list or object has more or fewer members than allowed.",
  },
  "MPK-M007": { title: "Item given twice", explanation: "The items of this list are unique." },
  "MPK-M010": {
    title: "App id reserved",
    explanation: "Ids that start with mosis. or dev.mosis. (and those two themselves) are reserved.",
  },
  "MPK-M011": {
    title: "Windows device name in an app id",
    explanation: "No label of an id is CON, PRN, AUX, NUL, COM0–9 or LPT0–9.",
  },
  "MPK-M012": { title: "Text not in NFC", explanation: "Texts are in Unicode normalisation form C." },
  "MPK-M013": {
    title: "Text with characters that are not shown",
    explanation:
      "Texts have no control characters, line or paragraph separators or bidirectional overrides, only characters that Unicode 14.0 assigns, and no white space at either end.",
  },
  "MPK-M014": {
    title: "Locale not allowed",
    explanation:
      "A locale is a well-formed RFC 5646 tag in canonical case, neither grandfathered nor private-use only.",
  },
  "MPK-M015": {
    title: "Text missing in the default locale",
    explanation: "Each translated text has a text for defaultLocale.",
  },
  "MPK-M016": {
    title: "Version is not SemVer",
    explanation: "version follows SemVer 2.0.0, such as 1.4.0 or 2.0.0-beta.1.",
  },
  "MPK-M017": {
    title: "URL not allowed",
    explanation:
      "An https URL in the characters of RFC 3986, with a lower-case host name, and without user name or password.",
  },
  "MPK-M018": {
    title: "E-mail address not allowed",
    explanation: "An address such as team@example.org.",
  },
  "MPK-M019": {
    title: "File not in the package",
    explanation: "The path names no file of the package, or one under META-MOSIS/.",
  },
  "MPK-M020": {
    title: "Icon missing",
    explanation: "There are icons of at least the sizes 64, 128 and 512.",
  },
  "MPK-M021": {
    title: "Permission unknown",
    explanation: "The permission is not in the API manifest of the platform API that runtime.api names.",
  },
  "MPK-M022": {
    title: "Reason missing",
    explanation: "A dangerous permission needs a reason that is shown to the person.",
  },
  "MPK-M023": {
    title: "Network hosts missing or not needed",
    explanation: "network is required when a network permission is asked for, and forbidden without.",
  },
  "MPK-M024": {
    title: "Host name not allowed",
    explanation:
      "A host is a lower-case name of two or more labels, each an A-label, optionally after one *. — no port, scheme or address.",
  },
  "MPK-M025": {
    title: "Default locale not among the locales",
    explanation: "locales contains defaultLocale.",
  },
  "MPK-M026": {
    title: "Platform API unknown",
    explanation:
      "The API manifest of the store (or of `mosis pack`) has no such version as runtime.api names.",
  },
  "MPK-P001": {
    title: "Picture of another format",
    explanation: "The file's first bytes are not those of the format that its name says.",
  },
  "MPK-P002": {
    title: "PNG structure broken",
    explanation:
      "A chunk is cut off, missing, out of order, of a wrong length or type, or critical and unknown (PNG, third edition, §5), or there are more than 16,384.",
  },
  "MPK-P003": { title: "PNG chunk damaged", explanation: "A chunk's CRC-32 does not match its bytes." },
  "MPK-P004": {
    title: "PNG pixels missing or too many",
    explanation:
      "The image data inflates to exactly the pixels that the header announces, each row with a known filter; to at most 64 MiB. Compressed it is no longer than that, a quarter of that and 64 KiB.",
  },
  "MPK-P005": { title: "Animated PNG", explanation: "Pictures of a manifest do not move." },
  "MPK-P006": {
    title: "Icon has another size",
    explanation: "An icon is as wide and as high as the size it is listed with.",
  },
  "MPK-P007": {
    title: "Screenshot too small or too large",
    explanation: "A screenshot is 320 to 3840 pixels wide and high.",
  },
  "MPK-P008": {
    title: "Picture's header broken",
    explanation: "The JPEG or WebP file has no readable header with its width and height.",
  },
  "MPK-P009": {
    title: "Bytes after the PNG's end",
    explanation: "IEND is the last chunk and the last bytes of the file.",
  },
} as const satisfies Readonly<Record<string, CodeText>>;
