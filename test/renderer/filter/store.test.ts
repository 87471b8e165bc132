import { describe, expect, it } from 'vitest';
import { headAt } from '../../../renderer/filter/heads.ts';
import { countWords, createFilter } from '../../../renderer/filter/store.ts';
import { EventTable } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import { storyModel } from '../story-fixture.ts';

const HEADS = {
  request: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  response: 'HTTP/1.1 102 Processing\r\nProgress: 1/3\r\n\r\n',
};

/** Bytes of a stream in which every head is the same. */
function streamOf(
  model: Model,
  connection: number,
  stream: 'request' | 'response',
  start: number,
  end: number,
): Uint8Array {
  const bytes = new Uint8Array(end - start);
  for (let row = 0; row < model.folded; row++) {
    const head = headAt(model, row);
    if (head?.connection !== connection || head.stream !== stream) continue;
    if (head.from >= start && head.to <= end)
      bytes.set(new TextEncoder().encode(HEADS[stream].slice(0, head.to - head.from)), head.from - start);
  }
  return bytes;
}

/** A filter over a session that can be changed, and what it said. */
function filtered(first: Model) {
  let model = first;
  const listeners = new Set<() => void>();
  const said: string[] = [];
  const problems: string[] = [];
  let refuse: Error | null = null;
  let asked = 0;
  const filter = createFilter({
    model: () => model,
    subscribe: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    read: (connection, stream, start, end) => {
      asked++;
      return refuse === null
        ? Promise.resolve({ bytes: streamOf(model, connection, stream, start, end), kept: true })
        : Promise.reject(refuse);
    },
    say: (sentence) => said.push(sentence),
    problem: (sentence) => problems.push(sentence),
  });
  return {
    filter,
    said,
    problems,
    asked: () => asked,
    refuse: (error: Error) => {
      refuse = error;
    },
    /** Another session, or more of this one. */
    changed: (next = model): void => {
      model = next;
      for (const listener of listeners) listener();
    },
    words: () => countWords(filter.store.getState()),
    /** Resolves once all heads were read. */
    read: () =>
      new Promise<void>((resolve) => {
        const stop = filter.store.subscribe(({ reading }) => {
          if (reading !== null || asked === 0) return;
          stop();
          resolve();
        });
      }),
  };
}

describe('the filter of the interface', () => {
  it('counts what matches, and says so', () => {
    const one = filtered(storyModel());
    one.filter.setText('method:PATCH');
    expect(one.words()).toBe('2 of 6 exchanges');
    expect(one.said).toEqual(['2 of 6 exchanges']);
    one.filter.setText('');
    expect(one.words()).toBe('');
    expect(one.filter.store.getState().matcher).toBeNull();
  });

  it('keeps what it showed while the text is at fault, and says what is wrong with what cannot become right', () => {
    const one = filtered(storyModel());
    one.filter.setText('method:PATCH');
    one.filter.setText('method:PATCH status:');
    expect(one.filter.store.getState().fault?.code).toBe('incomplete');
    expect(one.words()).toBe('2 of 6 exchanges');
    one.filter.setText('method:PATCH colour:red');
    expect(one.said.at(-1)).toMatch(/^There is no “colour:”/);
    expect(one.words()).toBe('2 of 6 exchanges');
    one.filter.setText('method:HEAD');
    expect(one.filter.store.getState().fault).toBeNull();
  });

  it('does not apply what is only begun until it is whole, or the field is left', () => {
    const one = filtered(storyModel());
    one.filter.setText('method:PATCH', true);
    one.filter.setText('method:PATCH pat', true);
    expect(one.words()).toBe('2 of 6 exchanges');
    one.filter.setText('method:PATCH path:', true);
    expect(one.words()).toBe('2 of 6 exchanges');
    expect(one.filter.store.getState().text).toBe('method:PATCH path:');
    one.filter.setText('method:PATCH pat');
    expect(one.filter.store.getState().fault).toBeNull();
    expect(one.words()).toBe('2 of 6 exchanges');
    one.filter.setText('s', true);
    expect(one.words()).toBe('');
    one.filter.setText('size-', false);
    expect(one.words()).toBe('0 of 6 exchanges');
  });

  it('goes on with a session that grows, and with the next one', () => {
    const whole = storyModel();
    const model = new Model(new EventTable());
    const one = filtered(model);
    one.filter.setText('method:PATCH');
    expect(one.words()).toBe('0 of 0 exchanges');
    for (let row = 0; row < whole.events.length; row++) {
      const { time, kind, code, connection, exchange, a, b, text } = whole.events.row(row);
      model.events.append(time, kind, code, connection, exchange, a, b, text);
      model.fold();
      one.changed();
    }
    expect(one.words()).toBe('2 of 6 exchanges');
    one.changed(new Model(new EventTable()));
    expect(one.words()).toBe('0 of 0 exchanges');
    one.changed(storyModel());
    expect(one.words()).toBe('2 of 6 exchanges');
  });

  it('reads heads only for terms that ask for fields', async () => {
    const one = filtered(storyModel());
    one.filter.setText('status:1xx');
    expect(one.asked()).toBe(0);
    const done = one.read();
    one.filter.setText('field:progress=1/3 method:HEAD');
    expect(one.words()).toBe('0 of 6 exchanges');
    await done;
    expect(one.asked()).toBeGreaterThan(0);
    expect(one.words()).toBe('2 of 6 exchanges');
    expect([...one.filter.vocabulary().fields.keys()].toSorted()).toEqual(['host', 'progress']);
  });

  it('tells why fields could not be looked up', async () => {
    const one = filtered(storyModel());
    one.refuse(new Error('the session is closed.'));
    const told = new Promise<void>((resolve) => {
      const stop = one.filter.store.subscribe(() => {
        if (one.asked() === 0) return;
        stop();
        resolve();
      });
    });
    one.filter.setText('field:progress');
    await told;
    await Promise.resolve();
    expect(one.problems).toEqual(['The fields could not be looked up: the session is closed.']);
  });
});
