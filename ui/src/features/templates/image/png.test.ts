import { inflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { photoOfSignature } from "./photo";
import { DECREE_BLUE, type Pixels } from "./pixels";
import { base64, encodePng, statedDpi } from "./png";
import { finished, handwriting, INK_CHOICES, inkArea } from "./recipe";

/** Reads back what was written, with Node's own zlib. */
function decode(png: Uint8Array): Pixels {
  const view = new DataView(png.buffer, png.byteOffset);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  let body: Buffer = Buffer.alloc(0);
  for (let at = 8; at < png.length; at += view.getUint32(at) + 12) {
    const name = String.fromCharCode(...png.subarray(at + 4, at + 8));
    if (name === "IDAT") {
      body = Buffer.concat([body, png.subarray(at + 8, at + 8 + view.getUint32(at))]);
    }
  }
  const rows = inflateSync(body);
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width * 4; x++) {
      const above = y > 0 ? (data[(y - 1) * width * 4 + x] ?? 0) : 0;
      data[y * width * 4 + x] = ((rows[y * (width * 4 + 1) + 1 + x] ?? 0) + above) & 255;
    }
  }
  return { width, height, data };
}

it("keeps every pixel exactly, also the colour of nearly clear edges", async () => {
  const photo = photoOfSignature();
  const made = handwriting(photo.pixels, DECREE_BLUE, INK_CHOICES);
  expect(decode(await encodePng(made))).toEqual(made);
});

it("a large signature at full resolution is far below 200 KB", async () => {
  const photo = photoOfSignature({ width: 1800, height: 900, noise: 6, light: [240, 130] });
  const made = handwriting(photo.pixels, DECREE_BLUE, INK_CHOICES);
  const area = inkArea(made);
  if (area === null) throw new Error("no ink");
  const png = await encodePng(finished(made, area, 60));
  expect(png.length).toBeLessThan(80 * 1024);
  expect(atob(base64(png)).length).toBe(png.length);
});

it("reads the resolution that a scanner stated and mistrusts a screen's", () => {
  const png = (perMetre: number) => {
    const bytes = new Uint8Array(8 + 12 + 9 + 12);
    bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const view = new DataView(bytes.buffer);
    view.setUint32(8, 9);
    view.setUint32(12, 0x70485973);
    view.setUint32(16, perMetre);
    view.setUint32(20, perMetre);
    bytes[24] = 1;
    return bytes;
  };
  expect(statedDpi(png(11_811))).toBe(300);
  expect(statedDpi(png(2_835))).toBeNull();
  const jpeg = new Uint8Array(24);
  jpeg.set([
    0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 1, 0x02, 0x58, 0x02, 0x58,
  ]);
  expect(statedDpi(jpeg)).toBe(600);
  expect(statedDpi(new Uint8Array(4))).toBeNull();
});
