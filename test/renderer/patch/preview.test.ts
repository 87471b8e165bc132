import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cells } from '../../../renderer/patch/cells.ts';
import { findDifferences } from '../../../renderer/patch/differences.ts';
import {
  type Base,
  conditionOf,
  contentBytes,
  type Form,
  FORMS,
  headBytes,
  planForm,
  type Settings,
} from '../../../renderer/patch/forms.ts';
import { makePreview, type PreviewRow, rowText } from '../../../renderer/patch/preview.ts';
import { cells } from './cells.ts';

const SETTINGS: Settings = { closer: 10, segment: 4, conditional: true, transaction: null };
const BASE: Base = {
  url: 'http://127.0.0.1:18080/a',
  exists: true,
  etag: '"1"',
  contentType: 'text/plain',
  cells: cells('aaaaaaaaaaaaaaaaaaaa'),
};

function rows(form: Form, after: Cells, base = BASE, settings = SETTINGS, perRow = 16): PreviewRow[] {
  const plan = planForm(form, base, after, findDifferences(base.cells, after, settings.closer), settings);
  const preview = makePreview(plan, base, after, settings, perRow);
  return Array.from({ length: preview.length }, (_, i) => preview.row(i));
}

/** A row as it is read. */
function drawn(row: PreviewRow): string {
  switch (row.kind) {
    case 'request':
      return `# ${row.index + 1}/${row.of}`;
    case 'line':
      return row.text + (row.ends ? '↵' : '');
    case 'later':
      return `${row.name}: <${row.says}>`;
    case 'bytes':
      return `@${row.at} ${rowText(row)}`;
    case 'annotated':
      return `+${row.at} ${row.bytes.length} ${row.says}`.trimEnd();
  }
}

describe('the requests as rows', () => {
  it('are lines and bytes', () => {
    expect(rows('message', cells('aXaaaaaaaaaaaaaaaaaa')).map(drawn)).toEqual([
      'PATCH /a HTTP/1.1↵',
      'Host: 127.0.0.1:18080↵',
      'Content-Type: message/byterange↵',
      'Content-Length: 51↵',
      'If-Match: "1"↵',
      '↵',
      'Content-Range: bytes 1-1/20↵',
      'Content-Length: 1↵',
      '↵',
      '@1 X',
    ]);
  });

  it('have a heading each when there are several, and say what only the answer before will tell', () => {
    const drawnRows = rows('message', cells('aXaaaaaaaaaaaaaaaaYa')).map(drawn);
    expect(drawnRows.filter((row) => row.startsWith('#'))).toEqual(['# 1/2', '# 2/2']);
    expect(drawnRows.filter((row) => row.startsWith('If-Match'))).toEqual([
      'If-Match: "1"↵',
      'If-Match: <the ETag that answer 1 brings>',
    ]);
  });

  it('explain binary framing', () => {
    expect(rows('application', cells('aXaaaaaaaaaaaaaaaaaa')).map(drawn).slice(6)).toEqual([
      '+0 1 framing: known length',
      '+1 1 fields: 27 bytes',
      '+2 1 name: 13 bytes',
      '+3 13 content-range',
      '+16 1 value: 12 bytes',
      '+17 12 bytes 1-1/20',
      '+29 1 content: 1 bytes',
      '+30 1 content',
    ]);
  });

  it('never show a password', () => {
    const base = { ...BASE, url: 'http://me:secret@127.0.0.1:18080/a' };
    const all = rows('put', cells('b'), base).map(drawn);
    expect(all[1]).toBe('Authorization: <Basic, from the address>');
    expect(all.join()).not.toContain('secret');
  });

  it('give the very bytes that are sent, in every form and width', () => {
    const after = fc
      .array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 60 })
      .map((list): Cells => Int16Array.from(list));
    fc.assert(
      fc.property(after, fc.constantFrom(...FORMS), fc.constantFrom(8, 16), (after, { form }, perRow) => {
        const settings = { ...SETTINGS, conditional: false };
        const plan = planForm(form, BASE, after, findDifferences(BASE.cells, after, 10), settings);
        const sent = plan.requests
          .map((request, index) => {
            const head = headBytes(BASE, request, conditionOf(BASE, settings, index, null), settings);
            return [...head, ...contentBytes(request, after)]
              .map((byte) => String.fromCharCode(byte))
              .join('');
          })
          .join('');
        expect(rows(form, after, BASE, settings, perRow).map(rowText).join('')).toBe(sent);
      }),
    );
  });
});
