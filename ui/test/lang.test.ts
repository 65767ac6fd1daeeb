import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { best_language, decimal_sign, is_language, languages, look_up, type Catalogue } from '../src/lang';

const folder = new URL('../src/texts/', import.meta.url);
const catalogue = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Record<string, string>;
const english = catalogue('en');
const parts = (text: string) => [...text.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort();

describe('texts', () => {
  it('are looked up, with English for what is missing', () => {
    expect(look_up({ user: 'Benutzer' }, 'user')).toBe('Benutzer');
    expect(look_up({} as Catalogue, 'user')).toBe('User');
    expect(look_up({ user: '' }, 'user')).toBe('User');
  });

  it('take their parts and leave unknown ones', () => {
    expect(look_up({}, 'events_count', { shown: 3, loaded: 9 })).toBe('3 shown of 9');
    expect(look_up({}, 'tier')).toBe('Tier {tier}');
  });

  it('have one catalogue a language', () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(languages).map((name) => `${name}.json`).sort());
  });

  it.each(Object.keys(languages))('%s knows every text, with the same parts, and no other', (name) => {
    const texts = catalogue(name);
    expect(Object.keys(texts).sort()).toEqual(Object.keys(english).sort());
    for (const [key, text] of Object.entries(texts)) {
      expect(text, key).not.toBe('');
      expect(parts(text), key).toEqual(parts(english[key]!));
    }
  });

  it('follow the wishes of the browser', () => {
    expect(best_language(['nl', 'pt-BR', 'en'])).toBe('pt');
    expect(best_language(['nl'])).toBe('en');
    expect(is_language('constructor')).toBe(false);
    expect(decimal_sign('de')).toBe(',');
    expect(decimal_sign('zh')).toBe('.');
  });
});
