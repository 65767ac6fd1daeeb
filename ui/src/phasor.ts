/**
 * Geometry of the phasor diagram: 0 degrees to the right, angles counter-clockwise, y downwards as on
 * a screen.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function at_angle(degrees: number, radius: number): Point {
  const radians = (degrees * Math.PI) / 180;
  return { x: radius * Math.cos(radians), y: -radius * Math.sin(radians) };
}

/** Into -180 (excluded) to 180 (included). */
export function wrapped(degrees: number): number {
  const turned = ((degrees % 360) + 360) % 360;
  return turned > 180 ? turned - 360 : turned;
}

/** Of the three magnitudes, each as a part of the largest; nothing known or all zero: 0. */
export function relative(magnitudes: readonly (number | null)[]): number[] {
  const largest = Math.max(0, ...magnitudes.map((m) => (m === null ? 0 : Math.abs(m))));
  return magnitudes.map((m) => (m === null || largest === 0 ? 0 : Math.abs(m) / largest));
}

export type Rotation = 'abc' | 'acb' | 'unclear';

/** Which way the three follow each other; unclear when one is missing or they do not form a triple. */
export function rotation(angles: readonly (number | null)[]): Rotation {
  const [a, b, c] = angles;
  if (typeof a !== 'number' || typeof b !== 'number' || typeof c !== 'number') return 'unclear';
  const ab = wrapped(a - b);
  const bc = wrapped(b - c);
  const near = (value: number, target: number) => Math.abs(wrapped(value - target)) < 45;
  if (near(ab, 120) && near(bc, 120)) return 'abc';
  if (near(ab, -120) && near(bc, -120)) return 'acb';
  return 'unclear';
}

/** By how much the current lags its voltage, degrees; negative: leads. */
export function lag(voltage_degrees: number | null, current_degrees: number | null): number | null {
  if (voltage_degrees === null || current_degrees === null) return null;
  return wrapped(voltage_degrees - current_degrees);
}

/** The three corners of an arrow's head whose tip is at `tip`, on the line from the origin. */
export function arrow_head(degrees: number, length: number, size: number): Point[] {
  const back = at_angle(degrees, Math.max(0, length - size));
  const side = at_angle(degrees + 90, size * 0.42);
  return [
    at_angle(degrees, length),
    { x: back.x + side.x, y: back.y + side.y },
    { x: back.x - side.x, y: back.y - side.y },
  ];
}

/**
 * Radii for labels near the tips so that labels of nearly the same angle do not lie on each other:
 * the later of two that are closer than `gap` degrees moves inward by `step`.
 */
export function label_radii(angles: readonly (number | null)[], radii: readonly number[], gap = 11, step = 17): number[] {
  const placed: { angle: number; radius: number }[] = [];
  return angles.map((angle, i) => {
    let radius = radii[i]!;
    if (angle === null) return radius;
    for (let tries = 0; tries < 6; ++tries) {
      const clash = placed.some((p) => Math.abs(wrapped(p.angle - angle)) < gap && Math.abs(p.radius - radius) < step);
      if (!clash) break;
      radius -= step;
    }
    placed.push({ angle, radius });
    return radius;
  });
}
