// `interim patch`: a byte-range PATCH by hand (draft-ietf-httpapi-patch-byterange). The same bytes at the same place:
// it is sent again after a break.

import { randomBytes } from 'node:crypto';
import { bytesContent, type ContentSource, fileContent, layoutContent } from '../client/content.ts';
import { layoutPatch, type PatchForm } from '../../shared/byteranges/patch-layout.ts';
import { carryOut, fieldsOf, OPERATION_OPTIONS } from './carry-out.ts';
import { type Command, type Io, options, UsageError, wholeNumber } from './usage.ts';

const FORMS: readonly PatchForm[] = ['message', 'multipart', 'application'];

export const patchCommand: Command = async (args, io) => {
  const { values, positionals } = options(
    args,
    {
      ...OPERATION_OPTIONS,
      form: { type: 'string' },
      length: { type: 'string' },
      'if-match': { type: 'string' },
      transaction: { type: 'string' },
    },
    { least: 3, most: 3, what: 'a URL, an offset and data: interim patch URL OFFSET DATA' },
  );
  const [url, offset, data] = positionals as [string, string, string];
  const first = Number(offset);
  if (!/^\d+$/.test(offset) || !Number.isSafeInteger(first))
    throw new UsageError(`OFFSET is a byte position, 0 or more, not “${offset}”.`);
  const form = FORMS.find((known) => known === (values.form ?? 'message'));
  if (form === undefined) throw new UsageError(`--form takes ${FORMS.join(', ')}, not “${values.form}”.`);
  const { transaction } = values;
  if (transaction !== undefined && transaction !== 'atomic' && transaction !== 'persist')
    throw new UsageError(`--transaction takes atomic or persist, not “${transaction}”.`);
  const complete =
    values.length === undefined ? null : wholeNumber('length', values.length, 0, Number.MAX_SAFE_INTEGER);
  const content = await dataOf(data, io);
  const last = first + content.length - 1;
  if (content.length > 0 && !Number.isSafeInteger(last + 1)) {
    await content.close();
    throw new UsageError(
      `OFFSET ${offset} is too far: with ${content.length} bytes of data it goes beyond ${Number.MAX_SAFE_INTEGER}.`,
    );
  }
  if (content.length === 0 && complete === null)
    throw new UsageError('DATA is empty: a PATCH without bytes sets a length, so give --length, too.');
  if (complete !== null && content.length > 0 && last >= complete)
    throw new UsageError(
      `--length ${complete} is less than the ${last + 1} bytes that the data reaches up to: give that, or leave it out.`,
    );
  const layout = layoutPatch(
    form,
    [
      {
        range: content.length === 0 ? { first: null, last: null, complete } : { first, last, complete },
        from: 0,
        to: content.length,
      },
    ],
    { boundary: `interim-${randomBytes(12).toString('hex')}` },
  );
  return carryOut(
    {
      strategy: 'repeat',
      method: 'PATCH',
      url,
      fields: [
        ['Content-Type', layout.contentType],
        ...(values['if-match'] === undefined ? [] : [['If-Match', values['if-match']] as const]),
        ...(transaction === undefined ? [] : [['Prefer', `transaction=${transaction}`] as const]),
        ...fieldsOf(values.field),
      ],
      content: () => Promise.resolve(layoutContent(layout, content)),
      options: {},
    },
    values,
    io,
  );
};

/** DATA as it is written, `@FILE`, or `-` for standard input. */
async function dataOf(text: string, io: Io): Promise<ContentSource> {
  if (text === '-') return bytesContent(await io.input());
  return text.startsWith('@') ? fileContent(text.slice(1)) : bytesContent(new TextEncoder().encode(text));
}
