// The entry of the page: makes the laboratory and shows it.

import { createRoot } from 'react-dom/client';
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './ui/theme.css';
import './ui/base.css';
import { createApi } from './api.ts';
import { App } from './App.tsx';
import { createSetup } from './experiments/setup.ts';
import { ShellContext } from './stores/context.ts';
import { createLaboratory } from './stores/laboratory.ts';
import { createPreferences } from './stores/preferences.ts';
// Over what each panel says of its own.
import './ui/forced-colors.css';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');

const laboratory = createLaboratory({
  api: createApi(),
  preferences: createPreferences(localStorage),
  nextFrame: (callback) => {
    requestAnimationFrame(callback);
  },
});

createRoot(root).render(
  <ShellContext value={{ laboratory, setup: createSetup() }}>
    <App />
  </ShellContext>,
);
