import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useRef } from "react";
import { expect, it } from "vitest";
import { SEARCH_AT_START, type SearchPlace } from "../features/search/place";
import type { FoundPage, SearchArgs, SearchFacets } from "../generated/types";
import { fakeHost } from "../testing/fakeHost";
import { show } from "../testing/show";
import { SearchView } from "./SearchView";

// Rows without a height would all be in sight.
Object.defineProperty(HTMLElement.prototype, "offsetHeight", { get: () => 36 });

const PAGE: FoundPage = {
  rows: [],
  total: 0,
  is_more: false,
  asked: [{ field: "agency", value: "sở y tế", not: false }],
  unknown: ["năm: xyz"],
  words: ["te", "y"],
};

function Harness() {
  const memory = useRef<SearchPlace>(SEARCH_AT_START);
  return (
    <SearchView
      memory={memory}
      account={null}
      network="online"
      held={null}
      onHold={() => undefined}
    />
  );
}

const FACETS: SearchFacets = {
  directions: [],
  kinds: [],
  issuers: [],
  years: [],
  states: [],
  urgencies: [],
  counted: 0,
  is_more: false,
};

function desk(handlers: Parameters<typeof fakeHost>[0] = {}) {
  return fakeHost({
    search_find: () => PAGE,
    search_saved: () => [
      {
        id: "1",
        name: "Của tôi",
        text: "báo cáo",
        narrow: { ...SEARCH_AT_START.narrow, year: "2026" },
        count: 10_000,
        is_more: true,
      },
    ],
    search_facets: () => FACETS,
    search_excerpts: () => [],
    ...handlers,
  });
}

const asked = (host: ReturnType<typeof fakeHost>) =>
  host.calls("search_find").at(-1) as SearchArgs | undefined;

it("nothing is asked before anything is typed, and examples can be tried", async () => {
  const host = desk();
  show(<Harness />);
  const examples = await screen.findAllByTestId("search-example");
  expect(host.calls("search_find")).toHaveLength(0);
  const first = examples[0];
  if (first === undefined) throw new Error("no example");
  await userEvent.click(first);
  await waitFor(() => expect(asked(host)?.text).toBe(first.textContent));
});

it("says how it understood, and what it did not", async () => {
  desk();
  show(<Harness />);
  await userEvent.type(screen.getByTestId("search"), "x");
  expect(await screen.findByTestId("understood")).toHaveTextContent("Cơ quan: sở y tế");
  expect(screen.getByTestId("not-understood")).toHaveTextContent("năm: xyz");
});

it("a search that is kept brings its words and its choices back; many are “hơn”", async () => {
  const host = desk();
  show(<Harness />);
  const saved = await screen.findByTestId("saved-search");
  expect(saved).toHaveTextContent("hơn 10.000");
  await userEvent.click(saved);
  await waitFor(() => expect(asked(host)?.narrow.year).toBe("2026"));
  expect(asked(host)?.text).toBe("báo cáo");
});

it("the guide stays until the first rows are there, and goes at once with them", async () => {
  let answer: (page: FoundPage) => void = () => undefined;
  desk({ search_find: () => new Promise<FoundPage>((done) => (answer = done)) });
  show(<Harness />);
  await userEvent.type(screen.getByTestId("search"), "x");
  await waitFor(() => expect(screen.getByTestId("found-frame").dataset.text).toBe(""));
  expect(screen.getByTestId("search-guide")).toBeInTheDocument();
  answer(PAGE);
  await waitFor(() => expect(screen.queryByTestId("search-guide")).not.toBeInTheDocument());
  expect(screen.getByTestId("found-frame").dataset.text).toBe("x");
});

it("many are counted as far as a hand scrolls, and the whole of them when typing pauses", async () => {
  let counted: (facets: SearchFacets) => void = () => undefined;
  desk({
    search_find: () => ({ ...PAGE, total: 1_000, is_more: true }),
    search_facets: () => new Promise<SearchFacets>((done) => (counted = done)),
  });
  show(<Harness />);
  await userEvent.type(screen.getByTestId("search"), "x");
  const count = screen.getByTestId("found-count");
  await waitFor(() => expect(count).toHaveTextContent("Hơn 1.000"));
  await waitFor(() => {
    counted({ ...FACETS, counted: 5_321 });
    expect(count).toHaveTextContent("5.321");
  });
  expect(count).not.toHaveTextContent("Hơn");
});
