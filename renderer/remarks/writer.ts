// Notes as they are written: which one is open, what is typed, and how each change is undone. The engine records them; holds
// no protocol and no DOM.

import { createStore } from 'zustand/vanilla';
import { LONGEST_REMARK, remarkFault } from '../../shared/capture/remark.ts';
import type { EngineCommands } from '../../shared/contract.ts';
import type { Model } from '../../shared/model/model.ts';
import { placeOfEvent, placeOfMoment, type PlacedAt } from '../../shared/model/remark-places.ts';
import type { Remark } from '../../shared/model/remarks.ts';
import { remarkBeside, selectionOfRemark } from '../timeline/remarks.ts';
import type { Selection } from '../timeline/types.ts';
import { remarkPlaceWords, subjectOf } from './place.ts';

/** A note that is open. */
export interface OpenRemark {
  /** Null: a new one. */
  readonly id: number | null;
  readonly place: PlacedAt;
  /** What it is beside, in a few words. */
  readonly beside: string;
  /** What it said when it was opened. */
  readonly before: string;
}

export interface WriterState {
  readonly open: OpenRemark | null;
  readonly text: string;
  /** What is wrong, in a sentence; null: nothing. */
  readonly problem: string | null;
  readonly isBusy: boolean;
}

interface Change {
  readonly id: number;
  readonly place: PlacedAt;
  readonly before: string;
}

interface WriterHost {
  readonly commands: () => Pick<EngineCommands, 'remark'>;
  model(): Model;
  selected(): Selection | null;
  select(selection: Selection | null): void;
  /** Nanoseconds; Infinity: all there is. */
  playhead(): number;
  /** Shows the state at a time. */
  seek(time: number): void;
  say(sentence: string): void;
  /** Tells why something was not done where no note is open to tell it in. */
  refused(sentence: string): void;
  /** Tells of something that can be undone. */
  offer(sentence: string, undo: () => Promise<void>): void;
}

/** Changes that can be undone. */
const REMEMBERED = 100;
const CLOSED: WriterState = { open: null, text: '', problem: null, isBusy: false };

export function createWriter(host: WriterHost) {
  const store = createStore<WriterState>(() => CLOSED);
  /** Of the session that is shown, the newest last; another session has a list of its own. */
  let changes: Change[] = [];

  const begin = (open: OpenRemark): void => {
    store.setState({ open, text: open.before, problem: null, isBusy: false });
  };

  const edit = (remark: Remark): void => {
    const { events } = host.model();
    const { beside, time, id, text } = remark;
    begin({
      id,
      place: beside === null ? placeOfMoment(time) : placeOfEvent(events, beside),
      beside: remarkPlaceWords(host.model(), remark),
      before: text,
    });
  };

  /** Sends what a note is to say; the number of the note, or null: it was refused, and that was told. */
  const send = async (place: PlacedAt, id: number | null, text: string): Promise<number | null> => {
    store.setState({ isBusy: true, problem: null });
    try {
      return (await host.commands().remark({ id, ...place, text })).id;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (store.getState().open === null) host.refused(problem);
      else store.setState({ problem });
      return null;
    } finally {
      store.setState({ isBusy: false });
    }
  };

  /** The same of a change that can be undone; null: it was refused. */
  const change = async (
    place: PlacedAt,
    id: number | null,
    text: string,
    before: string,
  ): Promise<Change | null> => {
    const list = changes;
    const number = await send(place, id, text);
    if (number === null) return null;
    const made = { id: number, place, before };
    list.push(made);
    if (list.length > REMEMBERED) list.shift();
    return made;
  };

  /** An undo is nothing to undo. */
  const revert = async (made: Change | undefined): Promise<void> => {
    const at = made === undefined ? -1 : changes.indexOf(made);
    if (made === undefined || at === -1) {
      host.say('There is no change of a note to undo.');
      return;
    }
    changes.splice(at, 1);
    if ((await send(made.place, made.id, made.before)) !== null) host.say('The note is as it was.');
  };

  return {
    store,

    /** Opens the note beside what is selected, or a new one there; beside the moment that is shown without a selection. */
    write(): void {
      const model = host.model();
      if (model.events.length === 0) {
        host.say('There is nothing to write a note on yet: run an experiment, or open a session.');
        return;
      }
      const selected = host.selected();
      const known = remarkBeside(model, selected);
      if (known !== null) {
        edit(known);
        return;
      }
      const { place, words } = subjectOf(model, selected, host.playhead());
      begin({ id: null, place, beside: words, before: '' });
    },

    edit,

    /** Shows what a note is beside. */
    show(remark: Remark): void {
      const selection = selectionOfRemark(host.model(), remark);
      if (selection === null) host.seek(remark.time);
      host.select(selection);
    },

    setText(text: string): void {
      store.setState({ text, problem: remarkFault(text) });
    },

    close(): void {
      store.setState(CLOSED);
    },

    /** Keeps what was typed and closes the note; an empty one that was there is taken back. */
    async save(): Promise<void> {
      const { open, text, isBusy } = store.getState();
      if (open === null || isBusy) return;
      const words = text.trim();
      if (words === open.before.trim()) {
        store.setState(CLOSED);
        return;
      }
      const fault = remarkFault(words);
      if (fault !== null) {
        store.setState({ problem: fault });
        return;
      }
      const made = await change(open.place, open.id, words, open.before);
      if (made === null) return;
      store.setState(CLOSED);
      if (words === '') host.offer('The note was taken back.', () => revert(made));
      else host.say('The note is in the session.');
    },

    /** Takes a note back. */
    async takeBack({ id }: Pick<Remark, 'id'>): Promise<void> {
      const remark = host.model().remarks.get(id);
      if (remark === null) return;
      const { beside, time, text } = remark;
      const place = beside === null ? placeOfMoment(time) : placeOfEvent(host.model().events, beside);
      const made = await change(place, id, '', text);
      if (made === null) return;
      store.setState(CLOSED);
      host.offer('The note was taken back.', () => revert(made));
    },

    /** Undoes the change that was made last. */
    undo: (): Promise<void> => revert(changes.at(-1)),

    /** Another session is shown: nothing of the old one can be changed any more. */
    forget(): void {
      changes = [];
      store.setState(CLOSED);
    },
  };
}

/** `12 of 4,000 characters`, once it matters. */
export function roomWords(text: string): string {
  if (text.length < LONGEST_REMARK * 0.8) return '';
  return `${text.length.toLocaleString('en-US')} of ${LONGEST_REMARK.toLocaleString('en-US')} characters`;
}
