import { useEffect, useState } from "react";
import { useRead } from "../../api/query";
import type {
  PageSize,
  Placement,
  PlacementRule,
  PlacementSource,
  SignatureRole,
} from "../../generated/types";
import { host } from "../../platform";
import { keepInside } from "./geometry";

export interface PlacementControl {
  value: Placement | null;
  pages: readonly PageSize[];
  /** Where the place comes from; none once the person has moved it here. */
  source: PlacementSource | null;
  /** What will stand there: whose picture, or the agency's words beside a document. */
  role: SignatureRole | null;
  /** What a box that is moved keeps to. */
  rule: PlacementRule | null;
  /** Puts the box there, as far as the rule lets it; gives where it stands then. */
  set: (placement: Placement) => Placement | null;
  /** Back to where the core says. */
  reset: () => void;
  /** Which certificate will sign: it decides the role. */
  signWith: (certificate: string | null) => void;
  /** Address of the person's picture, shown in the box. */
  picture?: string | undefined;
  /** Counts up when the viewer should bring the box into sight. */
  reveal: number;
  show: () => void;
}

/** The state of a file whose place is asked for. */
export interface PlacedFile {
  document: string;
  file: string;
  sha256: string;
}

/** Where the signature will stand: what the core says, until the person puts it elsewhere. */
export function usePlacement(of: PlacedFile | undefined, showAtOnce: boolean): PlacementControl {
  const [certificate, signWith] = useState<string | null>(null);
  const [moved, setMoved] = useState<{ file: string; placement: Placement } | null>(null);
  const [reveal, setReveal] = useState(0);
  const enabled = of !== undefined;
  const opened = useRead("file", "file_open", { sha256: of?.sha256 ?? "" }, { enabled });
  const args = { document: of?.document ?? "", file: of?.file ?? "", certificate };
  const found = useRead("signing", "placement_get", args, { enabled }).data;
  const images = useRead("settings", "signature_image_list", {});

  const pages = opened.data?.pages ?? [];
  const mine = moved !== null && moved.file === of?.file ? moved.placement : null;
  // The place changes with the certificate, whose answer may come in the same breath as the first:
  // it is shown again, but never under the hand of who has moved the box.
  const place = found?.placement;
  const here = found && `${of?.file} ${place?.page} ${place?.y_mm}`;
  const isMoved = mine !== null;
  useEffect(() => {
    if (showAtOnce && here !== undefined && !isMoved) setReveal((n) => n + 1);
  }, [showAtOnce, here, isMoved]);

  const picture = images.data?.find((image) => image.role === found?.role);
  return {
    value: mine ?? found?.placement ?? null,
    pages,
    source: mine === null ? (found?.source ?? null) : null,
    role: found?.role ?? null,
    rule: found?.rule ?? null,
    picture: picture === undefined ? undefined : host().imageUrl(picture.sha256),
    reveal,
    show: () => setReveal((n) => n + 1),
    signWith,
    set: (placement) => {
      const size = pages[placement.page];
      if (of === undefined || size === undefined || found === undefined) return null;
      const inside = { ...placement, ...keepInside(placement, size, found.rule) };
      setMoved({ file: of.file, placement: inside });
      return inside;
    },
    reset: () => setMoved(null),
  };
}
