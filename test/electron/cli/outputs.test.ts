// Output that fails: what is said, what is ended, what counts as a failure.

import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { watchOutputs } from '../../../electron/cli/outputs.ts';

function failing(): {
  results: PassThrough;
  talk: PassThrough;
  ended: () => number;
  lost: () => boolean;
} {
  const results = new PassThrough();
  const talk = new PassThrough();
  let ends = 0;
  const lost = watchOutputs(results, talk, () => (ends += 1));
  return { results, talk, ended: () => ends, lost };
}

const error = (code: string): Error => Object.assign(new Error(code), { code });

it('ends in silence and without failure when the reader of the results has gone', () => {
  const { results, talk, ended, lost } = failing();
  results.emit('error', error('EPIPE'));
  expect({ ended: ended(), lost: lost(), said: talk.read() as unknown }).toEqual({
    ended: 1,
    lost: false,
    said: null,
  });
});

it('says once, in a sentence, that results cannot be written, and fails', () => {
  const { results, talk, ended, lost } = failing();
  results.emit('error', error('ENOSPC'));
  results.emit('error', error('ENOSPC'));
  expect({ ended: ended() > 0, lost: lost() }).toEqual({ ended: true, lost: true });
  expect(String(talk.read())).toBe('interim: The output cannot be written (ENOSPC): send it elsewhere.\n');
});

it('goes on when only talk cannot be written', () => {
  const { talk, ended, lost } = failing();
  talk.emit('error', error('EPIPE'));
  expect({ ended: ended(), lost: lost() }).toEqual({ ended: 0, lost: false });
});
