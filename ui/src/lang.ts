/** Texts of the page in the user's language; what a catalogue lacks is shown in English. */

import english from './texts/en.json';

export type TextKey = keyof typeof english;
export type Catalogue = Partial<Record<TextKey, string>>;

export const languages = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  it: 'Italiano',
  pt: 'Português',
  ru: 'Русский',
  zh: '简体中文',
} as const;
export type Language = keyof typeof languages;

const catalogues: Record<Exclude<Language, 'en'>, () => Promise<{ default: Catalogue }>> = {
  de: () => import('./texts/de.json'),
  fr: () => import('./texts/fr.json'),
  es: () => import('./texts/es.json'),
  it: () => import('./texts/it.json'),
  pt: () => import('./texts/pt.json'),
  ru: () => import('./texts/ru.json'),
  zh: () => import('./texts/zh.json'),
};

export function is_language(name: string | null | undefined): name is Language {
  return typeof name === 'string' && Object.hasOwn(languages, name);
}

/** The first of the browser's wishes that there is; `de-AT` is served with `de`. */
export function best_language(wishes: readonly string[]): Language {
  for (const wish of wishes) {
    const name = wish.toLowerCase().split('-')[0];
    if (is_language(name)) return name;
  }
  return 'en';
}

export function look_up(
  catalogue: Catalogue, key: TextKey, parts: Readonly<Record<string, string | number>> = {},
): string {
  const text = catalogue[key] || english[key];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(parts, name) ? String(parts[name]) : whole);
}

export function decimal_sign(language: Language): string {
  return language === 'en' || language === 'zh' ? '.' : ',';
}

let current: Language = 'en';
let catalogue: Catalogue = english;

export async function use_language(language: Language): Promise<void> {
  catalogue = language === 'en' ? english : (await catalogues[language]()).default;
  current = language;
}

export const language = (): Language => current;
export const decimal = (): string => decimal_sign(current);
export const t = (key: TextKey, parts?: Readonly<Record<string, string | number>>): string =>
  look_up(catalogue, key, parts);
