import type { Reading } from '../board';
import { why_doubtful } from '../board';
import { h, set_attribute, set_text } from '../dom';
import { decimal } from '../lang';
import { in_scale, not_available, type Scale } from '../units';

/** The sign that something is doubtful, which says why on hover and focus. */
class DoubtSign {
  readonly element = h('button', { class: 'doubt', type: 'button', hidden: true }, '?');

  /** Returns whether there is something to doubt. */
  show(quality: number): boolean {
    const why = why_doubtful(quality);
    this.element.hidden = why === '';
    set_attribute(this.element, 'data-tip', why || null);
    set_attribute(this.element, 'aria-label', why || null);
    return why !== '';
  }
}

/** For a card as a whole; its place is kept free. */
export function card_doubt(): { element: HTMLElement; show(readings: readonly Reading[]): void } {
  const sign = new DoubtSign();
  return {
    element: h('span', { class: 'doubt-place' }, sign.element),
    show: (readings) => void sign.show(readings.reduce((bits, r) => bits | r.quality, 0)),
  };
}

/** A number of fixed width, with room for the sign that it is doubtful, so that nothing ever moves. */
export class ValueCell {
  readonly number = h('span', { class: 'number' }, not_available);
  private readonly sign = new DoubtSign();

  constructor(readonly element: HTMLElement, readonly label: string) {
    element.append(this.number, this.sign.element);
    element.classList.add('value', 'missing');
  }

  show(reading: Reading, scale: Scale, grouping = ''): void {
    const text = in_scale(reading.value, scale, decimal(), grouping);
    set_text(this.number, text);
    this.element.classList.toggle('missing', text === not_available);
    this.sign.show(reading.quality);
  }
}
