import { darkness, inkOpacity, inkThreshold, redness, withoutRules, withoutSpecks } from "./ink";
import {
  type Area,
  blank,
  crop,
  isTransparent,
  type Pixels,
  type Rgb,
  shrink,
  visibleArea,
} from "./pixels";

/** What a person may turn while looking at the result. */
export interface InkChoices {
  /** 0.5 takes only the strongest ink, 2 also the faintest. */
  sensitivity: number;
  /** Take the lines of ruled paper away. */
  ruled: boolean;
}

export const INK_CHOICES: InkChoices = { sensitivity: 1, ruled: true };

/** Steps of opacity in the result: the eye sees no more, and the file is a third of the size. */
const OPACITIES = 32;

/** Handwriting on paper as ink of one colour on nothing. */
export function handwriting(photo: Pixels, colour: Rgb, choices: InkChoices): Pixels {
  let ink = darkness(photo);
  const threshold = inkThreshold(ink) / choices.sensitivity;
  if (choices.ruled) ink = withoutRules(ink, threshold);
  return painted(withoutSpecks(inkOpacity(ink, threshold), photo.width), photo.width, colour);
}

/** A red seal on paper as red on nothing; a picture that is see-through already stays as it is. */
export function seal(photo: Pixels, colour: Rgb, choices: InkChoices): Pixels {
  if (isTransparent(photo)) return photo;
  const ink = redness(photo);
  const threshold = inkThreshold(ink) / choices.sensitivity;
  return painted(withoutSpecks(inkOpacity(ink, threshold), photo.width), photo.width, colour);
}

function painted(opacity: Uint8ClampedArray, width: number, colour: Rgb): Pixels {
  const out = blank(width, opacity.length / width);
  opacity.forEach((value, i) => {
    out.data.set(colour, i * 4);
    out.data[i * 4 + 3] = Math.round((value / 255) * (OPACITIES - 1)) * (255 / (OPACITIES - 1));
  });
  return out;
}

/** Clear space kept around the ink, as a share of the longer side. */
const PADDING = 0.02;

/** Where the ink of a photo is, with a little space around it; none where there is no ink. */
export function inkArea(picture: Pixels): Area | null {
  const found = visibleArea(picture);
  if (found === null) return null;
  const space = Math.ceil(Math.max(found.width, found.height) * PADDING);
  const x = Math.max(0, found.x - space);
  const y = Math.max(0, found.y - space);
  return {
    x,
    y,
    width: Math.min(picture.width, found.x + found.width + space) - x,
    height: Math.min(picture.height, found.y + found.height + space) - y,
  };
}

/** The finest printing that a picture of that size is kept for. */
const DPI = 600;

/** The picture cut to its area and made no larger than its size on paper needs. */
export function finished(picture: Pixels, area: Area, widthMm: number, scale = 1): Pixels {
  const part = crop(picture, area);
  const wanted = Math.round((widthMm / 25.4) * DPI * scale);
  if (wanted >= part.width) return part;
  const height = Math.max(1, Math.round((part.height * wanted) / part.width));
  return shrink(part, wanted, height);
}

/** Millimetres of a number of pixels at a resolution. */
export function millimetres(pixels: number, dpi: number): number {
  return (pixels / dpi) * 25.4;
}
