import { defineConfig } from 'vite';

const meter = process.env['POLYPHASE_URL'] ?? 'http://127.0.0.1:18080';

export default defineConfig({
  base: './',
  build: {
    target: 'es2022',
    // The server's Content-Security-Policy is default-src 'self': no data: addresses, no inline code.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    // Names in lower case, like all files here.
    rollupOptions: { output: { hashCharacters: 'hex' } },
    chunkSizeWarningLimit: 200,
  },
  server: { host: '127.0.0.1', proxy: { '/api': { target: meter, ws: true, secure: false } } },
  test: { include: ['test/*.test.ts'], environment: 'node' },
} as import('vite').UserConfig & { test: object });
