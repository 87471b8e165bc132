// `npm run bench [-- FILTER]`: bundles the rows (test/bench) as the app is bundled and runs them with the garbage
// collector in reach. Must change nothing that is measured.

import './node-version.mjs';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { ROOT } from './paths.mjs';
import { run } from './run.mjs';

const BENCH = path.join(ROOT, 'test/bench');
/** Below the rows, so that their own node_modules are found. */
const OUT = path.join(BENCH, '.bundle');

/** In a bundle, each file still says of itself where it lies as a source. */
const place = {
  name: 'place',
  /** @param {string} code @param {string} id */
  transform(code, id) {
    if (!code.includes('import.meta.')) return null;
    return code
      .replaceAll(/\bimport\.meta\.dirname\b/g, JSON.stringify(path.dirname(id)))
      .replaceAll(/\bimport\.meta\.filename\b/g, JSON.stringify(id))
      .replaceAll(/\bimport\.meta\.url\b/g, JSON.stringify(pathToFileURL(id).href));
  },
};

/** One bundle an entry: run.js and the rows beside it, which it finds by their names (*.bench.js). */
async function bundle() {
  const { build } = await import('vite');
  const entries = readdirSync(BENCH).filter((name) => name === 'run.ts' || name.endsWith('.bench.ts'));
  await build({
    configFile: false,
    root: BENCH,
    publicDir: false,
    logLevel: 'error',
    plugins: [place],
    // Peers are loaded from where they are installed, as they are.
    ssr: { external: true },
    build: {
      ssr: true,
      outDir: OUT,
      emptyOutDir: true,
      target: 'node20.19',
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(
          entries.map((name) => [path.basename(name, '.ts'), path.join(BENCH, name)]),
        ),
        output: { entryFileNames: '[name].js', chunkFileNames: 'shared-[hash].js' },
      },
    },
  });
}

/** @returns {Promise<number>} the exit code */
async function bench() {
  if (!(await ensureInstalled()) || !(await ensureInstalled(BENCH))) return 1;
  // Rows that measure whole processes run the command line itself.
  const build = await run(process.execPath, [path.join(ROOT, 'build/build.mjs'), '--if-stale']);
  if (build.code !== 0) return build.code ?? 1;
  await bundle();
  const { code } = await run(process.execPath, [
    '--expose-gc',
    path.join(OUT, 'run.js'),
    ...process.argv.slice(2),
  ]);
  return code;
}

process.exitCode = await bench();
