import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Draft, NO_BODY, readDraft, rebased, writeDraft } from '../../../renderer/compose/draft.ts';

const SERVER = 'http://127.0.0.1:18080/';
const DRAFT: Draft = {
  mode: 'batch',
  request: {
    method: 'PATCH',
    url: `${SERVER}uploads/a`,
    fields: [
      ['X-B', '1'],
      ['x-a', ''],
    ],
    body: { kind: 'generated', text: 'kept', size: '64 KiB', file: null },
  },
  strategy: 'tus-upload',
  options: { segmentSize: '1000', deleteWhenDone: 'yes' },
  cut: { on: true, end: 'client', direction: 'out', kind: 'fin', at: '7', content: false },
  batch: {
    url: SERVER,
    requests: [{ method: 'GET', url: '/print', fields: [], body: NO_BODY }],
    chosen: 0,
  },
  raw: { url: SERVER, text: 'GET / HTTP/1.1\n\n' },
  recent: [`${SERVER}print`, 'https://example.org/'],
  server: SERVER,
};

describe('a draft across a reload', () => {
  it('comes back as it was', () => {
    expect(readDraft(writeDraft(DRAFT))).toEqual(DRAFT);
  });

  it('keeps the name of a file, and not its bytes', () => {
    const body = { ...NO_BODY, kind: 'file' as const, file: { name: 'a.bin', bytes: new Uint8Array(9) } };
    const back = readDraft(writeDraft({ ...DRAFT, request: { ...DRAFT.request, body } }));
    expect(back.request.body.file).toEqual({ name: 'a.bin', bytes: null });
  });

  it('does not keep a text of any length', () => {
    const body = { ...NO_BODY, kind: 'text' as const, text: 'x'.repeat(300_000) };
    expect(writeDraft({ ...DRAFT, request: { ...DRAFT.request, body } }).length).toBeLessThan(10_000);
  });

  it.each([null, '', '{', '7', '[]', '{"request":7,"batch":{"requests":[7]},"cut":null}'])(
    'begins anew with %j',
    (text) => {
      expect(readDraft(text)).toMatchObject({
        mode: 'request',
        strategy: 'plain',
        request: { method: 'GET' },
      });
    },
  );

  it('makes a draft of whatever was kept', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const draft = readDraft(text);
        expect(readDraft(writeDraft(draft))).toEqual(draft);
      }),
    );
  });

  it('goes to the test server wherever it is now', () => {
    const moved = rebased(DRAFT, 'http://127.0.0.1:9/');
    expect(moved.request.url).toBe('http://127.0.0.1:9/uploads/a');
    expect(moved.batch.url).toBe('http://127.0.0.1:9/');
    expect(moved.recent).toEqual(['http://127.0.0.1:9/print', 'https://example.org/']);
    expect(rebased(DRAFT, '')).toBe(DRAFT);
  });
});
