import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installed } from '../../build/install.mjs';
import { ROOT } from '../../build/paths.mjs';
import { sourcesDigest } from '../../build/stale.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'interim-install-'));
  mkdirSync(join(folder, 'node_modules'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const a = { version: '1.0.0', integrity: 'sha512-a' };
const b = { version: '2.0.0', integrity: 'sha512-b', optional: true };

function write(file: string, packages: object | string): void {
  const text = typeof packages === 'string' ? packages : JSON.stringify({ packages });
  writeFileSync(join(folder, file), text);
}

describe('installed packages', () => {
  it.each<[string, object, object]>([
    ['are the locked ones', { '': { name: 'x' }, a, b }, { a, b }],
    ['may lack optional ones of other platforms', { a, b }, { a }],
    ['may be none', {}, {}],
  ])('%s', (_what, wanted, present) => {
    write('package-lock.json', wanted);
    write('node_modules/.package-lock.json', present);
    expect(installed(folder)).toBe(true);
  });

  it.each<[string, object, object]>([
    ['one is missing', { a, b }, { b }],
    ['one has another version', { a }, { a: { ...a, version: '1.0.1' } }],
    ['one has another content', { a }, { a: { ...a, integrity: 'sha512-c' } }],
    ['one is no longer wanted', { a }, { a, b }],
    ['an optional one has another version', { b }, { b: { ...b, version: '1.0.0' } }],
  ])('are stale when %s', (_what, wanted, present) => {
    write('package-lock.json', wanted);
    write('node_modules/.package-lock.json', present);
    expect(installed(folder)).toBe(false);
  });

  it('are missing when an install was interrupted: npm writes its list last', () => {
    write('package-lock.json', { a });
    expect(installed(folder)).toBe(false);
    write('node_modules/.package-lock.json', '{"packages":{"a"');
    expect(installed(folder)).toBe(false);
  });

  it('are those of this checkout', () => {
    expect(installed(ROOT)).toBe(true);
  });
});

describe('the digest of the sources', () => {
  const source = (name: string, text: string): void => {
    mkdirSync(join(folder, 'shared/deep'), { recursive: true });
    writeFileSync(join(folder, 'shared/deep', name), text);
  };

  it('changes with content and names, not with time', () => {
    source('a.ts', 'one');
    const first = sourcesDigest(folder);
    source('a.ts', 'one');
    expect(sourcesDigest(folder)).toBe(first);
    source('a.ts', 'two');
    const second = sourcesDigest(folder);
    expect(second).not.toBe(first);
    rmSync(join(folder, 'shared/deep/a.ts'));
    source('b.ts', 'two');
    expect(sourcesDigest(folder)).not.toBe(second);
  });

  it('does not look at what is not built', () => {
    source('a.ts', 'one');
    const first = sourcesDigest(folder);
    mkdirSync(join(folder, 'test'));
    writeFileSync(join(folder, 'test/x.ts'), 'x');
    writeFileSync(join(folder, 'README.md'), 'x');
    expect(sourcesDigest(folder)).toBe(first);
  });
});

describe('the lock file', () => {
  interface Entry {
    readonly version: string;
    readonly optionalDependencies?: Readonly<Record<string, string>>;
  }
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, Entry>>;
  };

  // npm leaves out what the registry of the moment lacks, and `npm ci` then refuses the lock everywhere else.
  it('names the optional packages of every platform', () => {
    const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in packages) && !(`${place}/node_modules/${name}` in packages),
      ),
    );
    expect(missing).toEqual([]);
  });
});
