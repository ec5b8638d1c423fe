import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import { fakeHost } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { Toolbar } from "./Toolbar";
import type { Zoom } from "./useZoom";

const nothing = () => undefined;
const zoom: Zoom = {
  pxPerMm: 1,
  settledPxPerMm: 1,
  percent: 100,
  mode: "width",
  fit: nothing,
  in: nothing,
  out: nothing,
  fitPage: nothing,
  actual: nothing,
  onWheel: nothing,
};

/** A reader of 500 pages, who can scroll on to page 301. */
function Reader() {
  const [page, setPage] = useState(0);
  return (
    <>
      <Toolbar page={page} count={500} zoom={zoom} onGo={setPage} />
      <button type="button" onClick={() => setPage(300)}>
        scroll
      </button>
      <output>{page + 1}</output>
    </>
  );
}

it("leaving the field after going to a page goes nowhere else", async () => {
  fakeHost({});
  show(<Reader />);
  const field = screen.getByTestId("page-number");
  await userEvent.click(field);
  await userEvent.keyboard("499{Enter}");
  expect(screen.getByRole("status")).toHaveTextContent("499");
  expect(field).toHaveValue("499");
  await userEvent.tab();
  expect(screen.getByRole("status")).toHaveTextContent("499");
  // Whoever has scrolled on since is not taken back.
  await userEvent.click(field);
  await userEvent.click(screen.getByText("scroll"));
  expect(screen.getByRole("status")).toHaveTextContent("301");
  expect(field).toHaveValue("301");
});

it("a number that was typed is gone to when the field is left, and one that is no page is not", async () => {
  fakeHost({});
  show(<Reader />);
  const field = screen.getByTestId("page-number");
  await userEvent.click(field);
  await userEvent.keyboard("12");
  await userEvent.tab();
  expect(screen.getByRole("status")).toHaveTextContent("12");
  await userEvent.click(field);
  await userEvent.keyboard("501{Enter}");
  expect(screen.getByRole("status")).toHaveTextContent("12");
  expect(field).toHaveValue("12");
});
