import type { SignatureImageDto } from "../../generated/types";
import { host } from "../../platform";
import type { Sample } from "./SamplePage";

/** A kept picture for the sample page. */
export function keptSample(image: SignatureImageDto): Sample {
  return {
    role: image.role,
    widthMm: image.width_mm,
    heightMm: image.height_mm,
    picture: <img src={host().imageUrl(image.sha256)} alt="" />,
  };
}
