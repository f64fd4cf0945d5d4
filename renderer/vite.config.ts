// Owns how the window is built: one page, no inline script or style, so that the strictest CSP holds.
// Must not know how it is served.
import { defineConfig } from 'vite';
import react from '@vitejs/plugin-react';

const root = new URL('.', import.meta.url).pathname;

export default defineConfig({
  root,
  // Relative, so that the same files work under app:// and http://.
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    // Only Chromium ever opens it: Electron's own, or the installed one.
    target: 'chrome140',
    // A data: URL in CSS would need a wider CSP for fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
});
