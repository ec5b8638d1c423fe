import type { Pixels } from "./pixels";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const METRES_PER_INCH = 0.0254;

/** A PNG with 8-bit colour and opacity. Written here, not by the canvas: a canvas multiplies
 * colours by their opacity and loses the blue of thin edges. */
export async function encodePng(pixels: Pixels): Promise<Uint8Array> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, pixels.width);
  view.setUint32(4, pixels.height);
  header.set([8, 6, 0, 0, 0], 8);
  const parts = [
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", header),
    chunk("IDAT", await deflate(filtered(pixels))),
    chunk("IEND", new Uint8Array()),
  ];
  return joined(parts);
}

/** Each row as its difference to the row above (filter 2): strokes run on from row to row. */
function filtered({ width, height, data }: Pixels): Uint8Array<ArrayBuffer> {
  const row = width * 4;
  const out = new Uint8Array((row + 1) * height);
  for (let y = 0; y < height; y++) {
    out[y * (row + 1)] = 2;
    for (let x = 0; x < row; x++) {
      const above = y > 0 ? (data[(y - 1) * row + x] ?? 0) : 0;
      out[y * (row + 1) + 1 + x] = (data[y * row + x] ?? 0) - above;
    }
  }
  return out;
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new CompressionStream("deflate");
  const writer = stream.writable.getWriter();
  // What goes wrong here is told to the reader below.
  void writer.write(bytes).then(
    () => writer.close(),
    () => undefined,
  );
  const parts: Uint8Array[] = [];
  const reader = stream.readable.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(next.value);
  }
  return joined(parts);
}

function chunk(name: string, body: Uint8Array): Uint8Array {
  const out = new Uint8Array(body.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, body.length);
  out.set(
    [...name].map((letter) => letter.charCodeAt(0)),
    4,
  );
  out.set(body, 8);
  view.setUint32(body.length + 8, crc(out.subarray(4, body.length + 8)));
  return out;
}

let table: Uint32Array | undefined;

function crc(bytes: Uint8Array): number {
  table ??= Uint32Array.from({ length: 256 }, (_, n) => {
    let value = n;
    for (let k = 0; k < 8; k++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value;
  });
  let value = 0xffffffff;
  for (const byte of bytes) value = (table[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Dots per inch as a PNG or JPEG states them; none where it does not say. */
export function statedDpi(file: Uint8Array): number | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (SIGNATURE.every((byte, i) => file[i] === byte)) return pngDpi(view);
  if (file[0] === 0xff && file[1] === 0xd8) return jpegDpi(view);
  return null;
}

function pngDpi(view: DataView): number | null {
  let at = 8;
  while (at + 21 <= view.byteLength) {
    const length = view.getUint32(at);
    if (view.getUint32(at + 4) === 0x70485973 && length === 9) {
      const perMetre = view.getUint32(at + 8);
      return view.getUint8(at + 16) === 1 ? plausible(perMetre * METRES_PER_INCH) : null;
    }
    at += length + 12;
  }
  return null;
}

/** JFIF says it in its first segment. */
function jpegDpi(view: DataView): number | null {
  if (view.byteLength < 18 || view.getUint16(2) !== 0xffe0) return null;
  const unit = view.getUint8(13);
  const density = view.getUint16(14);
  if (unit === 1) return plausible(density);
  return unit === 2 ? plausible(density * 2.54) : null;
}

/** Cameras and screens write 72 or 96 without meaning paper. */
function plausible(dpi: number): number | null {
  return dpi >= 140 && dpi <= 2400 ? Math.round(dpi) : null;
}

/** Bytes as text for the one command that takes a picture. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
}
