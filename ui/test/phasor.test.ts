import { describe, expect, it } from 'vitest';
import { arrow_head, at_angle, label_radii, lag, relative, rotation, wrapped } from '../src/phasor';

describe('phasors', () => {
  // Covers: PQ-051
  it('begin at the right and turn against the clock', () => {
    expect(at_angle(0, 10)).toEqual({ x: 10, y: -0 });
    expect(at_angle(90, 10).y).toBeCloseTo(-10);
    expect(at_angle(-120, 10).y).toBeGreaterThan(0);
  });

  it('angles are within half a turn', () => {
    expect([0, 180, -180, 181, 359, 725].map(wrapped)).toEqual([0, 180, 180, -179, -1, 5]);
  });

  // Covers: PQ-050
  it('lengths are parts of the largest', () => {
    expect(relative([230, 115, null])).toEqual([1, 0.5, 0]);
    expect(relative([0, null, 0])).toEqual([0, 0, 0]);
  });

  // Covers: PQ-054
  it('tell the rotation', () => {
    expect(rotation([0, -120, 120])).toBe('abc');
    expect(rotation([0, 240, 121])).toBe('abc');
    expect(rotation([0, 120, -120])).toBe('acb');
    expect(rotation([0, 0, 0])).toBe('unclear');
    expect(rotation([0, -120, null])).toBe('unclear');
  });

  it('tell how far a current lags', () => {
    expect(lag(0, -30)).toBe(30);
    expect(lag(-120, -100)).toBe(-20);
    expect(lag(170, -170)).toBe(-20);
    expect(lag(null, 3)).toBeNull();
  });

  it('have a head whose tip is the end of the arrow', () => {
    const [tip, left, right] = arrow_head(0, 100, 10);
    expect(tip!.x).toBeCloseTo(100);
    expect(left!.x).toBeCloseTo(90);
    expect(left!.y).toBeCloseTo(-right!.y);
  });

  it('keep labels off each other', () => {
    const [first, second, third] = label_radii([0, 2, 120], [130, 128, 130]);
    expect(first! - second!).toBeGreaterThanOrEqual(15);
    expect(third).toBe(130);
  });
});
