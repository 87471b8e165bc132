import { expect, it } from 'vitest';
import { NoteIndex } from '../../../renderer/inspector/note-index.ts';
import { EventTable, Kind, NONE, NoteLevel } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';

it('gathers notes as they come, those of no exchange too, the severest first', () => {
  const table = new EventTable();
  const model = new Model(table);
  const notes = new NoteIndex(model);
  const note = (level: number) =>
    table.append(1, Kind.note, level, 1, NONE, 0, 0, 'bare-lf|client|RFC 9112 §2.2');
  table.append(0, Kind.connectionOpened, 3, 1, NONE, 0, 0, 'a → b');
  note(NoteLevel.info);
  note(NoteLevel.warning);
  model.fold();
  notes.fold();
  expect(notes.first(10)).toEqual([2, 1]);
  note(NoteLevel.error);
  note(NoteLevel.warning);
  model.fold();
  notes.fold();
  notes.fold();
  expect(notes.length).toBe(4);
  expect(notes.first(10)).toEqual([3, 2, 4, 1]);
  expect(notes.first(2)).toEqual([3, 2]);
});
