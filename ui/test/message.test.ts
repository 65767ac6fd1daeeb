import { describe, expect, it } from 'vitest';
import { decode, decode_status, priority_of, quality_of } from '../src/message';
import { judge_password } from '../src/password';
import { name_place, rising_zero } from '../src/trigger';

const sent = (message: unknown) => decode(JSON.stringify(message));

describe('messages', () => {
  it('values may be missing, never anything but numbers', () => {
    expect(sent({ type: 'values', time: '2026-01-01T00:00:00Z', values: [1, null, 'x'], quality: [0, 33, null] }))
      .toEqual({ type: 'values', time: '2026-01-01T00:00:00Z', values: [1, null, null], quality: [0, 33, 0] });
  });

  it('what is not ours is passed over', () => {
    expect(decode('{')).toBeNull();
    expect(decode('[1]')).toBeNull();
    expect(sent({ type: 'tomorrow' })).toBeNull();
    expect(sent({ type: 'scope', rate: 0, channels: {} })).toBeNull();
    expect(sent({ type: 'event', number: 'x' })).toBeNull();
  });

  it('a waveform keeps a place for a sample that is not there', () => {
    const scope = sent({ type: 'scope', time: '', rate: 10240, channels: { V1: [1, null, 3] } });
    expect(scope).toMatchObject({ rate: 10240, channels: { V1: [1, NaN, 3] } });
  });

  it('an event has all its fields', () => {
    expect(sent({ type: 'event', number: 7, time: 't', priority: 999, cause: 'c', cause_value: 1, effect: 'e' })).toEqual({
      type: 'event', event: { number: 7, time: 't', priority: 255, actor: '', cause: 'c', cause_value: '1', effect: 'e', effect_value: '' } });
  });

  it('a status that lacks everything is still one', () => {
    expect(decode_status(null)).toMatchObject({ name: '', source_running: false, services: [], last_second: null });
    expect(decode_status({ services: [{ name: 'Web', state: 'odd' }, 5] }).services)
      .toEqual([{ name: 'Web', state: 'off', address: '', reason: '', connections: 0 }]);
  });

  it('quality bits have names in their order', () => {
    expect(quality_of(0)).toEqual([]);
    expect(quality_of(0b100101)).toEqual(['bridged', 'clock_unsynchronised', 'disturbed']);
  });

  it('priorities have their four ranges', () => {
    expect([0, 63, 64, 127, 128, 191, 192, 255].map(priority_of))
      .toEqual(['info', 'info', 'low', 'low', 'medium', 'medium', 'high', 'high']);
  });
});

describe('passwords', () => {
  it('say what is wrong', () => {
    expect(judge_password('').wrong).toEqual(['password_empty']);
    expect(judge_password('0').wrong).toEqual(['password_default']);
    expect(judge_password('x'.repeat(17)).wrong).toEqual(['password_long']);
    expect(judge_password('pässword').wrong).toEqual(['password_characters']);
    expect(judge_password(' ~aA1').wrong).toEqual([]);
  });

  it('grow stronger', () => {
    const strengths = ['1234', '12345678', 'meter12', 'Kilowatt7', 'K1lo-watt&hour9'].map((p) => judge_password(p).strength);
    expect(strengths).toEqual([...strengths].sort((a, b) => a - b));
    expect(strengths[0]).toBe(0);
    expect(strengths[4]).toBe(4);
    expect(judge_password('aaaaaaaaaaaaaaaa').strength).toBe(0);
  });

  it('warn of old clients', () => {
    expect(judge_password('abc123').old_clients).toBe(false);
    expect(judge_password('abc1234').old_clients).toBe(true);
    expect(judge_password('ab-12').old_clients).toBe(true);
  });
});

describe('the trigger', () => {
  const sine = (shift: number) => Array.from({ length: 800 }, (_, i) => 325 * Math.sin((2 * Math.PI * i) / 204.8 + shift));

  it('finds where the wave rises through zero, between samples', () => {
    for (const shift of [0, 1, 2, 3, 4, 5, 6]) {
      const at = rising_zero(sine(shift))!;
      const phase = (2 * Math.PI * at) / 204.8 + shift;
      expect(Math.abs(Math.sin(phase))).toBeLessThan(1e-3);
      expect(Math.cos(phase)).toBeGreaterThan(0.99);
      expect(at).toBeLessThan(1.3 * 204.8);
    }
  });

  it('names stand over half waves, and stay there', () => {
    expect(name_place(0, 200, 0)).toBeCloseTo(50);
    expect(name_place(199.5, 200, 0)).toBeCloseTo(49.5);
    expect(name_place(201, 200, 0)).toBeCloseTo(51);
    expect(name_place(66, 200, 1)).toBeCloseTo(316);
  });

  it('is not fooled by noise about zero, and finds nothing in nothing', () => {
    const noisy = sine(Math.PI - 0.02).map((v, i) => v + (i % 2 ? 4 : -4));
    expect(rising_zero(noisy)).toBeGreaterThan(50);
    expect(rising_zero([0, 0, 0])).toBeNull();
    expect(rising_zero([])).toBeNull();
  });
});
