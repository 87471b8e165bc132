// Words and bytes for a shell, judged by a shell: what comes out of it is what went in.

import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64Text, printfOf, shellWord } from '../../../shared/export/shell.ts';

/** What /bin/sh writes when it runs a script. */
function run(script: string): Buffer {
  const { stdout, stderr, status } = spawnSync('/bin/sh', { input: script, maxBuffer: 1 << 24 });
  if (status !== 0 || stderr.length > 0) throw new Error(`${script}\n${stderr.toString()}`);
  return stdout;
}

/** A word can hold no NUL, and what printf makes no LF at its end. */
const word = fc
  .oneof(
    fc.uint8Array({ minLength: 0, maxLength: 40, min: 1 }),
    fc.string({ unit: 'grapheme' }).map((text) => new TextEncoder().encode(text.replaceAll('\0', ''))),
    fc
      .array(
        fc.constantFrom('$', '`', '"', "'", '\\', '!', '%', '-', '*', '~', ' ', '\t', ';', '\r', 'é', '#'),
      )
      .map((parts) => new TextEncoder().encode(parts.join(''))),
  )
  .filter((bytes) => bytes.at(-1) !== 0x0a);

describe('what is written for a shell', () => {
  it('stays the same bytes as a word of a command line, and stays one word', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), (words) => {
        const script = `for w in ${words.map(shellWord).join(' ')}; do printf '%s\\000' "$w"; done`;
        const expected = words.flatMap((bytes) => [...bytes, 0]);
        expect([...run(script)]).toEqual(expected);
      }),
      { numRuns: 80 },
    );
  });

  it('stays the same bytes as the output of printf', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect([...run(printfOf(bytes))]).toEqual([...bytes]);
      }),
      { numRuns: 80 },
    );
  });

  it('stays the same bytes as a here-document in Base64, in whatever pieces they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 })), async (pieces) => {
        async function* each(): AsyncGenerator<Uint8Array> {
          yield* pieces;
        }
        let text = '';
        for await (const lines of base64Text(each())) text += lines;
        for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(76);
        expect([...run(`base64 -d <<'END'\n${text}END\n`)]).toEqual(pieces.flatMap((piece) => [...piece]));
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['application/json', 'application/json'],
    ['', "''"],
    ["it's", String.raw`'it'\''s'`],
    ['$(reboot)', "'$(reboot)'"],
    ['a\u001b[31m', String.raw`"$(printf 'a\033[31m')"`],
    ['--help', '--help'],
  ])('is as plain as it can be: %j', (text, expected) => {
    expect(shellWord(new TextEncoder().encode(text))).toBe(expected);
  });
});
