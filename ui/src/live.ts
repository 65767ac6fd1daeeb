/** The live connection: opens, subscribes, notices silence, comes back with growing pauses. */

import { address, session } from './api';
import { decode, type Message } from './message';
import { backoff_ms } from './time';

export interface Wish {
  values: string[];
  cadence: 'second' | 'window';
  scope: boolean;
  events: boolean;
}

export type LinkState =
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'waiting'; until_ms: number }
  | { kind: 'ended'; reason: string };

/** The server tells its state every 2 s; silence of this length is a dead connection. */
const silence_ms = 7_000;

export class Live {
  private socket: WebSocket | null = null;
  private asked = '';
  private tries = 0;
  private retry_timer = 0;
  private silence_timer = 0;
  private stopped = false;
  private end_reason = '';

  constructor(
    private readonly wish: () => Wish,
    private readonly on_message: (message: Message) => void,
    private readonly on_state: (state: LinkState) => void,
    /** The server was told; it confirms with the units of these labels. */
    private readonly on_asked: (labels: string[]) => void,
  ) {}

  start(): void {
    window.addEventListener('online', this.now);
    this.open();
  }

  stop(): void {
    this.stopped = true;
    window.removeEventListener('online', this.now);
    clearTimeout(this.retry_timer);
    clearTimeout(this.silence_timer);
    this.socket?.close();
    this.socket = null;
  }

  /** Tells the server what is wanted now, if that has changed. */
  subscribe(): void {
    const wish = this.wish();
    const text = JSON.stringify(wish);
    if (this.socket?.readyState !== WebSocket.OPEN || text === this.asked) return;
    this.asked = text;
    this.socket.send(text);
    this.on_asked(wish.values);
  }

  /** Does not wait for the next try. */
  readonly now = (): void => {
    if (this.stopped || this.socket) return;
    clearTimeout(this.retry_timer);
    this.open();
  };

  private open(): void {
    this.on_state({ kind: 'connecting' });
    const url = address('live');
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    this.socket = socket;
    this.asked = '';
    this.end_reason = '';
    this.watch();
    socket.onopen = () => {
      if (socket === this.socket) this.subscribe();
    };
    socket.onmessage = (event) => {
      if (socket !== this.socket || typeof event.data !== 'string') return;
      this.watch();
      const message = decode(event.data);
      if (!message) return;
      if (this.tries >= 0) this.on_state({ kind: 'live' });
      this.tries = -1;
      if (message.type === 'end') this.end_reason = message.reason;
      this.on_message(message);
    };
    socket.onclose = () => {
      if (socket === this.socket) void this.closed();
    };
  }

  private watch(): void {
    clearTimeout(this.silence_timer);
    this.silence_timer = window.setTimeout(() => {
      const socket = this.socket;
      if (!socket) return;
      socket.onclose = null;
      socket.close();
      void this.closed();
    }, silence_ms);
  }

  private async closed(): Promise<void> {
    this.socket = null;
    clearTimeout(this.silence_timer);
    const wait = backoff_ms(Math.max(0, this.tries), Math.random());
    this.tries = Math.max(0, this.tries) + 1;
    this.on_state({ kind: 'waiting', until_ms: Date.now() + wait });
    let logged_in = true;
    try {
      logged_in = (await session()) !== null;
    } catch { /* the meter is not there: waiting goes on */ }
    if (this.stopped || this.socket) return;
    if (logged_in) this.retry_timer = window.setTimeout(this.now, wait);
    else this.on_state({ kind: 'ended', reason: this.end_reason });
  }
}
