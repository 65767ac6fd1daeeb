/** Elements without templates: the page's policy allows neither inline styles nor inline scripts. */

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: never) => void)>;

function fill(element: Element, attributes: Attributes, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child) element.append(child);
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

export function s<K extends keyof SVGElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  fill(element, attributes, children);
  return element;
}

/** Touches the document only where something changes: the browser then has nothing to lay out. */
export function set_text(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function set_attribute(element: Element, name: string, value: string | null): void {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

let ids = 0;
export const unique_id = (prefix: string): string => `${prefix}-${++ids}`;

export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export const calm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

const icons = {
  status: 'M4 6h10M4 12h16M4 18h7M18 4v4M15 16v4',
  key: 'M14.5 9.5a4.5 4.5 0 1 0-4 4.47V16H13v2.5h2.5V21H20v-3.6l-5.9-5.9M9 8.5h.01',
  leave: 'M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5',
  half: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 3v18M12 7h5.6M12 11h8M12 15h7.5M12 19h4',
  pause: 'M8 5v14M16 5v14',
  play: 'M8 5l11 7-11 7z',
  close: 'M6 6l12 12M18 6 6 18',
} as const;

export function icon(name: keyof typeof icons): SVGSVGElement {
  return s('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' }, s('path', { d: icons[name] }));
}

/** The mark of the product: three phases. */
export function mark(): SVGSVGElement {
  const wave = (shift: number, name: string) => {
    let d = '';
    for (let i = 0; i <= 36; ++i)
      d += `${i ? 'L' : 'M'}${(4 + (i / 36) * 40).toFixed(1)} ${(24 - 14 * Math.sin((i / 36) * 2 * Math.PI - shift)).toFixed(1)}`;
    return s('path', { d, class: `wave ${name}` });
  };
  return s('svg', { class: 'mark', viewBox: '0 0 48 48', 'aria-hidden': 'true' },
    wave(0, 'phase-a'), wave((2 * Math.PI) / 3, 'phase-b'), wave((4 * Math.PI) / 3, 'phase-c'));
}
