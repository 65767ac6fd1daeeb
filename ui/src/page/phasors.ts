import type { Board, Panel } from '../board';
import { h, s, set_attribute, set_text } from '../dom';
import { decimal, t } from '../lang';
import { arrow_head, at_angle, label_radii, lag, relative, rotation, wrapped, type Point } from '../phasor';
import { fixed, in_scale, largest_of, not_available, Scaler } from '../units';
import { card } from './card';
import { card_doubt } from './value-cell';

const phases = ['a', 'b', 'c'] as const;
const radius_voltage = 118;
const radius_current = 82;
const radius_label = 137;

interface Arrow {
  name: string;
  group: SVGGElement;
  shaft: SVGLineElement;
  head: SVGPolygonElement;
  text: SVGTextElement;
  magnitude: HTMLElement;
  angle: HTMLElement;
  lag: HTMLElement | null;
}

const points = (list: readonly Point[]) => list.map((p) => `${p.x.toFixed(1)},${p.y.toFixed(1)}`).join(' ');

function face(): SVGGElement {
  const group = s('g', { class: 'face' });
  for (const radius of [radius_voltage, radius_current, radius_current / 2]) group.append(s('circle', { r: radius }));
  for (let angle = 0; angle < 360; angle += 30) {
    const from = at_angle(angle, radius_voltage - (angle % 90 ? 4 : 8));
    const to = at_angle(angle, radius_voltage);
    group.append(s('line', { x1: from.x, y1: from.y, x2: to.x, y2: to.y }));
  }
  group.append(s('line', { class: 'axis', x1: -radius_voltage, x2: radius_voltage }),
    s('line', { class: 'axis', y1: -radius_voltage, y2: radius_voltage }));
  const at = (angle: number, text: string) => {
    const p = at_angle(angle, radius_voltage - 16);
    group.append(s('text', { x: p.x, y: p.y }, text));
  };
  at(4.5, '0°');
  at(94, '90°');
  at(184, '180°');
  at(275, '−90°');
  return group;
}

export function phasors_panel(): Panel {
  const body = h('tbody');
  const drawing = s('g');
  const svg = s('svg', { class: 'phasor', viewBox: '-152 -152 304 304', role: 'img' }, face(), drawing,
    s('circle', { class: 'hub', r: 3 }));
  const arrows: Arrow[] = [];
  for (const kind of ['V', 'I'] as const)
    for (const phase of phases) {
      const name = `${kind}${phase}`;
      const shaft = s('line', {});
      const head = s('polygon', {});
      const text = s('text', { class: 'name' }, name);
      const group = s('g', { class: `arrow ${kind === 'V' ? 'of-voltage' : 'of-current'} phase-${phase}` }, shaft, head, text);
      const magnitude = h('td', { class: 'number' });
      const angle = h('td', { class: 'number' });
      const lag_cell = kind === 'I' ? h('td', { class: 'number' }) : null;
      body.append(h('tr', { class: `phase-${phase} ${kind === 'V' ? 'of-voltage' : 'of-current'}` },
        h('th', { scope: 'row' }, h('span', { class: 'chip' }, name)), magnitude, angle, lag_cell ?? h('td')));
      drawing.append(group);
      arrows.push({ name, group, shaft, head, text, magnitude, angle, lag: lag_cell });
    }
  const scalers = { V: new Scaler('V', { digits: 4, decimals_max: 1 }), I: new Scaler('A', { digits: 4, decimals_max: 2 }) };
  const doubt = card_doubt();
  const turning = h('strong', {}, not_available);

  const draw = (arrow: Arrow, degrees: number | null, length: number, label_radius: number) => {
    const seen = degrees !== null && length > 0;
    arrow.group.classList.toggle('unseen', !seen);
    if (!seen) return;
    const size = Math.min(13, length * 0.6);
    const end = at_angle(degrees, length - size * 0.7);
    set_attribute(arrow.shaft, 'x2', end.x.toFixed(1));
    set_attribute(arrow.shaft, 'y2', end.y.toFixed(1));
    set_attribute(arrow.head, 'points', points(arrow_head(degrees, length, size)));
    const at = at_angle(degrees, label_radius);
    set_attribute(arrow.text, 'x', at.x.toFixed(1));
    set_attribute(arrow.text, 'y', at.y.toFixed(1));
  };

  return {
    element: card('phasors', 'phasors', [doubt.element],
      h('div', { class: 'phasor-parts' }, svg,
        h('div', {},
          h('table', { class: 'small-table' },
            h('thead', {}, h('tr', {},
              h('th', { scope: 'col' }, h('span', { class: 'hidden-text' }, t('phasor'))),
              h('th', { scope: 'col' }, t('magnitude')), h('th', { scope: 'col' }, t('angle')),
              h('th', { scope: 'col' }, h('span', { 'data-tip': t('lag_help'), tabindex: 0, class: 'has-tip' }, t('lag'))))),
            body),
          h('p', { class: 'note' }, `${t('rotation')}: `, turning)))),
    labels: () => arrows.flatMap(({ name }) => [`${name} mag`, `${name} ang`]),
    values(board: Board) {
      const magnitudes = arrows.map((a) => board.value(`${a.name} mag`));
      const angles = arrows.map((a) => board.value(`${a.name} ang`));
      const scales = {
        V: scalers.V.scale(largest_of(magnitudes.slice(0, 3))),
        I: scalers.I.scale(largest_of(magnitudes.slice(3))),
      };
      const lengths = [
        ...relative(magnitudes.slice(0, 3)).map((part) => part * radius_voltage),
        ...relative(magnitudes.slice(3)).map((part) => part * radius_current),
      ];
      const label_at = label_radii(angles, arrows.map((_, i) => (i < 3 ? radius_label : lengths[i]! + 14)));
      doubt.show(arrows.flatMap((a) => [board.reading(`${a.name} mag`), board.reading(`${a.name} ang`)]));
      const spoken: string[] = [];
      arrows.forEach((arrow, i) => {
        const degrees = angles[i] === null ? null : wrapped(angles[i]!);
        draw(arrow, degrees, lengths[i]!, label_at[i]!);
        const scale = i < 3 ? scales.V : scales.I;
        const size = in_scale(magnitudes[i], scale, decimal());
        set_text(arrow.magnitude, size === not_available ? size : `${size} ${scale.unit}`);
        set_text(arrow.angle, degrees === null ? not_available : `${fixed(degrees, 1, decimal())}°`);
        if (arrow.lag) {
          const by = lag(angles[i - 3] ?? null, degrees);
          set_text(arrow.lag, by === null ? not_available : `${fixed(by, 1, decimal())}°`);
        }
        spoken.push(`${arrow.name} ${arrow.magnitude.textContent} ${arrow.angle.textContent}`);
      });
      set_attribute(svg, 'aria-label', t('phasor_picture', { list: spoken.join(', ') }));
      const turns = rotation(angles.slice(0, 3));
      set_text(turning, turns === 'unclear' ? t('rotation_unclear') : turns === 'abc' ? 'a → b → c' : 'a → c → b');
    },
  };
}
