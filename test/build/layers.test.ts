import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** Each breaks one layer rule: file, its only line. */
const FORBIDDEN = [
  ['shared/model/a.ts', "import 'node:net';"],
  ['shared/model/b.ts', "import 'net';"],
  ['shared/http1/c.ts', "import { readFile } from 'fs/promises';\nvoid readFile;"],
  ['shared/d.ts', "export { Buffer } from 'node:buffer';"],
  ['shared/e.ts', "import 'react';"],
  ['shared/f.ts', "import 'electron';"],
  ['shared/g.ts', "import '../electron/engine.ts';"],
  ['shared/model/h.ts', "import '../../renderer/App.tsx';"],
  ['shared/i.ts', 'export const x = Buffer.alloc(1);'],
  ['shared/j.ts', 'export const x = setTimeout;'],
  ['shared/k.ts', 'export const x = document.title;'],
  ['shared/l.ts', 'export const x = process.pid;'],
  ['renderer/a.ts', "import 'node:net';"],
  ['renderer/b.tsx', "import 'net';"],
  ['renderer/stores/c.ts', "import '../../electron/engine.ts';"],
  ['renderer/d.ts', "import '../electron/engine.ts';"],
  ['renderer/e.ts', "import { ipcRenderer } from 'electron';\nvoid ipcRenderer;"],
  ['renderer/f.ts', "import 'ws';"],
  ['electron/engine.ts', "import { app } from 'electron';\nvoid app;"],
  ['electron/wire/a.ts', "import 'electron/main';"],
  ['electron/desktop/b.ts', "import 'electron';"],
  ['electron/c.ts', "import '../renderer/App.tsx';"],
  ['electron/wire/d.ts', "import '../../renderer/App.tsx';"],
  ['electron/main.ts', "import '../renderer/App.tsx';"],
] as const;

/** What stands beside the rules and must pass. */
const ALLOWED = [
  ['shared/model/good.ts', "import { z } from 'zod';\nimport { x } from '../events.ts';\nvoid [z, x];"],
  ['shared/events.ts', 'export const x = new TextEncoder();'],
  [
    'renderer/good.tsx',
    "import { useState } from 'react';\nimport { x } from '../shared/events.ts';\nvoid [useState, x];",
  ],
  [
    'electron/good.ts',
    "import net from 'node:net';\nimport { x } from '../shared/events.ts';\nvoid [net, x];",
  ],
  ['electron/window.ts', "import { app } from 'electron';\nvoid app;"],
  ['electron/preload.ts', "import { ipcRenderer } from 'electron';\nvoid ipcRenderer;"],
  ['electron/menu.ts', "import { Menu } from 'electron';\nvoid Menu;"],
] as const;

let folder: string;
let found: ReadonlyMap<string, readonly string[]>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'interim-layers-'));
  copyFileSync(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  for (const [file, text] of [...FORBIDDEN, ...ALLOWED]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${text}\n`);
  }
  const oxlint = join(ROOT, 'node_modules/oxlint/bin/oxlint');
  const { stdout } = spawnSync(process.execPath, [oxlint, '--format=json', '--deny-warnings'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string; code: string }[] };
  const rules = new Map<string, string[]>();
  for (const { filename, code } of diagnostics) rules.set(filename, [...(rules.get(filename) ?? []), code]);
  found = rules;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('layer rules', () => {
  it.each(FORBIDDEN)('refuse in %s: %s', (file) => {
    expect(found.get(file)?.filter((code) => /no-restricted-(imports|globals)/.test(code))).toHaveLength(1);
  });

  it.each(ALLOWED)('allow in %s: %s', (file) => {
    expect(found.get(file) ?? []).toEqual([]);
  });
});
