import { describe, expect, it } from 'vitest';
import { TrendData } from '../src/trend-data';
import { backoff_ms, duration_text, instant_ms, tick_step_s, ticks_s, utc_text } from '../src/time';

describe('times', () => {
  it('are read with their microseconds', () => {
    expect(instant_ms('2026-01-01T00:00:04.990250Z')).toBeCloseTo(Date.UTC(2026, 0, 1, 0, 0, 4) + 990.25, 3);
    expect(instant_ms('2026-01-01T00:00:04Z')).toBe(Date.UTC(2026, 0, 1, 0, 0, 4));
    expect(instant_ms('yesterday')).toBeNull();
    expect(instant_ms(null)).toBeNull();
  });

  it('are told in UTC as the meter wrote them', () => {
    expect(utc_text('2026-01-01T00:00:04.990250Z')).toBe('2026-01-01 00:00:04.990250 UTC');
    expect(utc_text('odd')).toBe('odd');
  });

  it('durations have days', () => {
    expect(duration_text(93_784)).toBe('1 d 02:03:04');
    expect(duration_text(59.9)).toBe('00:00:59');
  });

  it('axes tick at whole local minutes', () => {
    expect(tick_step_s(3600, 7)).toBe(600);
    expect(tick_step_s(300, 6)).toBe(60);
    const half_past = 5.5 * 3600;
    const ticks = ticks_s(1_000_000_123, 1_000_003_723, 7, half_past);
    expect(ticks.length).toBe(6);
    for (const tick of ticks) expect((tick + half_past) % 600).toBe(0);
    expect(ticks_s(10, 10, 5, 0)).toEqual([]);
  });

  it('tries come ever more slowly, spread apart', () => {
    expect(backoff_ms(0, 0.5)).toBe(500);
    expect(backoff_ms(3, 0.5)).toBe(4000);
    expect(backoff_ms(40, 1)).toBe(18_750);
    expect(backoff_ms(1, 0)).toBeLessThan(backoff_ms(1, 1));
  });
});

describe('the trend of the last hour', () => {
  it('takes what the meter kept and goes on second by second', () => {
    const data = new TrendData(1, 5);
    data.fill(100, 1, [[1, 2, 3]]);
    expect(data.columns()).toEqual([[96, 97, 98, 99, 100], [null, null, 1, 2, 3]]);
    expect(data.append(101, [4])).toBe(true);
    expect(data.columns()[1]).toEqual([null, 1, 2, 3, 4]);
    expect(data.append(101, [5])).toBe(false);
  });

  it('leaves seconds that were missed empty', () => {
    const data = new TrendData(1, 5);
    data.fill(100, 1, [[1, 2, 3, 4, 5]]);
    data.append(103, [8]);
    expect(data.columns()).toEqual([[99, 100, 101, 102, 103], [4, 5, null, null, 8]]);
    data.append(1000, [9]);
    expect(data.columns()[1]).toEqual([null, null, null, null, 9]);
  });

  it('keeps what arrived while the meter was asked', () => {
    const data = new TrendData(1, 5);
    data.append(102, [7]);
    data.fill(101, 1, [[4, 5]]);
    expect(data.columns()).toEqual([[98, 99, 100, 101, 102], [null, null, 4, 5, 7]]);
  });

  it('knows the extremes of its last part', () => {
    const data = new TrendData(2, 5);
    expect(data.extremes(5)).toBeNull();
    data.fill(100, 1, [[9, 1, 2, null, 3], [4]]);
    expect(data.extremes(5)).toEqual([1, 9]);
    expect(data.extremes(3)).toEqual([2, 4]);
  });
});
