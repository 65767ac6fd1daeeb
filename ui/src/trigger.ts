/**
 * Makes a picture stand still: where the reference rises through zero, to a fraction of a sample.
 * Of several such places the first one is taken; none: null.
 */
export function rising_zero(samples: readonly number[]): number | null {
  const peak = samples.reduce((most, v) => Math.max(most, Math.abs(v) || 0), 0);
  if (!(peak > 0)) return null;
  let armed = false;  // noise about zero must not trigger: first well below, then through
  for (let i = 0; i + 1 < samples.length; ++i) {
    const now = samples[i]!;
    const next = samples[i + 1]!;
    if (now < -0.2 * peak) armed = true;
    if (armed && now < 0 && next >= 0) return i + now / (now - next);
  }
  return null;
}

/**
 * Where a trace's name stands: over the middle of the positive half wave that begins within the first
 * cycle (or, `cycles` later). By the zero and not by the highest sample, which noise would choose anew
 * each time; a zero right at a cycle's edge counts as the earlier one.
 */
export function name_place(zero: number, cycle: number, cycles: number): number {
  const turn = zero / cycle + 0.1;
  return (turn - Math.floor(turn) - 0.1 + 0.25 + cycles) * cycle;
}
