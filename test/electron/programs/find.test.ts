import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { findProgram, findProxies, type ProgramName } from '../../../electron/programs/find.ts';
import { createManualClock } from '../../../electron/wire/clock.ts';
import { pending, type StandIns, standIns } from './stand-ins.ts';

let there: StandIns;
beforeEach(() => {
  there?.remove();
  there = standIns();
});
afterAll(() => there.remove());

const says = (text: string, stream = 'stdout'): string => `process.${stream}.write(${JSON.stringify(text)})`;

describe.skipIf(process.platform === 'win32')('a program', () => {
  it.each<[ProgramName, string, string, string]>([
    ['nginx', 'nginx', 'nginx version: nginx/1.22.1\n', '1.22.1'],
    ['haproxy', 'haproxy', 'HAProxy version 2.6.12-1+deb12u4 2026/10/17 - https://haproxy.org/\n', '2.6.12'],
    ['haproxy', 'haproxy', 'HA-Proxy version 1.8.8-1 2018/04/19\n', '1.8.8'],
    ['apache', 'apache2', 'Server version: Apache/2.4.71 (Debian)\nServer built: 2026\n', '2.4.71'],
    ['apache', 'httpd', 'Server version: Apache/2.4.62 (Fedora Linux)\n', '2.4.62'],
    ['caddy', 'caddy', 'v2.8.4 h1:q3pe0wpBj1OcHFZ3n/1nl4V4bxBrYoSoab7rL9BMYNk=\n', '2.8.4'],
    ['caddy', 'caddy', '2.6.2\n', '2.6.2'],
    ['curl', 'curl', 'curl 8.10.1 (x86_64-pc-linux-gnu) libcurl/8.10.1\n', '8.10.1'],
  ])('is found with its version: %s as %s', async (name, file, text, version) => {
    const path = there.program(file, says(text, name === 'nginx' ? 'stderr' : 'stdout'));
    expect(await findProgram(name, { folders: ['/nowhere', there.folder] })).toMatchObject({ path, version });
  });

  it('is the first one of that name that tells a version', async () => {
    const other = standIns();
    try {
      there.program('nginx', says('I am another nginx\n'));
      const path = other.program('nginx', says('nginx version: nginx/1.27.0\n', 'stderr'));
      expect(await findProgram('nginx', { folders: [there.folder, other.folder] })).toMatchObject({ path });
    } finally {
      other.remove();
    }
  });

  it('is none where a file is no program, or says something else', async () => {
    there.program('caddy', says('2.6.2\n'), 0o644);
    there.program('curl', says('not curl\n'));
    expect(await findProgram('caddy', { folders: [there.folder] })).toBeNull();
    expect(await findProgram('curl', { folders: [there.folder] })).toBeNull();
    expect(await findProgram('nginx', { folders: [there.folder] })).toBeNull();
  });

  it('is none where it never comes to an end, and is ended then', async () => {
    there.program('nginx', 'setInterval(() => {}, 1000)');
    const clock = createManualClock();
    const found = findProgram('nginx', { clock, folders: [there.folder] });
    const waits = pending(found);
    while (waits()) {
      clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await found).toBeNull();
  });

  it('stands in the list of proxies in its place', async () => {
    there.program('caddy', says('2.6.2\n'));
    there.program('nginx', says('nginx version: nginx/1.22.1\n', 'stderr'));
    there.program('curl', says('curl 8.10.1\n'));
    const found = await findProxies({ folders: [there.folder] });
    expect(found.map(({ title, version }) => `${title} ${version}`)).toEqual(['nginx 1.22.1', 'Caddy 2.6.2']);
  });
});
