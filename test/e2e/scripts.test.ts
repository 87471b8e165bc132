// The npm scripts as their users start them, in a checkout that was never built.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../build/paths.mjs';

let checkout: string;
let data: string;

beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), 'interim-checkout-'));
  data = join(checkout, 'data');
  const files = ['tsconfig.base.json', 'package.json', 'package-lock.json', '.npmrc'];
  for (const name of ['shared', 'electron', 'renderer', 'build', ...files])
    cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'), 'junction');
});
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs npm as a terminal does: in a process group of its own. */
function npm(args: readonly string[], cwd = checkout): ChildProcessWithoutNullStreams {
  const env: NodeJS.ProcessEnv = { ...process.env, INTERIM_DATA: data, DISPLAY: '', WAYLAND_DISPLAY: '' };
  const child = spawn('npm', [...args], { cwd, env, detached: true });
  running.add(child);
  child.on('close', () => running.delete(child));
  return child;
}

/** Presses Ctrl+C: the whole group is told. */
function interrupt(child: ChildProcessWithoutNullStreams): void {
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
}

const running = new Set<ChildProcessWithoutNullStreams>();
afterEach(() => {
  for (const child of running) interrupt(child);
});

function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part) => (stdout += part));
  child.stderr.on('data', (part) => (stderr += part));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

describe('npm run -s interim', () => {
  it('builds first, and prints on stdout what the command prints and nothing else', async () => {
    expect(existsSync(join(checkout, 'dist'))).toBe(false);
    const { code, stdout, stderr } = await ended(npm(['run', '-s', 'interim', '--', 'list', '--json']));
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('Building') });
    expect(JSON.parse(stdout)).toHaveProperty('experiments');
  });

  it('does not build again until a source changes', async () => {
    expect((await ended(npm(['run', '-s', 'interim', '--', 'list']))).stderr).not.toContain('Building');
    writeFileSync(join(checkout, 'shared/new.ts'), 'export {};\n');
    expect((await ended(npm(['run', '-s', 'interim', '--', 'list']))).stderr).toContain('Building');
  });

  it('builds once for commands that start together', async () => {
    writeFileSync(join(checkout, 'shared/new.ts'), 'export {};\n// changed\n');
    const all = await Promise.all(
      [1, 2, 3].map(() => ended(npm(['run', '-s', 'interim', '--', 'list', '--json']))),
    );
    for (const { code, stdout } of all) {
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toHaveProperty('experiments');
    }
    expect(all.filter(({ stderr }) => stderr.includes('Building'))).toHaveLength(1);
  });

  it('passes the exit code on', async () => {
    expect((await ended(npm(['run', '-s', 'interim', '--', 'nonsense']))).code).toBe(2);
  });

  it('leaves a client module behind that programs of others can import', async () => {
    const program = `
      import { request } from 'interim/client';
      import { once } from 'node:events';
      import { createInterface } from 'node:readline';
      import { spawn } from 'node:child_process';
      const server = spawn(process.execPath, ['dist/cli.js', 'server', '--port', '0', '--cut', 'server:in:content:3:rst']);
      const [url] = await once(createInterface(server.stdout), 'line');
      const upload = request(url + '/collection', { method: 'POST', headers: { 'Content-Type': 'text/plain' } });
      upload.end('written by a program');
      const [response] = await once(upload, 'response');
      response.resume();
      await once(upload, 'close');
      console.log(response.statusCode, upload.result.resumes);
      server.kill();
    `;
    const file = join(checkout, 'program.mjs');
    writeFileSync(file, program);
    const child = spawn(process.execPath, [file], { cwd: checkout });
    expect(await ended(child)).toEqual({ code: 0, stdout: '201 1\n', stderr: '' });
  });

  it('means files from where the user stands', async () => {
    const elsewhere = join(checkout, 'elsewhere');
    cpSync(join(checkout, 'shared/new.ts'), join(elsewhere, 'request.http'));
    writeFileSync(join(elsewhere, 'request.http'), 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const args = ['--prefix', checkout, 'run', '-s', 'interim', '--', 'explain', '--json', 'request.http'];
    const { code, stdout } = await ended(npm(args, elsewhere));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ messages: [{ method: 'GET' }] });
  });

  it('says in one line why a build failed, and prints nothing on stdout', async () => {
    writeFileSync(join(checkout, 'electron/broken.ts'), 'export {};\n');
    const cli = join(checkout, 'electron/bin.ts');
    cpSync(cli, join(checkout, 'bin.kept'));
    writeFileSync(cli, "import './missing.ts';\n");
    const { code, stdout, stderr } = await ended(npm(['run', '-s', 'interim', '--', 'list']));
    cpSync(join(checkout, 'bin.kept'), cli);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('The build failed');
  });
});

describe('npm start', () => {
  /** Starts it and resolves with the URL that it prints. */
  async function started(
    args: readonly string[] = [],
  ): Promise<{ url: string; child: ChildProcessWithoutNullStreams; said: string }> {
    const child = npm(['start', ...args]);
    let said = '';
    return new Promise((resolve, reject) => {
      child.stdout.on('data', (part) => {
        said += part;
        const url = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(said)?.[0];
        if (url !== undefined) resolve({ url, child, said });
      });
      child.on('close', (code) => reject(new Error(`ended with ${code}: ${said}`)));
    });
  }

  it('says why there is no window, serves the page, and ends with Ctrl+C', async () => {
    const { url, child, said } = await started();
    expect(said).toContain('Interim opens in your browser, because there is no display.');
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<meta name="interim-token"');
    const end = ended(child);
    interrupt(child);
    // npm itself reports the signal; nothing else is said, and nothing is left.
    expect((await end).stderr).not.toMatch(/error|    at /i);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('ends what it started when npm is ended alone', async () => {
    const { url, child } = await started();
    child.kill('SIGTERM');
    const gone = async (): Promise<boolean> =>
      fetch(url).then(
        () => false,
        () => true,
      );
    // Refused connections answer at once, so this turns only as long as the server lives.
    while (!(await gone())) await new Promise((resolve) => setImmediate(resolve));
  });

  it('serves at the port that was named', async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const { port } = free.address() as AddressInfo;
    const busy = await ended(npm(['start', '--', '--port', String(port)]));
    expect(busy.code).toBe(1);
    expect(busy.stderr).toContain(`Port ${port} is in use`);
    expect(busy.stderr).not.toContain('    at ');
    await new Promise((resolve) => free.close(resolve));
    const { url, child } = await started(['--', '--port', String(port)]);
    expect(new URL(url).port).toBe(String(port));
    const end = ended(child);
    interrupt(child);
    await end;
  });

  it('refuses options that it does not know', async () => {
    const { code, stderr } = await ended(npm(['start', '--', '--fast']));
    expect(code).toBe(2);
    expect(stderr).toContain('Usage:');
  });
});
