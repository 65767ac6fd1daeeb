/** Times: local on the page, UTC in the tooltip; ticks of time axes at whole local minutes. */

const two = (n: number) => String(n).padStart(2, '0');

/** Milliseconds since 1970 of an ISO time, microseconds kept as a fraction; null: not a time. */
export function instant_ms(iso: string | null | undefined): number | null {
  if (!iso) return null;
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return null;
  const fraction = /\.(\d+)/.exec(iso)?.[1] ?? '';
  return Math.floor(ms / 1000) * 1000 + Number(`0.${fraction || '0'}`) * 1000;
}

export function local_clock(ms: number): string {
  const d = new Date(ms);
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

export function local_clock_ms(ms: number): string {
  return `${local_clock(ms)}.${String(Math.floor(((ms % 1000) + 1000) % 1000)).padStart(3, '0')}`;
}

export function local_date(ms: number): string {
  const d = new Date(ms);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
}

export function local_minute(ms: number): string {
  const d = new Date(ms);
  return `${two(d.getHours())}:${two(d.getMinutes())}`;
}

/** `2026-11-24 19:03:04.123456 UTC`, from what the server sent. */
export function utc_text(iso: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(?:Z|\+00:00)$/.exec(iso);
  return match ? `${match[1]} ${match[2]}${match[3] ?? ''} UTC` : iso;
}

/** `3 d 04:05:06` */
export function duration_text(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const days = Math.floor(s / 86400);
  const clock = `${two(Math.floor(s / 3600) % 24)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return days > 0 ? `${days} d ${clock}` : clock;
}

const steps_s = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

/** The smallest usual step that gives at most `ticks_max` ticks over the span. */
export function tick_step_s(span_s: number, ticks_max: number): number {
  for (const step of steps_s) if (span_s / step <= ticks_max) return step;
  return steps_s[steps_s.length - 1]!;
}

/**
 * Ticks from `from_s` to `to_s` (seconds since 1970) at whole multiples of the step in local time;
 * `offset_s`: local minus UTC.
 */
export function ticks_s(from_s: number, to_s: number, ticks_max: number, offset_s: number): number[] {
  if (!(to_s > from_s)) return [];
  const step = tick_step_s(to_s - from_s, ticks_max);
  const ticks: number[] = [];
  for (let t = Math.ceil((from_s + offset_s) / step) * step - offset_s; t <= to_s; t += step) ticks.push(t);
  return ticks;
}

export function utc_offset_s(at_s: number): number {
  return -60 * new Date(at_s * 1000).getTimezoneOffset();
}

/** How long to wait before try number `tries` (from 0); `random` 0 to 1 spreads clients apart. */
export function backoff_ms(tries: number, random: number): number {
  const whole = Math.min(15_000, 500 * 2 ** Math.min(tries, 10));
  return Math.round(whole * (0.75 + 0.5 * random));
}
