import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { fakeHost } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { TextLayer } from "./TextLayer";

const run = (text: string, line_end = false) => ({ text, x: 0, y: 0, w: 0.1, h: 0.01, line_end });

it("copied text has spaces between words and breaks between lines", () => {
  fakeHost({});
  const runs = [run("Độc"), run("lập "), run("–"), run("Tự", true), run("do")];
  show(<TextLayer page={0} runs={runs} width={600} height={800} />);
  expect(screen.getByTestId("page-text-0").textContent).toBe("Độc lập – Tự\ndo ");
});
