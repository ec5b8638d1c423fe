import { useQueries } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { reading, useRead } from "../../api/query";
import type { FileDto, PageSize, PageText, Placement } from "../../generated/types";
import { boxAboveName, keepInside, START_SIZE, usualBox } from "./geometry";

/** How many pages from the end are searched for the signer's name. */
const SEARCHED_PAGES = 3;

export interface PlacementControl {
  value: Placement | null;
  pages: readonly PageSize[];
  /** Whether the box was put above the signer's name. */
  foundName: boolean;
  set: (placement: Placement) => void;
  /** Counts up when the viewer should bring the box into sight. */
  /** Address of the person's picture, shown in the box. */
  picture?: string | undefined;
  reveal: number;
  show: () => void;
}

/** Where the signature will stand. Starts above the signer's name where the file has words. */
export function usePlacement(file: FileDto | undefined, signerName: string): PlacementControl {
  const sha256 = file?.head ?? "";
  const { data } = useRead("file", "file_open", { sha256 }, { enabled: file !== undefined });
  const pages = data?.pages ?? [];
  const searched = pages.map((_, page) => page).slice(-SEARCHED_PAGES);
  const texts = useQueries({
    queries: searched.map((page) => reading("file", "page_text", { sha256, page })),
    combine: (results) => ({
      done: results.every((result) => !result.isPending),
      pages: results.map((result) => result.data as PageText | undefined),
    }),
  });
  const [chosen, setChosen] = useState<{
    file: string;
    placement: Placement;
    foundName: boolean;
  } | null>(null);
  const [reveal, setReveal] = useState(0);
  const mine = chosen !== null && chosen.file === file?.id ? chosen : null;

  const ready = file !== undefined && pages.length > 0 && texts.done && mine === null;
  useEffect(() => {
    if (!ready || file === undefined) return;
    for (let i = searched.length - 1; i >= 0; i--) {
      const page = searched[i];
      const size = page === undefined ? undefined : pages[page];
      const text = texts.pages[i];
      if (page === undefined || size === undefined || text === undefined) continue;
      const box = boxAboveName(text.runs, signerName, size, START_SIZE);
      if (box !== null) {
        setChosen({ file: file.id, placement: { page, ...box }, foundName: true });
        setReveal((n) => n + 1);
        return;
      }
    }
    const last = pages.length - 1;
    const size = pages[last];
    if (size === undefined) return;
    const placement = { page: last, ...usualBox(size, START_SIZE) };
    setChosen({ file: file.id, placement, foundName: false });
    setReveal((n) => n + 1);
  }, [ready, file, pages, searched, texts, signerName]);

  return {
    value: mine?.placement ?? null,
    foundName: mine?.foundName ?? false,
    pages,
    reveal,
    show: () => setReveal((n) => n + 1),
    set: (placement) => {
      const size = pages[placement.page];
      if (file === undefined || size === undefined) return;
      setChosen({
        file: file.id,
        placement: { ...placement, ...keepInside(placement, size) },
        foundName: false,
      });
    },
  };
}
