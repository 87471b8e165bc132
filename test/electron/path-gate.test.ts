import { describe, expect, it } from 'vitest';
import { checkCommand } from '../../electron/boundary.ts';
import { PathGate } from '../../electron/path-gate.ts';
import type { Hello, Recent } from '../../shared/contract.ts';

const open = (path: string | null) => checkCommand('openSession', { path });
const recent = (path: string): Recent => ({ path, name: 'a', modifiedAt: 0, bytes: 1 });

describe('path gate', () => {
  it('lets a session be opened that the user chose, and no other', () => {
    const gate = new PathGate();
    gate.allow('/home/a/one.pcapng');
    expect(() => gate.check(open('/home/a/one.pcapng'))).not.toThrow();
    expect(() => gate.check(open('/home/a/./one.pcapng'))).not.toThrow();
    expect(() => gate.check(open('/etc/shadow'))).toThrow('not chosen here');
    expect(() => gate.check(open('/home/a/one.pcapng/../../b'))).toThrow('not chosen here');
  });

  it('lets a file be sent that the user chose, and no other', () => {
    const gate = new PathGate();
    gate.allow('/home/a/photo');
    const send = (content: unknown) =>
      checkCommand('send', { method: 'PUT', url: 'http://a/', fields: [], strategy: 'plain', content });
    expect(() => gate.check(send({ file: '/home/a/photo' }))).not.toThrow();
    expect(() => gate.check(send({ file: '/home/a/photo/../../.ssh/id' }))).toThrow('not chosen here');
    for (const content of [null, 'YQ==', { generated: 5 }])
      expect(() => gate.check(send(content))).not.toThrow();
  });

  it('lets the host ask for a file', () => {
    expect(() => new PathGate().check(open(null))).not.toThrow();
  });

  it('lets recent sessions be opened, as hello and the pushes told them', () => {
    const gate = new PathGate();
    gate.learn({ push: 'hello', hello: { recents: [recent('/r/1')] } as unknown as Hello });
    gate.learn({ push: 'recents', recents: [recent('/r/2')] });
    gate.learn({ push: 'problem', message: 'x' });
    expect(() => gate.check(open('/r/1'))).not.toThrow();
    expect(() => gate.check(open('/r/2'))).not.toThrow();
    expect(() => gate.check(open('/r/3'))).toThrow('not chosen here');
  });

  it.each([
    ['saveSession', { path: '/home/a/.bashrc' }],
    ['exportSession', { as: 'har', path: '/home/a/.bashrc' }],
  ])('never lets a page say where %s writes', (name, args) => {
    const gate = new PathGate();
    gate.allow('/home/a/.bashrc');
    expect(() => gate.check(checkCommand(name, args))).toThrow('is chosen in the save dialog');
    expect(() => gate.check(checkCommand(name, { ...args, path: null }))).not.toThrow();
  });

  it('forgets the oldest of too many files', () => {
    const gate = new PathGate();
    for (let i = 0; i <= 1000; i++) gate.allow(`/f/${i}`);
    expect(() => gate.check(open('/f/0'))).toThrow('not chosen here');
    expect(() => gate.check(open('/f/1'))).not.toThrow();
    expect(() => gate.check(open('/f/1000'))).not.toThrow();
  });
});
