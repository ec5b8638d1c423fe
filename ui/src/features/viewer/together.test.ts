import { expect, it } from "vitest";
import { Together } from "./together";

function column(scrollTop: number, scrollHeight: number): HTMLElement {
  return { scrollTop, scrollHeight, clientHeight: 100 } as HTMLElement;
}

it("the columns keep the distance they had when they were tied", () => {
  const [left, right] = [column(100, 1000), column(250, 1000)];
  const both = new Together(left, right);
  left.scrollTop = 160;
  both.moved(left);
  expect(right.scrollTop).toBe(310);
  both.moved(right);
  right.scrollTop = 200;
  both.moved(right);
  expect(left.scrollTop).toBe(50);
});

it("the shorter one stops at its end and the distance is not lost", () => {
  const [left, right] = [column(0, 1000), column(0, 300)];
  const both = new Together(left, right);
  left.scrollTop = 600;
  both.moved(left);
  expect(right.scrollTop).toBe(200);
  both.moved(right);
  expect(left.scrollTop).toBe(600);
  left.scrollTop = 120;
  both.moved(left);
  expect(right.scrollTop).toBe(120);
});
