/** Keeps two scrolled columns at the distance that they had when they were tied together. */
export class Together {
  private readonly apart: number;
  /** Where we put a column ourselves: its scroll event is an echo and moves nothing. */
  private readonly put = new Map<HTMLElement, number>();

  constructor(
    private readonly left: HTMLElement,
    private readonly right: HTMLElement,
  ) {
    this.apart = right.scrollTop - left.scrollTop;
  }

  /** One of the two was scrolled: the other follows as far as it goes. */
  moved(column: HTMLElement): void {
    const echo = this.put.get(column);
    this.put.delete(column);
    if (echo !== undefined && Math.abs(echo - column.scrollTop) <= 1) return;
    const other = column === this.left ? this.right : this.left;
    const by = column === this.left ? this.apart : -this.apart;
    const most = Math.max(0, other.scrollHeight - other.clientHeight);
    const to = Math.min(Math.max(column.scrollTop + by, 0), most);
    if (Math.abs(other.scrollTop - to) <= 1) return;
    this.put.set(other, to);
    other.scrollTop = to;
  }
}
