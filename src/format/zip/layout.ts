/**
 * The records of the canonical ZIP profile (package format §1; field layout from PKWARE's APPNOTE 4.3.7, 4.3.12 and
 * 4.3.16). Everything that is not in `RecordFields` has one allowed value.
 */

export const LOCAL_BYTES = 30;
export const CENTRAL_BYTES = 46;
export const END_BYTES = 22;

export const LOCAL_SIGNATURE = 0x04034b50;
export const CENTRAL_SIGNATURE = 0x02014b50;
export const END_SIGNATURE = 0x06054b50;

export const FLAGS = 0x0800;
export const VERSION_NEEDED = 20;
export const VERSION_MADE_BY = 0x0314;
export const DOS_TIME = 0x0000;
export const DOS_DATE = 0x0021;
export const EXTERNAL_ATTRIBUTES = (0o100644 << 16) >>> 0;

export type RecordFields = {
  readonly name: string;
  readonly method: 0 | 8;
  readonly crc32: number;
  readonly compressedSizeBytes: number;
  readonly sizeBytes: number;
};

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function writeShared(view: DataView, offset: number, fields: RecordFields): void {
  view.setUint16(offset, VERSION_NEEDED, true);
  view.setUint16(offset + 2, FLAGS, true);
  view.setUint16(offset + 4, fields.method, true);
  view.setUint16(offset + 6, DOS_TIME, true);
  view.setUint16(offset + 8, DOS_DATE, true);
  view.setUint32(offset + 10, fields.crc32, true);
  view.setUint32(offset + 14, fields.compressedSizeBytes, true);
  view.setUint32(offset + 18, fields.sizeBytes, true);
  view.setUint16(offset + 22, fields.name.length, true);
}

function writeName(bytes: Uint8Array, offset: number, name: string): void {
  for (let index = 0; index < name.length; index++) bytes[offset + index] = name.charCodeAt(index);
}

/** The one local header that an entry can have. */
export function localHeader(fields: RecordFields): Uint8Array {
  const bytes = new Uint8Array(LOCAL_BYTES + fields.name.length);
  writeLocalHeader(viewOf(bytes), bytes, fields);
  return bytes;
}

/** The same at the start of memory that is used for many, and a view of it. */
export function writeLocalHeader(view: DataView, bytes: Uint8Array, fields: RecordFields): void {
  view.setUint32(0, LOCAL_SIGNATURE, true);
  writeShared(view, 4, fields);
  writeName(bytes, LOCAL_BYTES, fields.name);
}

/** The one directory record that an entry can have. */
export function centralRecord(fields: RecordFields, localHeaderOffset: number): Uint8Array {
  const bytes = new Uint8Array(CENTRAL_BYTES + fields.name.length);
  const view = viewOf(bytes);
  view.setUint32(0, CENTRAL_SIGNATURE, true);
  view.setUint16(4, VERSION_MADE_BY, true);
  writeShared(view, 6, fields);
  view.setUint32(38, EXTERNAL_ATTRIBUTES, true);
  view.setUint32(42, localHeaderOffset, true);
  writeName(bytes, CENTRAL_BYTES, fields.name);
  return bytes;
}

/** The one end record that a directory can have. */
export function endRecord(entries: number, directoryBytes: number, directoryOffset: number): Uint8Array {
  const bytes = new Uint8Array(END_BYTES);
  const view = viewOf(bytes);
  view.setUint32(0, END_SIGNATURE, true);
  view.setUint16(8, entries, true);
  view.setUint16(10, entries, true);
  view.setUint32(12, directoryBytes, true);
  view.setUint32(16, directoryOffset, true);
  return bytes;
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
