// What is bundled into what: the interface (dist/renderer), the desktop, the command line and the client module (ESM,
// sharing chunks) and the preload (one CommonJS file that requires only `electron`). Everything but Node and Electron is
// bundled, so that an installed app carries no node_modules.

import { builtinModules } from 'node:module';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { ROOT } from './paths.mjs';

const OUTSIDE = ['electron', /^node:/, ...builtinModules];

/**
 * @param {string} outDir
 * @returns {import('vite').InlineConfig}
 */
export function configuration(outDir) {
  return {
    configFile: false,
    root: path.join(ROOT, 'renderer'),
    base: './',
    publicDir: false,
    plugins: [react()],
    builder: {},
    environments: {
      client: {
        build: {
          outDir: path.join(outDir, 'renderer'),
          emptyOutDir: true,
          target: 'chrome140',
          // Fonts stay files: the content security policy allows none from data: URLs.
          assetsInlineLimit: 0,
          sourcemap: false,
          // Read from the disk or over the loopback: one larger file is as good as several.
          chunkSizeWarningLimit: 4000,
          rolldownOptions: { input: path.join(ROOT, 'renderer/index.html') },
        },
      },
      node: {
        consumer: 'server',
        resolve: { noExternal: true, external: [], conditions: ['node', 'import', 'module', 'default'] },
        // ws: never look for its optional native parts, which are not shipped.
        define: { 'process.env.WS_NO_BUFFER_UTIL': '"1"', 'process.env.WS_NO_UTF_8_VALIDATE': '"1"' },
        build: {
          outDir,
          emptyOutDir: false,
          target: 'node20.19',
          minify: false,
          sourcemap: true,
          rolldownOptions: {
            platform: 'node',
            external: OUTSIDE,
            input: {
              main: path.join(ROOT, 'electron/main.ts'),
              cli: path.join(ROOT, 'electron/bin.ts'),
              client: path.join(ROOT, 'electron/client/module/index.ts'),
            },
            // Chunks lie beside the entries, so that import.meta.dirname means the same in all.
            output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'shared-[hash].js' },
          },
        },
      },
      preload: {
        consumer: 'server',
        resolve: { noExternal: true, external: [], conditions: ['import', 'module', 'default'] },
        build: {
          outDir,
          emptyOutDir: false,
          target: 'chrome140',
          minify: false,
          rolldownOptions: {
            external: ['electron'],
            input: { preload: path.join(ROOT, 'electron/preload.ts') },
            output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
          },
        },
      },
    },
  };
}
