import { describe, expect, it } from 'vitest';
import { AxisRange, fixed, in_scale, largest_of, nice_above, Scaler, SpanRange } from '../src/units';

const shown = (scaler: Scaler, value: number | null) => {
  const scale = scaler.scale(value === null ? null : Math.abs(value));
  return `${in_scale(value, scale)} ${scale.unit}`;
};

describe('units', () => {
  it('gives powers the prefix that fits', () => {
    expect(shown(new Scaler('kW'), 0.35)).toBe('350.00 W');
    expect(shown(new Scaler('kW'), 48.3217)).toBe('48.322 kW');
    expect(shown(new Scaler('kW'), 1200)).toBe('1.200 MW');
    expect(shown(new Scaler('kVAR'), 12_345)).toBe('12.345 Mvar');
    expect(shown(new Scaler('kVA'), 2.5e6)).toBe('2.500 GVA');
  });

  it('gives voltages and currents the prefix that fits', () => {
    expect(shown(new Scaler('V', { decimals_max: 2 }), 230.123)).toBe('230.12 V');
    expect(shown(new Scaler('V', { decimals_max: 2 }), 11_547)).toBe('11.547 kV');
    expect(shown(new Scaler('V'), 400_000)).toBe('400.00 kV');
    expect(shown(new Scaler('A'), 0.0131)).toBe('0.013 A');
    expect(shown(new Scaler('A'), 1250)).toBe('1.250 kA');
  });

  it('leaves a unit that it does not know alone', () => {
    expect(shown(new Scaler('Hz', { digits: 5, decimals_max: 3 }), 50.0031)).toBe('50.003 Hz');
    expect(shown(new Scaler('%', { digits: 4, decimals_max: 2 }), 1234.5)).toBe('1235 %');
  });

  it('does not flicker between two prefixes', () => {
    const scaler = new Scaler('kW');
    expect(shown(scaler, 999)).toBe('999.00 kW');
    expect(shown(scaler, 1001)).toBe('1.001 MW');
    expect(shown(scaler, 999)).toBe('0.999 MW');
    expect(shown(scaler, 901)).toBe('0.901 MW');
    expect(shown(scaler, 899)).toBe('899.00 kW');
  });

  it('does not flicker between two numbers of decimals', () => {
    const scaler = new Scaler('A');
    expect(shown(scaler, 9.99)).toBe('9.990 A');
    expect(shown(scaler, 100.2)).toBe('100.20 A');
    expect(shown(scaler, 99.8)).toBe('99.80 A');
    expect(shown(scaler, 91)).toBe('91.00 A');
    expect(shown(scaler, 89)).toBe('89.000 A');
  });

  it('keeps its scale while nothing is known', () => {
    const scaler = new Scaler('kW');
    scaler.scale(1500);
    expect(scaler.scale(null).unit).toBe('MW');
    expect(shown(scaler, null)).toBe('N/A MW');
  });

  it('writes N/A, a true minus and no negative zero', () => {
    expect(fixed(null, 2)).toBe('N/A');
    expect(fixed(NaN, 2)).toBe('N/A');
    expect(fixed(-1.005, 1)).toBe('\u22121.0');
    expect(fixed(-0.001, 2)).toBe('0.00');
    expect(fixed(1234567.891, 2, ',', ' ')).toBe('1 234 567,89');
  });

  it('finds the largest magnitude among what is known', () => {
    expect(largest_of([null, -3, 2, undefined])).toBe(3);
    expect(largest_of([null, null])).toBeNull();
  });
});

describe('axes', () => {
  it('end at round numbers', () => {
    expect([0.9, 1, 1.01, 2.1, 3, 4.5, 7, 9].map(nice_above)).toEqual([1, 1, 2, 2.5, 4, 5, 8, 10]);
    expect(nice_above(325)).toBe(400);
  });

  it('grow at once and shrink only when half empty', () => {
    const axis = new AxisRange();
    expect(axis.follow(325)).toBe(400);
    expect(axis.follow(369)).toBe(400);
    expect(axis.follow(390)).toBe(500);
    expect(axis.follow(325)).toBe(500);
    expect(axis.follow(250)).toBe(500);
    expect(axis.follow(170)).toBe(200);
    expect(axis.half).toBe(200);
  });

  it('stand still while a trend stays within them', () => {
    const axis = new SpanRange(1);
    const first = axis.follow(229, 231);
    expect(first[0]).toBeLessThanOrEqual(229);
    expect(first[1]).toBeGreaterThanOrEqual(231);
    expect(axis.follow(229.2, 230.8)).toEqual(first);
    expect(axis.follow(225, 231)).not.toEqual(first);
  });

  it('do not blow up noise', () => {
    const [low, high] = new SpanRange(1).follow(230, 230.001);
    expect(high - low).toBeGreaterThanOrEqual(1);
  });
});
