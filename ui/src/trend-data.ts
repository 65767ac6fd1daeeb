/** The last hour by whole seconds: filled once from the meter, then appended to as values arrive. */
export class TrendData {
  private readonly values: (number | null)[][];
  /** Of the newest value, seconds since 1970; 0: there is none. */
  end_s = 0;

  constructor(private readonly series: number, readonly length: number) {
    this.values = Array.from({ length: series }, () => new Array<number | null>(length).fill(null));
  }

  /** `columns`: oldest first, the last at `end_s`; a value stands for `step_s` seconds. */
  fill(end_s: number, step_s: number, columns: readonly (readonly (number | null)[])[]): void {
    const end = Math.round(end_s);
    const newer = this.end_s > end ? this.values.map((column) => column.slice(this.length - Math.min(this.length, this.end_s - end))) : [];
    const was_end = this.end_s;
    this.end_s = end;
    for (let i = 0; i < this.series; ++i) {
      const from = columns[i] ?? [];
      const column = this.values[i]!;
      for (let back = 0; back < this.length; ++back)
        column[this.length - 1 - back] = from[from.length - 1 - Math.floor(back / step_s)] ?? null;
    }
    if (newer.length > 0)
      for (let k = 0; k < newer[0]!.length; ++k) this.append(was_end - newer[0]!.length + 1 + k, newer.map((column) => column[k] ?? null));
  }

  /** Seconds that were missed stay empty. False: not newer than what is there. */
  append(at_s: number, row: readonly (number | null)[]): boolean {
    if (at_s <= this.end_s) return false;
    const gone = this.end_s === 0 ? this.length : Math.min(this.length, at_s - this.end_s);
    this.values.forEach((column, i) => {
      column.splice(0, gone);
      for (let k = 1; k < gone; ++k) column.push(null);
      column.push(row[i] ?? null);
    });
    this.end_s = at_s;
    return true;
  }

  columns(): (number | null)[][] {
    const first = this.end_s - this.length + 1;
    return [Array.from({ length: this.length }, (_, i) => first + i), ...this.values];
  }

  /** Smallest and largest of the last `seconds`; null: nothing is known. */
  extremes(seconds: number): [number, number] | null {
    let low = Infinity;
    let high = -Infinity;
    for (const column of this.values)
      for (let i = Math.max(0, this.length - seconds); i < this.length; ++i) {
        const value = column[i];
        if (value === null || value === undefined) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    return low <= high ? [low, high] : null;
  }
}
