// Writing notes: what they are beside follows the selection, and every change can be undone.

import { beforeEach, describe, expect, it } from 'vitest';
import { createWriter, roomWords } from '../../../renderer/remarks/writer.ts';
import type { Selection } from '../../../renderer/timeline/types.ts';
import type { CommandArgs } from '../../../shared/contract.ts';
import { EventTable } from '../../../shared/model/events.ts';
import { emitRemark } from '../../../shared/model/remark-places.ts';
import { Model } from '../../../shared/model/model.ts';
import { Rows } from '../../../shared/model/rows.ts';
import { storyModel } from '../story-fixture.ts';

/** An engine that records notes, and what was said of it. */
function desk(model: Model) {
  const sent: CommandArgs<'remark'>[] = [];
  const said: string[] = [];
  const refusals: string[] = [];
  const offers: (() => Promise<void>)[] = [];
  let selected: Selection | null = null;
  let sought = NaN;
  let refusal: string | null = null;
  const rows = new Rows(model.events);
  rows.time = model.endTime;
  const writer = createWriter({
    commands: () => ({
      remark: (args) => {
        if (refusal !== null) return Promise.reject(new Error(refusal));
        sent.push(args);
        const { id: asked, ...rest } = args;
        const id = asked ?? model.remarks.next;
        emitRemark(model.events, rows, { kind: 'remark', time: model.endTime, id, ...rest });
        model.fold();
        return Promise.resolve({ id });
      },
    }),
    model: () => model,
    selected: () => selected,
    select: (next) => {
      selected = next;
    },
    playhead: () => Infinity,
    seek: (time) => {
      sought = time;
    },
    say: (sentence) => said.push(sentence),
    refused: (sentence) => refusals.push(sentence),
    offer: (sentence, undo) => {
      said.push(sentence);
      offers.push(undo);
    },
  });
  return {
    model,
    writer,
    sent,
    said,
    offers,
    refusals,
    select: (next: Selection | null) => {
      selected = next;
    },
    selected: () => selected,
    sought: () => sought,
    refuse: (sentence: string | null) => {
      refusal = sentence;
    },
    texts: () => model.remarks.list().map(({ text }) => text),
    open: () => writer.store.getState().open,
  };
}

describe('writing a note', () => {
  let at: ReturnType<typeof desk>;
  beforeEach(() => {
    at = desk(storyModel());
  });

  const write = async (text: string): Promise<void> => {
    at.writer.write();
    at.writer.setText(text);
    await at.writer.save();
  };

  it.each<[string, Selection, string]>([
    ['an exchange', { kind: 'exchange', id: 1 }, 'exchange'],
    ['a connection', { kind: 'connection', id: 2 }, 'connectionOpened'],
    ['an operation, which is its first exchange', { kind: 'operation', id: 0 }, 'exchange'],
    ['an event', { kind: 'event', id: 5 }, ''],
  ])('puts it beside %s', async (_, selection, event) => {
    at.select(selection);
    await write('Here.');
    const [only] = at.model.remarks.list();
    expect(only).toMatchObject({ id: 1, text: 'Here.' });
    if (event !== '') expect(at.sent[0]!.beside.event).toBe(event);
    at.select(null);
    at.writer.show(only!);
    expect(at.selected()).toEqual(selection.kind === 'operation' ? { kind: 'exchange', id: 0 } : selection);
  });

  it('puts it beside the moment that is shown where nothing is selected, and goes there again', async () => {
    await write('Now.');
    const [only] = at.model.remarks.list();
    expect(only).toMatchObject({ beside: null, time: at.model.endTime });
    at.writer.show(only!);
    expect([at.selected(), at.sought()]).toEqual([null, at.model.endTime]);
  });

  it('opens the note that is there already, and keeps what it says', async () => {
    at.select({ kind: 'exchange', id: 1 });
    await write('One.');
    at.writer.write();
    expect(at.open()).toMatchObject({ id: 1, before: 'One.' });
    await write('Two.');
    expect(at.texts()).toEqual(['Two.']);
    expect(at.sent.map(({ id }) => id)).toEqual([null, 1]);
  });

  it('sends nothing where nothing was changed', async () => {
    at.select({ kind: 'exchange', id: 1 });
    await write('One.');
    await write(' One. ');
    expect(at.sent).toHaveLength(1);
    expect(at.open()).toBeNull();
  });

  it('undoes a change, a deletion and the note itself, one after the other', async () => {
    at.select({ kind: 'exchange', id: 1 });
    await write('One.');
    await write('Two.');
    await at.writer.takeBack({ id: 1 });
    expect(at.texts()).toEqual([]);
    expect(at.said.at(-1)).toBe('The note was taken back.');
    await at.offers.at(-1)!();
    expect(at.texts()).toEqual(['Two.']);
    await at.writer.undo();
    expect(at.texts()).toEqual(['One.']);
    await at.writer.undo();
    expect(at.texts()).toEqual([]);
    await at.writer.undo();
    expect(at.said.at(-1)).toBe('There is no change of a note to undo.');
  });

  it('undoes what was offered, whatever was changed since', async () => {
    at.select({ kind: 'exchange', id: 0 });
    await write('Gone.');
    await at.writer.takeBack({ id: 1 });
    at.select({ kind: 'exchange', id: 1 });
    await write('New.');
    await at.offers[0]!();
    expect(at.texts()).toEqual(['Gone.', 'New.']);
    await at.offers[0]!();
    expect(at.said.at(-1)).toBe('There is no change of a note to undo.');
    await at.writer.undo();
    expect(at.texts()).toEqual(['Gone.']);
  });

  it('tells of a refusal where no note is open to tell it in', async () => {
    await write('One.');
    at.refuse('The session is still being read: write the note when all of it is there.');
    await at.writer.takeBack({ id: 1 });
    expect(at.refusals).toEqual(['The session is still being read: write the note when all of it is there.']);
    expect(at.offers).toEqual([]);
  });

  it('does not undo in one session what was changed in another while that was left', async () => {
    const writing = write('One.');
    at.writer.forget();
    await writing;
    await at.writer.undo();
    expect(at.said.at(-1)).toBe('There is no change of a note to undo.');
  });

  it('says what is wrong while it is typed, and what the engine refuses, without losing the words', async () => {
    at.writer.write();
    at.writer.setText('x'.repeat(4001));
    expect(at.writer.store.getState().problem).toMatch(/4,000 characters at most/);
    await at.writer.save();
    expect(at.sent).toEqual([]);
    at.refuse('The file is damaged: what would be added to it could not be read again.');
    at.writer.setText('Fine.');
    await at.writer.save();
    expect(at.writer.store.getState()).toMatchObject({
      text: 'Fine.',
      problem: 'The file is damaged: what would be added to it could not be read again.',
      isBusy: false,
    });
  });

  it('forgets what it could undo when another session is shown', async () => {
    await write('One.');
    at.writer.forget();
    await at.writer.undo();
    expect(at.said.at(-1)).toBe('There is no change of a note to undo.');
  });

  it('says that there is nothing yet to write on', () => {
    const empty = desk(new Model(new EventTable()));
    empty.writer.write();
    expect([empty.open(), empty.said.length]).toEqual([null, 1]);
  });
});

describe('the room that is left', () => {
  it('is told once it matters', () => {
    expect([roomWords('short'), roomWords('x'.repeat(3900))]).toEqual(['', '3,900 of 4,000 characters']);
  });
});
