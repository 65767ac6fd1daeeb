/** Light, dark, or as the system wishes; remembered by the browser. */

export type Theme = 'auto' | 'light' | 'dark';
const key = 'polyphase-theme';
const changed = new Set<() => void>();

/** A browser may forbid storage; then nothing is remembered. */
export function remember(name: string, value: string): void {
  try { localStorage.setItem(name, value); } catch { /* not remembered */ }
}

export function remembered(name: string): string | null {
  try { return localStorage.getItem(name); } catch { return null; }
}

export function theme(): Theme {
  const value = remembered(key);
  return value === 'light' || value === 'dark' ? value : 'auto';
}

function apply(): void {
  const wish = theme();
  const dark = wish === 'dark' || (wish === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  for (const call of changed) call();
}

export function start_theme(): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply);
  apply();
}

export function next_theme(): Theme {
  const order: Theme[] = ['auto', 'light', 'dark'];
  const next = order[(order.indexOf(theme()) + 1) % order.length]!;
  remember(key, next);
  apply();
  return next;
}

/** Canvases do not follow the style sheet by themselves. Returns how to stop. */
export function on_theme(call: () => void): () => void {
  changed.add(call);
  return () => changed.delete(call);
}
