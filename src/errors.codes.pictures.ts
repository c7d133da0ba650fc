/** What can be wrong with pictures that somebody uploads. */
import { code, type ErrorCode } from "./errors.codes.form.ts";

export const PICTURE_CODES: Readonly<Record<string, ErrorCode>> = {
  "picture.dimensions": code(
    "unprocessable",
    "The picture has more or fewer pixels than are taken, or is not square and has to be.",
    "Make it as large as the message says, and upload it again.",
  ),
  "picture.format": code(
    "unprocessable",
    "The file is no picture of a format that the store decodes.",
    "Save it as PNG, JPEG or WebP. What counts is how the file begins, and neither its name nor its media type.",
  ),
  "picture.invalid": code(
    "unprocessable",
    "What is said of the picture cannot be taken.",
    "Mend each member that is named: a screenshot is described in one language at least.",
  ),
  "picture.not_found": code(
    "not_found",
    "The listing has no such picture, or it was removed.",
    "Look at the pictures of the listing.",
  ),
  "picture.too_large": code(
    "too_large",
    "The file of the picture is too large.",
    "Save it with fewer pixels, or as JPEG or WebP, and upload it again.",
  ),
  "picture.too_many": code(
    "conflict",
    "There are as many pictures as there can be, or they are too large together.",
    "Remove one that is not needed.",
  ),
  "picture.unreadable": code(
    "unprocessable",
    "The file begins as a picture does and is none, or is damaged or animated.",
    "Open it with a program for pictures, and save it again.",
  ),
};
