import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import mantine from 'postcss-preset-mantine';
import { defineConfig } from 'vite';

/** Where Roster answers while Vite's own server serves the console. */
const roster = process.env.ROSTER_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/console/',
  plugins: [react()],
  css: { postcss: { plugins: [mantine()] } },
  // src/http/console.ts puts another one in its place with every answer
  html: { cspNonce: '{style-nonce}' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // the content security policy takes no fonts, images or scripts in a data: URL
    assetsInlineLimit: 0,
    // by which console/check-size.ts knows what the first page loads
    manifest: true,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  // requests come from the page of Vite's server; Roster takes them only from its own
  server: { proxy: { '/api': { target: roster, changeOrigin: true, headers: { origin: roster } } } },
});
