// Owns the start of the window: what must stand before the first frame, then the frame.
// Must not hold any part of the page.
import '@patternfly/react-core/dist/styles/base.css';
import './app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startLanguage } from './language.ts';
import { readPreferences } from './preferences.ts';
import { connectHome } from './services.ts';
import { stampStyleNonce } from './style-nonce.ts';
import { applyTheme } from './theme.ts';

stampStyleNonce(document);
const preferences = readPreferences(localStorage);
applyTheme(preferences.theme, window);
const [home] = await Promise.all([connectHome(window), startLanguage(preferences.language, navigator.languages)]);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App home={home} />
  </StrictMode>,
);
