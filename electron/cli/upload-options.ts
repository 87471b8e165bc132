// The options of `interim send` for the strategies that speak an upload protocol, as words of the command line.

import { INTEROP_VERSIONS } from '../../shared/fields/upload-draft-interop-version.ts';
import { wrongOption } from '../client/option-bounds.ts';
import type { StrategyOptions } from '../client/strategy.ts';
import { UsageError } from './usage.ts';

export const UPLOAD_OPTIONS = {
  first: { type: 'string' },
  'interop-version': { type: 'string' },
  digests: { type: 'string' },
  checksum: { type: 'string' },
  metadata: { type: 'string', multiple: true },
  discover: { type: 'boolean' },
  delete: { type: 'boolean' },
  cancel: { type: 'boolean' },
} as const;

export interface UploadValues {
  readonly first?: string | undefined;
  readonly 'interop-version'?: string | undefined;
  readonly digests?: string | undefined;
  readonly checksum?: string | undefined;
  readonly metadata?: readonly string[] | undefined;
  readonly discover?: boolean | undefined;
  readonly delete?: boolean | undefined;
  readonly cancel?: boolean | undefined;
}

/** Only those that are given. Throws a {@link UsageError} for a word that is none. */
export function uploadOptions(values: UploadValues): StrategyOptions {
  const version = values['interop-version'];
  const given = {
    first: oneOf('first', values.first, ['whole', 'empty']),
    interopVersion:
      version === undefined
        ? undefined
        : INTEROP_VERSIONS[oneOfThese('interop-version', version, INTEROP_VERSIONS.map(String))],
    digests: oneOf('digests', values.digests, ['content', 'representation', 'both']),
    checksum: oneOf('checksum', values.checksum, ['sha1', 'sha256']),
    metadata: metadataOf(values.metadata),
    discover: values.discover,
    deleteWhenDone: values.delete,
    cancel: values.cancel,
  };
  const options: StrategyOptions = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  const wrong = wrongOption(options);
  if (wrong !== null) throw new UsageError(wrong);
  return options;
}

function oneOf<T extends string>(name: string, text: string | undefined, words: readonly T[]): T | undefined {
  return text === undefined ? undefined : words[oneOfThese(name, text, words)];
}

/** @returns where it stands among them */
function oneOfThese(name: string, text: string, words: readonly string[]): number {
  const index = words.indexOf(text);
  if (index < 0) throw new UsageError(`--${name} takes ${words.join(', ')}, not “${text}”.`);
  return index;
}

function metadataOf(texts: readonly string[] | undefined): Record<string, string> | undefined {
  if (texts === undefined) return undefined;
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new UsageError(`--metadata takes NAME=VALUE, not “${text}”.`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
