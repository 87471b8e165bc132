// Packages the app for Linux with a stand-in for Electron, and looks at what came out: no network, no real runtime.

import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractFile, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../build/paths.mjs';

/** What Electron's binaries carry in front of their fuses. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const AS_ELECTRON_SHIPS = '101100101';

let folder: string;
let proxy: Server;
/** What the packager tried to fetch. */
const asked: string[] = [];
let code: number | null;
let output = '';

/** An unpacked Electron as far as a packager looks at it. */
function standIn(directory: string): void {
  mkdirSync(join(directory, 'resources'), { recursive: true });
  mkdirSync(join(directory, 'locales'));
  const wire = Buffer.from([1, AS_ELECTRON_SHIPS.length, ...Buffer.from(AS_ELECTRON_SHIPS)]);
  const elf = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  const binary = Buffer.concat([elf, Buffer.alloc(5000), Buffer.from(SENTINEL), wire, Buffer.alloc(5000)]);
  writeFileSync(join(directory, 'electron'), binary);
  chmodSync(join(directory, 'electron'), 0o755);
  const files = [
    'LICENSE',
    'LICENSES.chromium.html',
    'version',
    'chrome-sandbox',
    'icudtl.dat',
    'locales/en-US.pak',
  ];
  for (const file of files) writeFileSync(join(directory, file), 'stand-in');
  writeFileSync(join(directory, 'resources/default_app.asar'), 'not even an archive');
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'interim-package-'));
  standIn(join(folder, 'electron'));
  // Every way to the network leads here, and nowhere.
  proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(502).end();
  });
  proxy.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const nowhere = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const child = spawn(
    process.execPath,
    ['build/package.mjs', '--dir', '--linux', '--x64', `-c.directories.output=${join(folder, 'release')}`],
    {
      cwd: ROOT,
      env: {
        ...process.env,
        ELECTRON_DIST: join(folder, 'electron'),
        HTTP_PROXY: nowhere,
        HTTPS_PROXY: nowhere,
        http_proxy: nowhere,
        https_proxy: nowhere,
        NO_PROXY: '',
        no_proxy: '',
        npm_config_offline: 'true',
        npm_config_registry: nowhere,
        ELECTRON_MIRROR: `${nowhere}/`,
        ELECTRON_BUILDER_BINARIES_MIRROR: `${nowhere}/`,
      },
    },
  );
  child.stdout.on('data', (part) => (output += part));
  child.stderr.on('data', (part) => (output += part));
  code = await new Promise((resolve) => child.on('close', resolve));
});
afterAll(() => {
  proxy.close();
  rmSync(folder, { recursive: true, force: true });
});

const unpacked = (...path: string[]): string => join(folder, 'release/linux-unpacked', ...path);
const archive = (): string => unpacked('resources/app.asar');

describe('the package made from an Electron of one’s own', () => {
  it('is made without asking the network for anything', () => {
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(asked).toEqual([]);
  });

  it('has the program under its name, the app in one archive and no app that Electron brought', () => {
    expect(readdirSync(unpacked())).toEqual(
      expect.arrayContaining(['interim', 'locales', 'resources', 'chrome-sandbox']),
    );
    expect(existsSync(unpacked('electron'))).toBe(false);
    expect(readdirSync(unpacked('resources'))).toEqual(['app.asar']);
  });

  it('holds what was built and its manifest, no sources and no node_modules', () => {
    const files = listPackage(archive(), { isPack: false }).map((file) => file.replaceAll('\\', '/'));
    for (const file of [
      '/package.json',
      '/dist/main.js',
      '/dist/cli.js',
      '/dist/preload.cjs',
      '/dist/renderer/index.html',
    ])
      expect(files).toContain(file);
    expect(files.filter((file) => !/^\/(package\.json|dist(\/|$))/.test(file))).toEqual([]);
    expect(files.filter((file) => /node_modules|\.map$|\.tsx?$|\/\./.test(file))).toEqual([]);
    const manifest = JSON.parse(extractFile(archive(), 'package.json').toString()) as Record<string, unknown>;
    expect(manifest).toMatchObject({ name: 'interim', main: 'dist/main.js', type: 'module' });
  });

  it('holds exactly the bundles that were built', () => {
    for (const file of ['main.js', 'preload.cjs', 'renderer/index.html'])
      expect(extractFile(archive(), `dist/${file}`).equals(readFileSync(join(ROOT, 'dist', file)))).toBe(
        true,
      );
  });

  it('has a preload that requires electron and nothing else', () => {
    const preload = extractFile(archive(), 'dist/preload.cjs').toString();
    expect([...preload.matchAll(/require\(([^)]*)\)/g)].map((match) => match[1])).toEqual(['"electron"']);
    expect(preload).not.toMatch(/^\s*(import|export)\s/m);
  });

  it('has its fuses set', async () => {
    const wire = await getCurrentFuseWire(unpacked('interim'));
    const set = (fuse: FuseV1Options) => wire[fuse];
    expect(set(FuseV1Options.RunAsNode)).toBe(FuseState.DISABLE);
    expect(set(FuseV1Options.EnableCookieEncryption)).toBe(FuseState.ENABLE);
    expect(set(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe(FuseState.DISABLE);
    expect(set(FuseV1Options.EnableNodeCliInspectArguments)).toBe(FuseState.DISABLE);
    expect(set(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe(FuseState.ENABLE);
    expect(set(FuseV1Options.OnlyLoadAppFromAsar)).toBe(FuseState.ENABLE);
    expect(set(FuseV1Options.GrantFileProtocolExtraPrivileges)).toBe(FuseState.DISABLE);
    // The stand-in came with others: they were set, not found.
    const before = await getCurrentFuseWire(join(folder, 'electron/electron'));
    expect(before[FuseV1Options.RunAsNode]).toBe(FuseState.ENABLE);
    expect(before[FuseV1Options.EnableCookieEncryption]).toBe(FuseState.DISABLE);
  });
});

describe('the icons', () => {
  it('are there in every form, so that nothing has to be converted', () => {
    const icons = join(ROOT, 'build/icons');
    for (const size of [16, 32, 48, 128, 256, 512, 1024]) {
      const png = readFileSync(join(icons, `${size}x${size}.png`));
      expect([png.toString('latin1', 1, 4), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
        'PNG',
        size,
        size,
      ]);
    }
    const icns = readFileSync(join(icons, 'icon.icns'));
    expect([icns.toString('latin1', 0, 4), icns.readUInt32BE(4)]).toEqual(['icns', icns.length]);
    const ico = readFileSync(join(icons, 'icon.ico'));
    expect([ico.readUInt16LE(0), ico.readUInt16LE(2)]).toEqual([0, 1]);
    const last = ico.readUInt16LE(4) - 1;
    expect(ico.readUInt32LE(6 + 16 * last + 8) + ico.readUInt32LE(6 + 16 * last + 12)).toBe(ico.length);
  });
});
