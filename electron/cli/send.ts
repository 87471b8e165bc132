// `interim send`: one request of the user's own, by any strategy.

import { bytesContent, type ContentSource, fileContent, randomContent } from '../client/content.ts';
import { ClientError } from '../client/errors.ts';
import { runStrategy, STRATEGY_NAMES } from '../client/run-strategy.ts';
import { parseTarget } from '../client/target.ts';
import type { Check } from '../../shared/contract.ts';
import { HttpSyntaxError, writeRequest } from '../../shared/http1/writer.ts';
import { apart, armAll, laboratory } from './laboratory.ts';
import { summary, timeline } from './text.ts';
import { type Command, cuts, type Io, options, UsageError } from './usage.ts';

/** RFC 9110 §5.6.2 */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

export const sendCommand: Command = async (args, io) => {
  const { values, positionals } = options(
    args,
    {
      field: { type: 'string', multiple: true },
      body: { type: 'string' },
      strategy: { type: 'string' },
      cut: { type: 'string', multiple: true },
      json: { type: 'boolean' },
      out: { type: 'string' },
      har: { type: 'string' },
    },
    { least: 2, most: 2, what: 'a method and a URL: interim send METHOD URL' },
  );
  const [method, url] = positionals as [string, string];
  if (!TOKEN.test(method))
    throw new UsageError(`${JSON.stringify(method)} is no method: a method is a token such as GET or POST.`);
  const named = values.strategy ?? 'plain';
  const strategy = STRATEGY_NAMES.find((known) => known === named);
  if (strategy === undefined)
    throw new UsageError(`There is no strategy “${named}”; there are ${STRATEGY_NAMES.join(', ')}.`);
  const fields = (values.field ?? []).map(fieldOf);
  const specs = cuts(values.cut);
  if (specs.some((spec) => spec.end === 'server'))
    throw new UsageError(
      'A server: cut needs the embedded test server (interim run, interim server); here only client: cuts can be made.',
    );
  refuseUnsendable(method, url, fields);
  await apart(values.out, values.har);
  const content = await contentOf(values.body, io);

  const lab = laboratory(`${method} ${url}`, values.out, io);
  try {
    armAll(lab.context, specs);
    const result = await runStrategy(
      strategy,
      { method, url, fields, content },
      {},
      { ...lab.context, random: Math.random, signal: io.signal },
    );
    const checks: Check[] = lab.context.board
      .list()
      .filter((armed) => !armed.fired)
      .map(({ spec }) => ({
        id: 'cut-not-reached',
        level: 'warning',
        message: `The cut at byte ${spec.at} was never reached.`,
      }));
    const model = lab.fold();
    if (values.json === true) {
      const document = await lab.report({
        experiment: null,
        outcome: result.outcome,
        reason: result.reason,
        checks,
        digest: { sent: result.payloadDigest, stored: null },
      });
      io.out(`${JSON.stringify(document, null, 2)}\n`);
    } else {
      for (const line of timeline(model)) io.talk(`${line}\n`);
      io.talk(`\n${summary(model).join('\n')}\n`);
      for (const check of checks) io.talk(`${check.level} ${check.message}\n`);
      io.talk(`${result.outcome}: ${result.reason}\n`);
      if (result.final !== null) {
        io.out(result.final.content);
        const whole = model.operations[0]?.download.lengthAt() ?? 0;
        if (whole > result.final.content.length)
          io.talk(`Printed ${result.final.content.length} of ${whole} bytes; --out records all of them.\n`);
      }
    }
    return result.outcome === 'completed' ? 0 : 1;
  } finally {
    await lab.close(values.har);
  }
};

/** What could never be sent is wrong usage, and is said before anything is opened. */
function refuseUnsendable(method: string, url: string, fields: readonly (readonly [string, string])[]): void {
  try {
    writeRequest({ method, target: parseTarget(url).path, fields });
  } catch (error) {
    if (!(error instanceof ClientError || error instanceof HttpSyntaxError)) throw error;
    throw new UsageError(error.message);
  }
}

function fieldOf(text: string): readonly [string, string] {
  const colon = text.indexOf(':');
  const name = text.slice(0, Math.max(colon, 0));
  if (!TOKEN.test(name)) throw new UsageError(`--field takes 'Name: value', not ${JSON.stringify(text)}.`);
  return [name, text.slice(colon + 1).trim()];
}

async function contentOf(text: string | undefined, io: Io): Promise<ContentSource | null> {
  if (text === undefined) return null;
  if (text === '-') return bytesContent(await io.input());
  if (!text.startsWith('@')) return fileContent(text);
  const size = Number(text.slice(1));
  if (!/^@\d+$/.test(text) || !Number.isSafeInteger(size))
    throw new UsageError(`--body takes a file, - for standard input, or @SIZE in bytes, not “${text}”.`);
  return randomContent(size, 1);
}
