// /photos: listing, deleting one, and deleting all as a long-running operation whose parts each have a result.

import { describe, expect, test } from 'vitest';
import { message, type Response, running, type Running } from './harness.ts';

const STEP = 400;

/** Takes photographs on a server whose jobs take no time, or as long as the clock is moved. */
async function taken(run: Running, ...protection: boolean[]): Promise<void> {
  for (const isProtected of protection) {
    const created = run.ask(message(`POST /capture${isProtected ? '?protected' : ''}`));
    await run.until(() => run.server.state().resources.some(({ label }) => label !== 'done'));
    run.clock.advance(3 * STEP);
    expect((await created).status).toBe(201);
  }
}

function told({ fields }: Response): string {
  return [fields.get('progress'), fields.get('status-uri')]
    .filter((value) => value !== undefined)
    .join(' | ');
}

describe('photographs', () => {
  test('are listed, and deleted one by one, except those that are protected', async () => {
    const run = await running();
    await taken(run, false, true);
    expect(JSON.parse((await run.ask(message('GET /photos'))).body)).toEqual([
      { path: '/photos/1', protected: false },
      { path: '/photos/2', protected: true },
    ]);
    expect((await run.ask(message('DELETE /photos/1'))).status).toBe(204);
    const kept = await run.ask(message('DELETE /photos/2'));
    expect([kept.status, kept.body]).toEqual([403, 'This photograph is protected.\r\n']);
    expect((await run.ask(message('DELETE /photos/1'))).status).toBe(404);
    expect((await run.ask(message('GET /photos/2'))).status).toBe(200);
  });

  test('are a thousand at most: the oldest that is not protected makes room', async () => {
    const { client, ask } = await running({ stepMilliseconds: 0 });
    const raw = await client();
    for (let index = 0; index < 1001; index++) {
      raw.send(message(`POST /capture${index === 0 ? '?protected' : ''}`));
      await raw.final();
    }
    expect((await ask(message('GET /photos/1'))).status).toBe(200);
    expect((await ask(message('GET /photos/2'))).status).toBe(404);
    expect(JSON.parse((await ask(message('GET /photos'))).body)).toHaveLength(1000);
    // As many steps as there are photographs, and no interim response for most of them.
    const deleted = await ask(message('DELETE /photos', ['Prefer: processing']));
    expect(deleted.body.split('\r\n')).toHaveLength(1002);
    expect(deleted.fields.get('progress')).toBe('1000/1000 "Deleted"');
  });
});

describe('DELETE /photos', () => {
  test('tells each step and each result by a 102, and all of them in the end', async () => {
    const run = await running();
    await taken(run, false, true, false);
    const raw = await run.client();
    raw.send(message('DELETE /photos', ['Prefer: processing']));
    expect(told(await raw.next())).toBe('0/3 "/photos/1"');
    run.clock.advance(STEP);
    expect(told(await raw.next())).toBe('1/3 "/photos/2" | 204 </photos/1>');
    run.clock.advance(STEP);
    expect(told(await raw.next())).toBe('2/3 "/photos/3" | 403 </photos/2>');
    run.clock.advance(STEP);
    expect(told(await raw.next())).toBe('3/3 "Deleted" | 204 </photos/3>');
    const done = await raw.next();
    expect(done.status).toBe(200);
    expect(done.fields.get('progress')).toBe('3/3 "Deleted"');
    expect(done.body).toBe(
      'Of 3 photographs, 1 protected and kept.\r\n204 /photos/1\r\n403 /photos/2\r\n204 /photos/3\r\n',
    );
    expect((await run.ask(message('GET /photos'))).body).toBe('[{"path":"/photos/2","protected":true}]\n');
  });

  test('goes on by itself after a 202, and is followed from where it is, with all results so far', async () => {
    const run = await running();
    await taken(run, false, false, false);
    const raw = await run.client();
    raw.send(message('DELETE /photos', ['Prefer: processing, respond-async, wait=1']));
    const status = (await raw.next()).fields.get('location') ?? '';
    expect(status).toMatch(/^\/job\/\d+\.job$/);
    run.clock.advance(1000);
    const accepted = await raw.final();
    expect([accepted.status, accepted.fields.get('location')]).toEqual([202, status]);
    expect(accepted.body).toBe('The archivist is on step 3: /photos/3\r\n');
    raw.send(message(`GET ${status}`, ['Prefer: processing']));
    expect(told(await raw.next())).toBe('2/3 "/photos/3" | 204 </photos/1>, 204 </photos/2>');
    run.clock.advance(STEP);
    expect(told(await raw.next())).toBe('3/3 "Deleted" | 204 </photos/3>');
    const done = await raw.next();
    expect(told(done)).toBe('3/3 "Deleted" | 200 </photos>');
    expect(done.body).toMatch(/^Of 3 photographs, 0 protected and kept\.\r\n204 \/photos\/1\r\n/);
    expect((await run.ask(message(`DELETE ${status}`))).status).toBe(204);
    expect((await run.ask(message(`GET ${status}`))).status).toBe(404);
  });

  test('shares out few interim responses over many steps, and loses no result', async () => {
    const run = await running({ interimLimit: 4 });
    await taken(run, ...Array.from({ length: 10 }, () => false));
    const raw = await run.client();
    raw.send(message('DELETE /photos', ['Prefer: processing']));
    const final = raw.final();
    for (let done = null; done === null;) {
      run.clock.advance(STEP);
      done = await Promise.race([final, new Promise<null>((resolve) => void setImmediate(resolve, null))]);
    }
    const { interim } = await final;
    expect(interim).toHaveLength(4);
    const results = interim.flatMap(({ fields }) => fields.get('status-uri')?.split(', ') ?? []);
    expect(results).toEqual(Array.from({ length: 10 }, (_value, index) => `204 </photos/${index + 1}>`));
  });

  test('without the preference answers once, and of none at once', async () => {
    const run = await running();
    await taken(run, false);
    const answer = run.ask(message('DELETE /photos'));
    await run.until(() => run.server.state().resources.some(({ label }) => label === '0/1'));
    run.clock.advance(STEP);
    const { interim, body } = await answer;
    expect([interim, body]).toEqual([[], 'Of 1 photograph, 0 protected and kept.\r\n204 /photos/1\r\n']);
    expect((await run.ask(message('DELETE /photos'))).body).toBe(
      'There are no photographs: nothing was deleted.\r\n',
    );
  });

  test('by two at once deletes each once: the other is told 404', async () => {
    const run = await running();
    await taken(run, false);
    const both = [run.ask(message('DELETE /photos')), run.ask(message('DELETE /photos'))];
    await run.until(() => run.server.state().resources.filter(({ label }) => label === '0/1').length === 2);
    run.clock.advance(STEP);
    const bodies = (await Promise.all(both)).map(({ body }) => body.split('\r\n')[1]).toSorted();
    expect(bodies).toEqual(['204 /photos/1', '404 /photos/1']);
  });
});
