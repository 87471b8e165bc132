// Append and follow as sourcegraph/httpfstream has it, with `ws` as the client of both kinds.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { message, running } from '../harness.ts';
import { newRoot } from '../files/fixture.ts';
import { appender, follower, HANDSHAKE, labelOf, open, type Peer } from './peers.ts';

const LEFT = { code: 1000, reason: 'The appender has left.' };

/** Where the stream of that name lies. */
function onDisk(root: string, name: string): string {
  return readFileSync(join(root, '.interim', 'streams', name), 'latin1');
}

describe('append and follow', () => {
  it('loses no follower that reads as fast as it can, however much is appended at once', async () => {
    const lab = await running();
    const one = await appender(lab, 'log');
    const two = await follower(lab, 'log');
    await one.say('first');
    await two.until(() => two.length === 5);
    for (let i = 0; i < 200; i++) one.socket.send(new Uint8Array(64 * 1024));
    one.socket.close(1000);
    expect(await two.closed).toEqual(LEFT);
    expect(two.length).toBe(5 + 200 * 64 * 1024);
  });

  it('sends a follower that catches up no more than a piece at a time, then others have their turn', async () => {
    const lab = await running();
    const one = await appender(lab, 'log');
    for (let i = 0; i < 3; i++) await one.say(new Uint8Array(1024 * 1024));
    await lab.until(() => lab.server.state().resources[0]?.have === 3 * 1024 * 1024);
    const raw = await lab.client();
    const wire = () => lab.board.wires().find(({ remote }) => remote.port === raw.socket.localPort);
    raw.send(message('GET /streams/log', HANDSHAKE));
    let most = 0;
    for (let sent = 0; sent < 3 * 1024 * 1024;) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
      const now = wire()?.sent ?? 0;
      most = Math.max(most, now - sent);
      sent = now;
    }
    expect(most).toBeLessThan(160 * 1024);
  });

  it('gives a follower what there was, and then each append as a message of its own', async () => {
    const lab = await running();
    const one = await appender(lab, 'log.txt');
    await one.say('first\n');
    await one.say('second\n');
    const two = await follower(lab, 'log.txt');
    await two.until(() => two.length === 13);
    await one.say('third\n');
    await one.say(Uint8Array.of(0xff, 0x00));
    await one.say('fünfte\n');
    await two.until(() => two.messages.length === 4);
    one.socket.close(1000);
    expect(await two.closed).toEqual(LEFT);
    expect(two.messages).toEqual([
      { text: 'first\nsecond\n', binary: false },
      { text: 'third\n', binary: false },
      { text: '\u00ff\u0000', binary: true },
      { text: 'fünfte\n', binary: false },
    ]);
    const { status, body, fields } = await lab.ask(message('GET /streams/log.txt'));
    expect({ status, body, type: fields.get('content-type') }).toEqual({
      status: 200,
      body: 'first\nsecond\nthird\n\u00ff\u0000f\u00c3\u00bcnfte\n',
      type: 'application/octet-stream',
    });
  });

  it('appends what ?verb=APPEND says, too, and to what an earlier appender has left', async () => {
    const lab = await running();
    const url = `${lab.server.url}/streams/a/b`;
    for (const word of ['one ', 'two']) {
      const peer = (await open(`${url}?verb=APPEND`)) as Peer;
      await peer.say(word);
      peer.socket.close();
      await peer.closed;
    }
    const { body, fields } = await lab.ask(message('GET /streams/a/b'));
    expect(body).toBe('one two');
    expect(fields.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await lab.server.digest('/streams/a/b')).toBe(
      createHash('sha256').update('one two').digest('hex'),
    );
  });

  it('refuses a second appender with 403, and leaves the first and its followers unharmed', async () => {
    const lab = await running();
    const first = await appender(lab, 'log');
    const peer = await follower(lab, 'log');
    await first.say('a');
    expect(await open(`${lab.server.url}/streams/log`, { 'X-Verb': 'APPEND' })).toBe(403);
    await first.say('b');
    first.socket.close();
    expect(await peer.closed).toEqual(LEFT);
    expect(peer.text).toBe('ab');
    // And now there is none.
    const next = await appender(lab, 'log');
    next.socket.close();
    await next.closed;
  });

  it('tells all followers, whenever they come, every byte once and in order', async () => {
    const lab = await running();
    const one = await appender(lab, 'log');
    const lines = Array.from({ length: 200 }, (_, index) => `line ${index} ${'x'.repeat(index)}\n`);
    const peers: Promise<Peer>[] = [];
    for (const [index, line] of lines.entries()) {
      if (index % 10 === 0) peers.push(follower(lab, 'log'));
      await one.say(line);
    }
    const followers = await Promise.all(peers);
    one.socket.close();
    for (const peer of followers) {
      expect(await peer.closed).toEqual(LEFT);
      expect(peer.text).toBe(lines.join(''));
    }
  });

  it('tells followers that the appender was cut off, and keeps exactly the messages that had arrived', async () => {
    const root = newRoot();
    const lab = await running({ root });
    const one = await appender(lab, 'log');
    const peer = await follower(lab, 'log');
    await one.say('whole');
    await peer.until(() => peer.length === 5);
    one.socket.terminate();
    expect(await peer.closed).toEqual({
      code: 1000,
      reason: 'The appender was cut off: this is all that had arrived.',
    });
    expect(onDisk(root, 'log')).toBe('whole');
  });

  it('gives the file with 200 where no upgrade is asked for, or nobody appends', async () => {
    const lab = await running();
    const one = await appender(lab, 'log');
    await one.say('abcdef');
    await lab.until(() => lab.server.state().resources[0]?.have === 6);
    const ranged = await lab.ask(message('GET /streams/log', ['Range: bytes=2-3']));
    expect([ranged.status, ranged.body]).toEqual([206, 'cd']);
    expect((await lab.ask(message('GET /streams/log'))).body).toBe('abcdef');
    one.socket.close();
    await one.closed;
    const asked = await lab.ask(message('GET /streams/log', HANDSHAKE));
    expect([asked.status, asked.body]).toEqual([200, 'abcdef']);
  });

  it('answers 404 for what nobody has appended to, and 405 to other methods', async () => {
    const lab = await running();
    expect((await lab.ask(message('GET /streams/none'))).status).toBe(404);
    expect((await lab.ask(message('GET /streams/none', HANDSHAKE))).status).toBe(404);
    for (const method of ['HEAD', 'PUT', 'POST', 'PATCH', 'OPTIONS']) {
      const { status, fields } = await lab.ask(message(`${method} /streams/none`, ['Content-Length: 0']));
      expect([method, status, fields.get('allow')]).toEqual([method, 405, 'GET, DELETE']);
    }
  });

  it('deletes what nobody appends to or follows now; the next appender begins anew', async () => {
    const lab = await running();
    const gone = (): Promise<number> => lab.ask(message('DELETE /streams/log')).then(({ status }) => status);
    expect(await gone()).toBe(404);
    const first = await appender(lab, 'log');
    await first.say('old');
    expect(await gone()).toBe(409);
    first.socket.close();
    await first.closed;
    expect(await gone()).toBe(204);
    expect(lab.server.state().resources).toEqual([]);
    expect((await lab.ask(message('GET /streams/log'))).status).toBe(404);
    const second = await appender(lab, 'log');
    await second.say('new');
    second.socket.close();
    await second.closed;
    expect((await lab.ask(message('GET /streams/log'))).body).toBe('new');
  });

  it('pings followers and appenders every three seconds, and lets go of who is silent for half a minute', async () => {
    const lab = await running();
    const one = await appender(lab, 'log');
    const peer = await follower(lab, 'log');
    await lab.until(() => labelOf(lab, 'log') === 'appending, 1 following');
    for (const round of [1, 2, 3]) {
      lab.clock.advance(3000);
      await Promise.all([one.until(() => one.pings === round), peer.until(() => peer.pings === round)]);
    }
    // A follower that does not even answer pings; the appender's words have to arrive in between.
    peer.socket.pause();
    const silentRound = async (round: number): Promise<void> => {
      lab.clock.advance(3000);
      await one.until(() => one.pings === round);
      await one.say('.');
      await lab.until(() => lab.server.state().resources[0]?.have === round - 3);
    };
    for (let round = 4; round <= 13; round++) await silentRound(round);
    expect(labelOf(lab, 'log')).toBe('appending, 1 following');
    // Its last answer may have come after the next ping had gone out.
    for (let round = 14; round <= 15; round++) await silentRound(round);
    await lab.until(() => labelOf(lab, 'log') === 'appending');
    one.socket.close();
    await one.closed;
  });

  it('frees the path of an appender that is gone without a word', async () => {
    const lab = await running();
    const one = await appender(lab, 'log');
    one.socket.pause();
    for (let round = 0; round < 11; round++) lab.clock.advance(3000);
    await lab.until(() => labelOf(lab, 'log') === 'complete');
    const two = await appender(lab, 'log');
    await two.say('x');
    two.socket.close();
    await two.closed;
    one.socket.terminate();
    expect((await lab.ask(message('GET /streams/log'))).body).toBe('x');
  });

  it('closes a follower that does not keep up with 1013, and nobody else', async () => {
    const lab = await running({ followerLag: 100_000 });
    const one = await appender(lab, 'log');
    const slow = await follower(lab, 'log');
    const quick = await follower(lab, 'log');
    await lab.until(() => labelOf(lab, 'log') === 'appending, 2 following');
    const piece = 'x'.repeat(50_000);
    await one.say(piece);
    await Promise.all([slow, quick].map((peer) => peer.until(() => peer.length === 50_000)));
    slow.socket.pause();
    let said = 1;
    // The kernel takes some megabytes for it before the server has to wait.
    while (labelOf(lab, 'log') === 'appending, 2 following' && said < 2000) {
      await one.say(piece);
      said++;
      await quick.until(() => quick.length === said * 50_000);
    }
    slow.socket.resume();
    expect(await slow.closed).toEqual({
      code: 1013,
      reason: 'More than 100000 bytes behind: read faster, or come again.',
    });
    one.socket.close();
    expect(await quick.closed).toEqual(LEFT);
    // All that it was told is the beginning of what there is.
    expect(slow.length).toBeLessThan(said * 50_000);
    expect(quick.length).toBe(said * 50_000);
  });

  it('closes an appender for whom there is no room with 1011, and loses nothing that was said', async () => {
    const root = newRoot();
    const lab = await running({ root, storeLimit: 10 });
    const one = await appender(lab, 'log');
    const peer = await follower(lab, 'log');
    await one.say('12345678');
    await one.say('too much');
    await one.say('9');
    expect(await one.closed).toMatchObject({ code: 1011, reason: expect.stringContaining('10 bytes') });
    expect(await peer.closed).toEqual({
      code: 1000,
      reason: 'The server could not store what the appender said last: this is all that is stored.',
    });
    expect(peer.text).toBe('12345678');
    expect(onDisk(root, 'log')).toBe('12345678');
  });
});

describe('where streams lie', () => {
  it('survives the server in a place that no upload reaches', async () => {
    const root = newRoot();
    const first = await running({ root });
    const one = await appender(first, 'a/b.log');
    await one.say('kept');
    one.socket.close();
    await one.closed;
    await first.server.close();
    const second = await running({ root });
    expect((await second.ask(message('GET /streams/a/b.log'))).body).toBe('kept');
    expect((await second.ask(message('GET /uploads/.interim/streams/a/b.log'))).status).toBe(404);
    expect((await second.ask(message('GET /uploads/'))).body.trim()).toBe('[]');
  });

  it.each([
    '..',
    '../x',
    '%2e%2e/x',
    'a/%2e%2e/%2e%2e/x',
    'a%2f..%2fx',
    '.hidden',
    'a//b',
    'a\\b',
    'x/',
    '%00',
    '%',
    'con',
    '.interim/lock',
  ])('has no stream called %s', async (name) => {
    const root = newRoot();
    const lab = await running({ root });
    const { status } = await lab.ask(message(`GET /streams/${name}`));
    expect(status).toBe(404);
    expect((await lab.ask(message(`GET /streams/${name}?verb=APPEND`, HANDSHAKE))).status).toBe(400);
    expect(existsSync(join(root, '.interim', 'streams', 'x'))).toBe(false);
  });

  it('follows no link and takes no folder for a stream', async () => {
    const root = newRoot();
    writeFileSync(join(root, 'outside'), 'secret');
    const folder = join(root, '.interim', 'streams');
    mkdirSync(join(folder, 'folder'), { recursive: true });
    symlinkSync(join(root, 'outside'), join(folder, 'link'));
    symlinkSync(root, join(folder, 'way'));
    const lab = await running({ root });
    for (const name of ['link', 'folder', 'way/outside', 'way/new', 'folder']) {
      expect([name, (await lab.ask(message(`GET /streams/${name}`))).status]).toEqual([name, 404]);
      expect([name, await open(`${lab.server.url}/streams/${name}?verb=APPEND`)]).toEqual([name, 409]);
    }
    expect(readFileSync(join(root, 'outside'), 'utf8')).toBe('secret');
    expect(existsSync(join(root, 'new'))).toBe(false);
  });
});
