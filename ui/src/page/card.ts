import { h, unique_id } from '../dom';
import { t, type TextKey } from '../lang';

/** A titled part of the page; `tools` stand beside the title. */
export function card(id: string, title: TextKey, tools: (Node | null)[], ...content: Node[]): HTMLElement {
  return h('section', { class: `card card-${id}`, id, 'aria-labelledby': `${id}-title` },
    h('header', { class: 'card-head' },
      h('h2', { id: `${id}-title` }, t(title)),
      h('div', { class: 'tools' }, ...tools)),
    ...content);
}

export interface Choice<T extends string> {
  value: T;
  text: string;
}

/** One of a few, as buttons side by side (radio buttons for keyboard and screen reader). */
export function segments<T extends string>(
  label: string, choices: readonly Choice<T>[], chosen: T, choose: (value: T) => void,
): HTMLElement {
  const name = unique_id('choice');
  return h('div', { class: 'segments', role: 'radiogroup', 'aria-label': label },
    ...choices.map(({ value, text }) =>
      h('label', {},
        h('input', { type: 'radio', name, value, checked: value === chosen, onchange: () => choose(value) }),
        h('span', {}, text))));
}

export function select<T extends string>(
  label: string, choices: readonly Choice<T>[], chosen: T, choose: (value: T) => void,
): HTMLSelectElement {
  const element = h('select', { 'aria-label': label, onchange: () => choose(element.value as T) },
    ...choices.map(({ value, text }) => h('option', { value, selected: value === chosen }, text)));
  return element;
}
