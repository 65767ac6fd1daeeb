/**
 * Values as a meter's front shows them: a prefix that fits, as many digits as the class deserves,
 * and neither of them flickering when the value walks about a limit.
 */

export interface Scale {
  /** What a value in base units is multiplied by. */
  readonly factor: number;
  readonly unit: string;
  readonly decimals: number;
}

interface Step {
  readonly unit: string;
  readonly size: number;
}

/** Of each base unit the prefixes in use, ascending; `size` in base units. */
const ladders: Record<string, readonly Step[]> = {
  V: [{ unit: 'V', size: 1 }, { unit: 'kV', size: 1e3 }, { unit: 'MV', size: 1e6 }],
  A: [{ unit: 'A', size: 1 }, { unit: 'kA', size: 1e3 }],
  W: [{ unit: 'W', size: 1 }, { unit: 'kW', size: 1e3 }, { unit: 'MW', size: 1e6 }, { unit: 'GW', size: 1e9 }],
  var: [{ unit: 'var', size: 1 }, { unit: 'kvar', size: 1e3 }, { unit: 'Mvar', size: 1e6 }, { unit: 'Gvar', size: 1e9 }],
  VA: [{ unit: 'VA', size: 1 }, { unit: 'kVA', size: 1e3 }, { unit: 'MVA', size: 1e6 }, { unit: 'GVA', size: 1e9 }],
  Wh: [{ unit: 'Wh', size: 1 }, { unit: 'kWh', size: 1e3 }, { unit: 'MWh', size: 1e6 }, { unit: 'GWh', size: 1e9 }],
  varh: [{ unit: 'varh', size: 1 }, { unit: 'kvarh', size: 1e3 }, { unit: 'Mvarh', size: 1e6 }, { unit: 'Gvarh', size: 1e9 }],
  VAh: [{ unit: 'VAh', size: 1 }, { unit: 'kVAh', size: 1e3 }, { unit: 'MVAh', size: 1e6 }, { unit: 'GVAh', size: 1e9 }],
};

/** How registers name their units, in base units. */
const register_units: Record<string, { base: string; factor: number }> = {
  V: { base: 'V', factor: 1 },
  A: { base: 'A', factor: 1 },
  kW: { base: 'W', factor: 1e3 },
  kVAR: { base: 'var', factor: 1e3 },
  kVA: { base: 'VA', factor: 1e3 },
  kWh: { base: 'Wh', factor: 1e3 },
  kVARh: { base: 'varh', factor: 1e3 },
  kVAh: { base: 'VAh', factor: 1e3 },
};

/** A prefix is left for the smaller one only below this part of its size. */
const hysteresis = 0.9;

export interface ScalerOptions {
  /** Digits shown in all, e.g. 5: 230.12, 12.345. */
  digits?: number;
  /** In the smallest unit; with a prefix at least 3. */
  decimals_max?: number;
  /** The smallest unit to show, e.g. "kWh" for energies. */
  smallest?: string;
}

/** Remembers the scale of one row of values; feed it the largest of them, then format each. */
export class Scaler {
  private step = -1;
  private whole_digits = 0;
  private readonly base_factor: number;
  private readonly ladder: readonly Step[];
  private readonly first: number;
  private readonly digits: number;
  private readonly decimals_max: number;

  constructor(register_unit: string, options: ScalerOptions = {}) {
    const known = register_units[register_unit];
    this.base_factor = known?.factor ?? 1;
    this.ladder = (known && ladders[known.base]) ?? [{ unit: register_unit, size: 1 }];
    this.first = Math.max(0, this.ladder.findIndex((s) => s.unit === options.smallest));
    this.digits = options.digits ?? 5;
    this.decimals_max = options.decimals_max ?? 3;
  }

  /** `largest`: of the row's values, in register units; null when there is none: keeps the scale. */
  scale(largest: number | null): Scale {
    if (largest !== null && Number.isFinite(largest)) this.follow(Math.abs(largest) * this.base_factor);
    const step = this.ladder[Math.max(this.step, this.first)]!;
    const most = this.step > this.first ? Math.max(3, this.decimals_max) : this.decimals_max;
    const decimals = Math.min(most, Math.max(0, this.digits - Math.max(1, this.whole_digits)));
    return { factor: this.base_factor / step.size, unit: step.unit, decimals };
  }

  private follow(size: number): void {
    let step = this.first;
    while (step + 1 < this.ladder.length && size >= this.ladder[step + 1]!.size) ++step;
    const was = this.step;
    if (was > step && size >= hysteresis * this.ladder[was]!.size) step = was;
    this.step = step;

    const shown = size / this.ladder[step]!.size;
    let digits = 1;
    while (shown >= 10 ** digits && digits < 12) ++digits;
    if (was !== step) this.whole_digits = digits;
    else if (digits > this.whole_digits) this.whole_digits = digits;
    else if (shown < hysteresis * 10 ** (this.whole_digits - 1)) this.whole_digits = digits;
  }
}

/** Largest magnitude among values, null when all are missing. */
export function largest_of(values: readonly (number | null | undefined)[]): number | null {
  let largest: number | null = null;
  for (const value of values)
    if (typeof value === 'number' && Number.isFinite(value)) largest = Math.max(largest ?? 0, Math.abs(value));
  return largest;
}

export const not_available = 'N/A';

/** `decimal`: the language's sign. A true minus, no negative zero; null and NaN are N/A. */
export function fixed(value: number | null | undefined, decimals: number, decimal = '.', grouping = ''): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return not_available;
  let text = Math.abs(value).toFixed(decimals);
  const negative = value < 0 && Number(text) !== 0;
  const dot = text.indexOf('.');
  let whole = dot < 0 ? text : text.slice(0, dot);
  if (grouping) whole = whole.replace(/\B(?=(\d{3})+$)/g, grouping);
  text = dot < 0 ? whole : whole + decimal + text.slice(dot + 1);
  return (negative ? '\u2212' : '') + text;
}

export function in_scale(value: number | null | undefined, scale: Scale, decimal = '.', grouping = ''): string {
  const known = typeof value === 'number' ? value * scale.factor : null;
  return fixed(known, scale.decimals, decimal, grouping);
}

/**
 * The half height of an axis that shows values up to `peak`: 1, 2, 2.5, 4, 5, 8 times a power of ten,
 * at least 1.08 times the peak. Grows at once, shrinks only when less than 60 % of it is in use.
 */
export class AxisRange {
  private range: number;
  constructor(private readonly smallest = 1e-6) {
    this.range = smallest;
  }

  get half(): number {
    return this.range;
  }

  follow(peak: number): number {
    const needed = Math.max(this.smallest, Math.abs(peak) * 1.08);
    const fit = nice_above(needed);
    if (needed > this.range || fit < this.range * 0.6) this.range = fit;
    return this.range;
  }
}

export function nice_above(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  for (const step of [1, 2, 2.5, 4, 5, 8])
    if (step * power >= value * (1 - 1e-12)) return step * power;
  return 10 * power;
}

/**
 * Both ends of an axis around values that do not begin at zero (a voltage's trend). Widens at once,
 * narrows only when the values use less than 40 % of it. At least `span_min` wide.
 */
export class SpanRange {
  private low = 0;
  private high = 0;
  constructor(private readonly span_min: number) {}

  follow(minimum: number, maximum: number): [number, number] {
    const span = Math.max(maximum - minimum, this.span_min);
    const outside = minimum < this.low || maximum > this.high;
    if (outside || span < 0.4 * (this.high - this.low)) {
      const middle = (maximum + minimum) / 2;
      const step = nice_above(span / 5);
      this.low = Math.floor((middle - span * 0.54) / step) * step;
      this.high = Math.ceil((middle + span * 0.54) / step) * step;
    }
    return [this.low, this.high];
  }
}
