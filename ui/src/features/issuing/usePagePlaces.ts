import { useQuery, useQueryClient } from "@tanstack/react-query";
import { reading } from "../../api/query";
import type { FileDto, RecipientDto } from "../../generated/types";
import { host } from "../../platform";
import { agencyCalled, placesOn } from "./places";
import { added, type IssueDraft } from "./recipients";

/** “Nơi nhận” is on the last page of the text; what is longer than that is not looked through. */
const PAGES = 20;

/** Who receives a document by what stands on its pages: agencies of the directory where the name is
 * that of exactly one, the other lines as they are. */
export function usePagePlaces(file: FileDto | undefined, wanted: boolean): IssueDraft | undefined {
  const client = useQueryClient();
  const sha256 = file?.head ?? "";
  const pages = Math.min(file?.pages ?? 1, PAGES);
  const { data } = useQuery({
    queryKey: ["file", "issuing places", sha256],
    enabled: wanted && file?.place === "here" && file.media_type === "application/pdf",
    queryFn: async () => {
      for (let page = 0; page < pages; page += 1) {
        const { runs } = await client.fetchQuery(reading("file", "page_text", { sha256, page }));
        const lines = placesOn(runs);
        if (lines !== null) return await sorted(lines);
      }
      return { to: [], places: "" };
    },
  });
  return data;
}

async function sorted(lines: readonly string[]): Promise<IssueDraft> {
  let to: RecipientDto[] = [];
  const others: string[] = [];
  for (const line of lines) {
    const found = await host().call("agencies_find", { text: line, on: null, limit: 8 });
    const agency = agencyCalled(line, found);
    if (agency === undefined) others.push(line);
    else ({ to } = added(to, [agency]));
  }
  return { to, places: others.join("\n") };
}
