// Content in a transfer coding that is not undone must never be stored as if it were the content (RFC 9112 §6.1).

import { describe, expect, it } from 'vitest';
import { running } from '../harness.ts';

const put = (coding: string): string =>
  ['PUT /uploads/a HTTP/1.1', 'Host: a', `Transfer-Encoding: ${coding}`, '', '3', 'abc', '0', '', ''].join(
    '\r\n',
  );

describe('Transfer-Encoding', () => {
  it.each([
    'gzip, chunked',
    'x, chunked',
    'identity, chunked',
    'chunked;q=1',
    'gzip\r\nTransfer-Encoding: chunked',
  ])('%j is refused, and nothing is stored', async (coding) => {
    const { ask } = await running();
    expect(await ask(put(coding))).toMatchObject({ status: 501 });
    expect(await ask('GET /uploads/a HTTP/1.1\r\nHost: a\r\n\r\n')).toMatchObject({ status: 404 });
  });

  it.each(['chunked', 'Chunked', ' chunked '])('%j is understood', async (coding) => {
    const { ask } = await running();
    expect(await ask(put(coding))).toMatchObject({ status: 201 });
  });
});
