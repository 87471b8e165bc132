import { describe, expect, it } from 'vitest';
import { clickAction, targetOf } from '../../../renderer/timeline/clicking.ts';
import { type HitContext, hit } from '../../../renderer/timeline/hit.ts';
import { layoutRows } from '../../../renderer/timeline/layout.ts';
import { RowsIndex } from '../../../renderer/timeline/rows.ts';
import { buildScene } from '../../../renderer/timeline/scene.ts';
import type { Scene, SceneInput } from '../../../renderer/timeline/shapes.ts';
import type { Selection } from '../../../renderer/timeline/types.ts';

import { fit, timeToX, xToTime } from '../../../renderer/timeline/viewport.ts';
import { EventTable, Kind, Layer, NONE, packFault } from '../../../shared/model/events.ts';
import { BarKind, Model } from '../../../shared/model/model.ts';
import { bigModel, storyModel, storyTable } from '../story-fixture.ts';

const WIDTH = 1000;

interface Asked {
  readonly time?: number;
  readonly live?: boolean;
  readonly selection?: Selection;
  readonly pointed?: number;
  readonly span?: readonly [number, number];
  readonly height?: number;
  readonly width?: number;
  readonly armedAt?: number;
}

function sceneOf(model: Model, asked: Asked = {}): { scene: Scene; input: SceneInput; context: HitContext } {
  const index = new RowsIndex();
  index.update(model);
  const layout = layoutRows(model, index, new Set());
  const [first, last] = asked.span ?? [0, model.endTime];
  const viewport = fit({ first, last }, asked.width ?? WIDTH);
  const input: SceneInput = {
    model,
    index,
    layout,
    viewport,
    scrollTop: 0,
    height: asked.height ?? 600,
    time: asked.time ?? Infinity,
    now: asked.time ?? model.endTime,
    live: asked.live ?? false,
    selection: asked.selection ?? null,
    pointed: asked.pointed ?? null,
    filter: null,
    armed:
      asked.armedAt === undefined
        ? []
        : [
            {
              id: 7,
              fired: false,
              spec: { end: 'server', direction: 'in', at: asked.armedAt, content: true, cut: 'rst' },
            },
          ],
    measure: (text) => text.length * 6.2,
  };
  const scene = buildScene(input);
  return { scene, input, context: { scene, model, index, viewport, metrics: layout.metrics } };
}

describe('the scene of a story', () => {
  it('labels bars with the content bytes that they carried', () => {
    const { scene } = sceneOf(storyModel());
    const labels = scene.bars.map((bar) => bar.label).filter((label) => label !== '');
    expect(labels).toContain('300,000 bytes sent');
    expect(labels).toContain('267,232 bytes read');
  });

  it('tells cuts by who made them and ends by how they were seen', () => {
    const { scene } = sceneOf(storyModel(), { span: [0, 3e9] });
    expect(scene.cuts.map((cut) => cut.label)).toEqual(['RST by you', 'silence as planned', 'given up']);
  });

  it('lets a cut keep its words beside a resume just before it, which says its own on the other side', () => {
    const table = storyTable(1299);
    const told = { cut: null, origin: 'user', end: 'client', direction: 'out' } as const;
    table.append(1299.5e6, Kind.fault, packFault({ ...told, action: 'resume' }), 1, 0, 0, 0, '');
    table.append(1300e6, Kind.fault, packFault({ ...told, action: 'cut', cut: 'rst' }), 1, 0, 0, 0, '');
    const model = new Model(table);
    model.fold();
    const { scene } = sceneOf(model);
    expect(scene.cuts.map(({ kind, label }) => [kind, label])).toEqual([
      ['fault', 'resumed by you'],
      ['cut', 'RST by you'],
    ]);
  });

  it('draws each interim response and each status once, as the client saw them', () => {
    const { scene } = sceneOf(storyModel());
    const interim = scene.marks.filter((mark) => mark.kind === 'interim');
    expect(interim.reduce((sum, mark) => sum + mark.count, 0)).toBe(1 + 3 + 2);
    const finals = scene.marks.filter((mark) => mark.kind === 'final');
    expect(finals.map((mark) => mark.label)).toEqual(['299', '299', '201', '200']);
  });

  it('says of an interim response as much as there is room for, foreign texts decoded', () => {
    const label = (last: number): string => {
      const { scene } = sceneOf(storyModel(), { span: [3.2e9, last] });
      return scene.marks.find((mark) => mark.kind === 'interim' && mark.label.includes('1/3'))?.label ?? '';
    };
    expect(label(3.5e9)).toBe('102 1/3 Generating prime number');
    expect(label(4.6e9)).toBe('102 1/3');
  });

  it('keeps every label inside the plot and clear of every other, however narrow and near', () => {
    const model = storyModel();
    for (const width of [280, 360, 560, 800, 1400])
      for (let first = 0; first < model.endTime; first += model.endTime / 7)
        for (const part of [1, 0.4, 0.1, 0.02]) {
          const span = [first, first + model.endTime * part] as const;
          const { scene, input } = sceneOf(model, { width, span });
          const labels = [
            ...scene.marks.map(({ label, x, y, kind }) => ({
              label,
              y,
              x: x + (kind === 'interim' ? 10 : 8),
            })),
            ...scene.cuts.map(({ label, x, y, radius, labelLeft }) => {
              const left = x - radius - 7 - input.measure(label, 'ui');
              return { label, y, x: labelLeft ? left : x + radius + 5 };
            }),
            ...scene.bars.map(({ label, labelX, y, height }) => ({
              label,
              y: y + height / 2,
              x: Math.max(labelX, 6),
            })),
          ].filter(({ label }) => label !== '');
          labels.forEach((one, place) => {
            const end = one.x + input.measure(one.label, 'ui');
            if (one.x < width - 20) expect(end, `${one.label} of ${width}`).toBeLessThanOrEqual(width + 1);
            for (const other of labels.slice(place + 1)) {
              const isBeside = end <= other.x || other.x + input.measure(other.label, 'ui') <= one.x;
              expect(Math.abs(one.y - other.y) >= 11 || isBeside, `${one.label}, ${other.label}`).toBe(true);
            }
          });
        }
  });

  it('gives an answer its whole height behind a request that is only a tick', () => {
    const model = storyModel();
    const { scene } = sceneOf(model);
    const answer = model.exchanges.find(({ method }) => method === 'HEAD')!;
    const [request, response] = [BarKind.requestSent, BarKind.responseReceived].map((kind) =>
      scene.bars.find(({ bar }) => bar === answer.bars[kind]),
    );
    expect(response!.height).toBe(request!.height);
    expect(response!.x).toBeGreaterThanOrEqual(request!.x + request!.width + 1);
  });

  it('sets no label of a bar over a pause: it stands behind it, or not at all', () => {
    const table = new EventTable();
    table.append(0, Kind.connectionOpened, 1, 1, NONE, 0, 0, 'a → b');
    table.append(0, Kind.operation, 0, 1, 0, 0, 0, 'Upload');
    table.append(10, Kind.exchange, 0, 1, 0, 0, 0, 'POST /');
    table.append(10, Kind.requestBytes, Layer.sent, 1, 0, 0, 100, '');
    table.append(10, Kind.requestHead, Layer.sent, 1, 0, 0, 100, '');
    for (const [ms, from] of [
      [50, 100],
      [900, 200],
      [1000, 300],
      [1100, 400],
      [1200, 500],
      [1300, 600],
    ] as const)
      table.append(ms * 1e6, Kind.requestBytes, Layer.sent, 1, 0, from, from + 100, '');
    const model = new Model(table);
    model.fold();
    const labelled = (width: number) => sceneOf(model, { width }).scene.bars[0]!;
    const { label, labelX, pauses } = labelled(900);
    expect(label).not.toBe('');
    expect(labelX).toBeGreaterThan(pauses.at(-1)!);
    expect(labelled(160).label).toBe('');
  });

  it('links each cut to the exchange that resumes it', () => {
    const { scene, input } = sceneOf(storyModel());
    expect(scene.curves).toHaveLength(2);
    expect(scene.curves[0]!.x0).toBeCloseTo(timeToX(input.viewport, 1302e6), 3);
    expect(scene.curves[0]!.x1).toBeLessThan(timeToX(input.viewport, 1552e6));
    for (const curve of scene.curves) expect(curve.y1).toBeGreaterThan(curve.y0);
  });

  it('hatches what was sent again, from where the exchange before had come to', () => {
    const { scene, input } = sceneOf(storyModel());
    const resent = scene.bars.filter((bar) => !Number.isNaN(bar.resentTo));
    expect(resent).toHaveLength(2);
    for (const bar of resent) {
      expect(bar.track).toBe('client');
      expect(bar.resentTo).toBeGreaterThan(bar.x);
      expect(bar.resentTo).toBeLessThan(bar.x + bar.width);
    }
    // 182,000 of 582,000 bytes again: the same share of the 780 ms that they took.
    const time = xToTime(input.viewport, resent[1]!.resentTo);
    expect(time / 1e6).toBeCloseTo(3230 + (780 * 182) / 582, -1);
  });

  it('shows the silence of a stalled connection on the track that hears nothing', () => {
    const { scene, input } = sceneOf(storyModel());
    const silences = scene.lines.filter((line) => line.style === 'silence');
    expect(silences).toHaveLength(1);
    expect(xToTime(input.viewport, silences[0]!.x + silences[0]!.width) / 1e6).toBeCloseTo(2590, 0);
  });

  it('shows nothing of what comes after the playhead', () => {
    const time = 2300e6;
    const { scene, input } = sceneOf(storyModel(), { time });
    const edge = timeToX(input.viewport, time) + 3;
    for (const bar of scene.bars) expect(bar.x + bar.width).toBeLessThanOrEqual(edge);
    for (const mark of scene.marks) expect(mark.x).toBeLessThanOrEqual(edge);
    expect(scene.cuts.map((cut) => cut.label)).toEqual(['RST by you', 'silence as planned']);
    expect(scene.curves).toHaveLength(1);
  });

  it('is, at a playhead, the scene of a session that ended there, to within one write', () => {
    const asked = { span: [0, 6e9] as const };
    for (const time of [500, 1302, 1600, 2050, 2600, 4200]) {
      const played = sceneOf(storyModel(), { ...asked, time: time * 1e6 }).scene;
      const ended = sceneOf(storyModel(time), asked).scene;
      const shape = (scene: Scene): unknown => scene.bars.map((bar) => [bar.bar, bar.x, bar.ink]);
      expect(shape(played)).toEqual(shape(ended));
      // The next write of the story is 22 to 67 ms away: ten pixels here.
      played.bars.forEach((bar, at) => {
        const other = ended.bars[at]!;
        expect(Math.abs(bar.width - other.width)).toBeLessThan(10);
        // How many words fit depends on the width; the bytes do not.
        if (bar.label !== '' && other.label !== '')
          expect(bar.label.split(' ')[0]).toBe(other.label.split(' ')[0]);
      });
      // Rows may stand lower where an operation that comes later has a header already.
      const marks = (scene: Scene): unknown => scene.marks.map((mark) => [mark.event, mark.x, mark.label]);
      expect(marks(played)).toEqual(marks(ended));
      const cuts = (scene: Scene): unknown => scene.cuts.map((cut) => [cut.event, cut.x, cut.label]);
      expect(cuts(played)).toEqual(cuts(ended));
    }
  });

  it('never lets two labels of a lane overlap, nor a label the next mark', () => {
    for (const last of [1e9, 3e9, 6e9, 60e9]) {
      const { scene, input } = sceneOf(storyModel(), { span: [0, last] });
      const lanes = new Map<number, typeof scene.marks>();
      for (const mark of scene.marks) lanes.set(mark.y, [...(lanes.get(mark.y) ?? []), mark]);
      for (const marks of lanes.values())
        marks.forEach((mark, at) => {
          const next = marks[at + 1];
          if (next === undefined) return;
          expect(next.x - mark.x).toBeGreaterThanOrEqual(8);
          if (mark.label !== '')
            expect(mark.x + 10 + input.measure(mark.label, 'ui')).toBeLessThan(next.x - 6);
        });
    }
  });

  it('lets no line of a cut strike through the label of a bar', () => {
    for (const last of [2e9, 3e9, 4e9, 6e9]) {
      const { scene, input } = sceneOf(storyModel(), { span: [0, last] });
      for (const bar of scene.bars) {
        if (bar.label === '') continue;
        for (const cut of scene.cuts)
          if (cut.y < bar.y && cut.bottom > bar.y)
            expect(cut.x <= bar.labelX || cut.x >= bar.labelX + input.measure(bar.label, 'ui')).toBe(true);
      }
    }
  });

  it('frames an exchange that is pointed at in any panel, unless it is selected', () => {
    const model = storyModel();
    const selected = sceneOf(model, { selection: { kind: 'exchange', id: 1 } }).scene.selected;
    expect(sceneOf(model, { pointed: 1 }).scene).toMatchObject({ pointed: selected, selected: null });
    const both = sceneOf(model, { pointed: 1, selection: { kind: 'exchange', id: 1 } }).scene;
    expect(both).toMatchObject({ pointed: null, selected });
    expect(sceneOf(model, { pointed: 1, span: [0, 1e6] }).scene.pointed).toBeNull();
    expect(sceneOf(model, { pointed: 999 }).scene.pointed).toBeNull();
  });

  it('frames the exchange that is selected at both ends', () => {
    const { scene, input } = sceneOf(storyModel(), { selection: { kind: 'exchange', id: 2 } });
    expect(scene.selected!.x).toBeLessThan(timeToX(input.viewport, 1660e6));
    expect(scene.selected!.x + scene.selected!.width).toBeGreaterThan(timeToX(input.viewport, 2580e6));
  });
});

describe('a live bar', () => {
  const live = (): ReturnType<typeof sceneOf> => sceneOf(storyModel(2000), { live: true });

  it('is a zone for the scissors on each track, with the byte that its stream has reached', () => {
    const { scene } = live();
    const targets = scene.live.map(targetOf);
    expect(targets.map(({ connection, end, direction }) => `${connection} ${end} ${direction}`)).toEqual([
      '2 client out',
      '2 server in',
    ]);
    expect(targets[0]!.at).toBeGreaterThan(targets[1]!.at - 1);
    expect(targets[1]!.at).toBeGreaterThan(640);
  });

  it('is none in a session that is not live, nor at a playhead', () => {
    expect(sceneOf(storyModel(2000)).scene.live).toEqual([]);
    expect(sceneOf(storyModel(2000), { live: true, time: 1900e6 }).scene.live).toEqual([]);
  });

  it('becomes a wait for the answer once the request is complete: then the answer is what is cut', () => {
    const { scene } = sceneOf(storyModel(4200), { live: true });
    const targets = scene.live.filter((zone) => zone.connection === 3).map(targetOf);
    expect(targets.map(({ end, direction }) => `${end} ${direction}`)).toEqual(['client in', 'server out']);
  });

  it('shows where an armed cut will strike if the pace stays', () => {
    const { scene, input } = sceneOf(storyModel(2000), { live: true, armedAt: 380_000 });
    // The server is about 12 ms behind the client, which sends 332,768 bytes in 900 ms from byte 267,232 on.
    expect(scene.armed.map((armed) => armed.id)).toEqual([7]);
    expect(scene.armed[0]!.x).toBeGreaterThanOrEqual(timeToX(input.viewport, 1990e6));
    expect(scene.armed[0]!.label).toBe('at 380,000');
  });
});

describe('hits', () => {
  it('finds a mark before the bar beneath, and a bar before its row', () => {
    const { scene, context } = sceneOf(storyModel());
    const mark = scene.marks.find((mark) => mark.kind === 'final')!;
    expect(hit(context, mark.x + 3, mark.y - 3)).toMatchObject({ kind: 'event', event: mark.event });
    const bar = scene.bars.find((bar) => bar.label === '300,000 bytes sent')!;
    expect(hit(context, bar.x + bar.width / 2, bar.y + 4)).toEqual({ kind: 'bar', bar: bar.bar });
    expect(hit(context, bar.x + bar.width / 2, bar.y - 6)).toMatchObject({ kind: 'row' });
    expect(hit(context, 10, 5000)).toEqual({ kind: 'nothing' });
  });

  it('finds a tick that is too narrow for a pointer', () => {
    const { scene, context } = sceneOf(storyModel());
    const tick = scene.bars.find((bar) => bar.width < 4)!;
    expect(hit(context, tick.x - 2, tick.y + 5)).toMatchObject({ kind: 'bar' });
  });

  it('finds the disc of a cut and the live zone', () => {
    const cut = sceneOf(storyModel());
    const disc = cut.scene.cuts[0]!;
    expect(hit(cut.context, disc.x + 4, disc.y - 4)).toMatchObject({ kind: 'event', event: disc.event });
    const { scene, context } = sceneOf(storyModel(2000), { live: true });
    const zone = scene.live[0]!;
    expect(hit(context, zone.x + zone.width - 2, zone.y + 5)).toMatchObject({ kind: 'live' });
  });

  it('finds the bar under the pointer in a row that is only a strip', () => {
    const model = bigModel(8000, 2);
    const { scene, context, input } = sceneOf(model);
    expect(scene.strips).toHaveLength(2);
    expect(scene.bars).toHaveLength(0);
    const bar = input.layout.rows[0]!;
    if (bar.kind !== 'connection') throw new Error('a row of a connection was expected');
    const wanted = bar.index.columns.bar[bar.index.base + 1000]!;
    const x = timeToX(input.viewport, model.bars.start[wanted]!);
    const { metrics } = input.layout;
    const y = (model.bars.kind[wanted]! % 3 === 0 ? metrics.clientTrack : metrics.serverTrack) + 3;
    const found = hit(context, x, y);
    expect(found.kind).toBe('bar');
    if (found.kind !== 'bar') return;
    expect(Math.abs(timeToX(input.viewport, model.bars.start[found.bar]!) - x)).toBeLessThan(3);
  });
});

describe('a click', () => {
  const here = { inGutter: false, onChevron: false, alt: false };

  it('on a live bar cuts, and with Alt selects its exchange', () => {
    const { scene, context } = sceneOf(storyModel(2000), { live: true });
    const zone = scene.live[1]!;
    const found = hit(context, zone.x + 10, zone.y + 8);
    expect(clickAction(context.model, found, here)).toEqual({ kind: 'cut', target: targetOf(zone) });
    expect(clickAction(context.model, found, { ...here, alt: true })).toEqual({
      kind: 'select',
      selection: { kind: 'exchange', id: 2 },
    });
  });

  it('on a finished bar, a label of a row or a header never cuts', () => {
    const { scene, context, input } = sceneOf(storyModel(2000), { live: true });
    const finished = scene.bars.find((bar) => bar.connection === 1)!;
    const found = hit(context, finished.x + 1, finished.y + 4);
    expect(clickAction(context.model, found, here)).toEqual({
      kind: 'select',
      selection: { kind: 'exchange', id: 0 },
    });
    for (const row of input.layout.rows) {
      const action = clickAction(context.model, { kind: 'row', row }, { ...here, inGutter: true });
      expect(action.kind).toBe('select');
    }
  });
});

describe('many bars', () => {
  it('become strips only where they are more than pixels allow', () => {
    const model = bigModel(20_000, 10);
    expect(sceneOf(model).scene.strips.length).toBeGreaterThan(0);
    const near = sceneOf(model, { span: [model.endTime / 2, model.endTime / 2 + model.endTime / 500] });
    expect(near.scene.strips).toHaveLength(0);
    expect(near.scene.bars.length).toBeGreaterThan(0);
  });

  it('leave no more shapes than there are pixels', () => {
    const { scene } = sceneOf(bigModel(100_000, 41), { height: 2000 });
    expect(scene.bars.length + scene.marks.length + scene.lines.length).toBeLessThan(1000);
  });
});
