import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listAssets, securityHeaders } from '../../electron/assets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'interim-assets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('assets of the interface', () => {
  it('are the files of the build by their path, the page also as /', async () => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '');
    writeFileSync(join(folder, 'assets', 'a.js'), '');
    writeFileSync(join(folder, 'assets', 'f.woff2'), '');
    const assets = await listAssets(folder);
    expect([...assets.keys()].toSorted()).toEqual(['/', '/assets/a.js', '/assets/f.woff2', '/index.html']);
    expect(assets.get('/assets/a.js')).toEqual({
      file: join(folder, 'assets', 'a.js'),
      type: 'text/javascript; charset=utf-8',
    });
    expect(assets.get('/')).toEqual(assets.get('/index.html'));
  });

  it('leave out links and files of unknown types', async () => {
    writeFileSync(join(folder, 'index.html'), '');
    writeFileSync(join(folder, 'main.js.map'), '');
    symlinkSync('/etc/hostname', join(folder, 'linked.js'));
    expect([...(await listAssets(folder)).keys()].toSorted()).toEqual(['/', '/index.html']);
  });

  it.each(['', 'missing'])('say how to get a page when there is none (%j)', async (below) => {
    await expect(listAssets(join(folder, below))).rejects.toThrow('run npm run build');
  });

  it('come with a policy that allows nothing from elsewhere', () => {
    const policy = securityHeaders("'none'")['Content-Security-Policy'] ?? '';
    const directives = new Map(policy.split('; ').map((part) => [part.split(' ')[0], part]));
    expect(directives.get('default-src')).toBe("default-src 'none'");
    expect(directives.get('script-src')).toBe("script-src 'self'");
    expect(directives.get('connect-src')).toBe("connect-src 'none'");
    expect(policy).not.toMatch(/\*|https?:|unsafe-eval/);
  });
});
