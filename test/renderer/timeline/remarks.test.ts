// Notes on the timeline: a sign below what each is beside, words that end before the next, and what a click on one selects.

import { describe, expect, it } from 'vitest';
import { clickedOn } from '../../../renderer/timeline/clicking.ts';
import { hit } from '../../../renderer/timeline/hit.ts';
import { layoutRows } from '../../../renderer/timeline/layout.ts';
import { remarkLines, remarkWords, rowOfSelection } from '../../../renderer/timeline/remarks.ts';
import { RowsIndex } from '../../../renderer/timeline/rows.ts';
import { buildScene } from '../../../renderer/timeline/scene.ts';
import type { SceneInput } from '../../../renderer/timeline/shapes.ts';
import type { Selection } from '../../../renderer/timeline/types.ts';
import { fit, timeToX } from '../../../renderer/timeline/viewport.ts';
import type { Model } from '../../../shared/model/model.ts';
import { emitRemark, placeOfEvent, placeOfMoment } from '../../../shared/model/remark-places.ts';
import { Rows } from '../../../shared/model/rows.ts';
import { storyModel } from '../story-fixture.ts';

function noted(...notes: readonly (readonly [Selection | number, string])[]): Model {
  const model = storyModel();
  const rows = new Rows(model.events);
  rows.time = model.endTime;
  notes.forEach(([on, text], index) => {
    const place =
      typeof on === 'number' ? placeOfMoment(on) : placeOfEvent(model.events, rowOfSelection(model, on)!);
    emitRemark(model.events, rows, { kind: 'remark', time: model.endTime, id: index + 1, ...place, text });
  });
  model.fold();
  return model;
}

const END = storyModel().endTime;

function drawn(model: Model, time = Infinity) {
  const index = new RowsIndex();
  index.update(model);
  const layout = layoutRows(model, index, new Set(), null);
  const viewport = fit({ first: 0, last: model.endTime }, 1400);
  const input: Omit<SceneInput, 'pointed'> = {
    model,
    index,
    layout,
    viewport,
    scrollTop: 0,
    height: 600,
    time,
    now: model.endTime,
    live: false,
    selection: null,
    armed: [],
    filter: null,
    measure: (words) => words.length * 6,
  };
  return { scene: buildScene({ ...input, pointed: null } as SceneInput), layout, index, viewport };
}

describe('notes on the timeline', () => {
  it('stand on the row of what they are beside, when that was', () => {
    const model = noted([{ kind: 'exchange', id: 1 }, 'Why here?']);
    const { scene, layout, index, viewport } = drawn(model);
    const [only] = scene.remarks;
    const row = layout.rowOf(index.rowOfExchange(1)!)!;
    expect(only).toMatchObject({
      id: 1,
      label: 'Why here?',
      x: timeToX(viewport, model.exchanges[1]!.startedAt),
    });
    expect(only!.y).toBeGreaterThan(row.top);
    expect(only!.y).toBeLessThan(row.top + row.height);
  });

  it('on a connection stand where it was first used, whatever it was used for since', () => {
    const model = noted([{ kind: 'connection', id: 1 }, 'It begins.']);
    const { scene, layout, index } = drawn(model);
    const first = model.connections[0]!.exchanges.at(0)!;
    const row = layout.rowOf(index.rowOfExchange(first)!)!;
    expect(scene.remarks[0]!.y).toBe(row.top + row.height - 7);
  });

  it('of a moment stand at the top', () => {
    const { scene } = drawn(noted([2e9, 'Nothing happens here.']));
    expect(scene.remarks[0]!.y).toBeLessThan(20);
  });

  it('end their words before the next, and are not there before their time', () => {
    const model = noted([1e9, 'A long note that runs on and on and on and on'], [1.3e9, 'The next one']);
    const { scene } = drawn(model);
    const [one, next] = scene.remarks;
    expect(one!.x + 9 + one!.label.length * 6).toBeLessThanOrEqual(next!.x);
    expect(next!.label).toBe('The next one');
    expect(drawn(model, 1.1e9).scene.remarks.map(({ id }) => id)).toEqual([1]);
  });

  it('end inside the plot: at its right edge they stand before their sign, or are cut where another is in the way', () => {
    const words = 'What happened at the very end of it';
    const width = words.length * 6;
    const { scene, viewport } = drawn(noted([END, words]));
    const [only] = scene.remarks;
    expect(only!.x + 9 + width).toBeGreaterThan(viewport.width);
    expect(only).toMatchObject({ label: words, labelX: only!.x - 9 - width });
    const [, last] = drawn(noted([END - 0.3e9, 'Before'], [END, words])).scene.remarks;
    expect(last!.label.length).toBeLessThan(words.length);
    expect(last!.labelX + last!.label.length * 6).toBeLessThanOrEqual(viewport.width);
  });

  it('end before the next in any script, or have no words where there is no room for any', () => {
    for (const words of ['😀'.repeat(60), '👩‍👩‍👧‍👦 family of four, again and again', 'نص طويل يمتد ويمتد', '🇩🇪🇫🇷'])
      for (const next of [1e9, 1.001e9, 1.02e9, 1.05e9, 1.3e9]) {
        const { scene } = drawn(noted([1e9, words], [next, 'The next one']));
        const [one, other] = scene.remarks;
        if (one!.label !== '') expect(one!.x + 9 + one!.label.length * 6).toBeLessThanOrEqual(other!.x);
      }
  });

  it('are hit, and lead to what they are beside', () => {
    const model = noted([{ kind: 'connection', id: 2 }, 'Another one.']);
    const { scene, layout, index, viewport } = drawn(model);
    const [only] = scene.remarks;
    const context = { scene, model, index, viewport, metrics: layout.metrics };
    const found = hit(context, only!.x + 3, only!.y - 3);
    expect(found).toMatchObject({ kind: 'remark', id: 1 });
    expect(clickedOn(model, found)).toEqual({ kind: 'connection', id: 2 });
  });

  it('are told whole in a tooltip where they are short, and in a cell of the table', () => {
    const words = 'one two three '.repeat(8).trim();
    const model = noted([{ kind: 'exchange', id: 0 }, words]);
    const [title, ...lines] = remarkLines(model, 1);
    expect(title).toBe('Your note');
    expect(lines.slice(0, -1).join(' ')).toBe(words);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(48);
    expect(remarkWords(model, model.exchanges[0]!, Infinity)).toBe(words);
    expect(remarkWords(model, model.exchanges[1]!, Infinity)).toBe('');
  });
});
