import type { Reading } from '../board';
import { why_doubtful } from '../board';
import { h, set_attribute, set_text } from '../dom';
import { decimal } from '../lang';
import { in_scale, not_available, type Scale } from '../units';

/** A number of fixed width, with room for the sign that it is doubtful, so that nothing ever moves. */
export class ValueCell {
  readonly number = h('span', { class: 'number' }, not_available);
  readonly sign = h('button', { class: 'doubt', type: 'button', hidden: true }, '?');

  constructor(readonly element: HTMLElement, readonly label: string) {
    element.append(this.number, this.sign);
    element.classList.add('value', 'missing');
  }

  show(reading: Reading, scale: Scale, grouping = ''): void {
    const text = in_scale(reading.value, scale, decimal(), grouping);
    set_text(this.number, text);
    this.element.classList.toggle('missing', text === not_available);
    const why = why_doubtful(reading.quality);
    this.element.classList.toggle('doubtful', why !== '');
    this.sign.hidden = why === '';
    set_attribute(this.sign, 'data-tip', why || null);
    set_attribute(this.sign, 'aria-label', why || null);
  }
}
