import { expect, it } from 'vitest';
import { NoteIndex, type RepeatedNote } from '../../../renderer/inspector/note-index.ts';
import { EventTable, Kind, NONE, NoteLevel } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';

const rows = (notes: readonly RepeatedNote[]): number[] => notes.map(({ row }) => row);

it('gathers notes as they come, those of no exchange too, the severest first', () => {
  const table = new EventTable();
  const model = new Model(table);
  const notes = new NoteIndex(model);
  const note = (level: number, rule = 'bare-lf') =>
    table.append(1, Kind.note, level, 1, NONE, 0, 0, `${rule}|client|RFC 9112 §2.2`);
  table.append(0, Kind.connectionOpened, 3, 1, NONE, 0, 0, 'a → b');
  note(NoteLevel.info);
  note(NoteLevel.warning);
  model.fold();
  notes.fold();
  expect(rows(notes.first(10))).toEqual([2, 1]);
  note(NoteLevel.error);
  note(NoteLevel.warning, 'bare-cr');
  model.fold();
  notes.fold();
  notes.fold();
  expect(notes.length).toBe(4);
  expect(rows(notes.first(10))).toEqual([3, 2, 4, 1]);
  expect(rows(notes.first(2))).toEqual([3, 2]);
});

it('counts what repeats: the same rule, broken by the same side in the same exchange', () => {
  const table = new EventTable();
  const model = new Model(table);
  const notes = new NoteIndex(model);
  const note = (exchange: number, text: string) =>
    table.append(1, Kind.note, NoteLevel.warning, 1, exchange, 0, 0, text);
  note(0, 'bare-lf|client|RFC 9112 §2.2');
  note(0, 'bare-lf|server|RFC 9112 §2.2');
  note(1, 'bare-lf|client|RFC 9112 §2.2');
  note(0, 'bare-lf|client|RFC 9112 §2.2');
  model.fold();
  notes.fold();
  expect(notes.first(10)).toEqual([
    { row: 0, times: 2 },
    { row: 1, times: 1 },
    { row: 2, times: 1 },
  ]);
  expect(notes.length).toBe(3);
  table.append(2, Kind.step, 0, 1, 0, 0, 0, 'bare-lf|client|RFC 9112 §2.2');
  model.fold();
  notes.fold();
  expect([0, 1, 2, 3, 4].map((row) => notes.listedAs(row))).toEqual([0, 1, 2, 0, null]);
});

it('tells how many are taken, and the first of them', () => {
  const table = new EventTable();
  const model = new Model(table);
  const notes = new NoteIndex(model);
  for (let exchange = 0; exchange < 6; exchange++)
    table.append(1, Kind.note, NoteLevel.warning, 1, exchange, 0, 0, 'bare-lf|client|RFC 9112 §2.2');
  model.fold();
  notes.fold();
  const even = (row: number): boolean => row % 2 === 0;
  expect(notes.count(even)).toBe(3);
  expect(rows(notes.first(2, even))).toEqual([0, 2]);
  expect(notes.count(() => false)).toBe(0);
});
