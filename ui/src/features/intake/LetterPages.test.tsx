import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { fakeHost } from "../../testing/fakeHost";
import { sampleLetter } from "../../testing/letters";
import { show } from "../../testing/show";
import { PagePicture } from "./LetterPages";

const [page] = sampleLetter().pages;

it("shows a page that was made straight as it is registered", () => {
  if (page === undefined) throw new Error("the sample has no page");
  fakeHost({});
  show(
    <PagePicture
      page={{ ...page, turns: 1, straight: true, skew: 1.5 }}
      width={60}
      height={84}
      alt="Trang 1"
      pixelsPerPoint={1}
    />,
  );
  expect(screen.getByAltText("Trang 1").style.transform).toContain("rotate(88.5deg)");
});
