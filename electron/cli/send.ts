// `interim send`: one request of the user's own, by any strategy.

import { bytesContent, type ContentSource, fileContent, randomContent } from '../client/content.ts';
import { MOST_PARALLEL } from '../client/option-bounds.ts';
import { STRATEGY_NAMES } from '../client/run-strategy.ts';
import { carryOut, fieldsOf, OPERATION_OPTIONS, TOKEN } from './carry-out.ts';
import { sendRawBytes } from './send-raw.ts';
import { UPLOAD_OPTIONS, uploadOptions } from './upload-options.ts';
import { type Command, type Io, options, UsageError, wholeNumber } from './usage.ts';

const LARGEST_SEGMENT = 4 * 1024 ** 3;

export const sendCommand: Command = async (args, io) => {
  const { values, positionals } = options(
    args,
    {
      ...OPERATION_OPTIONS,
      body: { type: 'string' },
      strategy: { type: 'string' },
      segment: { type: 'string' },
      parallel: { type: 'string' },
      raw: { type: 'string' },
      ...UPLOAD_OPTIONS,
    },
    { least: 1, most: 2, what: 'a method and a URL: interim send METHOD URL' },
  );
  if (values.raw !== undefined) return sendRawBytes(values.raw, positionals, values, io);
  if (positionals.length < 2) throw new UsageError('Expected a method and a URL: interim send METHOD URL.');
  const [method, url] = positionals as [string, string];
  if (!TOKEN.test(method))
    throw new UsageError(`${JSON.stringify(method)} is no method: a method is a token such as GET or POST.`);
  const named = values.strategy ?? 'plain';
  const strategy = STRATEGY_NAMES.find((known) => known === named);
  if (strategy === undefined)
    throw new UsageError(`There is no strategy “${named}”; there are ${STRATEGY_NAMES.join(', ')}.`);
  const { segment, parallel } = values;
  return carryOut(
    {
      strategy,
      method,
      url,
      fields: fieldsOf(values.field),
      content: () => contentOf(values.body, io),
      options: {
        ...(segment === undefined
          ? {}
          : { segmentSize: wholeNumber('segment', segment, 1, LARGEST_SEGMENT) }),
        ...(parallel === undefined ? {} : { parallel: wholeNumber('parallel', parallel, 1, MOST_PARALLEL) }),
        ...uploadOptions(values),
      },
    },
    values,
    io,
  );
};

async function contentOf(text: string | undefined, io: Io): Promise<ContentSource | null> {
  if (text === undefined) return null;
  if (text === '-') return bytesContent(await io.input());
  if (!text.startsWith('@')) return fileContent(text);
  const size = Number(text.slice(1));
  if (!/^@\d+$/.test(text) || !Number.isSafeInteger(size))
    throw new UsageError(`--body takes a file, - for standard input, or @SIZE in bytes, not “${text}”.`);
  return randomContent(size, 1);
}
