// The lenses: the same request through several libraries, to show what each lets its user see. A lens by its name, and
// which of them are here. Decides nothing about what a library says.

import { HttpSyntaxError, writeRequest } from '../../../shared/http1/writer.ts';
import { ClientError } from '../errors.ts';
import type { StrategyContext } from '../strategy.ts';
import { parseTarget } from '../target.ts';
import { curlVersion, lookCurl } from './curl.ts';
import { lookFetch } from './fetch.ts';
import { lookNodeHttp } from './node-http.ts';
import { lookRaw } from './raw.ts';
import { Telling } from './telling.ts';
import type { CheckedRequest, LensName, LensReport, LensRequest, Look } from './types.ts';
import { lookUndici, UNDICI_VERSION } from './undici.ts';

interface Lens {
  readonly look: Look;
  /** Null: it is not on this machine. */
  version(): Promise<string | null>;
}

const LENSES: Readonly<Record<LensName, Lens>> = {
  raw: { look: lookRaw, version: () => Promise.resolve('') },
  'node:http': { look: lookNodeHttp, version: () => Promise.resolve(process.version) },
  undici: { look: lookUndici, version: () => Promise.resolve(UNDICI_VERSION) },
  fetch: { look: lookFetch, version: () => Promise.resolve(`undici ${UNDICI_VERSION}`) },
  curl: { look: lookCurl, version: curlVersion },
};

export interface AvailableLens {
  readonly name: LensName;
  readonly version: string;
}

/** The lenses of this machine, in the order of their listing: curl only where it is on the PATH. */
export async function availableLenses(): Promise<readonly AvailableLens[]> {
  const names = Object.keys(LENSES) as LensName[];
  const found = await Promise.all(
    names.map(async (name) => ({ name, version: await LENSES[name].version() })),
  );
  return found.flatMap(({ name, version }) => (version === null ? [] : [{ name, version }]));
}

/**
 * Sends one request through one library, and reports what the library told its user. Whatever the server, the network or the
 * library does is in the report; rejects with a {@link ClientError} for a request that cannot be written at all.
 */
export async function lens(
  name: LensName,
  request: LensRequest,
  context: StrategyContext,
): Promise<LensReport> {
  const checked = checkedRequest(request);
  const { look, version } = LENSES[name];
  const found = (await version()) ?? '';
  const telling = new Telling(context.clock);
  try {
    await look(checked, context, telling);
  } catch (error) {
    // What could not be sent at all: nobody listens there, or the library refuses the request.
    telling.fail(error);
  }
  return telling.report(name, found);
}

function checkedRequest({ method, url, fields, content, patience }: LensRequest): CheckedRequest {
  const target = parseTarget(url);
  if (target.security === 'tls')
    throw new ClientError(
      'scheme',
      `Through the libraries one looks at http alone: use an http URL instead of ${target.href}.`,
    );
  const given = new Set(fields.map(([name]) => name.toLowerCase()));
  if (given.has('transfer-encoding') || given.has('content-length') || given.has('host'))
    throw new ClientError('bad-option', 'Host and the length of the content are added: leave them out.');
  const all = [
    ...fields,
    ...(target.authorization === null || given.has('authorization')
      ? []
      : [['Authorization', target.authorization] as const]),
    ...(content === null ? [] : [['Content-Length', String(content.length)] as const]),
  ];
  try {
    // What is no HTTP must not reach a library, or a command line.
    writeRequest({ method, target: target.path, fields: all });
  } catch (error) {
    if (error instanceof HttpSyntaxError) throw new ClientError('bad-option', error.message);
    throw error;
  }
  return { method, target, fields: all, content, patience };
}
