import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../build/paths.mjs';
import { run } from '../../build/run.mjs';

/** Runs a script under a Node that says it is another version. */
function underNode(version: string, script: string) {
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  const loader = `data:text/javascript,${encodeURIComponent(pretend)}`;
  return spawnSync(process.execPath, ['--import', loader, join(ROOT, script)], { encoding: 'utf8' });
}

describe('the version of Node', () => {
  it.each(['18.20.0', '20.18.3', '21.7.0', '22.11.0', '4.0.0'])(
    '%s is refused with one sentence',
    (version) => {
      const { status, stdout, stderr } = underNode(version, 'build/node-version.mjs');
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toBe(
        `Interim needs Node 20.19, 22.12 or newer; this is Node ${version}. Install a newer Node and try again.\n`,
      );
    },
  );

  it.each(['20.19.0', '20.20.2', '22.12.0', '23.0.0', '24.21.0', '100.0.0'])('%s is good', (version) => {
    expect(underNode(version, 'build/node-version.mjs')).toMatchObject({ status: 0, stderr: '' });
  });

  it('is looked at by every script before anything else', () => {
    for (const name of ['start', 'test', 'check', 'build', 'interim', 'package', 'bench']) {
      const { stderr, status } = underNode('18.0.0', `build/${name}.mjs`);
      expect([name, status]).toEqual([name, 1]);
      expect(stderr).toContain('this is Node 18.0.0');
    }
  });
});

describe('running a program', () => {
  const node = (code: string, options = {}) =>
    run(process.execPath, ['-e', code], { output: 'collect', ...options });

  it('tells its exit code and what it printed', async () => {
    const result = await node('console.log("out"); console.error("err"); process.exitCode = 3');
    expect(result.code).toBe(3);
    expect(result.output).toContain('out');
    expect(result.output).toContain('err');
  });

  it('tells that it could not be started', async () => {
    expect((await run('/nonexistent/program', [], { output: 'collect' })).code).toBe(127);
  });

  it('ends what takes longer than its limit', async () => {
    expect((await node('setInterval(() => {}, 1000)', { limit: 50 })).code).toBe(124);
  });
});

describe('the package', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };

  it.each(['start', 'test', 'check', 'build', 'interim', 'package', 'bench'])('has the script %s', (name) => {
    expect(manifest.scripts[name]).toBe(`node build/${name}.mjs`);
  });

  it.each(['package-lock.json', 'test/node24/package-lock.json'])('names no registry in %s', (file) => {
    expect(readFileSync(join(ROOT, file), 'utf8')).not.toMatch(/"resolved"|https?:\/\/registry/);
  });
});
